"""Targets as text."""

from sim.experiment import Estimate, Range
from sim.experiment.targets import Kind, Target, TargetResult, TargetRole
from sim.report import targets_text
from sim.scenario import Grade


def result(modelled: float, *, published: float | None = 1000.0) -> TargetResult:
    target = Target(
        ("referrals_count", "all"), "Children referred in the year of the letter, by every source there is together",
        Kind.COUNT, TargetRole.HELD_OUT, "children", published, 1.0, published, 950.0, 1050.0, Grade.OFFICIAL, "S",
    )  # fmt: skip
    return TargetResult(target, Estimate(modelled, None, None, Range(modelled - 50, modelled + 50), 0.0, 4))


def test_each_target_says_what_is_published_accepted_and_modelled_and_the_verdict() -> None:
    line = targets_text([result(1010.0)]).splitlines()[2]

    for part in ("children", "1,000", "950 to 1,050", "1,010", "960 to 1,060", "held out", "met"):
        assert part in line


def test_the_last_line_counts_those_met() -> None:
    shown = targets_text([result(1010.0), result(900.0), result(1000.0, published=None)])

    assert shown.endswith("\n2 of 3 met\n")
    assert "not met" in shown
    assert "the letter" in shown
