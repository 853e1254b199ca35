"""Who is in post: a CSV with a row for each post, and one of absences, for an extract that says nothing of staff.

`people` makes the rows of an event log from any table of posts, whichever format told it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from sim.events import PEOPLE_COLUMNS, Column, Role
from sim.history.fields import DATE, ID, TEXT, Field, Kind, one_of
from sim.history.history import Finding, Tally
from sim.history.pseudonyms import Pseudonyms
from sim.history.tables import Refusal, Table, csv_rows, read
from sim.working_time import MINUTES_PER_DAY, OpeningHours, opening_calendar

IN_POST_STILL = -1
"""In place of the minute somebody leaves."""

_ROLES = {role.name.lower().replace("_", " "): role for role in Role} | {
    "manager": Role.TEAM_MANAGER,
    "social worker": Role.EXPERIENCED_SOCIAL_WORKER,
    "nqsw": Role.NEWLY_QUALIFIED_SOCIAL_WORKER,
    "asye": Role.NEWLY_QUALIFIED_SOCIAL_WORKER,
    "agency worker": Role.AGENCY_SOCIAL_WORKER,
    "edt worker": Role.OUT_OF_HOURS_WORKER,
}
_ROLE = one_of(_ROLES, "must be one of " + ", ".join(_ROLES))
_NUMBER = r"^\d{1,3}(?:\.\d{1,9})?$"


def _fte(cells: pl.Series) -> pl.Series:
    number = cells.str.extract(f"({_NUMBER[1:-1]})").cast(pl.Float64, strict=False)
    good = cells.str.contains(_NUMBER) & (number > 0) & (number <= 1)
    return number.set(~good.fill_null(value=False), None)


def _guide(cells: pl.Series) -> pl.Series:
    return cells.str.extract(r"^(\d{1,3})(?:\.0+)?$").cast(pl.Int64)


POST_FIELDS: Sequence[Field] = (
    Field("team", TEXT, (), must_hold=True),
    Field("kind", _ROLE, ("kind", "role"), must_hold=True),
    Field("fte", Kind("must be above 0 and at most 1: a row for each post", _fte), (), must_hold=True),
    Field("start", DATE, ("start_date",)),
    Field("end", DATE, ("end_date",)),
    Field("guide", Kind("must be a whole number of children", _guide), ("caseload_guide",)),
    Field("worker_id", ID, ("worker", "post_id", "post")),
)
ABSENCE_FIELDS: Sequence[Field] = (
    Field("worker_id", ID, ("worker_id", "worker", "post_id", "post"), must_hold=True),
    Field("date", DATE, ()),
    Field("from", DATE, ("start", "from_date", "start_date")),
    Field("to", DATE, ("end", "to_date", "end_date")),
)

POSTS_TEMPLATE = tuple(field.name for field in POST_FIELDS)
"""The headings of an empty file of posts; `start`, `end`, `guide` and `worker_id` may be left out."""

ABSENCE_TEMPLATE = tuple(field.name for field in ABSENCE_FIELDS)
"""The headings of an empty file of absences: a date, or from and to, the last day included."""


@dataclass(frozen=True, slots=True, eq=False)
class Staff:
    """Who was in post, and when they were away.

    `posts` has one row each: `row`, `person`, `team`, `role` (of `Role`), `fte` above 0 to 1, `start` and `end`, the
    first and last day in post or null, and `guide`, the caseload guide in children or null. `person` is the pseudonym
    of the worker or, where the file names none, the number of the row. `absence`: `person`, `first` and `last` day,
    null where it has not ended. `has_workers` says whether posts name workers, as an extract does. `inferred_from` is
    the table of the record itself from which posts were made out; empty where a file tells them.
    """

    posts: pl.DataFrame = field(repr=False)
    absence: pl.DataFrame = field(repr=False)
    has_workers: bool
    tallies: tuple[Tally, ...]
    refused: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    inferred_from: str = ""

    def by_day(self, first: date, last: date) -> pl.DataFrame:
        """FTE in post and absent on each day from first to last: `day`, `team`, `role`, `fte` and `absent_fte`."""
        held = _days(self.posts, self.absence, first, last)
        away = pl.when("is_absent").then("fte").otherwise(0.0)
        grouped = held.group_by("day", "team", "role").agg(pl.col("fte").sum(), away.sum().alias("absent_fte"))
        return grouped.sort("day", "team", "role")

    def by_month(self, first: date, last: date) -> pl.DataFrame:
        """The mean of those over the days of each month that lie between the two; `day` is the first of the month."""
        days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
        months = days.group_by(pl.col("day").dt.month_start()).len()
        by_day = self.by_day(first, last).with_columns(pl.col("day").dt.month_start())
        sums = by_day.group_by("day", "team", "role").agg(pl.col("fte", "absent_fte").sum()).join(months, on="day")
        # A day on which nobody was in post counts as none.
        means = sums.with_columns(pl.col("fte", "absent_fte") / pl.col("len")).drop("len")
        return means.sort("day", "team", "role")


def read_staff(posts: Path, pseudonyms: Pseudonyms, absence: Path | None = None) -> Staff:
    """Posts, and absences where there is a file of them. Raise `ExtractError` where a file cannot be read at all."""
    table, wrong = _checked(read(csv_rows(posts), POST_FIELDS), "start", "end")
    frame = _with(table.frame, POST_FIELDS)
    worker = pseudonyms.of(frame["worker_id"], "worker")
    named = frame.with_columns(pl.coalesce(worker, pl.col("row").cast(pl.Int64)).alias("person"))
    away, tallies, refused = pl.DataFrame(schema={"person": pl.Int64, "first": pl.Date, "last": pl.Date}), [], wrong
    found: tuple[Finding, ...] = ()
    if absence is not None:
        told, not_read = _checked(_dated(read(csv_rows(absence), ABSENCE_FIELDS)), "first", "last")
        whose = pseudonyms.of(told.frame["worker_id"], "worker").alias("person")
        rows = told.frame.with_columns(whose)
        away, refused = rows.select("person", "first", "last"), [*wrong, *not_read]
        found, tallies = tuple(_of_nobody(told.name, rows, named)), [_tally(told, not_read)]
    columns = named.select("row", "person", "team", role="kind", fte="fte", start="start", end="end", guide="guide")
    as_days = columns.with_columns(pl.col("start", "end").dt.date())
    return Staff(
        as_days, away, worker.null_count() < len(worker), (_tally(table, wrong), *tallies), tuple(refused), found
    )


def _with(frame: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """The frame with every field, null where the file has no such column."""
    nothing = pl.Series(dtype=pl.String)
    absent = [field for field in fields if field.name not in frame.columns]
    return frame.with_columns(pl.lit(None, field.kind.read(nothing).dtype).alias(field.name) for field in absent)


def _dated(table: Table) -> Table:
    """Absences with their `first` and `last` day; a row without either is refused."""
    frame = _with(table.frame, ABSENCE_FIELDS)
    days = frame.with_columns(
        pl.coalesce("date", "from").dt.date().alias("first"), pl.coalesce("date", "to").dt.date().alias("last")
    )
    rule = "must not be empty where there is no from"
    wrong = [Refusal(table.name, row, "date", rule) for row in days.filter(pl.col("first").is_null())["row"]]
    return table._replace(frame=days.filter(pl.col("first").is_not_null()), refused=(*table.refused, *wrong))


def _checked(table: Table, start: str, end: str) -> tuple[Table, list[Refusal]]:
    """The table without rows that end before they start, and everything refused of it."""
    frame = table.frame
    if not {start, end} <= set(frame.columns):
        return table, list(table.refused)
    is_wrong = (pl.col(end) < pl.col(start)).fill_null(value=False)
    names = {"first": "from", "last": "to"}
    rule = f"must not be before {names.get(start, start)}"
    wrong = [Refusal(table.name, row, names.get(end, end), rule) for row in frame.filter(is_wrong)["row"]]
    return table._replace(frame=frame.filter(~is_wrong)), sorted((*table.refused, *wrong))


def _tally(table: Table, refused: Sequence[Refusal]) -> Tally:
    return Tally(table.name, table.in_file, len(table.frame), len(refused))


def _of_nobody(name: str, absence: pl.DataFrame, posts: pl.DataFrame) -> Iterator[Finding]:
    loose = absence.join(posts, on="person", how="anti")["row"]
    if len(loose):
        what = "absences of workers who are in no post"
        yield Finding("absence_of_nobody", what, name, tuple(loose), len(absence), "rostered time", "not used")


def _days(posts: pl.DataFrame, absence: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Each post on each day that it was filled: the columns of posts, `day` and `is_absent`."""
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    held = posts.join(days, how="cross").filter(
        pl.col("start").is_null() | (pl.col("start") <= pl.col("day")),
        pl.col("end").is_null() | (pl.col("end") >= pl.col("day")),
    )
    away = absence.join(days, how="cross").filter(
        pl.col("first") <= pl.col("day"), pl.col("last").is_null() | (pl.col("last") >= pl.col("day"))
    )
    # Two absences on one day are one.
    absent = away.select("person", "day", pl.lit(value=True).alias("is_absent")).unique()
    return held.join(absent, on=["person", "day"], how="left").with_columns(pl.col("is_absent").fill_null(value=False))


def people(
    posts: pl.DataFrame, absence: pl.DataFrame, teams: Sequence[str], first_day: date, days: int, hours: OpeningHours
) -> Column:
    """The people of an event log of so many days, shape (p, 7) as `PEOPLE_COLUMNS`: everybody in post on any of them.

    `posts` and `absence` have the columns of `Staff`. Somebody with several posts is one person: there from the first
    to the last of them, in the team and role of the latest. Rostered are the opening hours of the days in post and not
    absent, in the measure of the FTE; out of hours workers as many, at other hours.
    """
    last_day = first_day + timedelta(days=days - 1)
    calendar = opening_calendar(first_day, days, hours)
    minutes = [calendar.open_minutes(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY) for day in range(days)]
    opening = pl.DataFrame({"day": pl.date_range(first_day, last_day, eager=True), "minutes": minutes})
    held = _days(posts, absence, first_day, last_day).join(opening, on="day")
    worked = pl.when(~pl.col("is_absent")).then(pl.col("minutes") * pl.col("fte")).otherwise(0.0)
    rostered = held.group_by("person").agg(worked.sum().round().cast(pl.Int64).alias("rostered_minutes"))
    latest = posts.sort(pl.col("start").fill_null(date.min), "row").group_by("person", maintain_order=True)
    left = _minute(pl.col("end").max(), first_day) + MINUTES_PER_DAY
    one = latest.agg(
        pl.col("role", "team").last(),
        _minute(pl.col("start").fill_null(first_day).min(), first_day).alias("starts"),
        pl.when(pl.col("end").is_null().any()).then(IN_POST_STILL).otherwise(left).alias("leaves"),
        pl.col("guide").last().fill_null(0),
    )
    places = pl.col("team").replace_strict({team: place for place, team in enumerate(teams)}, return_dtype=pl.Int64)
    told = one.with_columns(places).join(rostered, on="person").sort("person").select(PEOPLE_COLUMNS).cast(pl.Int64)
    return np.ascontiguousarray(told.to_numpy()) if len(told) else np.empty((0, len(PEOPLE_COLUMNS)), dtype=np.int64)


def _minute(day: pl.Expr, first_day: date) -> pl.Expr:
    return (day - first_day).dt.total_days() * MINUTES_PER_DAY
