"""What scenarios assume, in every output, and the other children beside those of a domestic abuse team."""

import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from sim.experiment import Comparison
from sim.experiment.assumptions import Assumed
from sim.experiment.plan import Unvaried
from sim.report import as_json, text, views
from sim.report.assumptions import in_words
from sim.report.data import csv_text
from sim.report.figures import figures
from sim.report.page import page
from sim.report.tables import tables
from sim.report.workbook import workbook
from tests.report.comparisons import MORE_WORKERS, SHOCK, a_comparison, three_scenarios

WAIT = Assumed("domestic_abuse_team.information_wait_multiplier", "Police wait times this", "ratio", 0.4, 0.699, 0.98)
WRONG = Assumed("further_work.wrong_if_cut_share", "Wrong decisions", "share", 0.0, 0.1, 0.2)
TEAM = replace(MORE_WORKERS, assumed=(WAIT, WRONG), has_domestic_abuse_team=True)
RECORD = {"run": "3f9a12bc77"}


def made(output: str, comparison: Comparison) -> str:
    match output:
        case "terminal":
            return " ".join(text(comparison, 110).split())
        case "page":
            return page(comparison, figures(comparison, RECORD), RECORD)
        case "json":
            return as_json(comparison)
        case _:
            book = load_workbook(io.BytesIO(workbook(comparison, RECORD)))
            return " ".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))


def test_an_assumption_is_worded_with_its_average_and_its_range_or_with_its_one_value() -> None:
    assert in_words(WAIT) == "Police wait times this: 0.70 on average, from 0.40 to 0.98"
    assert in_words(WRONG) == "Wrong decisions: 10% on average, from 0% to 20%"
    assert in_words(replace(WAIT, low=0.5, mean=0.5, high=0.5)) == "Police wait times this: 0.50"


@pytest.mark.parametrize("output", ["terminal", "page", "json", "workbook"])
def test_every_output_says_what_scenarios_assume(output: str) -> None:
    assert "Police wait times this" in made(output, a_comparison(TEAM, SHOCK))
    assert "What the scenarios assume" not in made(output, a_comparison(SHOCK))


def test_the_table_and_the_json_hold_each_assumption_with_its_lever() -> None:
    (found,) = [csv_text(table) for table in tables(a_comparison(SHOCK, TEAM)) if table.name == "assumed"]
    written = json.loads(as_json(a_comparison(TEAM)))["scenarios"][1]["assumes"][0]

    assert f"more-workers,More social workers,Police wait times this,{WAIT.path},ratio,0.70,0.40,0.98" in found
    assert ",%,10.0,0.0,20.0" in found
    assert (written["path"], written["mean"]) == (WAIT.path, 0.699)


def test_a_team_for_domestic_abuse_is_shown_with_the_other_children_beside_it() -> None:
    shown = {view.group: view for view in views.changes(a_comparison(TEAM, SHOCK))}
    levels = {view.group: view for view in views.levels(a_comparison(TEAM, SHOCK))}
    other = "children in contacts not about domestic abuse"

    assert [title for title, _ in shown[other].rows] == ["More social workers"]
    assert [title for title, _ in levels[other].rows] == ["The county as it is (baseline)", "More social workers"]
    assert len(levels[other].headings) == len(levels[other].rows[0][1])
    same = views.same_children(a_comparison(TEAM, SHOCK))
    assert same is not None
    assert [row.group for row in same.rows[0][1]][2:] == ["children in contacts about domestic abuse", other]
    for output in ("terminal", "page"):
        assert other in made(output, a_comparison(TEAM, SHOCK))


def test_without_such_a_team_nobody_is_parted_by_domestic_abuse() -> None:
    shown = [view.group for view in views.changes(three_scenarios())]

    assert shown == ["all children", "children not at immediate risk"]
    assert [view.group for view in views.levels(three_scenarios())] == shown


UNVARIED = (Unvaried("assessment.teams", "Assessment teams", 3, 6),)


@pytest.mark.parametrize("output", ["page", "json", "workbook"])
def test_the_numbers_that_no_set_varies_are_listed(output: str) -> None:
    said = made(output, replace(a_comparison(SHOCK), unvaried=UNVARIED))

    assert "assessment.teams" in said
    assert "assessment.teams" not in made(output, a_comparison(SHOCK))


def test_the_terminal_says_how_many_numbers_no_set_varies() -> None:
    assert "Not varied: 1 number is no official figure" in made(
        "terminal", replace(a_comparison(SHOCK), unvaried=UNVARIED)
    )
    assert "Not varied" not in made("terminal", a_comparison(SHOCK))
