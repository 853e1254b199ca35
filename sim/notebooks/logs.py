"""Event logs as pandas tables, and as files for other tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from sim.events import EventLog
from sim.provenance import whole_folder
from sim.provenance.event_files import read_log
from sim.report.logs import RECORDED, SIMULATED, Origin, contacts_table, events_table
from sim.report.logs.files import ABOUT, write_log

if TYPE_CHECKING:
    import pandas as pd

RECORDED_LOG: Final = "log"
"""The folder of a record's log, within that which `frontdoor observe` made for those who keep the extract."""


def events(log: EventLog, origin: Origin = SIMULATED) -> "pd.DataFrame":
    """A log's events in words, a row each; ids say that they are simulated, unless told that they are a record's."""
    return _pandas(events_table(log, origin))


def contacts(log: EventLog, origin: Origin = SIMULATED) -> "pd.DataFrame":
    """A log's contacts in words, a row each."""
    return _pandas(contacts_table(log, origin))


def write_simulated(log: EventLog, folder: str | Path) -> Path:
    """A simulated log as files for other tools, in a folder of its own, as `frontdoor run` writes it; gives the folder.

    An earlier log there is replaced; a folder that holds anything else is refused with `FolderError`.
    """
    path = Path(folder)
    with whole_folder(path, ABOUT) as partial:
        write_log(log, partial)
    return path


def write_recorded(observed: str | Path) -> Path:
    """The log of a record as files for other tools, from a folder that `frontdoor observe` made; gives their folder.

    They are of real children and go nowhere but into that folder, beside the log they are made of: whoever keeps the
    extract keeps them, and deletes them with it. Raises `EventFilesError` where there is no such log.
    """
    path = Path(observed) / RECORDED_LOG
    log = read_log(Path(observed))
    with whole_folder(path, ABOUT) as partial:
        write_log(log, partial, RECORDED)
    return path


def _pandas(frame: pl.DataFrame) -> "pd.DataFrame":
    """Column by column: pandas would else need a library of its own for Arrow."""
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame({name: frame[name].to_numpy() for name in frame.columns})
