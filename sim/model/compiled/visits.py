"""Being seen: visits by duty, by the holder of a case, and what comes of each; `sim.model.visits`, part by part."""

from typing import Final

from sim.events import EVERY_CHILD, Activity, EventKind, SeenBy, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_last_at
from sim.model.compiled.floor import DUTY, OUT_OF_HOURS, record
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import past_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.rows import worker as W
from sim.model.compiled.service import do_by, first_of_job, holder_work, is_in_today, is_ours, milestone, move, work
from sim.model.compiled.stories import (
    WAIT,
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
from sim.policies import SECTION_47_VISIT_WORKING_DAYS, Urgency
from sim.working_time import MINUTES_PER_DAY, NEVER

_OTHERS: Final = WaitingOn.OTHERS.value


@compiled
def visit_at_once(s: State, p: int) -> bool:
    """By whoever is at work until every child has been seen (part: urgency, due, who will have seen them)."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if s.m[part + P.b] == NONE:
        s.m[part + P.b] = s.m[H.now]
        if _is_agreed(s, k):
            return wait_till(s, p, _agreed(s, k), At.VISIT_AT_ONCE.value)
    is_open = hours.is_office_open(s)
    if not s.m[k + C.unseen] or s.m[k + C.closed] or (is_open and not is_ours(s, k)):
        return back(s, p)
    contact = s.m[k + C.contact]
    then(s, p, At.VISIT_AT_ONCE_TRIED.value)
    if not is_open:
        s.m[part + P.c] = SeenBy.OUT_OF_HOURS.value
        minutes = s.w[contact + K.out_of_hours_visit_minutes]
        return do_by(s, p, Activity.OUT_OF_HOURS_VISIT.value, OUT_OF_HOURS, minutes, s.m[part + P.b], s.m[part + P.a])
    has_duty = s.m[s.m[H.rules] + R.duty_workers] > 0
    s.m[part + P.c] = SeenBy.DUTY.value if has_duty else SeenBy.HOLDER.value
    desk = DUTY if has_duty else NONE
    return do_by(s, p, Activity.VISITING.value, desk, s.w[contact + K.visit_minutes], s.m[part + P.b], s.m[part + P.a])


@compiled
def _is_agreed(s: State, k: int) -> bool:
    """Whether a visit was agreed before the run began, or failed."""
    past = past_at(s, k)
    return s.m[past + PAST.visit_failed] != NONE or s.m[past + PAST.visit_arranged] != NONE


@compiled
def _agreed(s: State, k: int) -> int:
    """The appointment agreed before the run began, or when to try again."""
    past, contact = past_at(s, k), s.m[k + C.contact]
    last, visits = s.w[contact + K.failed_visits], s.m[k + C.visits]
    if s.m[past + PAST.visit_failed] > s.m[past + PAST.visit_arranged]:
        return s.m[past + PAST.visit_failed] + s.w[contact + K.retry_delays + min(visits - 1, last)]
    if visits > last:
        return s.m[past + PAST.visit_arranged] + s.w[contact + K.retry_delays + last]
    return s.m[past + PAST.visit_arranged] + s.w[contact + K.appointment_delay]


@compiled
def visit_at_once_tried(s: State, p: int) -> bool:
    """Somebody went, or the next shift must."""
    w = s.m[p + S.value]
    then(s, p, At.VISIT_AT_ONCE.value)
    if w == NONE:
        return True
    return _visited(s, p, w, s.m[s.m[p + S.part] + P.c], True)


@compiled
def visit_for_enquiry(s: State, p: int) -> bool:
    """Section 47: by duty in the office's days, or by whoever is at work where the out-of-hours team goes too."""
    if s.m[s.m[H.rules] + R.visits_section_47]:
        return instead(s, p, At.VISIT_AT_ONCE.value, Urgency.SECTION_47.value)
    return instead(s, p, At.VISIT_SOON.value)


@compiled
def visit_soon(s: State, p: int) -> bool:
    """A visit by duty before or without a named worker; by that worker where there is no duty."""
    due = hours.add_working_days(s, s.m[H.now], SECTION_47_VISIT_WORKING_DAYS)
    return instead(s, p, At.VISIT.value, Urgency.SECTION_47.value, due)


@compiled
def visit_if_left(s: State, p: int) -> bool:
    """Duty sees the children of a family that nobody has been given for days."""
    over = s.m[s.m[p + S.case] + C.unallocated_since] + s.m[s.m[H.rules] + R.duty_visit_after]
    return wait_for_last_look(s, p, max(over, s.m[H.now]), At.VISIT_IF_STILL_LEFT.value)


@compiled
def visit_if_still_left(s: State, p: int) -> bool:
    """Still nobody has been given it, or somebody has."""
    k = s.m[p + S.case]
    if not s.m[k + C.allocated]:
        s.m[k + C.visiting] = tell(s, k, At.VISIT_SOON.value, NONE, NONE, NONE, NONE, 1)
    return back(s, p)


@compiled
def visit_first(s: State, p: int) -> bool:
    """The holder arranges a visit with the family (part: due, job)."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    rules = s.m[H.rules]
    s.m[part + P.a] = hours.add_working_days(s, s.m[H.now], s.m[rules + R.visit_due_working_days])
    if _is_agreed(s, k):
        return then(s, p, At.VISIT_FIRST_AGREED.value)
    soon = s.m[H.now] + MINUTES_PER_DAY
    s.m[part + P.b] = holder_work(
        s, k, Activity.ARRANGING.value, s.m[rules + R.arrange_minutes], Urgency.PROMPT.value, soon
    )
    then(s, p, At.VISIT_FIRST_CALLED.value)
    return _unless_holder_is_away(s, p, s.m[part + P.b], soon)


@compiled
def visit_first_called(s: State, p: int) -> bool:
    """Somebody will call."""
    return wait_for_job(s, p, s.m[s.m[p + S.part] + P.b], At.VISIT_FIRST_ARRANGED.value)


@compiled
def visit_first_arranged(s: State, p: int) -> bool:
    """Arranged; the family's day is waited for."""
    k = s.m[p + S.case]
    milestone(s, k, EventKind.VISIT_ARRANGED.value, 0, _OTHERS)
    return wait(s, p, s.w[s.m[k + C.contact] + K.appointment_delay], At.VISIT_FIRST_AGREED.value)


@compiled
def visit_first_agreed(s: State, p: int) -> bool:
    """The agreed day."""
    return instead(s, p, At.VISIT.value, Urgency.PROMPT.value, s.m[s.m[p + S.part] + P.a])


@compiled
def visit(s: State, p: int) -> bool:
    """By duty where it is urgent and there is duty, else by the holder (part: urgency, due, job, whether begun)."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if s.m[part + P.d] == NONE:
        s.m[part + P.d] = 1
        if _is_agreed(s, k):
            return wait_till(s, p, _agreed(s, k), At.VISIT.value)
    if not s.m[k + C.unseen]:
        return back(s, p)
    urgent, effort = s.m[part + P.a] == Urgency.SECTION_47, s.w[s.m[k + C.contact] + K.visit_minutes]
    then(s, p, At.VISIT_GIVEN.value)
    if urgent and s.m[s.m[H.rules] + R.duty_workers]:
        s.m[part + P.c] = work(s, k, Activity.VISITING.value, DUTY, effort, s.m[part + P.a], s.m[part + P.b])
        return True
    s.m[part + P.c] = holder_work(
        s, k, Activity.VISITING.value, effort, s.m[part + P.a], s.m[part + P.b], 0 if urgent else 1
    )
    return _unless_holder_is_away(s, p, s.m[part + P.c], s.m[part + P.b])


@compiled
def visit_given(s: State, p: int) -> bool:
    """Somebody will go."""
    return wait_for_job(s, p, s.m[s.m[p + S.part] + P.c], At.VISIT_MADE.value)


@compiled
def visit_made(s: State, p: int) -> bool:
    """Somebody went."""
    part = s.m[p + S.part]
    job = s.m[part + P.c]
    seen_by = SeenBy.DUTY.value if s.m[job + J.desk] == DUTY else SeenBy.HOLDER.value
    then(s, p, At.VISIT.value)
    return _visited(s, p, s.m[job + J.worker], seen_by, s.m[part + P.a] == Urgency.SECTION_47)


@compiled
def _visited(s: State, p: int, w: int, seen_by: int, urgent: bool) -> bool:
    """What a visit comes to, and the wait for the next where somebody is still unseen."""
    k = s.m[p + S.case]
    at = s.m[s.m[p + S.part] + P.at]
    contact = s.m[k + C.contact]
    s.m[k + C.visits] += 1
    if s.m[k + C.visits] <= s.w[contact + K.failed_visits]:
        kind = EventKind.VISIT_FAILED.value
        record(s, kind, s.m[k + C.identity], EVERY_CHILD, s.m[w + W.identity], s.m[w + W.team], 0, _OTHERS, 0)
        return wait(s, p, _retry_delay(s, k, s.m[k + C.visits] - 1, urgent), at)
    _see(s, k, w, seen_by, s.w[contact + K.missed] if s.m[k + C.visits] == s.w[contact + K.failed_visits] + 1 else 0)
    if s.m[k + C.unseen]:
        milestone(s, k, EventKind.VISIT_ARRANGED.value, 0, _OTHERS)
        return wait(s, p, _retry_delay(s, k, s.w[contact + K.failed_visits], urgent), at)
    return True


@compiled
def _see(s: State, k: int, w: int, seen_by: int, missed: int) -> None:
    seen = s.m[k + C.unseen] & ~missed
    for child in range(s.w[s.m[k + C.contact] + K.children]):
        if seen >> child & 1:
            kind, waiting_on = EventKind.SEEN.value, WaitingOn.OUR_STAFF.value
            record(
                s,
                kind,
                s.m[k + C.identity],
                child,
                s.m[w + W.identity],
                s.m[w + W.team],
                seen_by,
                waiting_on,
                0,
            )
    s.m[k + C.unseen] &= ~seen


@compiled
def _retry_delay(s: State, k: int, number: int, urgent: bool) -> int:
    delay = s.w[s.m[k + C.contact] + K.retry_delays + number]
    if not urgent:
        return delay
    most = s.m[s.m[H.rules] + R.urgent_retry]
    if not is_ours(s, k):
        opens = hours.office_opens(s, s.m[H.now])
        most = min(most, (s.m[H.end] if opens in (NEVER, 0) else opens) - s.m[H.now])  # nobody goes again by day
    return min(delay, most)


@compiled
def _unless_holder_is_away(s: State, p: int, j: int, due: int) -> bool:
    """A visit or call that is overdue goes to duty on the first morning its holder is away, or gone."""
    call(s, p, At.HOLDER_AWAY.value, j, hours.office_opens(s, max(due, s.m[H.now])))
    return True


@compiled
def holder_away(s: State, p: int) -> bool:
    """Wait for the job to be done, or the morning (part: job, when the office opens)."""
    part = s.m[p + S.part]
    if s.m[part + P.b] == NEVER or s.m[s.m[part + P.a] + J.worker] != NONE:
        return back(s, p)
    pair = first_of_job(s, p, s.m[part + P.a])
    note_last_at(s, s.m[part + P.b], Note.HALF, pair)
    then(s, p, At.HOLDER_AWAY_LOOK.value)
    return WAIT


@compiled
def holder_away_look(s: State, p: int) -> bool:
    """If nobody has begun and the holder is away, it is duty's."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    has_duty = s.m[s.m[H.rules] + R.duty_workers] > 0
    if has_duty and s.m[s.m[part + P.a] + J.worker] == NONE and not is_in_today(s, s.m[k + C.holder]):
        move(s, s.m[part + P.a], DUTY)
        return back(s, p)
    s.m[part + P.b] = hours.office_opens(s, s.m[part + P.b] - s.m[part + P.b] % MINUTES_PER_DAY + MINUTES_PER_DAY)
    return then(s, p, At.HOLDER_AWAY.value)
