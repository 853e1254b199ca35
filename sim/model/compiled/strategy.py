"""Strategy discussions, and when police and health can join them: parts of `sim.model.casework` and its slots."""

from sim.events import Activity, EventKind, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import character, past_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import slot as SLOT
from sim.model.compiled.rows import story as S
from sim.model.compiled.service import chairs_of, milestone, work
from sim.model.compiled.stories import (
    back,
    call,
    instead,
    tell,
    then,
    wait,
    wait_for_job,
    wait_for_last_look,
    wait_till,
)
from sim.model.compiled.unallocated import becomes_section_47
from sim.policies import Urgency, cannot_wait
from sim.working_time import NEVER


@compiled
def strategy(s: State, p: int) -> bool:
    """Chaired where the case is."""
    then(s, p, At.STRATEGY_HELD.value)
    return call(s, p, At.HOLD.value)


@compiled
def strategy_held(s: State, p: int) -> bool:
    """What the discussion decides: actions, and an enquiry, which a newly qualified worker does not lead."""
    k = s.m[p + S.case]
    _agreed(s, k)
    if s.w[s.m[k + C.contact] + K.to_section_47]:
        s.m[k + C.section_47] = 1
        milestone(s, k, EventKind.SECTION_47_STARTED.value, 0, WaitingOn.UNCHANGED.value)
        becomes_section_47(s, k)
    return back(s, p)


@compiled
def discuss(s: State, p: int) -> bool:
    """A contact raises the risk on an open case: a discussion, and any enquiry is then its own team's."""
    then(s, p, At.DISCUSS_HELD.value)
    return call(s, p, At.HOLD.value)


@compiled
def discuss_held(s: State, p: int) -> bool:
    """What the discussion decides."""
    _agreed(s, s.m[p + S.case])
    return back(s, p)


@compiled
def _agreed(s: State, k: int) -> None:
    contact = s.m[k + C.contact]
    milestone(s, k, EventKind.STRATEGY_HELD.value, s.w[contact + K.to_section_47], WaitingOn.OUR_STAFF.value)
    milestone(s, k, EventKind.ACTION_SET.value, s.w[contact + K.action_timed], WaitingOn.UNCHANGED.value)
    tell(s, k, At.ACTION.value, NONE, NONE, NONE, NONE, 0)
    s.m[k + C.strategy_held_at] = s.m[H.now]


@compiled
def action(s: State, p: int) -> bool:
    """A strategy action is finished by others; without an owner and a date it drifts."""
    k = s.m[p + S.case]
    contact, since = s.m[k + C.contact], max(s.m[past_at(s, k) + PAST.action_set], s.m[k + C.strategy_held_at])
    drift = 0 if s.w[contact + K.action_timed] else s.w[contact + K.drift_delay]
    return wait_till(s, p, since + s.w[contact + K.action_delay] + drift, At.ACTION_DONE.value)


@compiled
def action_done(s: State, p: int) -> bool:
    """The action is finished."""
    milestone(s, s.m[p + S.case], EventKind.ACTION_DONE.value, 0, WaitingOn.UNCHANGED.value)
    return back(s, p)


@compiled
def hold(s: State, p: int) -> bool:
    """Social care, police and health find a time (part: whether it cannot wait)."""
    k = s.m[p + S.case]
    contact = s.m[k + C.contact]
    is_urgent = cannot_wait(character(s, contact)) and not s.m[k + C.allocated]
    s.m[s.m[p + S.part] + P.a] = is_urgent
    asked = s.m[past_at(s, k) + PAST.strategy_asked]
    if asked == NONE:
        asked = s.m[H.now]
        milestone(s, k, EventKind.STRATEGY_ASKED.value, 0, WaitingOn.OTHERS.value)
    delay, at = s.w[contact + K.strategy_delay], asked + s.w[contact + K.strategy_delay]
    if not is_urgent and delay > 0:
        at = hours.after(s, s.m[H.office_from], s.m[H.office_to], asked, delay)
        at = s.m[H.end] if at == NEVER else at
    return wait_till(s, p, at, At.HOLD_CONVENED.value)


@compiled
def hold_convened(s: State, p: int) -> bool:
    """A slot of the office's day, or any hour where it cannot wait."""
    k = s.m[p + S.case]
    if s.m[s.m[p + S.part] + P.a]:
        return then(s, p, At.HOLD_READY.value)
    s.m[s.m[H.ready] + s.m[H.ready_count]] = k
    s.m[H.ready_count] += 1
    return wait_for_last_look(s, p, s.m[H.now], At.HOLD_SLOT.value)


@compiled
def hold_slot(s: State, p: int) -> bool:
    """Of those ready in one minute the lowest contact takes the first slot left that is long enough."""
    k = s.m[p + S.case]
    for _ in range(s.m[H.ready_count]):
        first = 0
        for place in range(1, s.m[H.ready_count]):
            if s.m[s.m[s.m[H.ready] + place] + C.identity] < s.m[s.m[s.m[H.ready] + first] + C.identity]:
                first = place
        ready = s.m[s.m[H.ready] + first]
        s.m[ready + C.slot] = _take_slot(s, s.w[s.m[ready + C.contact] + K.strategy_minutes])
        s.m[H.ready_count] -= 1
        s.m[s.m[H.ready] + first] = s.m[s.m[H.ready] + s.m[H.ready_count]]
    return wait(s, p, s.m[k + C.slot] - s.m[H.now], At.HOLD_READY.value)


@compiled
def _take_slot(s: State, minutes: int) -> int:
    """The minute of the first slot left from now on that is long enough; the end of the run where none is."""
    slot, before = s.m[H.first_slot], NONE
    while slot != NONE:
        if s.m[slot + SLOT.begins] < s.m[H.now]:
            s.m[H.first_slot] = s.m[slot + SLOT.next_left]
        elif s.m[slot + SLOT.closes] - s.m[slot + SLOT.begins] >= minutes:
            if before == NONE:
                s.m[H.first_slot] = s.m[slot + SLOT.next_left]
            else:
                s.m[before + SLOT.next_left] = s.m[slot + SLOT.next_left]
            return s.m[slot + SLOT.begins]
        else:
            before = slot
        slot = s.m[slot + SLOT.next_left]
    return s.m[H.end]


@compiled
def hold_ready(s: State, p: int) -> bool:
    """Discussed: in one sitting, or at once where it cannot wait."""
    k = s.m[p + S.case]
    minutes = s.w[s.m[k + C.contact] + K.strategy_minutes]
    activity = Activity.STRATEGY_DISCUSSION.value
    if s.m[s.m[p + S.part] + P.a]:
        return instead(s, p, At.AT_ONCE.value, activity, minutes, s.m[H.now])
    urgency = Urgency.SECTION_47.value
    j = work(s, k, activity, chairs_of(s, k), minutes, urgency, s.m[H.now], NONE, 1)
    return wait_for_job(s, p, j, At.BACK.value)
