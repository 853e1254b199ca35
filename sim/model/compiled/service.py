"""The service at work: pieces of work, who holds what, the rota, and the people who come and go."""

from typing import Final

import numpy as np

from sim.events import EVERY_CHILD, NOBODY, Activity, EventKind, Outcome, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.floor import (
    DA_MANAGERS,
    DA_WORKERS,
    FIRST_RESPONSE,
    MANAGERS,
    OUT_OF_HOURS,
    TEAM_MANAGERS,
    join,
    new_job,
    next_open,
    record,
)
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.queues import remove
from sim.model.compiled.reading import desk_at, pieces_done, staff_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.rows import worker as W
from sim.model.compiled.stories import WAIT, back, call, new_pair, then, wait_for_job
from sim.policies import Urgency, is_assessed, is_beside_the_path, job_rank, piece, pieces_in
from sim.scenario import Order
from sim.working_time import MINUTES_PER_DAY, NEVER
from sim.world import NO_TEAM

_RANKS: Final = np.array([[job_rank(order, urgency, 0)[0] for urgency in Urgency] for order in Order])
_IS_BESIDE: Final = np.array([n > 0 and is_beside_the_path(Activity(n)) for n in range(len(Activity) + 1)])
_IS_ASSESSED: Final = np.array([is_assessed(decided) for decided in Outcome])


@compiled
def milestone(s: State, case: int, kind: int, detail: int, waiting_on: int) -> None:
    """Record a step of a case."""
    of = case
    person = NOBODY if s.m[of + C.holder] == NONE else s.m[s.m[of + C.holder] + W.identity]
    record(s, kind, s.m[of + C.identity], EVERY_CHILD, person, s.m[of + C.team], detail, waiting_on, 0)


@compiled
def is_ours(s: State, case: int) -> bool:
    """Whether the assessment teams go on with a case."""
    decided = s.m[case + C.outcome]
    return decided != NONE and _IS_ASSESSED[decided]


@compiled
def is_brief(s: State, case: int) -> bool:
    """Whether the record of a visit is assessment enough: never where there is a section 47 enquiry."""
    of = case
    return s.w[s.m[of + C.contact] + K.brief] != 0 and not s.m[of + C.section_47]


@compiled
def is_over(s: State, case: int) -> bool:
    """Whether a case's assessment is authorised or the case closed."""
    return s.m[case + C.closed] != 0 or s.m[case + C.ending] != NONE


@compiled
def _queue(s: State, case: int, activity: int, effort: int, urgency: int, due: int, waits: int) -> int:
    """A piece of work as it begins to wait, not yet on any desk."""
    beside = _IS_BESIDE[activity]
    waiting_on = WaitingOn.UNCHANGED.value if beside else waits
    record(
        s,
        EventKind.WORK_QUEUED.value,
        s.m[case + C.identity],
        EVERY_CHILD,
        NOBODY,
        NO_TEAM,
        activity,
        waiting_on,
        0,
    )
    rank = _RANKS[s.m[s.m[H.rules] + R.strict_priority], urgency]
    j = new_job(s, case, activity, effort, rank, due)
    if beside:
        be_beside(s, j)
    return j


@compiled
def be_beside(s: State, j: int) -> None:
    """A piece of work that is taken back once its case closes."""
    s.m[j + J.is_beside] = 1
    _keep(s, j)


@compiled
def _keep(s: State, j: int) -> None:
    if not s.m[j + J.is_kept]:
        of = s.m[j + J.case]
        s.m[j + J.is_kept], s.m[j + J.before_kept] = 1, s.m[of + C.kept_jobs]
        s.m[of + C.kept_jobs] = j


@compiled
def work(
    s: State,
    case: int,
    activity: int,
    desk: int,
    effort: int,
    urgency: int,
    due: int,
    not_by: int = NOBODY,
    must_fit_day: int = 0,
    ends_by: int = NEVER,
) -> int:
    """Put a piece of work for a case on a desk."""
    waits = WaitingOn.OUT_OF_HOURS_STAFF.value if desk == OUT_OF_HOURS else WaitingOn.OUR_STAFF.value
    j = _queue(s, case, activity, effort, urgency, due, waits)
    s.m[j + J.not_by], s.m[j + J.must_fit_day], s.m[j + J.ends_by] = not_by, must_fit_day, ends_by
    join(s, desk, j)
    return j


@compiled
def holder_work(
    s: State,
    case: int,
    activity: int,
    effort: int,
    urgency: int,
    due: int,
    must_fit_day: int = 0,
    ends_by: int = NEVER,
) -> int:
    """Work for whoever holds the case: in their diary, or parked until somebody has it in hand again."""
    j = _queue(s, case, activity, effort, urgency, due, WaitingOn.OUR_STAFF.value)
    s.m[j + J.must_fit_day], s.m[j + J.ends_by] = must_fit_day, ends_by
    to_holder(s, j)
    return j


@compiled
def to_holder(s: State, j: int) -> None:
    """Let a job wait in the diary of whoever has its case in hand, or be parked."""
    of = s.m[j + J.case]
    has_it = s.m[of + C.is_in_hand] or s.m[j + J.activity] == Activity.TAKING_OVER
    if has_it and s.m[of + C.holder] != NONE:
        join(s, s.m[s.m[of + C.holder] + W.diary], j)
    else:
        park(s, j)


@compiled
def park(s: State, j: int) -> None:
    """Let a job wait until somebody has its case in hand."""
    s.m[j + J.is_parked] = 1
    _keep(s, j)


@compiled
def take_in_hand(s: State, case: int) -> None:
    """Somebody holds the case and has read it: what was parked is theirs."""
    s.m[case + C.is_in_hand] = 1
    j = s.m[case + C.kept_jobs]
    while j != NONE:
        if s.m[j + J.is_parked]:
            s.m[j + J.is_parked] = 0
            to_holder(s, j)
        j = s.m[j + J.before_kept]


@compiled
def withdraw(s: State, j: int) -> None:
    """Take back a job nobody has started from wherever it waits."""
    s.m[j + J.is_parked] = 0
    if s.m[j + J.waits]:
        remove(s, s.m[j + J.desk], j)
        s.m[j + J.desk] = NONE


@compiled
def drop_what_is_beside(s: State, case: int) -> None:
    """Take back the work beside a case's path that nobody has started: the case is over."""
    j = s.m[case + C.kept_jobs]
    while j != NONE:
        s.m[j + J.is_parked] = 0
        if s.m[j + J.is_beside]:
            withdraw(s, j)
        j = s.m[j + J.before_kept]


@compiled
def move(s: State, j: int, desk: int) -> None:
    """Let work that nobody has started wait at another desk, with its place in the order."""
    withdraw(s, j)
    join(s, desk, j)


@compiled
def do_by(s: State, p: int, activity: int, desk: int, effort: int, due: int, urgency: int) -> bool:
    """Call for work that cannot wait, by a desk or else (`NONE`) the holder: until the shift ends."""
    case, until = s.m[p + S.case], hours.shift_ends(s)
    if desk == NONE:
        j = holder_work(s, case, activity, effort, urgency, due, 0, until)
    else:
        j = work(s, case, activity, desk, effort, urgency, due, NOBODY, 0, until)
    call(s, p, At.DONE_BY_LOOK.value, j)
    first_of_job(s, p, j)
    note_at(s, until, Note.HALF, s.m[j + J.pair])
    return WAIT


@compiled
def first_of_job(s: State, p: int, j: int) -> int:
    """A pair of which one is that a job is done."""
    pair = new_pair(s, p)
    s.m[j + J.pair] = pair
    return pair


@compiled
def done_by_look(s: State, p: int) -> bool:
    """The work is done, or the shift over: gives who did it, or `NONE` where the shift left it."""
    j = s.m[s.m[p + S.part] + P.a]
    if s.m[j + J.worker] == NONE:
        withdraw(s, j)
        return back(s, p, NONE)
    return wait_for_job(s, p, j, At.DONE_BY_DONE.value)


@compiled
def done_by_done(s: State, p: int) -> bool:
    """It is done."""
    return back(s, p, s.m[s.m[s.m[p + S.part] + P.a] + J.worker])


@compiled
def at_once(s: State, p: int) -> bool:
    """A manager's work that cannot wait (part: activity, effort, due), by the out-of-hours team by night."""
    part = s.m[p + S.part]
    case = s.m[p + S.case]
    is_discussed = s.m[part + P.a] == Activity.STRATEGY_DISCUSSION
    by_day = chairs_of(s, case) if is_discussed else managers_of(s, case)
    desk = by_day if hours.is_office_open(s) else OUT_OF_HOURS
    then(s, p, At.AT_ONCE_TRIED.value)
    return do_by(s, p, s.m[part + P.a], desk, s.m[part + P.b], s.m[part + P.c], Urgency.IMMEDIATE.value)


@compiled
def at_once_tried(s: State, p: int) -> bool:
    """Somebody did it, or the next shift must."""
    if s.m[p + S.value] == NONE:
        return then(s, p, At.AT_ONCE.value)
    return back(s, p, s.m[p + S.value])


@compiled
def pieces(s: State, p: int) -> bool:
    """Work by the holder too long for one sitting (part: activity, effort, urgency, due, pieces done).

    Those done before the run began are not done again.
    """
    part = s.m[p + S.part]
    s.m[part + P.e] = pieces_done(s, s.m[p + S.case], s.m[part + P.a])
    return then(s, p, At.PIECE_NEXT.value)


@compiled
def piece_next(s: State, p: int) -> bool:
    """The next piece, if there is one."""
    part = s.m[p + S.part]
    if s.m[part + P.e] >= pieces_in(s.m[part + P.b]):
        return back(s, p)
    j = holder_work(
        s,
        s.m[p + S.case],
        s.m[part + P.a],
        piece(s.m[part + P.b], s.m[part + P.e]),
        s.m[part + P.c],
        s.m[part + P.d],
    )
    s.m[part + P.e] += 1
    return wait_for_job(s, p, j, At.PIECE_NEXT.value)


@compiled
def has_domestic_abuse_team(s: State) -> bool:
    """Whether the co-located team takes contacts now."""
    return s.m[H.team_before] != 0 if s.m[H.now] < s.m[H.levers_start] else s.m[H.now] >= s.m[H.team_starts]


@compiled
def is_anyone_in(s: State, d: int) -> bool:
    """Whether somebody of a desk works on the day the office is, or next is, open."""
    now = s.m[H.now]
    opens = hours.office_opens(s, now)
    if opens == NEVER:
        return False
    for place in range(s.m[desk_at(s, d) + D.staff]):
        back_at = next_open(s, s.m[staff_at(s, d) + place], now)
        if back_at != NEVER and back_at // MINUTES_PER_DAY <= opens // MINUTES_PER_DAY:
            return True
    return False


@compiled
def is_in_today(s: State, w: int) -> bool:
    """Whether somebody will still work today."""
    now = s.m[H.now]
    opens = next_open(s, w, now) if w != NONE else NEVER
    return opens != NEVER and opens // MINUTES_PER_DAY == now // MINUTES_PER_DAY


@compiled
def managers_of(s: State, case: int) -> int:
    """The managers who decide about a contact today."""
    return DA_MANAGERS if s.m[case + C.by_domestic_abuse_team] and is_anyone_in(s, DA_MANAGERS) else MANAGERS


@compiled
def chairs_of(s: State, case: int) -> int:
    """Who chairs a case's strategy discussion by day: the assessment teams' managers once it is a team's."""
    of = case
    if s.m[of + C.allocated] or s.m[of + C.outcome] == Outcome.OPEN_CASE:
        return TEAM_MANAGERS
    return managers_of(s, case)


@compiled
def workers_of(s: State, case: int) -> int:
    """The workers who gather information about a contact today."""
    return DA_WORKERS if s.m[case + C.by_domestic_abuse_team] and is_anyone_in(s, DA_WORKERS) else FIRST_RESPONSE
