"""An event log in files is the log that was written."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from sim.events import EventLog, Role
from sim.facts import Fact
from sim.provenance.event_files import EventFilesError, read_log, save_log
from tests.history.files import a_csv, observed
from tests.measures.logs import contact, decided, histories, log, person


def assert_same(one: EventLog, other: EventLog) -> None:
    for field in fields(EventLog):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(ours, np.ndarray):
            assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
            assert np.array_equal(ours, theirs)
        else:
            assert (type(ours), ours) == (type(theirs), theirs)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
def test_a_log_comes_back_as_it_was(tmp_path: Path, written: EventLog) -> None:
    save_log(written, tmp_path)

    assert_same(read_log(tmp_path), written)


def test_what_a_record_knows_and_calls_its_teams_comes_back(tmp_path: Path) -> None:
    written = log([contact(2**62)], [decided(5, 2**62)], [person(3, Role.TEAM_MANAGER)])
    known = replace(
        written,
        facts=frozenset({Fact.RECEIPT, Fact.SEEN}),
        dates_at_midnight=True,
        teams=("Équipe", "B"),
        seen_undated=np.array([[2**62, 0]]),
    )
    save_log(known, tmp_path)

    assert_same(read_log(tmp_path), known)


def test_an_extract_comes_back_without_its_ids(tmp_path: Path) -> None:
    row = {"contact_id": "CONTACT-77", "child_id": "CHILD-88", "received": "2024-01-08", "worker_id": "WORKER-99"}
    found = observed(a_csv(tmp_path / "j.csv", [row | {"allocated": "2024-01-09"}]))
    folder = tmp_path / "log"
    folder.mkdir()
    save_log(found.log, folder)

    assert_same(read_log(folder), found.log)
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not any(planted in content for planted in (b"CONTACT-77", b"CHILD-88", b"WORKER-99"))


def damaged(how: Callable[[Path], object], folder: Path) -> Path:
    save_log(log([contact(1)]), folder)
    how(folder)
    return folder


def _edit(folder: Path, **changes: object) -> None:
    path = folder / "log.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | changes), encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        (lambda folder: (folder / "log.json").unlink(), r"log.json: cannot be read"),
        (lambda folder: (folder / "log.json").write_text("{}"), r"log.json: is not the description of an event log"),
        (lambda folder: _edit(folder, facts=["TEA"]), r"log.json: is not the description of an event log"),
        (lambda folder: _edit(folder, first_day="today"), r"log.json: is not the description of an event log"),
        (lambda folder: _edit(folder, format=2), r"log.json: is of format 2; this version reads format 1"),
        (lambda folder: (folder / "events.parquet").unlink(), r"events.parquet: cannot be read"),
        (lambda folder: (folder / "events.parquet").write_bytes(b"PAR"), r"events.parquet: is not a Parquet file"),
        (
            lambda folder: pl.DataFrame({"contact": ["a"]}).write_parquet(folder / "contacts.parquet"),
            r"contacts.parquet: must hold whole numbers in the columns contact, received",
        ),
    ],
)
def test_what_is_no_event_log_is_one_sentence(how: Callable[[Path], object], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(EventFilesError, match=sentence):
        read_log(damaged(how, tmp_path))
