"""The figures of the leaders' page: shares as measured, twenty dots that make twenty, words for both."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sim.experiment import ScenarioResult
from sim.report.figures import leaders_figures, open_work_change, seen_by_day, svg, twenty_children
from sim.report.figures.twenty import beyond, counts
from sim.report.headline import ALL, SEEN_WITHIN
from tests.report.comparisons import MORE_WORKERS, a_comparison, an_estimate, nothing_known, three_scenarios


def seen(scenario: ScenarioResult, shares: Sequence[float]) -> ScenarioResult:
    """A scenario of which these shares are seen within 1, 5, 10 and 20 days."""
    moved = {(m, ALL): an_estimate(share) for m, share in zip(SEEN_WITHIN.values(), shares, strict=True)}
    return replace(scenario, levels={**scenario.levels, **moved})


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.22, 0.43, 0.786, 0.985), (4, 5, 7, 4, 0)),
        ((0.0, 0.0, 0.0, 0.0), (0, 0, 0, 0, 20)),
        ((1.0, 1.0, 1.0, 1.0), (20, 0, 0, 0, 0)),
        ((0.224, 0.449, 0.674, 0.899), (4, 5, 4, 5, 2)),
    ],
)
def test_twenty_dots_make_twenty_and_those_over_ten_days_are_as_measured(
    shares: tuple[float, ...], expected: tuple[int, ...]
) -> None:
    found = counts(seen(MORE_WORKERS, shares))

    assert found == expected
    assert sum(found) == 20
    assert beyond(found) == 20 - round(20 * shares[2])


def test_the_figures_say_the_measured_shares_in_words() -> None:
    found = a_comparison(MORE_WORKERS)
    first, second = (seen(s, (0.2, 0.4, within, 0.985)) for s, within in zip(found.scenarios, (0.6, 0.8), strict=True))
    found = replace(found, scenarios=(first, second))
    line, dots = seen_by_day(found, {}), twenty_children(found, {})

    assert line is not None
    assert dots is not None
    assert line.title == "Seen within 10 days: 60% now, 80% with this"
    assert "20% by day 1, 40% by day 5, 60% by day 10, 98% by day 20" in line.alt
    assert dots.title == "About 8 in 20 children wait over 10 days now, 4 in 20 with this"
    assert "<1 over 20 days" in dots.alt


def test_nothing_is_drawn_of_shares_that_are_not_known() -> None:
    found = a_comparison(MORE_WORKERS)
    unknown = {**found.baseline.levels, (SEEN_WITHIN[1], ALL): nothing_known()}
    found = replace(found, scenarios=(replace(found.baseline, levels=unknown), MORE_WORKERS))

    assert seen_by_day(found, {}) is None
    assert twenty_children(found, {}) is None


def test_every_figure_of_the_page_has_a_size_and_needs_no_letters_of_the_reader() -> None:
    pictures = leaders_figures(three_scenarios(), {"run": "0123456789"})

    assert [picture.name for picture in pictures] == [
        "days_to_seen",
        "seen_by_day",
        "twenty_children",
        "where_the_days_go",
        "open_work_change",
    ]
    for picture in pictures:
        assert min(picture.size) > 200
        assert "<text" not in svg(picture, fonts="path")


def test_open_work_is_shown_beside_now_and_counts_nobody() -> None:
    found = a_comparison(MORE_WORKERS)
    halved = {name: days / 2 for name, days in found.baseline.open_work.items()}
    found = replace(found, scenarios=(found.baseline, replace(MORE_WORKERS, open_work=halved)))
    picture = open_work_change(found, {})

    assert picture is not None
    assert picture.title == "Over the year 50% fewer referred children not yet seen on an average night"
    assert picture.alt.count("\N{MINUS SIGN}50%") == 4


def test_of_next_to_no_open_work_no_per_cent_is_told() -> None:
    found = a_comparison(MORE_WORKERS)
    none = {name: days * 0.001 for name, days in found.baseline.open_work.items()}
    found = replace(found, scenarios=(replace(found.baseline, open_work=none), MORE_WORKERS))
    picture = open_work_change(found, {})

    assert picture is not None
    assert "not known" in picture.alt
    assert open_work_change(replace(found, scenarios=found.scenarios[:1]), {}) is None
