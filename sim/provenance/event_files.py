"""An event log in files: events and contacts as Parquet, the rest as a small JSON file beside them."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from sim.events import COLUMNS, CONTACT_COLUMNS, PEOPLE_COLUMNS, Column, EventLog
from sim.facts import Fact

LOG_NAME, EVENTS_NAME, CONTACTS_NAME = "log.json", "events.parquet", "contacts.parquet"
FORMAT = 1


class EventFilesError(ValueError):
    """An event log in files that cannot be read; the message is for the user."""


class _LogFile(BaseModel):
    """All of a log but its two large tables."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: int
    first_day: str
    office_opens_minute: int
    office_closes_minute: int
    window_start: int
    window_end: int
    watched_until: int
    facts: list[str]
    dates_at_midnight: bool
    teams: list[str]
    people: list[list[int]]
    seen_undated: list[list[int]] = []


def save_log(log: EventLog, folder: Path) -> None:
    """Write a log into a folder that exists."""
    written = _LogFile(
        format=FORMAT,
        first_day=log.first_day.isoformat(),
        office_opens_minute=log.office_opens_minute,
        office_closes_minute=log.office_closes_minute,
        window_start=log.window_start,
        window_end=log.window_end,
        watched_until=log.watched_until,
        facts=[fact.name for fact in sorted(log.facts)],
        dates_at_midnight=log.dates_at_midnight,
        teams=list(log.teams),
        people=log.people.tolist(),
        seen_undated=log.seen_undated.tolist(),
    )
    content = json.dumps(written.model_dump(), indent=1, ensure_ascii=False) + "\n"
    (folder / LOG_NAME).write_text(content, encoding="utf-8")
    pl.from_numpy(log.events, schema=list(COLUMNS)).write_parquet(folder / EVENTS_NAME)
    pl.from_numpy(log.contacts, schema=list(CONTACT_COLUMNS)).write_parquet(folder / CONTACTS_NAME)


def read_log(folder: Path) -> EventLog:
    """The log in a folder, identical to the one written. Raise `EventFilesError` where it is not one."""
    path = folder / LOG_NAME
    try:
        told = _LogFile.model_validate_json(path.read_text(encoding="utf-8"))
        facts, first_day = frozenset(Fact[name] for name in told.facts), date.fromisoformat(told.first_day)
    except OSError as error:
        raise EventFilesError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValidationError, KeyError, ValueError) as error:
        raise EventFilesError(f"{path}: is not the description of an event log") from error
    if told.format != FORMAT:
        raise EventFilesError(f"{path}: is of format {told.format}; this version reads format {FORMAT}")
    return EventLog(
        events=_table(folder / EVENTS_NAME, COLUMNS),
        contacts=_table(folder / CONTACTS_NAME, CONTACT_COLUMNS),
        people=np.array(told.people, dtype=np.int64).reshape(-1, len(PEOPLE_COLUMNS)),
        first_day=first_day,
        office_opens_minute=told.office_opens_minute,
        office_closes_minute=told.office_closes_minute,
        window_start=told.window_start,
        window_end=told.window_end,
        watched_until=told.watched_until,
        facts=facts,
        dates_at_midnight=told.dates_at_midnight,
        teams=tuple(told.teams),
        seen_undated=np.array(told.seen_undated, dtype=np.int64).reshape(-1, 2),
    )


def _table(path: Path, columns: tuple[str, ...]) -> Column:
    try:
        frame = pl.read_parquet(path)
    except OSError as error:
        raise EventFilesError(f"{path}: cannot be read ({error.strerror})") from error
    except pl.exceptions.PolarsError as error:
        raise EventFilesError(f"{path}: is not a Parquet file") from error
    if tuple(frame.columns) != columns or set(frame.dtypes) != {pl.Int64}:
        raise EventFilesError(f"{path}: must hold whole numbers in the columns {', '.join(columns)}")
    return np.ascontiguousarray(frame.to_numpy(), dtype=np.int64)
