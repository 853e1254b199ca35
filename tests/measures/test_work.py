import dataclasses
import math

import numpy as np
import pytest

from sim.events import Activity, EventKind, EventLog, Guide, Outcome, Role
from sim.measures import measure
from tests.measures.logs import Row, at, closed, contact, decided, event, log, person, reading

MANAGER, WORKER, NIGHT = 10, 70, 90
PEOPLE = [
    person(MANAGER, Role.FRONT_DOOR_MANAGER, rostered_minutes=600),
    person(WORKER, Role.EXPERIENCED_SOCIAL_WORKER, rostered_minutes=1200),
    person(NIGHT, Role.OUT_OF_HOURS_WORKER, rostered_minutes=6000),
]
ROLES = ("front_door_manager", "experienced_social_worker", "out_of_hours_worker")


def piece(who: int, ended: int, minutes: int, identity: int = 1) -> list[Row]:
    """A piece of work that began the day before it ended."""
    return [
        event(ended - at(1), EventKind.WORK_QUEUED, identity, detail=Activity.ASSESSING),
        event(ended - at(1), EventKind.WORK_STARTED, identity, person=who, detail=Activity.ASSESSING),
        event(ended, EventKind.WORK_ENDED, identity, person=who, detail=Activity.ASSESSING, minutes=minutes),
    ]


def test_hours_are_the_working_time_noted_by_role() -> None:
    pieces = [*piece(WORKER, at(2), 90), *piece(MANAGER, at(2), 15), *piece(WORKER, at(3), 30)]
    readings = measure(log([contact(1, 0)], pieces, PEOPLE))

    assert {role: readings[f"hours_{role}", "all"] for role in ROLES} == {
        "front_door_manager": 0.25, "experienced_social_worker": 2.0, "out_of_hours_worker": 0.0,
    }  # fmt: skip


def test_a_piece_belongs_to_the_window_in_which_it_ended() -> None:
    pieces = [*piece(WORKER, at(7) - 1, 1), *piece(WORKER, at(7), 20), *piece(WORKER, at(9) - 1, 40)]
    written = log([contact(1, 0)], [*pieces, *piece(WORKER, at(9), 80)], PEOPLE, window_days=(7, 9))

    assert reading(written, "hours_experienced_social_worker") == 1.0


def test_work_unfinished_when_watching_stops_is_not_counted() -> None:
    written = log([contact(1, 0)], [*piece(WORKER, at(2), 60), *piece(WORKER, at(4), 60)[:2]], PEOPLE)

    assert reading(written, "hours_experienced_social_worker") == 1.0


def test_utilisation_is_of_the_hours_rostered() -> None:
    written = log([contact(1, 0)], piece(MANAGER, at(1), 90), PEOPLE)

    assert reading(written, "utilisation_front_door_manager") == 0.15
    assert reading(written, "utilisation_experienced_social_worker") == 0.0
    assert math.isnan(reading(written, "utilisation_team_manager"))


@pytest.mark.parametrize("noted", [[], piece(MANAGER, at(1), 0)], ids=["no work", "no working time"])
def test_a_log_that_notes_no_working_time_does_not_claim_idleness(noted: list[Row]) -> None:
    written = log([contact(1, 0)], [*noted, decided(at(1))], PEOPLE)

    assert math.isnan(reading(written, "hours_front_door_manager"))
    assert math.isnan(reading(written, "utilisation_front_door_manager"))
    assert math.isnan(reading(written, "hours_on_no_action_contacts_share"))


def test_time_on_contacts_that_end_in_no_action_is_a_share_of_the_time_on_contacts() -> None:
    outcomes = {
        1: Outcome.NO_FURTHER_ACTION, 2: Outcome.ADVICE, 3: Outcome.REFERRAL_NO_ACTION, 4: Outcome.CONSENT_REFUSED,
        5: Outcome.EARLY_HELP, 6: Outcome.REFERRAL,
    }  # fmt: skip
    events = [decided(at(2), n, outcome) for n, outcome in outcomes.items()]
    for n in (*outcomes, 7):
        events += piece(MANAGER, at(1, f"{8 + n}:00"), 8, n)

    assert reading(log([contact(n, 0) for n in range(1, 8)], events, PEOPLE), "hours_on_no_action_contacts_share") == (
        pytest.approx(4 / 7)
    )


def test_work_for_no_contact_is_worked_and_is_no_share_of_the_time_on_contacts() -> None:
    events = [decided(at(2), 1, Outcome.ADVICE), *piece(MANAGER, at(1), 30, 1), *piece(MANAGER, at(2), 30, 2)]
    written = log([contact(1, 0), contact(2, 0)], [*events, decided(at(2), 2)], PEOPLE)
    beside = np.array(piece(MANAGER, at(1), 60, identity=-1), dtype=np.int64)
    both = dataclasses.replace(written, events=np.concatenate([beside, written.events]))

    assert reading(both, "hours_front_door_manager") == 2.0
    assert reading(both, "hours_on_no_action_contacts_share") == 0.5


def allocated(identity: int, time: int, who: int, guide: Guide = Guide.WITHIN) -> Row:
    return event(time, EventKind.ALLOCATED, identity, person=who, detail=guide)


def test_allocations_above_the_guide_for_any_reason_count() -> None:
    events = [decided(at(1), n) for n in range(1, 6)]
    events += [allocated(n, at(2), WORKER, guide) for n, guide in enumerate(Guide, start=1)]
    events += [allocated(5, at(40), WORKER, Guide.OVER_AFTER_WAITING)]

    assert reading(log([contact(n, 0) for n in range(1, 6)], events, PEOPLE), "over_guide_allocations_share") == 0.75


def two_workers() -> EventLog:
    """Ten days: one holds two children from day 2 to 6, and another three from 5; the other comes on day 5.

    A manager who holds a family of nine is no social worker, and not counted.
    """
    people = [
        person(70, Role.EXPERIENCED_SOCIAL_WORKER), person(71, Role.NEWLY_QUALIFIED_SOCIAL_WORKER, starts=at(5)),
        person(72, Role.TEAM_MANAGER), person(73, Role.AGENCY_SOCIAL_WORKER, leaves=at(5)),
    ]  # fmt: skip
    events = [
        decided(at(0), 1), allocated(1, at(2), 70), closed(at(6), 1),
        decided(at(0), 2), allocated(2, at(5), 70), event(at(7), EventKind.HOLDER_LEFT, 2), allocated(2, at(8), 71),
        decided(at(0), 3), allocated(3, at(6), 70), event(at(7), EventKind.PLACE_ASKED, 3),
        event(at(9), EventKind.TRANSFERRED, 3), closed(at(10), 3), decided(at(0), 4), allocated(4, at(1), 72),
    ]  # fmt: skip
    contacts = [contact(n, 0, children=children) for n, children in ((1, 2), (2, 3), (3, 1), (4, 9))]
    return log(contacts, events, people, window_days=(0, 10))


def test_caseload_is_averaged_over_the_workers_there() -> None:
    # Child-days: 2 x 4, 3 x 2 and, with the other, 3 x 2, 1 x 3. Worker-days: 10, 5 and 5.
    assert reading(two_workers(), "caseload_mean") == pytest.approx((8 + 6 + 6 + 3) / 20)


def test_the_largest_caseload_is_one_persons_at_one_time() -> None:
    # On day 6 the first worker gives two children back in the minute in which it takes another one: 5, then 4.
    assert reading(two_workers(), "caseload_max") == 5.0


def test_a_caseload_handed_over_in_a_minute_is_not_held_twice() -> None:
    events = [decided(at(0), 1), decided(at(0), 2), allocated(1, at(1), 70), closed(at(3), 1), allocated(2, at(3), 70)]
    written = log(
        [contact(1, 0, children=4), contact(2, 0, children=3)], events, [person(70, Role.AGENCY_SOCIAL_WORKER)]
    )

    assert reading(written, "caseload_max") == 4.0


def test_what_was_held_before_the_window_is_held_at_its_start() -> None:
    written = log([contact(1, 0, children=2)], [decided(at(0)), allocated(1, at(1), 70)], PEOPLE, window_days=(7, 14))

    assert reading(written, "caseload_max") == 2.0
    assert reading(written, "caseload_mean") == 2.0


def test_a_log_without_allocations_or_workers_knows_no_caseload() -> None:
    assert math.isnan(reading(log([contact(1, 0)], people=PEOPLE), "caseload_max"))
    assert math.isnan(reading(log([contact(1, 0)], [decided(at(0)), allocated(1, at(1), 5)]), "caseload_mean"))
