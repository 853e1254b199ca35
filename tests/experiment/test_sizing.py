"""How many are enough, with a chosen chance."""

import re
from collections.abc import Mapping

import pytest

from sim.experiment import Plan, Variant
from sim.experiment import sizing as module
from sim.experiment.sizing import Chance, Sizing, Standard, is_uneven, least_of, meeting, sizing
from sim.scenario import ScenarioError
from tests.sweep.counties import MANAGERS, WORKERS, a_county, a_plan

SEEN = Standard("seen_within_10_days_share", 0.9)


def scripted(monkeypatch: pytest.MonkeyPatch, values: Mapping[int, float]) -> list[int]:
    """In place of runs: the share seen with so many workers; gives the numbers run, in order."""
    ran: list[int] = []

    def log(scenario: object, **_: object) -> int:
        number = int(scenario.value(WORKERS))  # type: ignore[attr-defined]
        ran.append(number)
        return number

    monkeypatch.setattr(module, "simulate", log)
    monkeypatch.setattr(module, "measure", lambda log, _: {(SEEN.measure, "all"): values[log]})
    return ran


def plan(replications: int) -> Plan:
    return a_plan(replications)


def test_the_least_number_is_found_by_halving(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = range(10, 26)
    ran = scripted(monkeypatch, {n: 0.95 if n >= 17 else 0.5 for n in amounts})
    found = sizing(plan(5), WORKERS, amounts, SEEN)

    assert [found.amounts[place] for place in found.least] == [17] * 5
    assert (found.checked, found.uneven) == (1, 0)
    # One world in full, the other four by four or five runs each.
    assert len(ran) == found.runs <= 16 + 4 * 5
    assert found.enough(0.8) == 17


def test_more_that_makes_it_worse_is_noticed_and_everything_run(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {10: 0.95, 11: 0.5, 12: 0.95, 13: 0.95}
    ran = scripted(monkeypatch, shares)
    found = sizing(plan(3), WORKERS, list(shares), SEEN)

    assert (found.checked, found.uneven) == (3, 3)
    assert [found.amounts[place] for place in found.least] == [12] * 3
    assert len(ran) == found.runs


def test_nothing_tried_may_be_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, dict.fromkeys(range(10, 14), 0.1))
    found = sizing(plan(2), WORKERS, range(10, 14), SEEN)

    assert found.least == (4, 4)
    assert found.enough(0.5) is None
    assert found.chance(13).met == 0


@pytest.mark.parametrize(
    ("known", "least", "uneven"),
    [
        ({0: False, 1: True, 2: True}, 1, False),
        ({0: True, 1: False, 2: True}, 2, True),
        ({0: False, 1: False, 2: False}, 3, False),
        ({0: True, 1: True, 2: True}, 0, False),
    ],
)
def test_the_least_is_that_from_which_on_all_meet_it(known: dict[int, bool], least: int, *, uneven: bool) -> None:
    assert least_of(known, 3) == least
    assert is_uneven(known) is uneven


def test_worlds_of_few_sets_of_numbers_tell_less_than_as_many_of_as_many() -> None:
    """Where a set decides all, a hundred worlds of ten sets are worth ten; where it decides nothing, all hundred."""
    alone = Chance(50, 100).error
    decided = Chance(50, 100, ((10, 10), (0, 10)) * 5).error
    nothing = Chance(50, 100, ((5, 10),) * 10).error
    ten = Chance(5, 10).error

    assert nothing == alone
    assert decided.low <= ten.low
    assert decided.high >= ten.high
    assert Chance(100, 100, ((10, 10),) * 10).error == Chance(10, 10).error
    assert Chance(50, 100, ((50, 100),)).error == alone


def test_a_sizing_knows_of_which_sets_its_worlds_are(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, dict.fromkeys((10, 11), 0.95))
    found = sizing(plan(4), WORKERS, (10, 11), SEEN)
    fresh = meeting(plan(4), WORKERS, 10, SEEN)

    assert found.sets == (0, 1, 0, 1)
    assert found.chance(10).by_set == fresh.by_set == ((2, 2), (2, 2))


def test_a_chance_has_its_exact_interval() -> None:
    # Clopper and Pearson's for 8 of 10, from tables.
    error = Chance(8, 10).error

    assert (round(error.low, 4), round(error.high, 4)) == (0.4439, 0.9748)
    assert (Chance(0, 10).error.low, Chance(10, 10).error.high) == (0.0, 1.0)


def test_the_chance_of_an_amount_is_the_share_of_worlds_that_need_no_more() -> None:
    found = Sizing(WORKERS, SEEN, (10, 11, 12), (0, 1, 1, 3), checked=1, uneven=0, runs=9)

    assert [found.chance(amount).share for amount in (10, 11, 12)] == [0.25, 0.75, 0.75]
    assert (found.enough(0.7), found.enough(0.9)) == (11, None)


def test_a_measure_of_which_less_is_better_is_bounded_from_above() -> None:
    few = Standard("beyond_10_days_per_month_count", 5)

    assert few.is_met_by(5)
    assert not few.is_met_by(5.1)
    assert not few.is_met_by(float("nan"))


def test_real_runs_of_other_worlds_are_counted() -> None:
    found = meeting(a_plan(2), MANAGERS, 6, Standard("seen_within_20_days_share", 0.01))

    assert (found.met, found.worlds) == (2, 2)


@pytest.mark.parametrize(
    ("measure", "group", "said"),
    [
        ("days_to_the_moon", "all", "days_to_the_moon: is not a measure of which more or less is better"),
        ("contacts_count", "all", "contacts_count: is not a measure of which more or less is better"),
        ("seen_within_10_days_share", "martians", "seen_within_10_days_share: is not measured for martians"),
    ],
)
def test_a_standard_that_cannot_be_is_refused(measure: str, group: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        Standard(measure, 1.0, group)


def test_what_cannot_be_sized_is_refused() -> None:
    county = a_county()
    two = Plan(county, (Variant("b", "B", {MANAGERS: 9}),), ({},), 1, 1)

    with pytest.raises(ScenarioError, match="of a baseline alone"):
        sizing(two, WORKERS, [20], SEEN)
    with pytest.raises(ScenarioError, match="give at least one amount"):
        sizing(a_plan(1), WORKERS, [], SEEN)
    with pytest.raises(ScenarioError, match=f"{MANAGERS} = 0"):
        sizing(a_plan(1), MANAGERS, [0], SEEN)
