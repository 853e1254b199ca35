"""A log in a folder for other tools: tidy tables as Parquet and CSV, vidigi's columns, XES, and a data dictionary."""

from pathlib import Path
from typing import Final

import polars as pl

from sim.events import EventLog
from sim.report.logs.dictionary import dictionary
from sim.report.logs.tidy import SIMULATED, Origin, contacts_table, events_table, people_table
from sim.report.logs.vidigi import vidigi_table
from sim.report.logs.xes import write_xes

DICTIONARY: Final = "data-dictionary.csv"
ABOUT: Final = "about.csv"
_OF_NOBODY: Final = "Simulated: nobody in it exists, and every id begins with SIMULATED."
_OF_RECORDS: Final = (
    "From real children's records, under pseudonyms that each begin with RECORD: for those alone who keep the extract."
)


def write_log(log: EventLog, folder: Path, origin: Origin = SIMULATED, *, about: dict[str, str] | None = None) -> None:
    """Write a log into a folder that exists: three tables twice, vidigi's, XES, what columns mean, and what it is.

    `about` says what was run; its `replication` numbers vidigi's run.
    """
    told = about or {}
    tables = {
        "events": events_table(log, origin),
        "contacts": contacts_table(log, origin),
        "people": people_table(log, origin),
    }
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
        table.write_csv(folder / f"{name}.csv", datetime_format="%Y-%m-%dT%H:%M")
    number = told.get("replication", "")
    vidigi = vidigi_table(log, origin, int(number) if number else None)
    vidigi.write_csv(folder / "vidigi.csv", datetime_format="%Y-%m-%dT%H:%M")
    write_xes(log, folder / "events.xes.gz", origin)
    dictionary().write_csv(folder / DICTIONARY)
    about_table(log, origin, told).write_csv(folder / ABOUT)


def about_table(log: EventLog, origin: Origin, told: dict[str, str]) -> pl.DataFrame:
    """What a log is, a row a fact: `what`, `value`."""
    facts = {
        "basis": origin.word,
        "whose": _OF_NOBODY if origin is SIMULATED else _OF_RECORDS,
        "first day": log.first_day.isoformat(),
        "year that measures are read of begins at minute": str(log.window_start),
        "year that measures are read of ends before minute": str(log.window_end),
        "watched until minute": str(log.watched_until),
        "dates without hours stand at midnight": str(log.dates_at_midnight).lower(),
        **told,
    }
    return pl.DataFrame({"what": list(facts), "value": list(facts.values())})
