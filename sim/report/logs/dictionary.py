"""What every column of an exported log means, and in what unit: the data dictionary beside the tables."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, NamedTuple

import polars as pl

from sim.events import Activity, Ending, EventKind, Guide, Need, Outcome, Rating, Role, SeenBy, WaitingOn
from sim.scenario import Source


class Column(NamedTuple):
    """A column: its unit, what it means, and the words it may hold where those are few."""

    unit: str
    meaning: str
    words: type[IntEnum] | type[Source] | None = None


_CONTACT: Final = Column("id", "The contact: one family, one decision. Null where work concerns no contact.")
_TEAM: Final = Column("name", "The team; null for the front door and where there are none.")
_PERSON: Final = Column("id", "The worker; null where nobody of ours did it.")
_NUMBER: Final = Column("number", "The worker's number, from 1: `resource_id` in vidigi.csv.")
_ROLE: Final = Column("word", "What the worker is.", Role)

COLUMNS: Final[Mapping[str, Mapping[str, Column]]] = {
    "events": {
        "contact": _CONTACT,
        "child": Column("id", "The child of that contact's family; null where it concerns all of them."),
        "event": Column("word", "What happened.", EventKind),
        "at": Column("civil time", "When, without a time zone or clock changes. A record's date is midnight."),
        "minute": Column("minutes", "The same, since midnight of the log's first day (about.csv)."),
        "detail": Column("word", "More of it: the rating of a screening, the outcome of a decision and so on (below)."),
        "waits_for": Column("word", "Whom the contact waits for from then on, on the way to its next step.", WaitingOn),
        "person": _PERSON,
        "number": _NUMBER,
        "role": _ROLE,
        "team": _TEAM,
        "work_minutes": Column("minutes", "Working time that a piece of work took; of work_ended alone."),
    },
    "contacts": {
        "contact": _CONTACT,
        "received": Column("civil time", "When the contact was received."),
        "source": Column("word", "Who made it; null where nobody noted it.", Source),
        "domestic_abuse": Column("true or false", "Whether it is about domestic abuse; null where nobody noted it."),
        "children": Column("children", "How many children of the family it concerns."),
        "need": Column("word", "The need as later found, which only a model knows.", Need),
        "parent": Column("id", "The earlier contact that it is a return of; null where it is none."),
        "is_return": Column("true or false", "Whether the family came back."),
        "is_open_case": Column("true or false", "Whether the family was an open case when it was received."),
        "is_in_window": Column("true or false", "Whether it was received in the year that measures are read of."),
    },
    "people": {
        "person": _PERSON,
        "number": _NUMBER,
        "role": _ROLE,
        "team": _TEAM,
        "starts": Column("civil time", "When they started, or the first day of the log."),
        "leaves": Column("civil time", "When they left; null where they did not."),
        "guide": Column("children", "Their caseload guide; null where they hold no cases."),
        "rostered_minutes": Column("minutes", "Working time rostered in the year that measures are read of."),
    },
    "vidigi": {
        "entity_id": _CONTACT,
        "pathway": Column("word", "How the contact was decided; `undecided` where it was not.", Outcome),
        "event_type": Column("word", "arrival_departure, queue, resource_use or resource_use_end."),
        "event": Column("word", "arrival, depart, the step that the contact waits after, or the work done."),
        "time": Column("minutes", "Since midnight of the log's first day."),
        "resource_id": Column("number", "The worker's number in people.csv; of work alone."),
        "run_number": Column("number", "The replication; null for a record."),
        "timestamp": Column("civil time", "The time as a date and time."),
    },
}
"""By table and column."""

_DETAILS: Final[Mapping[str, type[IntEnum]]] = {
    "screened": Rating,
    "decided": Outcome,
    "allocated": Guide,
    "seen": SeenBy,
    "assessment_authorised": Ending,
    "closed": Ending,
    "work_queued, work_started, work_ended": Activity,
}


def dictionary() -> pl.DataFrame:
    """A row a column of a table: `table`, `column`, `unit`, `meaning`, `values`."""
    rows = [
        {"table": table, "column": name, "unit": column.unit, "meaning": column.meaning, "values": _words(column.words)}
        for table, columns in COLUMNS.items()
        for name, column in columns.items()
    ]
    rows += [
        {"table": "events", "column": "detail", "unit": "word", "meaning": f"Of {event}.", "values": _words(words)}
        for event, words in _DETAILS.items()
    ]
    return pl.DataFrame(rows)


def _words(words: type[IntEnum] | type[Source] | None) -> str:
    if words is None:
        return ""
    names = [word.name.lower() for word in words] if issubclass(words, IntEnum) else [word.value for word in words]
    return ", ".join(names)
