import csv
import io
import json

import pytest

from sim.experiment import Comparison, Estimate
from sim.measures import SAFETY
from sim.report import as_csv, as_json
from sim.report.data import csv_text
from sim.report.headline import MEASURE
from sim.report.tables import Table, tables
from sim.report.wording import NONE_IN_ANY_RUN, changed_nothing
from tests.report.comparisons import (
    MORE_WORKERS,
    Q90,
    QUICKER,
    SHOCK,
    a_comparison,
    a_scenario,
    nothing_known,
    three_scenarios,
    with_one_draw,
)


def parsed(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written, newline="")))


def table(comparison: Comparison, name: str) -> list[dict[str, str]]:
    found: Table = next(table for table in tables(comparison) if table.name == name)
    return parsed(csv_text(found))


def only(rows: list[dict[str, str]], wanted: dict[str, str]) -> dict[str, str]:
    (found,) = [row for row in rows if row.items() >= wanted.items()]
    return found


def test_the_headline_has_a_row_for_each_scenario_and_group() -> None:
    rows = parsed(as_csv(three_scenarios()))

    assert [(row["scenario"], row["children"]) for row in rows[:3]] == [
        ("county", "all children"),
        ("county", "children not at immediate risk"),
        ("more-workers", "all children"),
    ]
    assert len(rows) == 8


def test_the_headline_holds_levels_changes_and_both_ranges() -> None:
    row = only(parsed(as_csv(three_scenarios())), {"scenario": "more-workers", "children": "all children"})

    assert row["Days within which nine in ten of them are seen (calendar days)"] == "12.00"
    assert row["Children seen within 10 days (%)"] == "83.5"
    assert row["change: calendar days within which nine in ten are seen"] == "-1.80"
    assert row["calendar days within which nine in ten are seen, simulation error: from"] == "-2.20"
    assert row["calendar days within which nine in ten are seen, what we do not know: to"] == "-0.70"
    assert row["change: children a month beyond 10 days"] == "-17.6"
    assert row["same children, mean change (calendar days)"] == "-0.90"
    assert row["same children, what we do not know: from"] == "-1.10"


def test_the_baseline_and_a_scenario_alone_have_no_changes() -> None:
    for comparison in (three_scenarios(), a_comparison()):
        row = only(parsed(as_csv(comparison)), {"scenario": "county", "children": "all children"})
        assert {value for name, value in row.items() if "change" in name or "error" in name} == {""}


def test_worse_safety_checks_are_named_in_the_headline() -> None:
    row = only(parsed(as_csv(three_scenarios())), {"scenario": "shock", "children": "all children"})

    assert row["safety checks worse"].startswith("Longest waits of children at immediate risk (+0.4 days); Section 47")


def test_every_measure_of_every_group_and_scenario_is_there_with_its_estimate() -> None:
    comparison = three_scenarios()
    rows = table(comparison, "measures")

    for row in rows:
        scenario = next(s for s in comparison.scenarios if s.name == row["scenario"])
        key = (row["measure"], row["group"])
        scale = 100 if row["unit"] == "%" else 1
        assert float(row["level"]) == pytest.approx(scenario.levels[key].mean * scale, abs=0.051)
        if scenario.changes:
            check_ranges(row, scenario.changes[key], scale)
    assert len(rows) == 4 * sum(len(measure.groups) for measure in MEASURE.values())


def check_ranges(row: dict[str, str], change: Estimate, scale: int) -> None:
    pairs = (
        ("simulation error of the change", change.simulation),
        ("what we do not know about the change", change.unknown),
    )
    assert float(row["change"]) == pytest.approx(change.mean * scale, abs=0.051)
    for name, found in pairs:
        if changed_nothing(change):
            assert row[f"{name}: from"] == row[f"{name}: to"] == ""
            assert row["not told"] == NONE_IN_ANY_RUN
        elif found is None:
            assert row[f"{name}: from"] == row[f"{name}: to"] == ""
            assert name.split(" of ")[0].split(" about ")[0] in row["not told"]
        else:
            assert float(row[f"{name}: from"]) == pytest.approx(found.low * scale, abs=0.051)
            assert float(row[f"{name}: to"]) == pytest.approx(found.high * scale, abs=0.051)


def test_a_range_that_is_not_there_is_said_in_words_beside_the_numbers() -> None:
    comparison = a_comparison(with_one_draw(MORE_WORKERS), QUICKER, draws=1)
    row = only(table(comparison, "measures"), {"scenario": "more-workers", "measure": Q90[0], "group": "all"})

    assert row["what we do not know about the change: from"] == ""
    assert row["not told"] == "what we do not know: not explored"


def test_what_is_not_known_is_empty_and_said() -> None:
    comparison = a_comparison(a_scenario("x", "X", {Q90: nothing_known()}))
    row = only(table(comparison, "measures"), {"scenario": "x", "measure": Q90[0], "group": "all"})

    assert (row["level"], row["change"], row["not told"]) == ("", "", "not known")


def test_the_safety_table_holds_each_check_with_its_finding() -> None:
    rows = table(three_scenarios(), "safety")
    shock = [row for row in rows if row["scenario"] == "shock"]

    assert len(rows) == 3 * len(SAFETY)
    assert [row["finding"] for row in shock] == [
        "no worse",
        "worse",
        "worse in these runs, too few to tell",
        *["worse" if check.is_paired else "no worse" for check in SAFETY[3:]],
    ]
    paired = only(shock, {"safety check": "The same children outside domestic abuse, on average"})
    assert (paired["measure"], paired["unit"], paired["change"]) == (SAFETY[10].counted, "days", "0.70")
    assert (shock[2]["unit"], shock[2]["margin"], shock[2]["change"]) == ("percentage points", "1.0", "-2.1")


def test_the_same_children_are_counted_and_a_disagreement_marked() -> None:
    rows = table(three_scenarios(), "same_children")
    row = only(rows, {"scenario": "quicker", "children": "all children"})

    assert [row[name] for name in ("children in both", "seen sooner", "seen later")] == ["3471.2", "642.4", "512.8"]
    assert row["disagrees in sign with the change for all"] == "yes"
    assert (
        only(rows, {"scenario": "shock", "children": "all children"})["disagrees in sign with the change for all"]
        == "no"
    )


def test_open_work_has_a_row_for_each_day_and_stages_one_for_each_wait() -> None:
    comparison = a_comparison(SHOCK)
    days, stages = table(comparison, "open_work"), table(comparison, "stages")

    assert len(days) == 2 * 365
    assert (days[364]["days since the start"], days[364]["open contacts"]) == ("364", "15.0")
    assert len(stages) == 2 * 2 * 12
    wanted = {"children": "all children", "stage": "allocation to seen", "waiting": "waiting for others"}
    assert only(stages, {"scenario": "county"} | wanted)["mean (calendar days)"] == "0.71"


def test_every_row_of_every_table_says_that_it_is_simulated() -> None:
    for found in tables(three_scenarios()):
        rows = parsed(csv_text(found))
        assert {row["basis"] for row in rows} == {"simulated"}, found.name


def test_the_json_holds_everything_unrounded() -> None:
    comparison = three_scenarios()
    content = json.loads(as_json(comparison))

    assert content["basis"] == "simulated"
    assert (content["replications"], content["draws"], content["seed"]) == (24, 20, 7)
    for scenario, written in zip(comparison.scenarios, content["scenarios"], strict=True):
        assert len(written["measures"]) == len(scenario.levels)
        for entry in written["measures"]:
            key = (entry["measure"], entry["group"])
            assert entry["level"]["mean"] == scenario.levels[key].mean
            if scenario.changes:
                unknown = scenario.changes[key].unknown
                ends = None if unknown is None else [unknown.low, unknown.high]
                assert entry["change"]["what_we_do_not_know"] == ends
    assert content["scenarios"][3]["safety"][1]["finding"] == "worse"
    assert len(content["scenarios"][0]["open_work"]["unseen_children"]) == 365


def test_what_is_not_known_is_null_in_json() -> None:
    content = json.loads(as_json(a_comparison(a_scenario("x", "X", {Q90: nothing_known()}))))
    entry = next(e for e in content["scenarios"][1]["measures"] if (e["measure"], e["group"]) == Q90)

    assert entry["change"]["mean"] is None
    assert entry["share_of_draws_improving"] is None


@pytest.mark.parametrize(
    ("title", "cell"), [("=cmd()", "'=cmd()"), ("@a", "'@a"), ("-a1", "'-a1"), ("-0.1 to 2", "-0.1 to 2"), ("+1", "+1")]
)
def test_a_title_is_no_formula_in_a_spreadsheet(title: str, cell: str) -> None:
    assert csv_text(Table("t", "T", "", ("title",), ((title,),))) == f"title\r\n{cell}\r\n"
