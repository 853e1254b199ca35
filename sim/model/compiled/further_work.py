"""Partners and family asked, chased and waited for: the further work of `sim.model.front_door`, part by part."""

from typing import Final

from sim.events import Activity, EventKind, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import character, past_at, round_at, share
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import pair as X
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import round_of_work as ROUND
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.service import milestone, withdraw, work, workers_of
from sim.model.compiled.stories import (
    WAIT,
    back,
    call,
    happens,
    new_pair,
    tell,
    then,
    wait,
    wait_for_job,
    wait_until_taken_in,
)
from sim.policies import Urgency, must_seek_consent, next_batch
from sim.working_time import MINUTES_PER_DAY, NEVER
from sim.world import NOT_ASKED

UP: Final = 2
"""The time for further work is up, and all know."""


@compiled
def further_work(s: State, p: int) -> bool:
    """One round (part: whether questions are drawn, its number, the limit)."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    past, number = past_at(s, k), s.m[part + P.b]
    s.m[part + P.d] = number == 1 and must_seek_consent(character(s, s.m[k + C.contact]))
    if number <= s.m[past + PAST.answered]:
        s.m[k + C.has_answered] = 1
        return back(s, p)
    if number <= s.m[past + PAST.rounds_asked]:
        return _wait_for_answers(s, p, s.m[past + PAST.asked + number - 1])
    then(s, p, At.FURTHER_WORK_ASKED.value)
    return call(s, p, At.ASK.value, s.m[part + P.a], s.m[part + P.b], s.m[part + P.c], s.m[part + P.d])


@compiled
def further_work_asked(s: State, p: int) -> bool:
    """The questions are put; answers are waited for until the time is up."""
    part, k, now = s.m[p + S.part], s.m[p + S.case], s.m[H.now]
    if now >= s.m[part + P.c]:
        s.m[k + C.was_cut] = s.m[part + P.a]
        return back(s, p)
    milestone(s, k, EventKind.INFORMATION_ASKED.value, s.m[part + P.b], WaitingOn.OTHERS.value)
    return _wait_for_answers(s, p, now)


@compiled
def _wait_for_answers(s: State, p: int, asked: int) -> bool:
    """Answers are waited for since they were asked for."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    s.m[part + P.e], s.m[part + P.f] = asked, _answers_at(s, k, s.m[part + P.a] != 0, s.m[part + P.b], asked)
    s.m[part + P.g] = asked + (s.w[s.m[k + C.contact] + K.consent_delay] if s.m[part + P.d] else 0)
    s.m[k + C.over], s.m[k + C.waits_for_over] = 0, NONE
    drawn_round = s.m[part + P.b] if s.m[part + P.a] else NONE
    replies = tell(s, k, At.REPLIES.value, drawn_round, s.m[part + P.f], s.m[part + P.g], asked, 0)
    then(s, p, At.FURTHER_WORK_OVER.value)
    if not s.m[k + C.time_is_up]:
        s.m[replies + S.waiter] = p
        return WAIT
    pair = new_pair(s, p)
    s.m[replies + S.waiter_pair] = pair
    _or_time_is_up(s, k, pair)
    return WAIT


@compiled
def _or_time_is_up(s: State, k: int, pair: int) -> None:
    if s.m[k + C.time_is_up] == UP:
        happens(s, pair)
    else:
        s.m[k + C.waits_for_time] = pair


@compiled
def further_work_over(s: State, p: int) -> bool:
    """All answers are in, or the time is up."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    s.m[k + C.over] = 1
    if s.m[k + C.waits_for_over] != NONE:
        note_at(s, s.m[H.now], Note.OVER, k)
    is_up = s.m[H.now] == s.m[part + P.c]
    has_answered = s.m[part + P.e] <= s.m[k + C.answered_at] < s.m[part + P.c]
    s.m[k + C.was_cut] = is_up and s.m[H.now] < s.m[part + P.f] and not has_answered
    if s.m[part + P.d] and s.m[H.now] >= s.m[part + P.g]:
        s.m[k + C.has_answered] = 1
    was_ended = is_up and s.m[H.now] < max(s.m[part + P.f], s.m[part + P.g])
    milestone(s, k, EventKind.INFORMATION_READY.value, was_ended, WaitingOn.OUR_STAFF.value)
    return back(s, p)


@compiled
def ask(s: State, p: int) -> bool:
    """The work of putting the questions, while there is time (part: drawn, round, limit, consent, questions put)."""
    part, k, now = s.m[p + S.part], s.m[p + S.case], s.m[H.now]
    contact = s.m[k + C.contact]
    if s.m[part + P.e] == 0 and not s.m[part + P.a]:
        s.m[part + P.e] = 1
    if s.m[part + P.e] > 1 or (s.m[part + P.e] == 1 and not s.m[part + P.d]) or now >= s.m[part + P.c]:
        return back(s, p)
    if s.m[part + P.e] == 0:
        activity, urgency = Activity.ASKING.value, Urgency.PROMPT.value
        minutes = s.w[round_at(contact, s.m[part + P.b]) + ROUND.ask_minutes]
    else:
        activity, urgency = Activity.SEEKING_CONSENT.value, Urgency.USUAL.value
        minutes = s.m[s.m[H.rules] + R.consent_minutes]
    j = work(s, k, activity, workers_of(s, k), minutes, urgency, now + MINUTES_PER_DAY)
    s.m[part + P.f] = j
    if not s.m[k + C.time_is_up]:
        return wait_for_job(s, p, j, At.ASK_NEXT.value)
    then(s, p, At.ASK_LOOK.value)
    pair = new_pair(s, p)
    s.m[j + J.pair] = pair
    _or_time_is_up(s, k, pair)
    return WAIT


@compiled
def ask_look(s: State, p: int) -> bool:
    """The question is put, or the time is up: what has begun is ended."""
    j = s.m[s.m[p + S.part] + P.f]
    if s.m[j + J.worker] == NONE:
        withdraw(s, j)
        return back(s, p)
    return wait_for_job(s, p, j, At.ASK_NEXT.value)


@compiled
def ask_next(s: State, p: int) -> bool:
    """The next question."""
    s.m[s.m[p + S.part] + P.e] += 1
    return then(s, p, At.ASK.value)


@compiled
def _answers_at(s: State, k: int, is_drawn: bool, number: int, asked: int) -> int:
    """When enough partners answer of their own accord, batches waited for."""
    if not is_drawn:
        return s.m[H.now]
    rules, contact = s.m[H.rules], s.m[k + C.contact]
    drawn = round_at(contact, number)
    by_team = s.m[k + C.by_domestic_abuse_team] != 0
    multiplier = share(s, rules + R.information_wait_multiplier) if by_team else 1.0
    ready = _replied_by(s, k, number, asked, multiplier)
    is_batched = (
        s.w[contact + K.domestic_abuse]
        and s.w[drawn + ROUND.police_reply] >= 0
        and not (by_team and s.m[rules + R.batching_removed])
    )
    return next_batch(ready, s.m[rules + R.police_batch_days], s.m[H.opens_minute]) if is_batched else ready


@compiled
def _replied_by(s: State, k: int, number: int, asked: int, police_multiplier: float) -> int:
    """When enough partners have replied: all of those asked, or all but the slowest. Only police reply at any hour."""
    drawn = round_at(s.m[k + C.contact], number)
    last, before, replies = asked, asked, 0
    for partner in range(3):
        if partner == 0 and s.w[drawn + ROUND.police_reply] != NOT_ASKED:
            at = asked + int(s.w[drawn + ROUND.police_reply] * police_multiplier)
        elif partner == 1 and s.w[drawn + ROUND.health_reply] != NOT_ASKED:
            at = _in_office_hours(s, asked + s.w[drawn + ROUND.health_reply])
        elif partner > 1 and s.w[drawn + ROUND.education_reply] != NOT_ASKED:
            at = _in_office_hours(s, asked + s.w[drawn + ROUND.education_reply])
        else:
            continue
        if replies == 0 or at >= last:
            last, before = at, last
        elif replies == 1 or at > before:
            before = at
        replies += 1
    return last if s.m[s.m[H.rules] + R.all_replies_needed] or replies <= 1 else before


@compiled
def _in_office_hours(s: State, reply: int) -> int:
    opens = hours.office_opens(s, reply)
    return reply if opens == NEVER else opens


@compiled
def replies(s: State, p: int) -> bool:
    """Partners answer and the family does, each at its time (part: round or none, answers, consent, asked)."""
    part = s.m[p + S.part]
    then(s, p, At.REPLIES_ANSWERED.value)
    answers = max(s.m[part + P.b], s.m[H.now])
    return call(s, p, At.PARTNERS.value, s.m[part + P.a], answers, NONE, s.m[part + P.d])


@compiled
def replies_answered(s: State, p: int) -> bool:
    """Partners have answered."""
    consent, now = s.m[s.m[p + S.part] + P.c], s.m[H.now]
    s.m[s.m[p + S.case] + C.answered_at] = now
    return wait(s, p, consent - now, At.BACK.value) if consent > now else back(s, p)


@compiled
def partners(s: State, p: int) -> bool:
    """Partners answer: of their own accord, or sooner for being chased (part: round, answers, rules, asked)."""
    part, now = s.m[p + S.part], s.m[H.now]
    rules = s.m[H.rules]
    s.m[part + P.c] = rules
    chase_at = s.m[part + P.d] + s.m[rules + R.chase_after]
    if chase_at < now and s.m[part + P.a] != NONE:
        # Chased before the run began.
        reply = s.w[round_at(s.m[s.m[p + S.case] + C.contact], s.m[part + P.a]) + ROUND.chased_reply]
        s.m[part + P.b] = min(s.m[part + P.b], max(chase_at + s.m[rules + R.chase_minutes] + reply, now))
    if s.m[part + P.a] == NONE or not s.m[H.now] < chase_at < s.m[part + P.b]:
        return wait(s, p, s.m[part + P.b] - s.m[H.now], At.BACK.value)
    return wait(s, p, chase_at - s.m[H.now], At.PARTNERS_CHASE.value)


@compiled
def partners_chase(s: State, p: int) -> bool:
    """The time may be up in the very minute of the chase."""
    return wait_until_taken_in(s, p, At.PARTNERS_CHASE_NOW.value)


@compiled
def partners_chase_now(s: State, p: int) -> bool:
    """Chase, unless it is over before."""
    part, k, now = s.m[p + S.part], s.m[p + S.case], s.m[H.now]
    if s.m[k + C.over]:
        return back(s, p)
    due, minutes = now + MINUTES_PER_DAY, s.m[s.m[part + P.c] + R.chase_minutes]
    j = work(s, k, Activity.CHASING.value, workers_of(s, k), minutes, Urgency.USUAL.value, due)
    s.m[part + P.d] = j
    then(s, p, At.PARTNERS_CHASED.value)
    outer = new_pair(s, p)
    inner = new_pair(s, NONE, outer)
    s.m[j + J.pair], s.m[k + C.waits_for_over] = inner, outer
    s.m[part + P.e] = new_pair(s, NONE, inner)
    note_at(s, s.m[part + P.b], Note.ANSWERED, s.m[part + P.e])
    return WAIT


@compiled
def partners_chased(s: State, p: int) -> bool:
    """Chased, answered or over."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    j = s.m[part + P.d]
    s.m[k + C.waits_for_over] = NONE
    if s.m[j + J.is_done]:
        pair = new_pair(s, p)
        if s.m[s.m[part + P.e] + X.happened]:
            happens(s, pair)
        else:
            s.m[s.m[part + P.e] + X.outer] = pair
        reply = s.w[round_at(s.m[k + C.contact], s.m[part + P.a]) + ROUND.chased_reply]
        note_at(s, s.m[H.now] + reply, Note.HALF, pair)
        then(s, p, At.BACK.value)
        return WAIT
    if s.m[j + J.worker] == NONE:
        withdraw(s, j)
    return back(s, p)
