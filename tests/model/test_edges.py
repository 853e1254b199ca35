"""The ends of the ranges: nobody, nothing, no time at all."""

import pytest

from sim.events import EventKind, Outcome
from sim.model import run
from sim.scenario import Source
from sim.world import draw
from tests.model.jobs import Told
from tests.model.laws import LAWS
from tests.strategies import SMALL_BASE

STAFF = (
    "front_door.managers",
    "front_door.senior_practitioners",
    "front_door.workers",
    "out_of_hours.staff",
    "assessment.managers",
    "assessment.family_support_workers",
    "assessment.social_workers.experienced",
    "assessment.social_workers.newly_qualified",
    "assessment.social_workers.agency",
)
NOBODY: dict[str, object] = {**dict.fromkeys(STAFF, 0), "assessment.duty_workers": 0}


def told(changes: dict[str, object]) -> Told:
    """A run of the small baseline with changes, every law kept."""
    scenario = SMALL_BASE.changed(changes)
    world = draw(scenario, seed=6, replication=0)
    found = Told(scenario, scenario, world, run(scenario, world))
    for law in LAWS:
        law(found)
    return found


def test_with_nobody_at_work_contacts_come_and_nothing_else_happens() -> None:
    found = told(NOBODY)

    assert {EventKind(event.kind) for event in found.events} == {EventKind.RECEIVED, EventKind.WORK_QUEUED}
    assert len(found.log.contacts) == sum(c.received < found.log.watched_until for c in found.world.contacts) > 0


@pytest.mark.parametrize("path", STAFF)
def test_without_one_kind_of_people_the_rest_go_on(path: str) -> None:
    found = told({path: 0})

    assert len(found.log.contacts) > 0


@pytest.mark.parametrize("nothing", [{"demand.multiplier": 0.0}, {"demand.family_contacts_per_year": 0.0}])
def test_no_demand_is_no_event(nothing: dict[str, object]) -> None:
    found = told(nothing)

    assert found.log.events.shape == (0, len(found.log.events[0:0].T))
    assert found.log.contacts.shape[0] == 0
    assert found.log.people.shape[0] == len(found.world.people)


def test_no_warm_up_and_no_follow_up_are_possible() -> None:
    found = told({"calendar.warm_up_days": 0, "calendar.follow_up_days": 0})

    assert (found.log.window_start, found.log.window_end) == (0, found.log.watched_until)


def test_a_year_of_one_day_is_possible() -> None:
    assert told({"calendar.horizon_days": 1, "calendar.follow_up_days": 0}).log.watched_until == 1440


@pytest.mark.parametrize(("share", "discussed"), [(0.0, False), (1.0, True)])
def test_without_significant_harm_nothing_is_discussed_and_with_nothing_else_everything_is(
    share: float, *, discussed: bool
) -> None:
    own: dict[str, object] = {"demand.other_team_share": 0.0, "need.early_help_share": 0.0}
    others = {f"need.section_47_{when}_share": 0.0 for when in ("at_visit", "in_assessment")}
    found = told({**own, **others, "need.section_47_share": share, "need.referred_below_threshold_share": 0.0})
    outcomes = {Outcome(event.detail) for event in found.of(EventKind.DECIDED)}

    assert (Outcome.STRATEGY_DISCUSSION in outcomes) is discussed
    assert (Outcome.REFERRAL in outcomes) is not discussed
    assert bool(found.of(EventKind.STRATEGY_HELD)) is discussed


def test_where_every_contact_is_clear_nothing_is_asked() -> None:
    clear = told({"demand.information_unclear_multiplier": 0.0, "demand.consent_missing_multiplier": 0.0})
    shares = ("information_unclear_share", "consent_missing_share")
    alone = told({f"demand.{source.value}.{share}": 0.0 for source in Source for share in shares})

    assert not clear.of(EventKind.INFORMATION_ASKED)
    assert (clear.log.events == alone.log.events).all()
