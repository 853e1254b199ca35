"""Numbers moved one at a time are kept beside a result, and read again to the last digit or not at all."""

import json
from pathlib import Path

import pytest

from sim.provenance import RecordError
from sim.report import moved
from tests.report.moves import one_by_one


def test_what_is_kept_is_read_again_to_the_last_digit(tmp_path: Path) -> None:
    path = moved.write(tmp_path, one_by_one(), "3f9a", "frontdoor sensitivity run")
    first = path.read_bytes()
    found = moved.read(tmp_path, "more-workers", "3f9a")

    assert found is not None
    assert found.found == one_by_one()
    assert (found.run, found.command) == ("3f9a", "frontdoor sensitivity run")
    assert moved.write(tmp_path, one_by_one(), "3f9a", "frontdoor sensitivity run").read_bytes() == first
    assert json.loads(first)["format"] == 1


def test_nothing_is_kept_of_a_scenario_until_it_is_moved(tmp_path: Path) -> None:
    assert moved.read(tmp_path, "more-workers", "3f9a") is None


@pytest.mark.parametrize("change", [{"run": "another"}, {"format": 2}, {"found": {}}])
def test_what_is_of_another_run_or_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, change: dict[str, object]
) -> None:
    path = moved.write(tmp_path, one_by_one(), "3f9a", "frontdoor sensitivity run")
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")

    with pytest.raises(RecordError, match=r"sensitivity-more-workers\.json: .*make it again with frontdoor sensit"):
        moved.read(tmp_path, "more-workers", "3f9a")


def test_a_file_that_is_no_object_is_refused(tmp_path: Path) -> None:
    moved.path_of(tmp_path, "more-workers").write_text("[1]", encoding="utf-8")

    with pytest.raises(RecordError, match="cannot be read"):
        moved.read(tmp_path, "more-workers", "3f9a")
