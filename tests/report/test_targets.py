"""Targets as text."""

import pytest

from sim.experiment import Estimate, Range
from sim.experiment.targets import Kind, Target, TargetResult, TargetRole, Verdict
from sim.report import targets_text
from sim.scenario import Grade


def result(
    modelled: float, *, published: float | None = 1000.0, error: float | None = 10.0, runs: int = 20
) -> TargetResult:
    target = Target(
        ("referrals_count", "all"), "Children referred in the year of the letter, by every source there is together",
        Kind.COUNT, TargetRole.HELD_OUT, "children", published, 1.0, published, 950.0, 1050.0, Grade.OFFICIAL, "S",
    )  # fmt: skip
    simulation = None if error is None else Range(modelled - error, modelled + error)
    year = Range(modelled - 50, modelled + 50) if runs >= 10 else None
    return TargetResult(target, Estimate(modelled, simulation, None, year, 0.0, 1.0, runs))


def test_each_target_says_what_is_published_accepted_and_modelled_and_the_verdict() -> None:
    line = targets_text([result(1010.0)], 160).splitlines()[2]

    for part in ("Children", "1,000", "950 to 1,050", "1,010", "1,000 to 1,020", "960 to 1,060", "held out", "met"):
        assert part in line


def test_the_last_line_counts_those_met() -> None:
    shown = targets_text([result(1010.0), result(900.0), result(1000.0, published=None)])

    assert shown.endswith("\n2 of 3 met\n")
    assert "not met" in shown
    assert "a range" in shown


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut(width: int) -> None:
    lines = targets_text([result(1010.0), result(900.0)], width).splitlines()

    assert max(len(line) for line in lines) <= width
    for part in ("1,000", "950 to 1,050", "1,010", "1,000 to 1,020", "held out", "not met"):
        assert any(part in line for line in lines)


def test_it_says_how_many_years_were_simulated_and_whose_the_published_counts_are() -> None:
    shown = targets_text([result(1010.0)], 160)

    assert "the average over 20 simulated years" in shown
    assert "Published counts are the whole authority's" in shown


@pytest.mark.parametrize(
    ("modelled", "error", "runs", "verdict"),
    [
        (1010.0, 10.0, 20, Verdict.MET),
        (1045.0, 10.0, 20, Verdict.TOO_FEW_RUNS),
        (1055.0, 10.0, 20, Verdict.TOO_FEW_RUNS),
        (1065.0, 10.0, 20, Verdict.NOT_MET),
        (1000.0, 10.0, 3, Verdict.TOO_FEW_RUNS),
        (1000.0, None, 1, Verdict.TOO_FEW_RUNS),
        (float("nan"), None, 0, Verdict.NOT_MET),
    ],
)
def test_a_target_is_met_or_missed_only_where_the_runs_tell_it(
    modelled: float, error: float | None, runs: int, verdict: Verdict
) -> None:
    assert result(modelled, error=error, runs=runs).verdict is verdict


def test_what_the_runs_do_not_tell_is_no_verdict_and_is_counted() -> None:
    shown = targets_text([result(1010.0), result(1045.0), result(1000.0, error=None, runs=1)], 160)

    assert shown.endswith("\n1 of 3 met; 2 too few runs to tell\n")
    assert [line.split()[-1] for line in shown.splitlines()[2:7:2]] == ["met", "told", "told"]
    assert shown.count("held out   not told") == 2


def test_below_ten_years_no_column_stands_empty() -> None:
    assert "a single year" in targets_text([result(1010.0)], 160).splitlines()[0]
    assert "a single year" not in targets_text([result(1010.0, runs=9)], 160).splitlines()[0]
