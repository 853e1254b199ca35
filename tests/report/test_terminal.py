import re
from collections import Counter

import pytest

from sim.report import text
from sim.report.terminal import WIDTH
from tests.report.comparisons import (
    MORE_WORKERS,
    Q90,
    SHOCK,
    a_comparison,
    a_scenario,
    an_estimate,
    three_scenarios,
    with_one_draw,
)

SIGNED = re.compile(r"[+-]\d[\d.,]*\d|[+-]\d")


def block(said: str, title: str) -> list[str]:
    """The lines of one titled part."""
    after = said.split(f"{title}\n{'=' * len(title)}\n", maxsplit=1)[1]
    return re.split(r"\n[^\n]+\n=+\n", after, maxsplit=1)[0].splitlines()


def row(lines: list[str], label: str) -> list[str]:
    """The cells of the first line that begins with the label."""
    found = next(line for line in lines if line.startswith(label))
    return re.split(r"\s{2,}", found.removeprefix(label).strip())


def test_each_scenario_has_one_row_of_levels() -> None:
    lines = block(text(three_scenarios(), 120), "Days from contact to child seen: all children (simulated)")

    assert row(lines, "The county as it is (baseline)") == [
        "6.4",
        "13.8",
        "3.3",
        "9.4",
        "37%",
        "37%",
        "78%",
        "37%",
        "63",
        "6.3",
    ]
    assert row(lines, "More social workers") == ["5.8", "12.0", "3.3", "8.2", "37%", "37%", "84%", "37%", "45", "6.3"]


def test_children_not_at_immediate_risk_have_a_table_of_their_own() -> None:
    title = "Days from contact to child seen: children not at immediate risk (simulated)"

    assert row(block(text(three_scenarios(), 120), title), "The county as it is (baseline)")[1] == "14.2"


def test_what_two_tables_share_is_said_once() -> None:
    said = text(three_scenarios(), 110)

    assert said.count("Calendar days unless") == said.count("The scenario less the baseline") == 1


def test_each_change_stands_above_its_two_labelled_ranges() -> None:
    lines = block(text(three_scenarios(), 110), "Change against the baseline: all children (simulated)")

    assert row(lines, "More social workers") == ["-0.6", "-1.8", "+5", "-18", "0.0", "-0.9"]
    error, unknown = row(lines, "  simulation error"), row(lines, "  what we do not know")
    assert error[:4] == ["-0.7 to -0.5", "-2.2 to -1.4", "+4 to +6", "-21 to -14"]
    assert unknown[:4] == ["-0.9 to -0.2", "-2.6 to -0.7", "+2 to +8", "-26 to -7.7"]
    assert (error[5], unknown[5]) == ("-1.0 to -0.8", "-1.1 to -0.7")


def test_the_same_children_are_counted_by_how_their_wait_changed() -> None:
    lines = block(text(three_scenarios(), 110), "The same children, counted: all children (simulated)")

    assert row(lines, "More social workers") == ["642", "513", "5.1", "7.9"]


def test_worse_safety_checks_are_named() -> None:
    lines = block(text(three_scenarios(), 130), "Safety checks")

    assert lines[lines.index("More social workers") + 1] == "  None worse."
    assert lines[lines.index("A vacancy shock") + 1].startswith(
        "  Safety check worse: Longest waits of children at immediate risk (+0.4 days); The same children outside"
    )


def test_a_simulation_error_of_too_few_runs_is_not_shown_as_hundreds_of_days() -> None:
    few = a_scenario("few", "Few", {Q90: an_estimate(-0.4, error=280.0, runs=2)})
    lines = block(text(a_comparison(few, replications=2), 110), "Change against the baseline: all children (simulated)")

    assert not any("280" in line for line in lines)
    assert any("too few runs" in line for line in lines)


def test_what_was_not_explored_is_said_in_the_table() -> None:
    lines = block(
        text(a_comparison(with_one_draw(MORE_WORKERS), draws=1), 110),
        "Change against the baseline: all children (simulated)",
    )

    # The fifth, over 20 days, did not change: "none in any run", over two lines.
    assert row(lines, "  what we do not know") == [*["not explored"] * 4, "run", "not explored"]


def test_one_scenario_alone_has_levels_and_no_changes() -> None:
    said = text(a_comparison(), 110)

    assert "Days from contact to child seen: all children (simulated)" in said
    assert "Change" not in said
    assert "Safety" not in said


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_cut(width: int) -> None:
    said, roomy = text(three_scenarios(), width), text(three_scenarios(), 200)

    assert max(len(line) for line in said.splitlines()) <= width
    assert Counter(SIGNED.findall(said)) == Counter(SIGNED.findall(roomy))


def test_a_table_of_seven_scenarios_fits_side_by_side_where_no_terminal_says_how_wide_it_is() -> None:
    said = text(a_comparison(*(MORE_WORKERS, SHOCK) * 3), WIDTH)

    assert said.count("Scenario  ") == 5


def test_what_is_piped_holds_no_colour_codes_and_only_plain_characters() -> None:
    said = text(three_scenarios())

    assert said.isascii()
    assert "\x1b" not in said
    assert said.endswith("\n")


def test_draws_replications_and_seeds_stand_under_run_details_alone() -> None:
    said = text(three_scenarios(), 110)

    assert block(said, "Run details") == [
        "4 scenarios, 24 replications of each over 20 draws of plausible numbers, seed 7."
    ]
