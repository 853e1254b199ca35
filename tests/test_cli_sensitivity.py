"""`frontdoor sensitivity`: kept beside a result, which stays as it was, and shown by its report."""

from dataclasses import replace
from pathlib import Path

import docx
import pytest

from sim import provenance
from sim.experiment import Variant, compare, run_plan
from sim.experiment.grounds import Grounds
from sim.experiment.replay import recorded_cells, recorded_plan
from sim.report import result_file
from tests.commands import Command
from tests.sweep.counties import MANAGERS, a_plan

ONE = "--processes=1"
SETS = ({"need.immediate_share": 0.02}, {"need.immediate_share": 0.03})


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small years of two scenarios, kept as `compare` keeps them."""
    variants = tuple(Variant(f"with-{number}", f"With {number}", {MANAGERS: number}) for number in (8, 9))
    plan = replace(a_plan(), variants=variants)
    folder, results = tmp_path_factory.mktemp("run"), list(run_plan(plan, processes=1))
    record = provenance.record(recorded_plan(plan), recorded_cells(results), seconds=1.0)
    provenance.save(record, folder)
    content = result_file.content(compare(plan, results), Grounds((), {}, ()), record.run_id)
    (folder / result_file.NAME).write_bytes(content)
    return folder


def test_it_is_kept_beside_the_result_which_stays_as_it_was_and_the_report_shows_it(
    frontdoor: Command, tmp_path: Path, result: Path
) -> None:
    before = {path.name: path.read_bytes() for path in result.iterdir()}
    code, out, error = frontdoor("sensitivity", result, "--scenario=with-9", ONE, "--vary=front_door.managers=7:9:2")
    kept = result / "sensitivity-with-9.json"

    assert code == 0, error
    assert "none in any run; not told from chance" in out
    assert '"With 9" and "Leicestershire, year to March 2019" give the same in every run' in out
    assert f"Kept beside the result: {kept}" in error
    assert {path.name: path.read_bytes() for path in result.iterdir() if path != kept} == before
    assert frontdoor("report", result, "--scenario=with-9", "--docx", tmp_path / "plan.docx")[0] == 0
    texts = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "plan.docx")).paragraphs)
    assert f"frontdoor sensitivity {result.name} --scenario with-9 --replications 2 --most 8 --screen 2 --vary" in texts


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--scenario=none"], "holds no scenario none"),
        (["--scenario=with-9", "--most=21"], "--most 21: must be from 1 to 20"),
        (["--scenario=with-9", "--vary=front_door.managers"], "--vary front_door.managers: "),
        (["--scenario=with-9", "--vary=front_door.managers=7"], "give at least two values"),
        (["--scenario=with-9", f"--vary={MANAGERS}=7,8", f"--vary={MANAGERS}=8,9"], "is given twice"),
        (["--scenario=with-9", "--start=extract.csv"], "started from no extract; leave it out"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2_and_nothing_is_kept(
    frontdoor: Command, result: Path, arguments: list[str], sentence: str
) -> None:
    before = sorted(path.name for path in result.iterdir())
    code, out, error = frontdoor("sensitivity", result, ONE, *arguments)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert sentence in error
    assert sorted(path.name for path in result.iterdir()) == before


def test_a_result_that_this_version_no_longer_gives_is_refused(
    frontdoor: Command, tmp_path: Path, result: Path
) -> None:
    record = provenance.read(result)
    other = tuple(cell.model_copy(update={"log_hashes": ("0",) * 3}) for cell in record.cells)
    provenance.save(record.model_copy(update={"cells": other}), tmp_path)
    (tmp_path / result_file.NAME).write_bytes((result / result_file.NAME).read_bytes())
    code, _, error = frontdoor("sensitivity", tmp_path, "--scenario=with-9", ONE)

    assert code == 2
    assert "no longer gives its events" in error
