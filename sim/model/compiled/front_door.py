"""A contact's way from receipt to its outcome: `sim.model.front_door`, part by part."""

from typing import Final

import numpy as np

from sim.events import Activity, Ending, EventKind, Outcome, Rating, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.endings import close
from sim.model.compiled.floor import FIRST_RESPONSE, OUT_OF_HOURS
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import character, share
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.service import (
    do_by,
    has_domestic_abuse_team,
    is_ours,
    managers_of,
    milestone,
    work,
)
from sim.model.compiled.stories import back, call, tell, then, wait, wait_for_job
from sim.model.front_door import NEVER_REFERRED, RETURN_WITHIN_DAYS
from sim.policies import (
    RETURN_BITS,
    WORKING_DAYS_PER_WEEK,
    Urgency,
    cannot_wait,
    goes_to_domestic_abuse_team,
    is_discussed_before_passed_on,
    is_referred,
    return_class,
)
from sim.working_time import MINUTES_PER_DAY


def _class_of(decided: Outcome, ending: Ending) -> int:
    found = return_class(decided, ending)
    return NONE if found is None else int(found)


_RETURN_CLASS: Final = np.array([[_class_of(decided, ending) for ending in Ending] for decided in Outcome])
_IS_REFERRED: Final = np.array([is_referred(decided) for decided in Outcome])
_WITHIN: Final = RETURN_WITHIN_DAYS * MINUTES_PER_DAY
_OUR_STAFF: Final = WaitingOn.OUR_STAFF.value


@compiled
def arrivals(s: State) -> None:
    """Let the contacts of this minute come, and note when the next do."""
    while s.m[H.next_arrival] < s.m[H.arrivals_end]:
        contact = s.m[H.next_arrival]
        if s.w[contact + K.received] > s.m[H.now]:
            note_at(s, s.w[contact + K.received], Note.ARRIVAL, NONE)
            return
        was_referred = s.w[contact + K.seeded_return] and s.w[contact + K.previously_referred]
        last = s.w[contact + K.received] - s.w[contact + K.return_delay] if was_referred else NEVER_REFERRED
        tell(s, NONE, At.JOURNEY.value, contact, last, NONE, NONE, 0)
        s.m[H.next_arrival] += K.size


@compiled
def _new_case(s: State, row: int) -> int:
    k = s.m[H.next_case]
    if k == s.m[H.cases_end]:
        s.m[H.overflow] = 8
        k -= C.size
    s.m[H.next_case] = k + C.size
    s.m[k + C.identity], s.m[k + C.contact], s.m[k + C.received_at] = (
        s.w[row + K.identity],
        row,
        s.m[H.now],
    )
    s.m[k + C.unseen] = (1 << s.w[row + K.children]) - 1
    s.m[k + C.previous_open], s.m[k + C.next_open] = s.m[H.last_open], NONE
    if s.m[H.last_open] == NONE:
        s.m[H.first_open] = k
    else:
        s.m[s.m[H.last_open] + C.next_open] = k
    s.m[H.last_open] = k
    _nothing_yet(s, k)
    return k


@compiled
def _nothing_yet(s: State, k: int) -> None:
    """What has not happened to a new case; all else of its row is 0."""
    s.m[k + C.answered_at], s.m[k + C.outcome], s.m[k + C.strategy_held_at] = NONE, NONE, NONE
    s.m[k + C.team], s.m[k + C.holder], s.m[k + C.reserved], s.m[k + C.kept_jobs] = NONE, NONE, NONE, NONE
    s.m[k + C.waits_for_allocation], s.m[k + C.unallocated_since], s.m[k + C.started_at] = NONE, NONE, NONE
    s.m[k + C.conference], s.m[k + C.visiting], s.m[k + C.ending], s.m[k + C.slot] = NONE, NONE, NONE, NONE
    s.m[k + C.waits_for_time], s.m[k + C.waits_for_over] = NONE, NONE
    s.m[k + C.past] = s.m[H.no_past]


@compiled
def journey(s: State, p: int) -> bool:
    """One contact from receipt (part: its row, when the family was last referred)."""
    part = s.m[p + S.part]
    row = s.m[part + P.a]
    is_teams = goes_to_domestic_abuse_team(character(s, row)) and has_domestic_abuse_team(s)
    if is_teams:
        row = s.w[row + K.as_teams]
    k = _new_case(s, row)
    s.m[p + S.case] = k
    s.m[k + C.by_domestic_abuse_team] = is_teams
    s.m[k + C.is_return] = s.m[H.now] - s.m[part + P.b] <= _WITHIN
    is_open = hours.is_office_open(s)
    waiting_on = _OUR_STAFF if is_open else WaitingOn.OUT_OF_HOURS_STAFF.value
    milestone(s, k, EventKind.RECEIVED.value, 0, waiting_on)
    then(s, p, At.JOURNEY_LOOKED.value)
    return call(s, p, At.FIRST_LOOK.value)


@compiled
def resume(s: State, p: int) -> bool:
    """The rest of the way of a contact that was open when the run began."""
    k = s.m[p + S.case]
    then(s, p, At.JOURNEY_LOOKED.value)
    if not s.m[k + C.is_screened]:
        return call(s, p, At.FIRST_LOOK.value)
    if s.m[k + C.is_left_by_the_night]:
        call(s, p, At.NIGHT_ACTED.value)
        return call(s, p, At.ACT.value) if cannot_wait(character(s, s.m[k + C.contact])) else True
    return True


@compiled
def journey_looked(s: State, p: int) -> bool:
    """It has been screened, and decided where it could not wait."""
    then(s, p, At.JOURNEY_DECIDED.value)
    if s.m[s.m[p + S.case] + C.outcome] == NONE:
        return call(s, p, At.TRIAGE.value)
    return True


@compiled
def journey_decided(s: State, p: int) -> bool:
    """It has been decided."""
    k = s.m[p + S.case]
    decided, contact = s.m[k + C.outcome], character(s, s.m[k + C.contact])
    then(s, p, At.JOURNEY_OVER.value)
    if is_ours(s, k):
        return call(s, p, At.ASSESS.value)
    if decided == Outcome.EARLY_HELP:
        tell(s, k, At.EARLY_HELP.value, NONE, NONE, NONE, NONE, 0)
    elif is_discussed_before_passed_on(contact, decided) and s.m[k + C.strategy_held_at] < 0:
        return call(s, p, At.DISCUSS.value)
    return True


@compiled
def journey_over(s: State, p: int) -> bool:
    """It is over; the family comes back after its delay, if it does."""
    k = s.m[p + S.case]
    contact = s.m[k + C.contact]
    if not s.m[k + C.closed]:
        close(s, k, Ending.AT_CONTACT.value)
    kind = _RETURN_CLASS[s.m[k + C.outcome], s.m[k + C.ending]]
    after = s.m[H.now] + s.w[contact + K.return_delay]
    if kind == NONE or not s.w[contact + K.would_return + kind] or after >= s.m[H.end]:
        return back(s, p)
    row = s.w[contact + K.back_before] if after < s.m[H.levers_start] else s.w[contact + K.back_after]
    if row == NONE:
        return back(s, p)
    part = s.m[p + S.part]
    s.m[part + P.a] = row
    s.m[part + P.b] = s.m[k + C.received_at] if _IS_REFERRED[s.m[k + C.outcome]] else s.m[part + P.b]
    return wait(s, p, _return_lands(s, after, row) - s.m[H.now], At.JOURNEY.value)


@compiled
def _return_lands(s: State, after: int, row: int) -> int:
    """When a family that comes back makes contact, no earlier than the minute after which its delay is over."""
    day = after // MINUTES_PER_DAY + (after % MINUTES_PER_DAY > s.w[row + K.minute_of_day])
    if not (s.w[row + K.comes_on_closed_days] or hours.is_working_day(s, day)):
        place = (s.w[row + K.identity] >> RETURN_BITS) % WORKING_DAYS_PER_WEEK
        day = hours.add_working_days(s, day * MINUTES_PER_DAY, 1 + place) // MINUTES_PER_DAY - 1
    return day * MINUTES_PER_DAY + s.w[row + K.minute_of_day]


@compiled
def first_look(s: State, p: int) -> bool:
    """Screen and rate: what the office has not begun to screen at closing is the night's, and so on in turn."""
    k = s.m[p + S.case]
    if s.m[k + C.is_screened]:
        return back(s, p)
    contact = s.m[k + C.contact]
    if hours.is_office_open(s):
        due = decision_due(s, Rating.RED.value, s.m[k + C.received_at])
        then(s, p, At.SCREENED.value)
        desk, immediate = managers_of(s, k), Urgency.IMMEDIATE.value
        return do_by(s, p, Activity.SCREENING.value, desk, s.w[contact + K.screening_minutes], due, immediate)
    then(s, p, At.NIGHT_LOOKED.value)
    minutes = s.w[contact + K.out_of_hours_screening_minutes]
    activity, urgency = Activity.OUT_OF_HOURS_SCREENING.value, Urgency.IMMEDIATE.value
    return do_by(s, p, activity, OUT_OF_HOURS, minutes, s.m[H.now], urgency)


@compiled
def _take_down_screening(s: State, p: int) -> None:
    k = s.m[p + S.case]
    if s.m[p + S.value] != NONE:
        s.m[k + C.is_screened] = 1
        milestone(s, k, EventKind.SCREENED.value, s.w[s.m[k + C.contact] + K.rating], _OUR_STAFF)


@compiled
def screened(s: State, p: int) -> bool:
    """A manager's first look, or none today."""
    _take_down_screening(s, p)
    return then(s, p, At.FIRST_LOOK.value)


@compiled
def night_looked(s: State, p: int) -> bool:
    """The night's first look, or none: what cannot wait is acted on before the handover."""
    _take_down_screening(s, p)
    case = s.m[p + S.case]
    then(s, p, At.NIGHT_ACTED.value)
    if s.m[case + C.is_screened] and cannot_wait(character(s, s.m[case + C.contact])):
        return call(s, p, At.ACT.value)
    return True


@compiled
def night_acted(s: State, p: int) -> bool:
    """The handover is in the morning."""
    if hours.is_office_open(s):
        return then(s, p, At.HAND_OVER.value)
    return wait(s, p, hours.shift_ends(s) - s.m[H.now], At.HAND_OVER.value)


@compiled
def hand_over(s: State, p: int) -> bool:
    """The morning's handover takes the day service's time."""
    minutes = s.m[s.m[H.rules] + R.night_handover_minutes]
    activity, urgency = Activity.MORNING_HANDOVER.value, Urgency.IMMEDIATE.value
    j = work(s, s.m[p + S.case], activity, FIRST_RESPONSE, minutes, urgency, s.m[H.now])
    return wait_for_job(s, p, j, At.HANDED_OVER.value)


@compiled
def handed_over(s: State, p: int) -> bool:
    """It is the day's."""
    milestone(s, s.m[p + S.case], EventKind.HANDED_OVER.value, 0, _OUR_STAFF)
    return then(s, p, At.FIRST_LOOK.value)


@compiled
def decision_due(s: State, rating: int, received: int) -> int:
    """When a contact of this rating is to be decided."""
    rules = s.m[H.rules]
    if rating == Rating.RED:
        return received + s.m[rules + R.red_minutes]
    days = s.m[rules + R.amber_working_days] if rating == Rating.AMBER else s.m[rules + R.green_working_days]
    return hours.add_working_days(s, received, days)


@compiled
def early_help(s: State, p: int) -> bool:
    """Help from others starts when a place is free; the contact itself closes now."""
    case, rules = s.m[p + S.case], s.m[H.rules]
    is_linked = s.m[case + C.by_domestic_abuse_team] and s.m[rules + R.early_help_linked]
    multiplier = share(s, rules + R.early_help_wait_multiplier) if is_linked else 1.0
    return wait(s, p, int(s.w[s.m[case + C.contact] + K.early_help_delay] * multiplier), At.HELP_STARTED.value)


@compiled
def help_started(s: State, p: int) -> bool:
    """Help has started."""
    milestone(s, s.m[p + S.case], EventKind.HELP_STARTED.value, 0, WaitingOn.UNCHANGED.value)
    return back(s, p)
