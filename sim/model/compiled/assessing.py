"""The assessment itself, in pieces between the waits for others: `sim.model.casework`, part by part."""

from sim.events import Activity, EventKind, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.casework import trigger
from sim.model.compiled.floor import FAMILY_SUPPORT
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import past_at, pieces_done, share
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.service import holder_work, milestone, work
from sim.model.compiled.stories import (
    back,
    call,
    instead,
    then,
    wait_for_job,
    wait_till,
)
from sim.policies import (
    ASSESSMENT_WORKING_DAYS,
    Urgency,
    drift_left,
    hurried,
    piece,
    pieces_in,
)


@compiled
def assessment(s: State, p: int) -> bool:
    """The assessment in pieces, with waits for others between them (part: deadline, piece, rules, when waits end)."""
    part = s.m[p + S.part]
    s.m[part + P.a] = hours.add_working_days(s, s.m[s.m[p + S.case] + C.started_at], ASSESSMENT_WORKING_DAYS)
    s.m[part + P.c] = s.m[H.rules]
    waits_within = ASSESSMENT_WORKING_DAYS - s.m[s.m[H.rules] + R.deadline_margin]
    s.m[part + P.d] = hours.add_working_days(s, s.m[s.m[p + S.case] + C.started_at], waits_within)
    # The wait after the last piece that was done before the run began may yet last.
    s.m[part + P.b] = max(pieces_done(s, s.m[p + S.case], Activity.ASSESSING.value) - 1, 0)
    return _go_on(s, p)


@compiled
def _go_on(s: State, p: int) -> bool:
    """The next piece, if there is one, or the wait after it where it is done."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if s.m[part + P.b] >= pieces_in(s.w[s.m[k + C.contact] + K.work_minutes]):
        return back(s, p)
    is_done = s.m[part + P.b] < pieces_done(s, k, Activity.ASSESSING.value)
    return then(s, p, At.WORK_DONE.value if is_done else At.WORK_PIECE.value)


@compiled
def assessment_piece(s: State, p: int) -> bool:
    """One piece."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    minutes = piece(s.w[s.m[k + C.contact] + K.work_minutes], s.m[part + P.b])
    j = holder_work(s, k, Activity.ASSESSING.value, minutes, Urgency.USUAL.value, s.m[part + P.a])
    return wait_for_job(s, p, j, At.WORK_DONE.value)


@compiled
def assessment_done(s: State, p: int) -> bool:
    """A piece is done; then others are waited for."""
    part, k, since = s.m[p + S.part], s.m[p + S.case], s.m[H.now]
    contact, rules = s.m[k + C.contact], s.m[part + P.c]
    is_past = s.m[part + P.b] < pieces_done(s, k, Activity.ASSESSING.value)
    if is_past and s.m[past_at(s, k) + PAST.outside_wait] != NONE:
        since = s.m[past_at(s, k) + PAST.outside_wait]
    parts = pieces_in(s.w[contact + K.work_minutes])
    gap, left = s.w[contact + K.outside_delay] // parts, parts - s.m[part + P.b]
    strength = 0.0 if s.w[contact + K.unhurried] else share(s, rules + R.deadline_strength)
    delay = hurried(gap, since, since + gap * left, s.m[part + P.d], strength)
    delay = drift_left(delay, share(s, rules + R.drift_share), s.m[k + C.reviewed] != 0)
    if delay > 0:
        if not is_past:
            milestone(s, k, EventKind.OUTSIDE_WAIT.value, 0, WaitingOn.OTHERS.value)
        return wait_till(s, p, since + delay, At.WORK_WAITED.value)
    return then(s, p, At.WORK_WAITED.value)


@compiled
def assessment_waited(s: State, p: int) -> bool:
    """Half way, support and what it finds."""
    part = s.m[p + S.part]
    parts = pieces_in(s.w[s.m[s.m[p + S.case] + C.contact] + K.work_minutes])
    then(s, p, At.WORK_NEXT.value)
    return call(s, p, At.HALF_WAY.value, s.m[part + P.a]) if s.m[part + P.b] == parts // 2 else True


@compiled
def assessment_next(s: State, p: int) -> bool:
    """The next piece, if there is one."""
    s.m[s.m[p + S.part] + P.b] += 1
    return _go_on(s, p)


@compiled
def half_way(s: State, p: int) -> bool:
    """Direct work by family support workers (part: deadline, minutes, pieces done, whether it was section 47)."""
    part = s.m[p + S.part]
    s.m[part + P.b] = s.m[s.m[H.rules] + R.family_support_minutes]
    s.m[part + P.c] = pieces_done(s, s.m[p + S.case], Activity.FAMILY_SUPPORT.value)
    return then(s, p, At.HALF_WAY_PIECE.value)


@compiled
def half_way_piece(s: State, p: int) -> bool:
    """A piece of it, and in the end what it finds."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if s.m[part + P.c] < pieces_in(s.m[part + P.b]):
        minutes, usual = piece(s.m[part + P.b], s.m[part + P.c]), Urgency.USUAL.value
        j = work(s, k, Activity.FAMILY_SUPPORT.value, FAMILY_SUPPORT, minutes, usual, s.m[part + P.a])
        s.m[part + P.c] += 1
        return wait_for_job(s, p, j, At.HALF_WAY_PIECE.value)
    s.m[part + P.d] = s.m[k + C.section_47]
    then(s, p, At.HALF_WAY_TRIGGERED.value)
    return trigger(s, p, s.w[s.m[k + C.contact] + K.section_47_in_assessment] != 0)


@compiled
def half_way_triggered(s: State, p: int) -> bool:
    """An enquiry that has begun is made."""
    if s.m[s.m[p + S.case] + C.section_47] and not s.m[s.m[p + S.part] + P.d]:
        return instead(s, p, At.ENQUIRE.value)
    return back(s, p)
