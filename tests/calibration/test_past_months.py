"""A test against past months: what was known at a date, what each month was, and what passes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.calibration.past_months import (
    MONTHLY,
    HeldAgainst,
    Month,
    Point,
    held_against,
    known_at,
    monthly,
    months_of,
    posts_known_at,
)
from sim.events import EventKind, EventLog, Outcome, Role
from sim.facts import Fact
from sim.report.past_months import past_months_data, past_months_text, verdict
from sim.working_time import MINUTES_PER_DAY
from sim.world import PostHeld
from tests.calibration.mechanics.test_figures import a_log

E = EventKind
FEBRUARY = Month("February 2024", 31, 60)


def _record() -> EventLog:
    """Ten families referred on 5 February and seen nine days later, and ten on the 20th, seen in March."""
    first = [(E.RECEIVED, 34.0, 0), (E.DECIDED, 35.0, Outcome.REFERRAL), (E.SEEN, 44.0, 0)]
    second = [(E.RECEIVED, 50.0, 0), (E.DECIDED, 50.0, Outcome.REFERRAL), (E.SEEN, 64.0, 0)]
    return a_log([first] * 10 + [second] * 10, days=91)


def _february(log: EventLog) -> dict[str, float]:
    return {measure.id: value for measure, value in zip(MONTHLY, monthly(log, [FEBRUARY]), strict=True)}


def test_only_whole_months_are_months() -> None:
    found = months_of(date(2023, 12, 20), 80)
    assert found == [Month("January 2024", 12, 43), Month("February 2024", 43, 72)]
    assert months_of(date(2024, 1, 1), 31) == [Month("January 2024", 0, 31)]
    assert months_of(date(2024, 1, 1), 30) == []


def test_a_months_measures_are_of_what_began_in_it_and_its_stock_is_of_its_end() -> None:
    found = _february(_record())
    assert found["decided_next_day"] == pytest.approx(1.0)
    assert found["decision_days"] == pytest.approx(0.5)
    assert found["seen_in_10"] == pytest.approx(0.5)
    assert found["seen_days"] == pytest.approx(11.5)
    assert found["unseen"] == 10
    assert found["authorised"] == 0


def test_what_a_record_does_not_tell_is_no_measure_of_it() -> None:
    log = _record()
    found = _february(replace(log, facts=log.facts - {Fact.SEEN}))
    assert np.isnan([found["seen_in_10"], found["unseen"]]).all()
    assert found["decision_days"] == pytest.approx(0.5)


def test_what_was_known_at_a_date_has_nothing_of_the_time_after_it() -> None:
    known = known_at(_record(), 60)
    assert known.watched_until == 60 * MINUTES_PER_DAY - 1
    assert known.events[:, 0].max() < 60 * MINUTES_PER_DAY
    assert len(known.contacts) == 20
    # The ten of the 20th are still waiting, for nine days so far: half wait longer than ten days, as far as is known.
    assert _february(known)["unseen"] == 10
    assert _february(known)["seen_days"] > _february(_record())["seen_days"]
    assert len(known_at(_record(), 40).contacts) == 10


def test_nobody_knew_who_would_leave_or_come() -> None:
    there = PostHeld(Role.AGENCY_SOCIAL_WORKER, 0, 1.0, 0, -1, 0)
    leaves, left, comes = there._replace(ends=200), there._replace(ends=50), there._replace(starts=150)
    assert posts_known_at([there, leaves, left, comes], 100) == (there, there, left)


def _points(off: float, spread: float, before: Sequence[float] = (60.0, 60.0, 60.0)) -> HeldAgainst:
    """Three months in which every measure was 50, and runs about what is off from it."""
    random = np.random.default_rng(3)
    runs = 50.0 + off + spread * random.normal(size=(200, 3 * len(MONTHLY)))
    months = [Month(f"Month {number}", 30 * number, 30 * number + 30) for number in range(3)]
    was = tuple(value for value in before for _ in MONTHLY)
    return held_against((50.0,) * (3 * len(MONTHLY)), runs, was, months, with_real=True)


def test_ranges_that_hold_what_came_and_beat_what_was_pass() -> None:
    found = _points(off=1.0, spread=3.0)
    assert (found.inside_95, found.inside_80) == (1.0, 1.0)
    assert found.error("median") == pytest.approx(0.02, abs=0.02)
    assert found.error("last_quarter") == found.error("mean_of_3") == pytest.approx(0.2)
    assert "PASSED" in verdict(found)
    assert "NOT" not in verdict(found)


def test_ranges_that_miss_are_not_to_be_trusted_however_near_they_are() -> None:
    found = _points(off=2.0, spread=0.2)
    assert found.inside_95 == 0
    assert found.beats_both
    assert "NOT PASSED" in verdict(found)
    assert "its ranges are NOT to be trusted" in verdict(found)


def test_a_model_that_the_last_quarter_beats_says_so() -> None:
    found = _points(off=4.0, spread=5.0, before=(51.0, 51.0, 51.0))
    assert found.is_honest
    assert not found.beats_both
    assert "it does NOT beat the forecast without a model" in verdict(found)


def test_the_same_as_last_quarter_is_month_by_month() -> None:
    found = _points(off=0.0, spread=1.0, before=(40.0, 50.0, 60.0))
    assert {(point.month, point.last_quarter) for point in found.points} == {
        ("Month 0", 40.0), ("Month 1", 50.0), ("Month 2", 60.0),
    }  # fmt: skip
    assert {point.mean_of_3 for point in found.points} == {50.0}


def test_what_nobody_can_tell_is_no_point() -> None:
    actual = [50.0] * len(MONTHLY)
    actual[0] = float("nan")
    runs = np.full((200, len(MONTHLY)), 50.0)
    runs[5:, 1] = np.nan
    found = held_against(tuple(actual), runs, (50.0,) * (3 * len(MONTHLY)), [FEBRUARY], with_real=False)
    assert [point.measure for point in found.points] == list(MONTHLY[2:])


def test_a_few_real_families_are_not_counted_in_what_is_shown() -> None:
    unseen = next(measure for measure in MONTHLY if measure.id == "unseen")
    point = Point("May 2024", unseen, 3.0, 4.0, 2.0, 7.0, 1.0, 9.0, 12.0, 4.5)
    tests = (HeldAgainst(with_real=True, points=(point,)),)
    said = past_months_text(tests)
    # The three of the record; what is predicted is of no real family.
    assert said.count("1 to 5") == 1
    assert "2 to 7" in said
    told = past_months_data(tests)["tests"]
    assert isinstance(told, list)
    assert told[0]["points"][0]["actual"] is None
    assert told[0]["points"][0]["last_quarter"] == 12.0
