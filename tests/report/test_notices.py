"""What must be known before a figure is used is said in every output."""

import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from sim.experiment import Comparison
from sim.report import as_json, text
from sim.report.figures import figures
from sim.report.page import page
from sim.report.sentences import sentences
from sim.report.workbook import workbook
from tests.report.comparisons import MORE_WORKERS, SHOCK, a_comparison, a_scenario

RECORD = {"run": "3f9a12bc77"}


def outputs(comparison: Comparison) -> dict[str, str]:
    """The words of every output, spaces evened."""
    sheet = load_workbook(io.BytesIO(workbook(comparison, RECORD)))["Read me"]
    found = {
        "terminal": text(comparison, 120),
        "page": page(comparison, figures(comparison, RECORD), RECORD),
        "workbook": " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row),
        "json": " ".join(json.loads(as_json(comparison))["before_you_use_these_figures"]),
    }
    return {name: " ".join(words.split()) for name, words in found.items()}


@pytest.mark.parametrize("output", ["terminal", "page", "workbook", "json"])
def test_a_warning_of_the_run_stands_in_every_output(output: str) -> None:
    warned = replace(a_comparison(MORE_WORKERS), warnings=("county, calendar.warm_up_days: too short",))

    assert "Warning: county, calendar.warm_up_days: too short." in outputs(warned)[output]


def test_a_scenario_that_changed_nothing_is_named_apart_from_those_not_told() -> None:
    nothing = replace(a_scenario("same", "The same", {}), is_unchanged=True)
    said = " ".join(sentences(a_comparison(SHOCK, nothing)))

    assert 'Changed nothing in any run, where every event is the baseline\'s: "The same".' in said
    assert said.count('"The same"') == 1
