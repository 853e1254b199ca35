"""Where each part of a story goes on: one line for each name in `At`, room by room."""

from typing import Final

from sim.model.compiled import (
    assessing,
    casework,
    endings,
    front_door,
    further_work,
    progress,
    service,
    strategy,
    triage,
    unallocated,
    visits,
)
from sim.model.compiled.at import At
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import State
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import story as S
from sim.model.compiled.stories import back

ROOM: Final = 100
"""How many names a room of `At` has."""


@compiled
def _step_service(s: State, p: int, at: int) -> bool:
    if at == At.BACK:
        return back(s, p, s.m[p + S.value])
    if at == At.DONE_BY_LOOK:
        return service.done_by_look(s, p)
    if at == At.DONE_BY_DONE:
        return service.done_by_done(s, p)
    if at == At.AT_ONCE:
        return service.at_once(s, p)
    if at == At.AT_ONCE_TRIED:
        return service.at_once_tried(s, p)
    if at == At.PIECES:
        return service.pieces(s, p)
    return service.piece_next(s, p)


@compiled
def _step_front_door(s: State, p: int, at: int) -> bool:
    if at == At.JOURNEY:
        return front_door.journey(s, p)
    if at == At.JOURNEY_LOOKED:
        return front_door.journey_looked(s, p)
    if at == At.JOURNEY_DECIDED:
        return front_door.journey_decided(s, p)
    if at == At.JOURNEY_OVER:
        return front_door.journey_over(s, p)
    if at == At.FIRST_LOOK:
        return front_door.first_look(s, p)
    if at == At.SCREENED:
        return front_door.screened(s, p)
    if at == At.NIGHT_LOOKED:
        return front_door.night_looked(s, p)
    if at == At.NIGHT_ACTED:
        return front_door.night_acted(s, p)
    if at == At.HAND_OVER:
        return front_door.hand_over(s, p)
    if at == At.HANDED_OVER:
        return front_door.handed_over(s, p)
    if at == At.EARLY_HELP:
        return front_door.early_help(s, p)
    if at == At.HELP_STARTED:
        return front_door.help_started(s, p)
    return front_door.resume(s, p)


@compiled
def _step_triage(s: State, p: int, at: int) -> bool:
    if at == At.TRIAGE:
        return triage.triage(s, p)
    if at == At.TRIAGE_ROUND:
        return triage.triage_round(s, p)
    if at == At.TRIAGE_DECIDE:
        return triage.triage_decide(s, p)
    if at == At.TRIAGE_DECIDED:
        return triage.triage_decided(s, p)
    if at == At.TRIAGE_CLOSE:
        return triage.triage_close(s, p)
    if at == At.ACT:
        return triage.act(s, p)
    if at == At.ACT_DECIDED:
        return triage.act_decided(s, p)
    if at == At.SECOND_LOOK:
        return triage.second_look(s, p)
    if at == At.SECOND_LOOK_READY:
        return triage.second_look_ready(s, p)
    if at == At.TRIAGE_CLEAR:
        return triage.triage_clear(s, p)
    if at == At.ACT_FOLLOWED:
        return triage.act_followed(s, p)
    return triage.second_look_taken(s, p)


@compiled
def _step_further_work(s: State, p: int, at: int) -> bool:
    if at == At.FURTHER_WORK:
        return further_work.further_work(s, p)
    if at == At.FURTHER_WORK_ASKED:
        return further_work.further_work_asked(s, p)
    if at == At.FURTHER_WORK_OVER:
        return further_work.further_work_over(s, p)
    if at == At.ASK:
        return further_work.ask(s, p)
    if at == At.ASK_LOOK:
        return further_work.ask_look(s, p)
    if at == At.ASK_NEXT:
        return further_work.ask_next(s, p)
    if at == At.REPLIES:
        return further_work.replies(s, p)
    if at == At.REPLIES_ANSWERED:
        return further_work.replies_answered(s, p)
    if at == At.PARTNERS:
        return further_work.partners(s, p)
    if at == At.PARTNERS_CHASE:
        return further_work.partners_chase(s, p)
    if at == At.PARTNERS_CHASE_NOW:
        return further_work.partners_chase_now(s, p)
    return further_work.partners_chased(s, p)


@compiled
def _step_casework(s: State, p: int, at: int) -> bool:
    if at == At.ACT_DISCUSSED:
        return casework.act_discussed(s, p)
    if at == At.ASSESS:
        return casework.assess(s, p)
    if at == At.ASSESS_ALLOCATED:
        return casework.assess_allocated(s, p)
    if at == At.ASSESS_SEEN:
        return casework.assess_seen(s, p)
    if at == At.ASSESS_TRIGGERED:
        return casework.assess_triggered(s, p)
    if at == At.ASSESS_ENQUIRED:
        return casework.assess_enquired(s, p)
    if at == At.ASSESS_WORKED:
        return casework.assess_worked(s, p)
    if at == At.ASSESS_SIGNED:
        return casework.assess_signed(s, p)
    if at == At.TO_ALLOCATION:
        return casework.to_allocation(s, p)
    if at == At.TO_ALLOCATION_DISCUSSED:
        return casework.to_allocation_discussed(s, p)
    if at == At.TO_ALLOCATION_JOIN:
        return casework.to_allocation_join(s, p)
    if at == At.ENQUIRE:
        return casework.enquire(s, p)
    if at == At.ENQUIRED:
        return casework.enquired(s, p)
    if at == At.CONFER:
        return casework.confer(s, p)
    if at == At.CONFER_REPORTED:
        return casework.confer_reported(s, p)
    if at == At.CONFERENCE_HELD:
        return casework.conference_held(s, p)
    return casework.enquiry_ended(s, p)


@compiled
def _step_assessing(s: State, p: int, at: int) -> bool:
    if at == At.WORK:
        return assessing.assessment(s, p)
    if at == At.WORK_PIECE:
        return assessing.assessment_piece(s, p)
    if at == At.WORK_DONE:
        return assessing.assessment_done(s, p)
    if at == At.WORK_WAITED:
        return assessing.assessment_waited(s, p)
    if at == At.WORK_NEXT:
        return assessing.assessment_next(s, p)
    if at == At.HALF_WAY:
        return assessing.half_way(s, p)
    if at == At.HALF_WAY_PIECE:
        return assessing.half_way_piece(s, p)
    return assessing.half_way_triggered(s, p)


@compiled
def _step_endings(s: State, p: int, at: int) -> bool:
    if at == At.SUPPORT:
        return endings.support(s, p)
    if at == At.SIGN_OFF:
        return endings.sign_off(s, p)
    if at == At.SIGN_OFF_NEXT:
        return endings.sign_off_next(s, p)
    if at == At.SIGNED:
        return endings.signed(s, p)
    if at == At.SIGN_OFF_AGAIN:
        return endings.sign_off_again(s, p)
    if at == At.END:
        return endings.end(s, p)
    if at == At.END_CONFERRED:
        return endings.end_conferred(s, p)
    if at == At.END_HANDED:
        return endings.end_handed(s, p)
    if at == At.END_PLACED:
        return endings.end_placed(s, p)
    if at == At.PLACE:
        return endings.place(s, p)
    return endings.place_visit(s, p)


@compiled
def _step_progress(s: State, p: int, at: int) -> bool:
    if at == At.REVIEWS:
        return progress.reviews(s, p)
    if at == At.REVIEW_NEXT:
        return progress.review_next(s, p)
    if at == At.REVIEW_DUE:
        return progress.review_due(s, p)
    if at == At.REVIEW_LOOKED:
        return progress.review_looked(s, p)
    if at == At.REVIEWED:
        return progress.reviewed(s, p)
    if at == At.SUPERVISION_NEXT:
        return progress.supervision_next(s, p)
    if at == At.SUPERVISION_DUE:
        return progress.supervision_due(s, p)
    if at == At.SUPERVISION_LOOKED:
        return progress.supervision_looked(s, p)
    if at == At.SUPERVISED:
        return progress.supervised(s, p)
    if at == At.REVIEW_MISSED:
        return progress.review_missed(s, p)
    return progress.supervision_missed(s, p)


@compiled
def _step_strategy(s: State, p: int, at: int) -> bool:
    if at == At.STRATEGY:
        return strategy.strategy(s, p)
    if at == At.STRATEGY_HELD:
        return strategy.strategy_held(s, p)
    if at == At.DISCUSS:
        return strategy.discuss(s, p)
    if at == At.DISCUSS_HELD:
        return strategy.discuss_held(s, p)
    if at == At.HOLD:
        return strategy.hold(s, p)
    if at == At.HOLD_CONVENED:
        return strategy.hold_convened(s, p)
    if at == At.HOLD_SLOT:
        return strategy.hold_slot(s, p)
    if at == At.HOLD_READY:
        return strategy.hold_ready(s, p)
    if at == At.ACTION:
        return strategy.action(s, p)
    return strategy.action_done(s, p)


@compiled
def _step_visits(s: State, p: int, at: int) -> bool:
    if at == At.VISIT_AT_ONCE:
        return visits.visit_at_once(s, p)
    if at == At.VISIT_AT_ONCE_TRIED:
        return visits.visit_at_once_tried(s, p)
    if at == At.VISIT_FOR_ENQUIRY:
        return visits.visit_for_enquiry(s, p)
    if at == At.VISIT_SOON:
        return visits.visit_soon(s, p)
    if at == At.VISIT_IF_LEFT:
        return visits.visit_if_left(s, p)
    if at == At.VISIT_IF_STILL_LEFT:
        return visits.visit_if_still_left(s, p)
    if at == At.VISIT_FIRST:
        return visits.visit_first(s, p)
    if at == At.VISIT_FIRST_CALLED:
        return visits.visit_first_called(s, p)
    if at == At.VISIT_FIRST_ARRANGED:
        return visits.visit_first_arranged(s, p)
    if at == At.VISIT_FIRST_AGREED:
        return visits.visit_first_agreed(s, p)
    if at == At.VISIT:
        return visits.visit(s, p)
    if at == At.VISIT_GIVEN:
        return visits.visit_given(s, p)
    if at == At.VISIT_MADE:
        return visits.visit_made(s, p)
    if at == At.HOLDER_AWAY:
        return visits.holder_away(s, p)
    return visits.holder_away_look(s, p)


@compiled
def _step_unallocated(s: State, p: int, at: int) -> bool:
    if at == At.ALLOCATE:
        return unallocated.allocate(s, p)
    if at == At.ALLOCATE_DONE:
        return unallocated.allocate_done(s, p)
    if at == At.ALLOCATE_NOW:
        return unallocated.allocate_now(s, p)
    if at == At.TAKE_OVER:
        return unallocated.take_over(s, p)
    return unallocated.taken_over(s, p)


@compiled
def step(s: State, p: int) -> bool:
    """Go on with a story where it is; False where it then waits, or has ended."""
    at = s.m[s.m[p + S.part] + P.at]
    room = at // ROOM
    if room == At.BACK // ROOM:
        return _step_service(s, p, at)
    if room == At.JOURNEY // ROOM:
        return _step_front_door(s, p, at)
    if room == At.TRIAGE // ROOM:
        return _step_triage(s, p, at)
    if room == At.FURTHER_WORK // ROOM:
        return _step_further_work(s, p, at)
    if room == At.ACT_DISCUSSED // ROOM:
        return _step_casework(s, p, at)
    if room == At.WORK // ROOM:
        return _step_assessing(s, p, at)
    if room == At.SUPPORT // ROOM:
        return _step_endings(s, p, at)
    if room == At.REVIEWS // ROOM:
        return _step_progress(s, p, at)
    if room == At.STRATEGY // ROOM:
        return _step_strategy(s, p, at)
    if room == At.VISIT_AT_ONCE // ROOM:
        return _step_visits(s, p, at)
    return _step_unallocated(s, p, at)
