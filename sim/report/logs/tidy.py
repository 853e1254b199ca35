"""An event log in words: three tidy tables, of events, contacts and people, with ids that say whose they are."""

from collections.abc import Mapping
from datetime import datetime, time
from enum import IntEnum
from typing import Final, NamedTuple

import polars as pl

from sim.events import (
    COLUMNS,
    CONTACT_COLUMNS,
    EVERY_CHILD,
    NOBODY,
    PEOPLE_COLUMNS,
    Activity,
    Ending,
    EventKind,
    EventLog,
    Guide,
    Need,
    Outcome,
    Rating,
    Role,
    SeenBy,
    WaitingOn,
)
from sim.scenario import Source

E = EventKind


class Origin(NamedTuple):
    """Whose log it is: what its ids begin with, and the word for it."""

    prefix: str
    word: str


SIMULATED: Final = Origin("SIMULATED", "simulated")
"""Nobody in it exists."""
RECORDED: Final = Origin("RECORD", "recorded")
"""Real children, under pseudonyms: for those who keep the extract."""

_DETAILS: Final[Mapping[EventKind, type[IntEnum]]] = {
    E.SCREENED: Rating,
    E.DECIDED: Outcome,
    E.ALLOCATED: Guide,
    E.SEEN: SeenBy,
    E.ASSESSMENT_AUTHORISED: Ending,
    E.CLOSED: Ending,
    E.WORK_QUEUED: Activity,
    E.WORK_STARTED: Activity,
    E.WORK_ENDED: Activity,
}


def events_table(log: EventLog, origin: Origin = SIMULATED) -> pl.DataFrame:
    """A row an event, in the order they happened, within the log's own days.

    `contact` is null for work that concerns none, `child` for what concerns all of a family, `person` for what nobody
    of ours did. `at` is civil time without a zone; where a record has only dates it is midnight.
    """
    frame = pl.DataFrame(log.events, schema=dict.fromkeys(COLUMNS, pl.Int64), orient="row")
    roles = pl.DataFrame({"person": log.people_column("person"), "role": log.people_column("role")}).unique("person")
    frame = frame.join(roles, on="person", how="left", maintain_order="left")
    return frame.select(
        contact=_id("contact", "C", origin),
        child=pl.when(pl.col("child") != EVERY_CHILD).then(
            pl.format("{}-C{}-{}", pl.lit(origin.prefix), "contact", "child")
        ),
        event=_word("kind", EventKind),
        at=_stamp(log, "time"),
        minute=pl.col("time"),
        detail=_detail(),
        waits_for=_word("waiting_on", WaitingOn),
        person=_id("person", "W", origin),
        number=numbered("person", log),
        role=_word("role", Role),
        team=_team(log),
        work_minutes=pl.when(pl.col("kind") == E.WORK_ENDED).then("minutes"),
    )


def contacts_table(log: EventLog, origin: Origin = SIMULATED) -> pl.DataFrame:
    """A row a contact: what is known of it from the start, and in a model the need later found."""
    frame = pl.DataFrame(log.contacts, schema=dict.fromkeys(CONTACT_COLUMNS, pl.Int64), orient="row")
    return frame.select(
        contact=_id("contact", "C", origin),
        received=_stamp(log, "received"),
        source=pl.col("source").replace_strict(
            {place: source.value for place, source in enumerate(Source)}, default=None, return_dtype=pl.String
        ),
        domestic_abuse=pl.col("domestic_abuse").replace_strict({0: False, 1: True}, default=None),
        children=pl.col("children"),
        need=_word("need", Need),
        parent=_id("parent", "C", origin),
        is_return=pl.col("is_return") == 1,
        is_open_case=pl.col("open_case") == 1,
        is_in_window=pl.col("received").is_between(log.window_start, log.window_end, closed="left"),
    )


def people_table(log: EventLog, origin: Origin = SIMULATED) -> pl.DataFrame:
    """A row a person: what they are, where, from when to when, and their caseload guide."""
    frame = pl.DataFrame(log.people, schema=dict.fromkeys(PEOPLE_COLUMNS, pl.Int64), orient="row")
    return frame.select(
        person=_id("person", "W", origin),
        number=numbered("person", log),
        role=_word("role", Role),
        team=_team(log),
        starts=_stamp(log, "starts"),
        leaves=pl.when(pl.col("leaves") >= 0).then(_stamp(log, "leaves")),
        guide=pl.when(pl.col("guide") > 0).then("guide"),
        rostered_minutes=pl.col("rostered_minutes"),
    )


def numbered(person: str, log: EventLog) -> pl.Expr:
    """A small number for each person, from 1: their own are too long for tools that read fractions."""
    everybody = sorted({*log.people_column("person").tolist(), *log.column("person").tolist()} - {NOBODY})
    numbers = {identity: place for place, identity in enumerate(everybody, start=1)}
    return pl.col(person).replace_strict(numbers, default=None, return_dtype=pl.Int64)


def _id(column: str, letter: str, origin: Origin) -> pl.Expr:
    return pl.when(pl.col(column) != NOBODY).then(pl.format("{}-{}{}", pl.lit(origin.prefix), pl.lit(letter), column))


def _word(column: str, words: type[IntEnum]) -> pl.Expr:
    """A number as its name; what has none is null."""
    names = {int(word): word.name.lower() for word in words}
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def _detail() -> pl.Expr:
    """What the number in `detail` means for this kind of event."""
    found: pl.Expr = pl.lit(None, pl.String)
    for kind, words in _DETAILS.items():
        found = pl.when(pl.col("kind") == kind).then(_word("detail", words)).otherwise(found)
    return found


def _team(log: EventLog) -> pl.Expr:
    named = dict(enumerate(log.teams))
    words = pl.col("team").replace_strict(named, default=None, return_dtype=pl.String) if named else pl.lit(None)
    return pl.when(pl.col("team") >= 0).then(pl.coalesce(words, pl.format("team {}", "team")))


def _stamp(log: EventLog, minutes: str) -> pl.Expr:
    start = datetime.combine(log.first_day, time())
    return (pl.lit(start) + pl.duration(minutes=pl.col(minutes))).dt.cast_time_unit("ms")
