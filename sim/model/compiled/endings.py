"""From a finished assessment to the end of the case: `sim.model.casework`, part by part."""

from sim.events import Activity, Ending, EventKind, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.floor import TEAM_MANAGERS
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import past_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.service import drop_what_is_beside, holder_work, is_brief, milestone, work
from sim.model.compiled.stories import (
    back,
    call,
    tell,
    then,
    wait,
    wait_for_job,
    wait_for_story,
    wait_till,
)
from sim.model.compiled.unallocated import let_go
from sim.policies import (
    ASSESSMENT_WORKING_DAYS,
    Urgency,
)
from sim.working_time import MINUTES_PER_DAY


@compiled
def start_support(s: State, k: int, during: bool) -> None:
    """Support for a family that is to have it: once the assessment has ended, or `during` it."""
    is_early = during and s.m[s.m[H.rules] + R.support_from_allocation] != 0
    is_wanted = _ending(s, k) != Ending.NO_FURTHER_ACTION
    if not s.m[k + C.help_started] and is_wanted and (is_early or not during):
        s.m[k + C.help_started] = 1
        tell(s, k, At.SUPPORT.value, NONE, NONE, NONE, NONE, 0)


@compiled
def support(s: State, p: int) -> bool:
    """Support begins after a while."""
    k, since = s.m[p + S.case], s.m[H.now]
    past = past_at(s, k)
    if s.m[past + PAST.place_asked] != NONE:
        since = max(s.m[past + PAST.authorised], s.m[past + PAST.conference_held])
    return wait_till(s, p, since + s.w[s.m[k + C.contact] + K.support_delay], At.HELP_STARTED.value)


@compiled
def sign_off(s: State, p: int) -> bool:
    """A manager authorises the assessment, sending some back once (part: times, due, rules)."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    s.m[part + P.a], s.m[part + P.c] = 0, s.m[H.rules]
    is_at_once = is_brief(s, k)
    started_at = s.m[k + C.started_at]
    s.m[part + P.b] = s.m[H.now] if is_at_once else hours.add_working_days(s, started_at, ASSESSMENT_WORKING_DAYS)
    return then(s, p, At.SIGN_OFF_NEXT.value)


@compiled
def sign_off_next(s: State, p: int) -> bool:
    """A look; after the last it is authorised, and gives how it ends."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    contact = s.m[k + C.contact]
    if s.m[part + P.a] < 1 + s.w[contact + K.sign_off_returned]:
        minutes, prompt = s.w[contact + K.sign_off_minutes], Urgency.PROMPT.value
        j = work(s, k, Activity.SIGNING_OFF.value, TEAM_MANAGERS, minutes, prompt, s.m[part + P.b])
        return wait_for_job(s, p, j, At.SIGNED.value)
    ending = _ending(s, k)
    s.m[k + C.ending] = ending
    milestone(s, k, EventKind.ASSESSMENT_AUTHORISED.value, ending, WaitingOn.UNCHANGED.value)
    return back(s, p, ending)


@compiled
def signed(s: State, p: int) -> bool:
    """Signed, or sent back."""
    part, case = s.m[p + S.part], s.m[p + S.case]
    then(s, p, At.SIGN_OFF_AGAIN.value)
    if s.w[s.m[case + C.contact] + K.sign_off_returned] and not s.m[case + C.reworked]:
        s.m[case + C.reworked] = 1
        minutes, prompt = s.m[s.m[part + P.c] + R.rework_minutes], Urgency.PROMPT.value
        return call(s, p, At.PIECES.value, Activity.REWORKING.value, minutes, prompt, s.m[part + P.b])
    return True


@compiled
def sign_off_again(s: State, p: int) -> bool:
    """Once more, if it was sent back."""
    s.m[s.m[p + S.part] + P.a] += 1
    return then(s, p, At.SIGN_OFF_NEXT.value)


@compiled
def _ending(s: State, k: int) -> int:
    contact = s.m[k + C.contact]
    if s.m[k + C.ending] != NONE:
        return s.m[k + C.ending]
    if s.m[k + C.conference] != NONE:
        return Ending.TRANSFER_AFTER_CONFERENCE.value
    if s.m[k + C.section_47]:
        no_action, transfer = Ending.NO_FURTHER_ACTION.value, Ending.TRANSFER.value
        return no_action if s.w[contact + K.close_after_section_47] else transfer
    return s.w[contact + K.ending]


@compiled
def end(s: State, p: int) -> bool:
    """Close, or wait for whoever takes the family on; until then it stays on the caseload (part: ending)."""
    conference = s.m[s.m[p + S.case] + C.conference]
    if conference != NONE:
        return wait_for_story(s, p, conference, At.END_CONFERRED.value)
    return then(s, p, At.END_CONFERRED.value)


@compiled
def end_conferred(s: State, p: int) -> bool:
    """Any conference has been held; now the case is handed over or closed."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if s.m[part + P.a] == Ending.NO_FURTHER_ACTION:
        close(s, k, s.m[part + P.a])
        return back(s, p)
    start_support(s, k, False)
    then(s, p, At.END_HANDED.value)
    minutes, due = s.m[s.m[H.rules] + R.handover_minutes], s.m[H.now] + MINUTES_PER_DAY
    return call(s, p, At.PIECES.value, Activity.HANDING_OVER.value, minutes, Urgency.USUAL.value, due)


@compiled
def end_handed(s: State, p: int) -> bool:
    """Handed over; a place is waited for."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    asked = s.m[past_at(s, k) + PAST.place_asked]
    if asked == NONE:
        asked = s.m[H.now]
        milestone(s, k, EventKind.PLACE_ASKED.value, s.m[part + P.a], WaitingOn.OTHERS.value)
    then(s, p, At.END_PLACED.value)
    contact = s.m[k + C.contact]
    delay = s.w[contact + K.step_down_delay] if s.m[part + P.a] == Ending.STEP_DOWN else s.w[contact + K.transfer_delay]
    every = s.m[s.m[H.rules] + R.waiting_visit_days] * MINUTES_PER_DAY
    return call(s, p, At.PLACE.value, max(asked + delay - s.m[H.now], 0), every)


@compiled
def place(s: State, p: int) -> bool:
    """Wait for a place, with visits meanwhile (part: delay left, days between visits)."""
    part = s.m[p + S.part]
    if s.m[part + P.b] and s.m[part + P.a] > s.m[part + P.b]:
        return wait(s, p, s.m[part + P.b], At.PLACE_VISIT.value)
    return wait(s, p, s.m[part + P.a], At.BACK.value)


@compiled
def place_visit(s: State, p: int) -> bool:
    """A visit while a place is waited for."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    s.m[part + P.a] -= s.m[part + P.b]
    minutes, due = s.w[s.m[k + C.contact] + K.visit_minutes], s.m[H.now] + MINUTES_PER_DAY
    holder_work(s, k, Activity.WAITING_VISIT.value, minutes, Urgency.USUAL.value, due, 1)
    return then(s, p, At.PLACE.value)


@compiled
def end_placed(s: State, p: int) -> bool:
    """The place is free."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    milestone(s, k, EventKind.TRANSFERRED.value, s.m[part + P.a], WaitingOn.UNCHANGED.value)
    close(s, k, s.m[part + P.a])
    return back(s, p)


@compiled
def close(s: State, k: int, ending: int) -> None:
    """The case is over."""
    s.m[k + C.closed], s.m[k + C.ending] = 1, ending
    let_go(s, k)
    drop_what_is_beside(s, k)
    if s.m[k + C.previous_open] == NONE:
        s.m[H.first_open] = s.m[k + C.next_open]
    else:
        s.m[s.m[k + C.previous_open] + C.next_open] = s.m[k + C.next_open]
    if s.m[k + C.next_open] == NONE:
        s.m[H.last_open] = s.m[k + C.previous_open]
    else:
        s.m[s.m[k + C.next_open] + C.previous_open] = s.m[k + C.previous_open]
    milestone(s, k, EventKind.CLOSED.value, ending, WaitingOn.NOBODY.value)
