"""Targets as text."""

import pytest

from sim.experiment import Estimate, Range
from sim.experiment.targets import Kind, Target, TargetResult, TargetRole
from sim.report import targets_text
from sim.scenario import Grade


def result(modelled: float, *, published: float | None = 1000.0) -> TargetResult:
    target = Target(
        ("referrals_count", "all"), "Children referred in the year of the letter, by every source there is together",
        Kind.COUNT, TargetRole.HELD_OUT, "children", published, 1.0, published, 950.0, 1050.0, Grade.OFFICIAL, "S",
    )  # fmt: skip
    return TargetResult(target, Estimate(modelled, None, None, Range(modelled - 50, modelled + 50), 0.0, 1.0, 4))


def test_each_target_says_what_is_published_accepted_and_modelled_and_the_verdict() -> None:
    line = targets_text([result(1010.0)], 160).splitlines()[2]

    for part in ("Children", "1,000", "950 to 1,050", "1,010", "960 to 1,060", "held out", "met"):
        assert part in line


def test_the_last_line_counts_those_met() -> None:
    shown = targets_text([result(1010.0), result(900.0), result(1000.0, published=None)])

    assert shown.endswith("\n2 of 3 met\n")
    assert "not met" in shown
    assert "the letter" in shown


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut(width: int) -> None:
    lines = targets_text([result(1010.0), result(900.0)], width).splitlines()

    assert max(len(line) for line in lines) <= width
    for part in ("1,000", "950 to 1,050", "1,010", "960 to 1,060", "held out", "not met"):
        assert any(part in line for line in lines)


def test_it_says_how_many_years_were_simulated_and_whose_the_published_counts_are() -> None:
    shown = targets_text([result(1010.0)], 160)

    assert "the average over 4 simulated years" in shown
    assert "Published counts are the whole authority's" in shown
