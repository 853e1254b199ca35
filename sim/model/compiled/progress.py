"""Reviews of progress at set working days, and supervision of long assessments: `sim.model.casework`, part by part."""

from typing import Final

from sim.events import Activity, EventKind, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.floor import TEAM_MANAGERS
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import State
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.service import is_over, milestone, work
from sim.model.compiled.stories import back, then, wait_for_job, wait_till, wait_until_taken_in
from sim.policies import Urgency
from sim.working_time import MINUTES_PER_DAY

_FIRST_SUPERVISION_DAY: Final = 20
_UNCHANGED: Final = WaitingOn.UNCHANGED.value


@compiled
def reviews(s: State, p: int) -> bool:
    """Each is a manager's work (part: which, rules)."""
    part = s.m[p + S.part]
    s.m[part + P.a], s.m[part + P.b] = 0, s.m[H.rules]
    return then(s, p, At.REVIEW_NEXT.value)


@compiled
def _on_day(s: State, p: int, day: int, at: int, missed_at: int) -> bool:
    """Go on on a working day of the assessment, or elsewhere where that was before the run began."""
    minute = hours.due_at(s, s.m[s.m[p + S.case] + C.started_at], day, s.m[H.opens_minute])
    return then(s, p, missed_at) if minute < s.m[H.began] else wait_till(s, p, minute, at)


@compiled
def review_next(s: State, p: int) -> bool:
    """The next review; after the last, supervision where there is any (part: which, rules, day)."""
    part = s.m[p + S.part]
    rules, contact = s.m[part + P.b], s.m[s.m[p + S.case] + C.contact]
    if s.m[part + P.a] < min(s.m[rules + R.reviews], s.w[contact + K.reviews_drawn]):
        day = s.m[rules + R.review_days + s.m[part + P.a]]
        return _on_day(s, p, day, At.REVIEW_DUE.value, At.REVIEW_MISSED.value)
    s.m[part + P.b] = s.m[H.rules]
    if s.m[s.m[part + P.b] + R.long_supervision_days] == 0:
        return back(s, p)
    s.m[part + P.a], s.m[part + P.c] = 0, _FIRST_SUPERVISION_DAY
    return then(s, p, At.SUPERVISION_NEXT.value)


@compiled
def _look_over(s: State, p: int, activity: int, minutes: int, at: int) -> bool:
    """A manager's look at an assessment."""
    k, due = s.m[p + S.case], s.m[H.now] + MINUTES_PER_DAY
    j = work(s, k, activity, TEAM_MANAGERS, minutes, Urgency.USUAL.value, due)
    return wait_for_job(s, p, j, at)


@compiled
def review_due(s: State, p: int) -> bool:
    """A review is due, and done or not."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if is_over(s, k):
        return back(s, p)
    contact, day = s.m[k + C.contact], s.m[s.m[part + P.b] + R.review_days + s.m[part + P.a]]
    milestone(s, k, EventKind.REVIEW_DUE.value, day, _UNCHANGED)
    if s.w[contact + K.reviews_done + s.m[part + P.a]]:
        return _look_over(s, p, Activity.REVIEWING.value, s.w[contact + K.review_minutes], At.REVIEW_LOOKED.value)
    s.m[part + P.a] += 1
    return then(s, p, At.REVIEW_NEXT.value)


@compiled
def review_missed(s: State, p: int) -> bool:
    """It was before the run began."""
    s.m[s.m[p + S.part] + P.a] += 1
    return then(s, p, At.REVIEW_NEXT.value)


@compiled
def review_looked(s: State, p: int) -> bool:
    """What ends in the minute in which the look ends is not changed by it."""
    return wait_until_taken_in(s, p, At.REVIEWED.value)


@compiled
def reviewed(s: State, p: int) -> bool:
    """Reviewed."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if is_over(s, k):
        return back(s, p)
    s.m[k + C.reviewed] = 1
    milestone(s, k, EventKind.REVIEWED.value, s.m[s.m[part + P.b] + R.review_days + s.m[part + P.a]], _UNCHANGED)
    s.m[part + P.a] += 1
    return then(s, p, At.REVIEW_NEXT.value)


@compiled
def supervision_next(s: State, p: int) -> bool:
    """The next supervision of a long assessment (part: which, rules, day)."""
    part = s.m[p + S.part]
    if s.m[part + P.a] == s.w[s.m[s.m[p + S.case] + C.contact] + K.supervisions_drawn]:
        return back(s, p)
    return _on_day(s, p, s.m[part + P.c], At.SUPERVISION_DUE.value, At.SUPERVISION_MISSED.value)


@compiled
def supervision_due(s: State, p: int) -> bool:
    """It is due."""
    part = s.m[p + S.part]
    if is_over(s, s.m[p + S.case]):
        return back(s, p)
    minutes = s.m[s.m[part + P.b] + R.long_supervision_minutes]
    return _look_over(s, p, Activity.SUPERVISING.value, minutes, At.SUPERVISION_LOOKED.value)


@compiled
def supervision_looked(s: State, p: int) -> bool:
    """What ends in the minute in which the look ends is not changed by it."""
    return wait_until_taken_in(s, p, At.SUPERVISED.value)


@compiled
def supervised(s: State, p: int) -> bool:
    """It may have removed the needless wait."""
    part, case = s.m[p + S.part], s.m[p + S.case]
    if s.w[s.m[case + C.contact] + K.unstuck + s.m[part + P.a]]:
        s.m[case + C.reviewed] = 1
    return then(s, p, At.SUPERVISION_MISSED.value)


@compiled
def supervision_missed(s: State, p: int) -> bool:
    """That one is over."""
    part = s.m[p + S.part]
    s.m[part + P.c] += s.m[s.m[part + P.b] + R.long_supervision_days]
    s.m[part + P.a] += 1
    return then(s, p, At.SUPERVISION_NEXT.value)
