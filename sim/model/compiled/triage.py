"""The decision and what it rests on, further work and a second look: `sim.model.front_door`, part by part."""

from typing import Final

import numpy as np

from sim.events import NOBODY, Activity, EventKind, Outcome, Rating, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.floor import DELEGATED
from sim.model.compiled.front_door import decision_due
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import character, past_at, pieces_done
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.rows import worker as W
from sim.model.compiled.service import (
    at_once,
    managers_of,
    milestone,
    work,
)
from sim.model.compiled.stories import back, call, instead, tell, then, wait, wait_for_job, wait_till
from sim.policies import (
    Urgency,
    cannot_wait,
    has_history,
    is_discussed_before_passed_on,
    may_be_section_47,
    must_seek_consent,
    outcome,
    urgency_of,
)
from sim.working_time import NEVER

_URGENCY: Final = np.array([int(urgency_of(rating)) for rating in Rating])
_OUR_STAFF: Final = WaitingOn.OUR_STAFF.value


@compiled
def triage(s: State, p: int) -> bool:
    """Clarify what is unclear; decide (part: due, limit, round, rounds drawn)."""
    k = s.m[p + S.case]
    contact = s.m[k + C.contact]
    if cannot_wait(character(s, contact)):
        return instead(s, p, At.ACT.value)
    part = s.m[p + S.part]
    s.m[part + P.a] = decision_due(s, s.w[contact + K.rating], s.m[k + C.received_at])
    days = s.m[s.m[H.rules] + R.limit_working_days]
    s.m[part + P.b] = max(hours.add_working_days(s, s.m[k + C.received_at], days), s.m[H.now]) if days > 0 else NEVER
    if days > 0:
        s.m[k + C.time_is_up] = 1
        note_at(s, s.m[part + P.b], Note.TIME_IS_UP, k)
    s.m[part + P.c], s.m[part + P.e] = 1 + pieces_done(s, k, Activity.DECIDING.value), NONE
    is_clear = may_be_section_47(character(s, contact)) or s.w[contact + K.open_case]
    s.m[part + P.d] = 0 if is_clear else s.w[contact + K.rounds_drawn]
    return then(s, p, At.TRIAGE_ROUND.value if s.m[part + P.c] <= max(s.m[part + P.d], 1) else At.TRIAGE_CLEAR.value)


@compiled
def triage_round(s: State, p: int) -> bool:
    """A round of further work, where there is one."""
    part = s.m[p + S.part]
    is_drawn = s.m[part + P.c] <= s.m[part + P.d]
    then(s, p, At.TRIAGE_DECIDE.value)
    if is_drawn or must_seek_consent(character(s, s.m[s.m[p + S.case] + C.contact])):
        return call(s, p, At.FURTHER_WORK.value, is_drawn, s.m[part + P.c], s.m[part + P.b])
    return True


@compiled
def managers(s: State, k: int, may_delegate: bool) -> int:
    """The desk at which a contact is decided."""
    is_green = s.w[s.m[k + C.contact] + K.rating] == Rating.GREEN
    if may_delegate and is_green and s.m[s.m[H.rules] + R.delegate_green]:
        return DELEGATED
    return managers_of(s, k)


@compiled
def triage_decide(s: State, p: int) -> bool:
    """A manager's decision; what is escalated is decided before all that can wait."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    contact = s.m[k + C.contact]
    urgency = _URGENCY[s.w[contact + K.rating]]
    if s.m[H.now] >= s.m[part + P.b]:
        urgency = min(urgency, Urgency.SECTION_47.value)
    minutes = s.w[contact + K.decision_minutes]
    if s.m[part + P.c] == 1 and has_history(character(s, contact)):
        minutes += s.m[s.m[H.rules] + R.history_minutes]
    desk = managers(s, k, True)
    j = work(s, k, Activity.DECIDING.value, desk, minutes, urgency, s.m[part + P.a])
    s.m[part + P.e] = j
    return wait_for_job(s, p, j, At.TRIAGE_DECIDED.value)


@compiled
def triage_decided(s: State, p: int) -> bool:
    """Decided, or more is asked for."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    rounds = max(s.m[part + P.d], 1)
    if s.m[H.now] >= s.m[part + P.b]:
        s.m[k + C.was_cut] = s.m[k + C.was_cut] or s.m[part + P.c] < rounds
    elif s.m[part + P.c] < rounds:
        s.m[part + P.c] += 1
        return then(s, p, At.TRIAGE_ROUND.value)
    return then(s, p, At.TRIAGE_CLEAR.value)


@compiled
def triage_clear(s: State, p: int) -> bool:
    """All is asked that is; the threshold may be unclear all the same."""
    part, contact = s.m[p + S.part], s.m[s.m[p + S.case] + C.contact]
    then(s, p, At.TRIAGE_CLOSE.value)
    if s.w[contact + K.threshold_unclear] and not s.w[contact + K.open_case]:
        job = s.m[part + P.e]
        return call(s, p, At.SECOND_LOOK.value, NOBODY if job == NONE else s.m[s.m[job + J.worker] + W.identity])
    return True


@compiled
def _decided(s: State, k: int) -> None:
    contact, was_cut, has_answered = s.m[k + C.contact], s.m[k + C.was_cut] != 0, s.m[k + C.has_answered] != 0
    s.m[k + C.outcome] = outcome(character(s, contact), was_cut, has_answered)
    milestone(s, k, EventKind.DECIDED.value, s.m[k + C.outcome], _OUR_STAFF)


@compiled
def triage_close(s: State, p: int) -> bool:
    """The decision stands."""
    _decided(s, s.m[p + S.case])
    return back(s, p)


@compiled
def act(s: State, p: int) -> bool:
    """Immediate risk is decided at once."""
    if s.m[s.m[p + S.case] + C.outcome] != NONE:
        return then(s, p, At.ACT_FOLLOWED.value)
    minutes = s.w[s.m[s.m[p + S.case] + C.contact] + K.decision_minutes]
    then(s, p, At.ACT_DECIDED.value)
    call(s, p, At.AT_ONCE.value, Activity.DECIDING.value, minutes, s.m[H.now])
    return at_once(s, p)


@compiled
def act_decided(s: State, p: int) -> bool:
    """It is decided."""
    _decided(s, s.m[p + S.case])
    return then(s, p, At.ACT_FOLLOWED.value)


@compiled
def act_followed(s: State, p: int) -> bool:
    """Somebody goes out, and police and health are spoken to meanwhile."""
    k = s.m[p + S.case]
    immediate = Urgency.IMMEDIATE.value
    s.m[k + C.visiting] = tell(s, k, At.VISIT_AT_ONCE.value, immediate, NONE, NONE, NONE, 1)
    then(s, p, At.ACT_DISCUSSED.value)
    if s.m[k + C.strategy_held_at] >= 0:
        return True
    if s.m[k + C.outcome] == Outcome.STRATEGY_DISCUSSION:
        return call(s, p, At.STRATEGY.value)
    if is_discussed_before_passed_on(character(s, s.m[k + C.contact]), s.m[k + C.outcome]):
        return call(s, p, At.DISCUSS.value)
    return True


@compiled
def second_look(s: State, p: int) -> bool:
    """It is unclear whether the section 47 threshold is met (part: the first manager, the rules)."""
    k = s.m[p + S.case]
    s.m[s.m[p + S.part] + P.b] = s.m[H.rules]
    past = past_at(s, k)
    if s.m[past + PAST.is_looked_into]:
        return then(s, p, At.SECOND_LOOK_TAKEN.value)
    within, asked = s.m[s.m[H.rules] + R.decide_within], s.m[past + PAST.second_look]
    if asked == NONE:
        asked = s.m[H.now]
        milestone(s, k, EventKind.SECOND_LOOK_ASKED.value, 0, WaitingOn.OTHERS.value)
    delay = s.w[s.m[k + C.contact] + K.second_look_delay]
    return wait_till(s, p, asked + (delay if within == NONE else min(delay, within)), At.SECOND_LOOK_READY.value)


@compiled
def second_look_ready(s: State, p: int) -> bool:
    """The information is in."""
    milestone(s, s.m[p + S.case], EventKind.INFORMATION_READY.value, 0, _OUR_STAFF)
    return then(s, p, At.SECOND_LOOK_TAKEN.value)


@compiled
def second_look_taken(s: State, p: int) -> bool:
    """Another manager's view, or one by telephone from home, outside anybody's rostered hours."""
    part, k, now = s.m[p + S.part], s.m[p + S.case], s.m[H.now]
    minutes, rules = s.w[s.m[k + C.contact] + K.second_look_minutes], s.m[part + P.b]
    due, urgency = now, Urgency.SECTION_47.value
    if not s.m[rules + R.second_manager_on_call]:
        due = hours.add_working_days(s, now, s.m[rules + R.second_look_due_working_days])
        urgency = Urgency.USUAL.value
    elif not hours.is_office_open(s):
        return wait(s, p, minutes, At.BACK.value)
    desk = managers(s, k, False)
    j = work(s, k, Activity.SECOND_LOOK.value, desk, minutes, urgency, due, s.m[part + P.a])
    return wait_for_job(s, p, j, At.BACK.value)
