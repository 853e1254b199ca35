"""What must be known before a figure is used is said in every output."""

import io
import json
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from sim.events import Role
from sim.experiment import Comparison, Later, ScenarioResult
from sim.experiment.starts import Filled, Start
from sim.experiment.steady import Drift
from sim.report import as_json, text
from sim.report.figures import figures
from sim.report.notices import notices
from sim.report.page import page
from sim.report.sentences import sentences
from sim.report.workbook import workbook
from tests.report.comparisons import MORE_WORKERS, SHOCK, a_comparison, a_scenario
from tests.report.test_figures import words

RECORD = {"run": "3f9a12bc77"}


def _in_terminal(comparison: Comparison) -> str:
    return text(comparison, 120)


def _on_page(comparison: Comparison) -> str:
    return page(comparison, figures(comparison, RECORD), RECORD)


def _in_workbook(comparison: Comparison) -> str:
    sheet = load_workbook(io.BytesIO(workbook(comparison, RECORD)))["Read me"]
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


def _in_json(comparison: Comparison) -> str:
    return " ".join(json.loads(as_json(comparison))["before_you_use_these_figures"])


OUTPUTS = {"terminal": _in_terminal, "page": _on_page, "workbook": _in_workbook, "json": _in_json}


def said_in(output: str, comparison: Comparison) -> str:
    """The words of an output, spaces evened."""
    return " ".join(OUTPUTS[output](comparison).split())


@pytest.mark.parametrize("output", list(OUTPUTS))
def test_a_warning_of_the_run_stands_in_every_output(output: str) -> None:
    warned = replace(a_comparison(MORE_WORKERS), warnings=("county, calendar.warm_up_days: too short",))

    assert "Warning: county, calendar.warm_up_days: too short." in said_in(output, warned)


def test_a_scenario_that_changed_nothing_is_named_apart_from_those_not_told() -> None:
    nothing = replace(a_scenario("same", "The same", {}), is_unchanged=True)
    said = " ".join(sentences(a_comparison(SHOCK, nothing)))

    assert 'Changed nothing in any run, where every event is the baseline\'s: "The same".' in said
    assert said.count('"The same"') == 1


def starting(*posts: Filled, levers: int = 0, later: int | None = None) -> ScenarioResult:
    """A scenario that is not there all year; its later children as its own of the year."""
    of = MORE_WORKERS
    found = () if later is None else (Later(later, of.levels, of.levels, of.changes),)
    return replace(of, start=Start(date(2018, 4, 1), 365, levers, posts), later=found)


WORKERS = Filled(Role.EXPERIENCED_SOCIAL_WORKER, 6, 76, 167)


@pytest.mark.parametrize("output", list(OUTPUTS))
def test_posts_that_start_in_the_year_are_said_to_and_that_the_figures_are_of_the_whole(output: str) -> None:
    said = said_in(output, a_comparison(starting(WORKERS, later=167))).replace("&#34;", '"')

    assert (
        '"More social workers": the added posts start between 16 June 2018 and 15 September 2018, by how long each set '
        "of numbers takes to recruit. The figures are of the whole year from 1 April 2018, for the first part of which "
        "not all of this is there yet. A table of its own gives the changes for contacts received from 15 September "
        "2018 on, when all of it is."
    ) in said


def test_scenarios_that_start_alike_share_a_sentence_and_kinds_that_do_not_are_named() -> None:
    both = a_comparison(starting(WORKERS), replace(starting(WORKERS), name="b", title="B"))
    agency = Filled(Role.AGENCY_SOCIAL_WORKER, 1, 28, 28)

    assert notices(both)[0].startswith('"More social workers" and "B": the added posts start between')
    apart = notices(a_comparison(starting(WORKERS, agency)))[0]
    assert "of the added posts experienced social workers between 16 June 2018 and 15 September 2018" in apart
    assert "and agency social workers on 29 April 2018 start." in apart


def test_what_starts_too_late_for_figures_of_its_own_is_said_to() -> None:
    late, never = (WORKERS._replace(latest=day) for day in (300, 365))

    assert "too short to be shown by itself" in notices(a_comparison(starting(late)))[0]
    assert "what it would bring is not shown" in notices(a_comparison(starting(never)))[0]
    assert "what is changed starts on 11 April 2018." in notices(a_comparison(starting(levers=10, later=10)))[0]


def test_what_is_there_from_the_first_day_is_not_spoken_of() -> None:
    assert notices(a_comparison(starting(WORKERS._replace(earliest=0, latest=0)), starting())) == ()


def test_later_contacts_have_a_table_in_the_terminal_on_the_page_and_in_the_workbook() -> None:
    comparison = a_comparison(starting(WORKERS, later=167), SHOCK)
    said = {output: said_in(output, comparison) for output in ("terminal", "page")}
    sheet = load_workbook(io.BytesIO(workbook(comparison, RECORD)))["Later contacts"]

    title = "Change for contacts received from 15 September 2018 on: all children (simulated)"
    after = said["terminal"].split(title)[1]
    assert "More social workers -0.6 -1.8 +5 -18 0.0" in after
    assert "-2.2 to -1.4" in after
    assert "A vacancy shock" not in after.split("Simulation error:")[0]
    assert 'id="later-1">All children, contacts received from 15 September 2018 on' in said["page"]
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {"more-workers"}


@pytest.mark.parametrize("output", list(OUTPUTS))
def test_a_scenario_that_does_not_keep_up_is_named_with_how_far_it_drifts(output: str) -> None:
    growing = replace(SHOCK, drift=Drift(105.0, 205.0, 7000.0, 365, gained=50.0, base=100.0))
    steady = replace(MORE_WORKERS, drift=Drift(105.0, 105.0, 7000.0, 365, gained=5.0, base=100.0))

    said = said_in(output, a_comparison(growing, steady)).replace("&#34;", '"')

    assert (
        'Under "A vacancy shock" the service does not keep up with its work: contacts undecided and referred children '
        "unseen go from 105 on an average day of the first 60 days to 205 of the last 60 (baseline: 100), and are "
        "still growing."
    ) in said
    assert said.count("does not keep up") == 1


def test_what_leads_is_told_once_more_for_the_contacts_that_came_when_all_was_there() -> None:
    said = sentences(a_comparison(starting(WORKERS, later=167)))[1]

    assert (
        "For contacts received from 15 September 2018 on, when what these scenarios add is there, its "
        "change for 9 in 10 is -1.8 days, simulation error -2.2 to -1.4."
    ) in said


def test_figures_say_that_they_are_of_a_year_in_part_of_which_what_is_added_is_not_there() -> None:
    said = "what some scenarios add is not there yet"
    late, early = (a_comparison(starting(WORKERS)), a_comparison(MORE_WORKERS))

    for name in (0, 1):
        assert said in feet(late)[name]
        assert said not in feet(early)[name]


def feet(comparison: Comparison) -> list[str]:
    """The words of each figure, spaces evened."""
    return [" ".join(" ".join(words(picture)).split()) for picture in figures(comparison, RECORD)]
