"""From a decision to assess, through being seen, to the end of the case: `sim.model.casework`, part by part."""

from sim.events import Activity, EventKind, Need, Outcome, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.endings import start_support
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import character, past_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.service import is_brief, is_ours, milestone
from sim.model.compiled.stories import (
    WAIT,
    back,
    call,
    instead,
    tell,
    then,
    wait,
    wait_for_last_look,
    wait_for_story,
)
from sim.model.compiled.unallocated import has_room, list_join
from sim.policies import Urgency, cannot_wait, team_of
from sim.working_time import MINUTES_PER_DAY
from sim.world import DOMESTIC_ABUSE_TEAM


@compiled
def act_discussed(s: State, p: int) -> bool:
    """What could not wait has been discussed; a family that is not ours is over once it has been visited."""
    k = s.m[p + S.case]
    if not is_ours(s, k):
        return wait_for_story(s, p, s.m[k + C.visiting], At.BACK.value)
    return back(s, p)


@compiled
def assess(s: State, p: int) -> bool:
    """The whole of an assessment, from the decision to assess to the case's ending."""
    then(s, p, At.ASSESS_ALLOCATED.value)
    return call(s, p, At.TO_ALLOCATION.value)


@compiled
def assess_allocated(s: State, p: int) -> bool:
    """It has a worker; its children are seen."""
    k = s.m[p + S.case]
    start_support(s, k, True)
    if not is_brief(s, k):
        _start(s, k)
    if s.m[k + C.visiting] != NONE:
        return wait_for_story(s, p, s.m[k + C.visiting], At.ASSESS_SEEN.value)
    then(s, p, At.ASSESS_SEEN.value)
    return call(s, p, At.VISIT_FIRST.value) if s.m[k + C.unseen] else True


@compiled
def assess_seen(s: State, p: int) -> bool:
    """A section 47 enquiry may begin from what the visit found, unless all is over but the ending."""
    k = s.m[p + S.case]
    contact, past = s.m[k + C.contact], past_at(s, k)
    if s.m[k + C.ending] == NONE:
        then(s, p, At.ASSESS_TRIGGERED.value)
        return trigger(s, p, s.w[contact + K.section_47_at_visit] != 0)
    is_due = s.m[past + PAST.section_47_ended] != NONE and s.m[past + PAST.conference_held] == NONE
    if is_due and s.w[contact + K.to_conference]:
        s.m[k + C.conference] = tell(s, k, At.CONFER.value, NONE, NONE, NONE, NONE, 1)
    return instead(s, p, At.END.value, s.m[k + C.ending])


@compiled
def trigger(s: State, p: int, happens: bool) -> bool:
    """Call for a strategy discussion of what was found, unless the family has had one."""
    case = s.m[p + S.case]
    is_new = (
        not s.m[case + C.section_47]
        and s.m[case + C.strategy_held_at] < 0
        and s.m[case + C.outcome] != Outcome.STRATEGY_DISCUSSION
    )
    return call(s, p, At.STRATEGY.value) if happens and is_new else True


@compiled
def assess_triggered(s: State, p: int) -> bool:
    """The record of the visit is enough, or the assessment is worked on after the enquiry."""
    k = s.m[p + S.case]
    if is_brief(s, k):
        _begin(s, k)
        minutes = s.m[s.m[H.rules] + R.brief_minutes]
        then(s, p, At.ASSESS_WORKED.value)
        return call(s, p, At.PIECES.value, Activity.ASSESSING.value, minutes, Urgency.PROMPT.value, s.m[H.now])
    if s.m[k + C.started_at] < 0:
        _start(s, k)
    then(s, p, At.ASSESS_ENQUIRED.value)
    return call(s, p, At.ENQUIRE.value) if s.m[k + C.section_47] else True


@compiled
def assess_enquired(s: State, p: int) -> bool:
    """The assessment itself."""
    then(s, p, At.ASSESS_WORKED.value)
    return call(s, p, At.WORK.value)


@compiled
def assess_worked(s: State, p: int) -> bool:
    """It is signed off."""
    then(s, p, At.ASSESS_SIGNED.value)
    return call(s, p, At.SIGN_OFF.value)


@compiled
def assess_signed(s: State, p: int) -> bool:
    """The case ends."""
    return instead(s, p, At.END.value, s.m[p + S.value])


@compiled
def to_allocation(s: State, p: int) -> bool:
    """Discussed where it must be."""
    case = s.m[p + S.case]
    then(s, p, At.TO_ALLOCATION_DISCUSSED.value)
    if s.m[case + C.outcome] == Outcome.STRATEGY_DISCUSSION and s.m[case + C.strategy_held_at] < 0:
        return call(s, p, At.STRATEGY.value)
    return True


@compiled
def to_allocation_discussed(s: State, p: int) -> bool:
    """Whether the domestic abuse team's workers have room is known once all that closes in this minute has closed."""
    if s.m[s.m[p + S.case] + C.by_domestic_abuse_team]:
        return wait_for_last_look(s, p, s.m[H.now], At.TO_ALLOCATION_JOIN.value)
    return then(s, p, At.TO_ALLOCATION_JOIN.value)


@compiled
def to_allocation_join(s: State, p: int) -> bool:
    """Seen at once where it cannot wait, and on the list until there is a worker."""
    k = s.m[p + S.case]
    if s.m[k + C.unseen] and s.m[k + C.visiting] == NONE:
        _send_somebody(s, k)
    if s.m[k + C.allocated]:
        return back(s, p)
    since = s.m[k + C.unallocated_since]
    if since < 0:
        since = s.m[H.now]
    s.m[k + C.team] = _team(s, k, since)
    list_join(s, k, since)
    if s.m[k + C.unseen] and s.m[k + C.visiting] == NONE:
        tell(s, k, At.VISIT_IF_LEFT.value, NONE, NONE, NONE, NONE, 0)
    s.m[k + C.waits_for_allocation] = p
    then(s, p, At.BACK.value)
    return WAIT


@compiled
def _send_somebody(s: State, k: int) -> None:
    """What the discussion found may not wait for a named worker, nor what was rated so before the run began."""
    contact = s.m[k + C.contact]
    if s.w[contact + K.need] == Need.IMMEDIATE_RISK or cannot_wait(character(s, contact)):
        immediate = Urgency.IMMEDIATE.value
        s.m[k + C.visiting] = tell(s, k, At.VISIT_AT_ONCE.value, immediate, NONE, NONE, NONE, 1)
    elif s.m[k + C.section_47]:
        s.m[k + C.visiting] = tell(s, k, At.VISIT_FOR_ENQUIRY.value, NONE, NONE, NONE, NONE, 1)


@compiled
def _team(s: State, k: int, since: int) -> int:
    if s.m[k + C.by_domestic_abuse_team] and has_room(s, DOMESTIC_ABUSE_TEAM, k):
        return DOMESTIC_ABUSE_TEAM
    rules = s.m[H.rules]
    week = (since // MINUTES_PER_DAY + s.m[H.first_weekday]) // 7
    return team_of(
        s.m[rules + R.arrangement], s.m[rules + R.teams], week, s.m[k + C.section_47] != 0, s.m[k + C.identity]
    )


@compiled
def _start(s: State, k: int) -> None:
    _begin(s, k)
    tell(s, k, At.REVIEWS.value, NONE, NONE, NONE, NONE, 0)


@compiled
def _begin(s: State, k: int) -> None:
    if s.m[k + C.started_at] < 0:
        s.m[k + C.started_at] = s.m[H.now]
        milestone(s, k, EventKind.ASSESSMENT_STARTED.value, 0, WaitingOn.UNCHANGED.value)


@compiled
def enquire(s: State, p: int) -> bool:
    """The enquiry's own work."""
    if s.m[past_at(s, s.m[p + S.case]) + PAST.section_47_ended] != NONE:
        return then(s, p, At.ENQUIRY_ENDED.value)
    minutes = s.w[s.m[s.m[p + S.case] + C.contact] + K.enquiry_minutes]
    due, urgency = s.m[H.now] + MINUTES_PER_DAY, Urgency.SECTION_47.value
    then(s, p, At.ENQUIRED.value)
    return call(s, p, At.PIECES.value, Activity.ENQUIRING.value, minutes, urgency, due)


@compiled
def enquired(s: State, p: int) -> bool:
    """The enquiry has ended."""
    k = s.m[p + S.case]
    to_conference = s.w[s.m[k + C.contact] + K.to_conference]
    milestone(s, k, EventKind.SECTION_47_ENDED.value, to_conference, WaitingOn.UNCHANGED.value)
    return then(s, p, At.ENQUIRY_ENDED.value)


@compiled
def enquiry_ended(s: State, p: int) -> bool:
    """The conference where there is to be one."""
    k = s.m[p + S.case]
    if s.w[s.m[k + C.contact] + K.to_conference]:
        s.m[k + C.conference] = tell(s, k, At.CONFER.value, NONE, NONE, NONE, NONE, 1)
    return back(s, p)


@compiled
def confer(s: State, p: int) -> bool:
    """The conference is on its booked day, or after the report if that is later (part: booked)."""
    case = s.m[p + S.case]
    if s.m[past_at(s, case) + PAST.conference_held] != NONE:
        return back(s, p)
    days = s.w[s.m[case + C.contact] + K.conference_working_days]
    booked = hours.due_at(s, s.m[case + C.strategy_held_at], days, s.m[H.opens_minute] + 90)
    s.m[s.m[p + S.part] + P.a] = booked
    then(s, p, At.CONFER_REPORTED.value)
    minutes, urgency = s.m[s.m[H.rules] + R.conference_minutes], Urgency.SECTION_47.value
    return call(s, p, At.PIECES.value, Activity.CONFERENCE.value, minutes, urgency, booked)


@compiled
def confer_reported(s: State, p: int) -> bool:
    """The report is written."""
    booked, now = s.m[s.m[p + S.part] + P.a], s.m[H.now]
    if booked > now:
        return wait(s, p, booked - now, At.CONFERENCE_HELD.value)
    return then(s, p, At.CONFERENCE_HELD.value)


@compiled
def conference_held(s: State, p: int) -> bool:
    """The conference has been held."""
    milestone(s, s.m[p + S.case], EventKind.CONFERENCE_HELD.value, 0, WaitingOn.UNCHANGED.value)
    return back(s, p)
