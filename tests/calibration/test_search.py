"""The search on a model whose region is known: sets lie in it, spread over it, and come back the same."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from sim.calibration import Found, Search, kept_years
from sim.calibration.knobs import Points
from sim.calibration.search import first_years
from sim.calibration.years import Years
from tests.calibration.fakes import KNOBS, MIDDLE, WITHOUT_EFFECT, Fake, problem, years

BUDGET, WANTED = 600, 12


def positions(found: list[Found]) -> Points:
    return np.array([one.position for one in found])


def searched(kept: Years, budget: int = BUDGET) -> Search:
    search = Search(problem(), kept, seed=5)
    for _ in search.run(wanted=WANTED, budget=budget):
        pass
    return search


@pytest.fixture(scope="module")
def search() -> Search:
    return searched(years())


def test_it_finds_more_sets_than_are_wanted_and_stays_within_its_budget(search: Search) -> None:
    assert len(search.met) > WANTED
    assert search.trials.asked <= BUDGET


def test_every_set_meets_every_target_on_the_average_of_all_its_years(search: Search) -> None:
    rows = [
        search.trials.figures[np.all(np.isclose(search.trials.sample.offsets + 0.3, found.position), axis=1)]
        for found in search.met
    ]

    assert all(len(figures) == 3 for figures in rows)
    assert all(np.all(np.abs(figures.mean(axis=0) / MIDDLE - 1) <= 0.07) for figures in rows)


def test_sets_lie_in_the_region_but_for_luck(search: Search) -> None:
    assert np.all(np.abs(Fake().expected(positions(search.met)) / MIDDLE - 1) <= 0.07 + 0.03)


def test_sets_spread_over_most_of_the_ranges(search: Search) -> None:
    spans = np.ptp(positions(search.chosen(WANTED)), axis=0)

    assert np.median(spans) > 0.7
    assert spans.min() > 0.3


def test_numbers_without_effect_span_their_range(search: Search) -> None:
    assert np.all(np.ptp(positions(search.chosen(WANTED)), axis=0)[WITHOUT_EFFECT] > 0.65)


def test_few_of_the_knobs_stay_where_the_baseline_has_them(search: Search) -> None:
    moved = np.abs(positions(search.chosen(WANTED)) - 0.3) > 0.05

    assert moved.sum(axis=1).min() > KNOBS / 2


def test_the_sets_chosen_are_farther_apart_than_the_first_found(search: Search) -> None:
    def closest(found: list[Found]) -> float:
        points = positions(found)
        apart = np.linalg.norm(points[:, None] - points, axis=2)
        return float(apart[np.triu_indices(len(points), 1)].min())

    assert closest(search.chosen(WANTED)) >= closest(search.met[:WANTED])


def test_a_search_that_was_stopped_goes_on_from_its_file_to_the_same_sets(tmp_path: Path, search: Search) -> None:
    class StoppedError(Exception):
        """The process ended."""

    def stops_after(many: int) -> Iterator[None]:
        yield from islice(iter(lambda: None, 1), many)
        raise StoppedError

    told = stops_after(150)
    with pytest.raises(StoppedError), kept_years(Fake(), tmp_path, processes=1, told=lambda: next(told)) as kept:
        searched(kept)
    again = Fake()
    with kept_years(again, tmp_path, processes=1) as kept:
        resumed = searched(kept)

    np.testing.assert_array_equal(positions(resumed.chosen(WANTED)), positions(search.chosen(WANTED)))
    assert len(again.ran) <= search.trials.asked - 150


def test_processes_change_nothing(tmp_path: Path) -> None:
    found = []
    for processes in (1, 2):
        with kept_years(Fake(), tmp_path / str(processes), processes=processes) as kept:
            found.append(positions(searched(kept, 150).met))

    assert len(found[0]) > 0
    np.testing.assert_array_equal(found[0], found[1])


def test_a_larger_budget_goes_on_where_a_smaller_one_ended() -> None:
    assert first_years(100, 2000) == first_years(100, 4000)


def test_no_set_is_tried_that_the_scenario_refuses() -> None:
    model = Fake()
    narrow = problem()
    refused = narrow.__class__(
        narrow.knobs, narrow.targets, lambda fields: float(str(fields["knob_20"])) < 0.6, narrow.lucks
    )
    for _ in Search(refused, years(model), seed=5).run(wanted=2, budget=120):
        pass

    assert max(float(str(year.setting["knob_20"])) for year in model.ran) < 0.6


@pytest.mark.parametrize("budget", [1, 4, 9])
def test_a_budget_too_small_for_anything_finds_nothing_and_ends(budget: int) -> None:
    assert searched(years(), budget).met == []
