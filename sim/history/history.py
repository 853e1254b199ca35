"""What every reader gives: one row for each child and contact, with the time of each step that the record knows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import polars as pl

from sim.events import EventKind, WaitingOn
from sim.facts import Fact
from sim.history.fields import STAMP
from sim.history.tables import Refusal, Table


class Step(NamedTuple):
    """A dated step of a journey: its column, the event it becomes, the column of the event's detail if it has one.

    `of_child` steps may differ between the children of one contact; all others are the contact's.
    """

    column: str
    kind: EventKind
    detail: str = ""
    waiting_on: WaitingOn = WaitingOn.UNCHANGED
    of_child: bool = False


STEPS: tuple[Step, ...] = (
    Step("received", EventKind.RECEIVED, waiting_on=WaitingOn.OUR_STAFF),
    Step("handed_over", EventKind.HANDED_OVER, waiting_on=WaitingOn.OUR_STAFF),
    Step("screened", EventKind.SCREENED, "rating", WaitingOn.OUR_STAFF),
    Step("information_asked", EventKind.INFORMATION_ASKED, waiting_on=WaitingOn.OTHERS),
    Step("information_received", EventKind.INFORMATION_READY, waiting_on=WaitingOn.OUR_STAFF),
    Step("decided", EventKind.DECIDED, "outcome", WaitingOn.OUR_STAFF),
    Step("help_started", EventKind.HELP_STARTED),
    Step("strategy_asked", EventKind.STRATEGY_ASKED, waiting_on=WaitingOn.OTHERS),
    Step("strategy_held", EventKind.STRATEGY_HELD, waiting_on=WaitingOn.OUR_STAFF),
    Step("section_47_started", EventKind.SECTION_47_STARTED),
    Step("allocated", EventKind.ALLOCATED, waiting_on=WaitingOn.OUR_STAFF),
    Step("seen", EventKind.SEEN, "seen_by", of_child=True),
    Step("assessment_started", EventKind.ASSESSMENT_STARTED),
    Step("section_47_ended", EventKind.SECTION_47_ENDED),
    Step("conference_held", EventKind.CONFERENCE_HELD),
    Step("authorised", EventKind.ASSESSMENT_AUTHORISED, "ending"),
    Step("transferred", EventKind.TRANSFERRED),
    Step("closed", EventKind.CLOSED, "closed_as"),
)
"""In the order in which they happen where several fall on one date."""

JOURNEY: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.UInt32,
    "table": pl.String,
    "contact": pl.Int64,
    "child": pl.Int64,
    "source": pl.Int8,
    "domestic_abuse": pl.Int8,
    "open_case": pl.Int8,
    "seen_undated": pl.Int8,
    "team": pl.String,
    "worker": pl.Int64,
    **{step.column: STAMP for step in STEPS},
    **{step.detail: pl.Int8 for step in STEPS if step.detail},
}
"""The columns of `History.journeys`.

`row` is that of the contact in `table`, null for the first table of the tallies; `contact`, `child` and `worker` are
pseudonyms, and children of one contact share its number. `source` is a position in `Source`, -1 or null where unknown;
`outcome`, `rating`, `seen_by`, `ending` and `closed_as` are numbers of `Outcome`, `Rating`, `SeenBy` and, twice,
`Ending`; `domestic_abuse` and `open_case` are 1, 0 or, unknown, -1 or null. `seen_undated` is 1 where the record of the
child's assessment says that it was seen, and nothing says when. A step that is null did not happen, as far
as the record goes.
"""


class Tally(NamedTuple):
    """The rows of one table: all of them, and how many were read and refused; `in_file` is the sum of the two."""

    name: str
    in_file: int
    read: int
    refused: int


class Finding(NamedTuple):
    """Something odd in the data: what it is, which rows, what it touches, and what was done about it.

    `rows` are row numbers in `table`; `of` is how many rows were looked at.
    """

    id: str
    what: str
    table: str
    rows: tuple[int, ...]
    of: int
    touches: str
    done: str


class Inference(NamedTuple):
    """A link between tables that the record does not hold: how it was made, how often it was made and could not be."""

    what: str
    rule: str
    made: int
    not_made: int


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """An extract as read, whatever its format.

    `journeys` has the columns of `JOURNEY`. `facts` are what the format and this extract of it can tell; `why_not`
    says, for facts it lacks, why. `since` and `known_to` are the days that the extract covers, where it says so: a
    journey received before `since` is there because it went on, and is in no count of what was received. `more` holds
    events beyond the steps of a journey, of `MORE`'s columns, `posts` what the record shows of who was in post, with
    the columns of `Staff.posts`. `findings` are those of the reader; what can be found in
    any journeys is added later, but for what the reader has said: `said_as` has, by the id of a finding in any
    journeys, that of the reader's own that says the same.
    """

    format: str
    journeys: pl.DataFrame = field(repr=False)
    facts: frozenset[Fact]
    why_not: Mapping[Fact, str]
    tallies: tuple[Tally, ...]
    refused: tuple[Refusal, ...] = ()
    findings: tuple[Finding, ...] = ()
    inferred: tuple[Inference, ...] = ()
    since: date | None = None
    known_to: date | None = None
    more: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MORE), repr=False)
    posts: pl.DataFrame | None = field(default=None, repr=False)
    said_as: Mapping[str, str] = field(default_factory=dict)


MORE: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "contact": pl.Int64,
    "at": STAMP,
    "kind": pl.Int8,
    "detail": pl.Int8,
    "waiting_on": pl.Int8,
    "minutes": pl.Int32,
    "worker": pl.Int64,
    "team": pl.String,
}
"""The columns of `History.more`: events of a whole contact, by the contact's pseudonym."""


def finding(history: History, rows: pl.DataFrame, said: tuple[str, str, str, str]) -> Iterator[Finding]:
    """One finding about these journeys for each table that they lie in; the first, where they name none.

    `said` are its id, what it is, what it touches, what was done.
    """
    name, what, touches, done = said
    first = history.tallies[0].name if history.tallies else history.format
    named = rows["table"] if "table" in rows.columns else pl.Series([None] * len(rows), dtype=pl.String)
    tables = rows.with_columns(named.fill_null(first).alias("table"))
    for (table,), found in tables.group_by("table", maintain_order=True):
        yield Finding(name, what, str(table), tuple(found["row"].to_list()), len(history.journeys), touches, done)


def seen_undated() -> pl.Expr:
    """Of which journeys the record says that the child was seen, or assessed, and not on which day it was first seen.

    What an assessment says of it is known once the assessment has begun.
    """
    told = (pl.col("seen_undated") == 1) & pl.col("assessment_started").is_not_null()
    return pl.col("seen").is_null() & (told.fill_null(value=False) | pl.col("authorised").is_not_null())


def happened(rows: pl.DataFrame) -> list[Step]:
    """The steps that at least one of these journeys has; receipt among them, if there is a journey."""
    return [step for step in STEPS if rows[step.column].null_count() < len(rows)]


def said_once(findings: Sequence[Finding], said_as: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings without the rows of which another says the same, by `History.said_as`; what is empty then goes."""
    rows = defaultdict[tuple[str, str], set[int]](set)
    for one in findings:
        rows[one.id, one.table] |= set(one.rows)
    kept = []
    for one in findings:
        said = rows.get((said_as.get(one.id, ""), one.table), set())
        left = tuple(row for row in one.rows if row not in said)
        kept += [one._replace(rows=left)] if left or not said else []
    return tuple(kept)


def oddly_read(table: Table) -> tuple[Finding, ...]:
    """Dates of a table that stand for none, such as 1900-01-01, and fields that have two columns."""
    return (*_placeholders(table), *_doubled(table))


def _doubled(table: Table) -> Iterator[Finding]:
    for name, headings in table.doubled.items():
        words = name.replace("_", " ")
        what = (
            f"{words} has {len(headings)} columns, {' and '.join(headings)}, which never differ where both are filled"
        )
        done = "read from whichever is filled"
        yield Finding(f"{name}_in_two_columns", what, table.name, (), table.in_file, words, done)


def _placeholders(table: Table) -> tuple[Finding, ...]:
    """The dates of a table that stand for none, such as 1900-01-01, which were read as blank."""
    return tuple(
        Finding(
            f"{name}_placeholder",
            f"a date in {name.replace('_', ' ')} that stands for none, such as 1900-01-01",
            table.name,
            rows,
            table.in_file,
            name.replace("_", " "),
            "read as blank",
        )
        for name, rows in table.placeholders.items()
    )


def journeys(columns: pl.DataFrame) -> pl.DataFrame:
    """The columns of `JOURNEY`, in order and of its types, from those that a reader has; the others are null."""
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in JOURNEY.items() if name not in columns.columns]
    return columns.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in JOURNEY.items())
