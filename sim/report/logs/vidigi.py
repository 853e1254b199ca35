"""An event log in the columns of vidigi, which animates simulated patients, or children, through their queues."""

import polars as pl

from sim.events import EventKind, EventLog, Outcome, WaitingOn
from sim.report.logs.tidy import SIMULATED, Origin, events_table

COLUMNS = ("entity_id", "pathway", "event_type", "event", "time", "resource_id", "run_number", "timestamp")
UNDECIDED = "undecided"
_WORK = {"work_started": "resource_use", "work_ended": "resource_use_end"}
_LAST = 4


def vidigi_table(log: EventLog, origin: Origin = SIMULATED, run_number: int | None = None) -> pl.DataFrame:
    """A row an event of a contact, in order of time: arrival, queues, resource use, departure.

    A step after which the contact waits for somebody is a `queue` of its name; work is the use of the worker who does
    it. What goes on after a contact has closed is left out, and a piece of work open at the end has no end.
    """
    frame = events_table(log, origin).with_row_index("order").drop_nulls("contact")
    decided = frame.filter(pl.col("event") == _name(EventKind.DECIDED)).select("contact", pathway="detail")
    decided = decided.unique("contact", keep="first", maintain_order=True)
    closed = frame.filter(pl.col("event") == _name(EventKind.CLOSED)).group_by("contact").agg(pl.col("order").min())
    frame = frame.join(closed.rename({"order": "closed"}), on="contact", how="left", maintain_order="left")
    frame = frame.filter(pl.col("closed").is_null() | (pl.col("order") <= pl.col("closed")))
    rows = pl.concat([_steps(frame), _work(frame)])
    rows = rows.join(decided, on="contact", how="left", maintain_order="left").sort(
        "order", "place", maintain_order=True
    )
    return rows.select(
        entity_id="contact",
        pathway=pl.col("pathway").fill_null(UNDECIDED),
        event_type="event_type",
        event="event",
        time=pl.col("minute").cast(pl.Float64),
        resource_id="resource_id",
        run_number=pl.lit(run_number, pl.Int64),
        timestamp="at",
    )


def pathways() -> tuple[str, ...]:
    """Every pathway that a contact may be on."""
    return (*(outcome.name.lower() for outcome in Outcome), UNDECIDED)


def _name(kind: EventKind) -> str:
    return kind.name.lower()


def _steps(frame: pl.DataFrame) -> pl.DataFrame:
    """Arrivals, departures, and the steps after which a contact waits."""
    nobody = [WaitingOn.UNCHANGED.name.lower(), WaitingOn.NOBODY.name.lower()]
    is_work = pl.col("event").str.starts_with("work_")
    arrived, closed = (pl.col("event") == _name(kind) for kind in (EventKind.RECEIVED, EventKind.CLOSED))
    waits = frame.filter(~is_work & ~closed & ~pl.col("waits_for").is_in(nobody))
    return pl.concat(
        [
            _rows(frame.filter(arrived), 0, "arrival_departure", pl.lit("arrival")),
            _rows(waits, 1, "queue", pl.col("event")),
            _rows(frame.filter(closed), _LAST, "arrival_departure", pl.lit("depart")),
        ]
    )


def _work(frame: pl.DataFrame) -> pl.DataFrame:
    """Pieces of work, as uses of the worker."""
    ours, number = frame.drop_nulls("person"), pl.col("number")
    parts = [
        _rows(ours.filter(pl.col("event") == event), 2, kind, pl.col("detail"), number) for event, kind in _WORK.items()
    ]
    return pl.concat(parts)


def _rows(
    frame: pl.DataFrame, place: int, event_type: str, event: pl.Expr, resource: pl.Expr | None = None
) -> pl.DataFrame:
    number = pl.lit(None, pl.Int64) if resource is None else resource
    return frame.select(
        "contact",
        "order",
        "minute",
        "at",
        place=pl.lit(place),
        event_type=pl.lit(event_type),
        event=event,
        resource_id=number,
    )
