"""Logs in a notebook: as tables, and as files in the folder of those who may have them."""

from pathlib import Path

import pytest

from sim import notebooks
from sim.events import EventLog
from sim.experiment import simulate
from sim.provenance import FolderError
from sim.provenance.event_files import EventFilesError, save_log
from sim.report.logs import contacts_table, events_table
from tests.sweep.counties import a_county


@pytest.fixture(scope="module")
def log() -> EventLog:
    return simulate(a_county(), seed=1, replication=0)


def test_a_log_is_a_pandas_table(log: EventLog) -> None:
    events, contacts = notebooks.events(log), notebooks.contacts(log)

    assert events["event"].tolist() == events_table(log)["event"].to_list()
    assert contacts["children"].tolist() == contacts_table(log)["children"].to_list()
    assert str(events["at"].dtype).startswith("datetime64")
    assert events["contact"].dropna().str.startswith("SIMULATED-").all()


def test_a_simulated_log_is_written_into_a_folder_of_its_own(log: EventLog, tmp_path: Path) -> None:
    folder = notebooks.write_simulated(log, tmp_path / "log")

    assert (folder / "vidigi.csv").exists()
    with pytest.raises(FolderError):
        notebooks.write_simulated(log, tmp_path)


def test_a_record_goes_nowhere_but_into_the_folder_of_those_who_keep_it(log: EventLog, tmp_path: Path) -> None:
    observed = tmp_path / "observed"
    observed.mkdir()
    save_log(log, observed)
    folder = notebooks.write_recorded(observed)

    assert folder == observed / "log"
    assert (folder / "events.csv").read_text(encoding="utf-8").splitlines()[1].startswith("RECORD-")
    assert [path.name for path in tmp_path.iterdir()] == ["observed"]


def test_what_is_no_observed_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EventFilesError, match=r"log\.json: cannot be read"):
        notebooks.write_recorded(tmp_path)

    assert not list(tmp_path.iterdir())
