"""Which unknowns move a change: told where chance does not explain it, and never otherwise."""

from dataclasses import replace

import numpy as np
import pytest

from sim.experiment import Comparison, Varied
from sim.experiment.comparison import ScenarioResult
from sim.experiment.swings import sensitivity
from tests.report.comparisons import three_scenarios

MEASURE = "days_to_seen_q90"
SETS = 20


def a_comparison(
    changes: np.ndarray[tuple[int], np.dtype[np.float64]], *varied: Varied
) -> tuple[Comparison, ScenarioResult]:
    base, more, *others = three_scenarios().scenarios
    level = np.linspace(9.0, 12.0, len(changes))
    base = replace(base, by_draw={MEASURE: level})
    more = replace(more, by_draw={MEASURE: level + changes})
    return replace(three_scenarios(), scenarios=(base, more, *others), varied=varied), more


def a_number(path: str, values: np.ndarray[tuple[int], np.dtype[np.float64]], scenario: str = "") -> Varied:
    return Varied(path, path, "share", scenario, values)


def noise(seed: int, many: int = SETS) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).random(many)


def test_a_number_that_moves_the_change_is_told_with_the_change_at_either_end() -> None:
    values = np.arange(1.0, SETS + 1)
    found = sensitivity(*a_comparison(-2 + values / 10, a_number("a", values), a_number("b", noise(3))), MEASURE)

    (told,) = found.told
    assert (told.of.path, found.sets) == ("a", SETS)
    assert told.values == pytest.approx((2.9, 18.1))
    assert told.changes == pytest.approx((-2 + 0.29, -2 + 1.81))
    assert told.width == pytest.approx(1.52)


def test_the_order_of_a_number_counts_and_not_its_scale() -> None:
    values = np.arange(1.0, SETS + 1)
    plain, steep = (
        sensitivity(*a_comparison(values / 10, a_number("a", each)), MEASURE).swings[0] for each in (values, values**9)
    )

    assert plain.changes == steep.changes


def test_chance_among_many_numbers_is_not_told() -> None:
    many = [a_number(f"n{seed}", noise(seed)) for seed in range(1, 151)]
    found = sensitivity(*a_comparison(noise(0), *many), MEASURE)

    assert found.told == ()
    assert len(found.swings) == 150
    assert found.least_correlation == pytest.approx(0.721, abs=0.001)


def test_of_too_few_sets_nothing_is_tried() -> None:
    values = np.arange(9.0)

    assert sensitivity(*a_comparison(values, a_number("a", values)), MEASURE).swings == ()


def test_a_change_that_is_the_same_in_every_set_has_no_swing() -> None:
    values = np.arange(float(SETS))

    assert sensitivity(*a_comparison(0 * values, a_number("a", values)), MEASURE).swings == ()


def test_what_another_scenario_assumes_is_not_tried() -> None:
    values = np.arange(float(SETS))
    comparison, more = a_comparison(values, a_number("a", values, "quicker"), a_number("b", noise(1), more_name()))

    assert [swing.of.path for swing in sensitivity(comparison, more, MEASURE).swings] == ["b"]


def more_name() -> str:
    return three_scenarios().scenarios[1].name


def test_a_comparison_of_which_no_set_was_kept_has_no_swing() -> None:
    comparison = three_scenarios()

    assert sensitivity(comparison, comparison.scenarios[1], MEASURE).sets == 0


def test_the_value_at_which_a_change_turns_is_told_where_it_turns() -> None:
    values = np.arange(1.0, SETS + 1) ** 2
    turning, steady = (
        sensitivity(*a_comparison(np.arange(20.0) - by, a_number("a", values)), MEASURE).swings[0] for by in (9, 40)
    )

    assert turning.turns_at == pytest.approx(100.0)
    assert steady.turns_at is None
