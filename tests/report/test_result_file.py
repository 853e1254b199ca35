"""A result that was kept is read again to the last digit, or refused in one sentence."""

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sim.events import Role
from sim.experiment import Comparison, StartedBefore
from sim.experiment.later import LATER_KEYS, Later
from sim.experiment.starts import Filled, Start
from sim.experiment.steady import Drift
from sim.measures.inherited import INHERITED
from sim.provenance import RecordError
from sim.report import as_json, result_file, text
from sim.scenario import Basis, LearnedNumber
from tests.report.comparisons import an_estimate, nothing_known, three_scenarios
from tests.report.results import GROUNDS, a_result, with_sets
from tests.report.test_starting import a_started_comparison
from tests.values import same


def one_with_everything() -> Comparison:
    """A comparison in which nothing is left out that one can hold, but a start from open work."""
    base, more, *others = with_sets(three_scenarios()).scenarios
    change = dict.fromkeys(LATER_KEYS, nothing_known())
    more = replace(
        more,
        drift=Drift(1.0, 2.0, 300.0, 365, 0.5, 2.0),
        start=Start(date(2018, 4, 1), 365, 0, (Filled(Role.TEAM_MANAGER, 2, 30, 60),)),
        later=(Later(60, change, change, change),),
    )
    learned = LearnedNumber("a", "A number", "days", 1.0, 2.0, 1.1, 1.5, 1.9, 0.6, "informed")
    return replace(
        with_sets(three_scenarios()),
        scenarios=(base, more, *others),
        between={("days_to_seen_q90", "more-workers", "quicker"): an_estimate(-1.0)},
        warnings=("county, a warning",),
        basis=Basis("Fitted.", "On figures.", ("a limit",), (), (learned,)),
    )


def test_a_comparison_and_its_grounds_are_read_again_to_the_last_digit(tmp_path: Path) -> None:
    kept = one_with_everything()
    found = result_file.read(a_result(tmp_path, kept))

    assert same(found.comparison, kept)
    assert same(found.grounds, GROUNDS)


def test_the_same_comparison_is_the_same_bytes() -> None:
    assert result_file.content(three_scenarios(), GROUNDS, "a") == result_file.content(three_scenarios(), GROUNDS, "a")


def test_what_started_from_open_work_says_the_same_again_and_keeps_none_of_it(tmp_path: Path) -> None:
    before = a_started_comparison()
    folder = a_result(tmp_path, before)
    found = result_file.read(folder).comparison

    assert isinstance(found.started, StartedBefore)
    assert (text(found), as_json(found)) == (text(before), as_json(before))
    kept = gzip.decompress((folder / result_file.NAME).read_bytes()).decode()
    assert 'journeys":[' not in kept
    assert set(json.loads(kept)["result"]["comparison"]["started"]) == {
        "as_at", "format", "fingerprint", "children", "sentences"
    }  # fmt: skip
    assert INHERITED[0].id in kept


def altered(folder: Path, **fields: object) -> Path:
    path = folder / result_file.NAME
    tree = json.loads(gzip.decompress(path.read_bytes()))
    path.write_bytes(gzip.compress(json.dumps({**tree, **fields}).encode()))
    return folder


def test_an_older_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    folder = a_result(tmp_path)
    (folder / result_file.NAME).unlink()

    with pytest.raises(RecordError, match=r"before results could be read again.*frontdoor compare"):
        result_file.read(folder)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"run": "0" * 10}, "is not of the run"),
        ({"result": {"comparison": {}}}, "it was written by version 9.9.9"),
        ({"result": {"comparison": {"scenarios": [3]}, "grounds": {}}}, "it was written by version 9.9.9"),
    ],
)
def test_a_file_of_another_run_or_version_is_refused(tmp_path: Path, fields: dict[str, object], words: str) -> None:
    with pytest.raises(RecordError, match=words):
        result_file.read(altered(a_result(tmp_path), frontdoor="9.9.9", **fields))


@pytest.mark.parametrize("place", ["end", "middle"])
def test_a_damaged_file_is_refused(tmp_path: Path, place: str) -> None:
    path = a_result(tmp_path) / result_file.NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:-40] if place == "end" else whole[:200] + b"0000" + whole[204:])

    with pytest.raises(RecordError, match="cannot be read, or is damaged"):
        result_file.read(tmp_path)
