"""The posts of a simulated year, as an authority's table of staff would have them."""

import csv
import io
from datetime import timedelta

from sim.events import PEOPLE_COLUMNS, EventLog, Role
from sim.history.staff import POSTS_TEMPLATE
from sim.history.synthesis import MARK
from sim.working_time import MINUTES_PER_DAY

_LEAST_FTE = 0.1


def posts_text(log: EventLog) -> str:
    """A row for each post, under the headings of `POSTS_TEMPLATE`; workers have the ids that extracts of the year have.

    FTE is what a caseload guide is of the largest in that role, to the nearest tenth; 1 where there is no guide.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(POSTS_TEMPLATE)
    rows = [dict(zip(PEOPLE_COLUMNS, row, strict=True)) for row in log.people.tolist()]
    largest: dict[int, int] = {}
    for row in rows:
        largest[row["role"]] = max(largest.get(row["role"], 0), row["guide"])
    for row in rows:
        whole = largest[row["role"]]
        fte = max(round(row["guide"] / whole, 1), _LEAST_FTE) if whole > 0 else 1.0
        team = f"{MARK.title()} team {row['team']}" if row["team"] >= 0 else f"{MARK.title()} front door"
        starts = _day(log, row["starts"]) if row["starts"] > 0 else ""
        ends = _day(log, row["leaves"] - MINUTES_PER_DAY) if row["leaves"] >= 0 else ""
        kind = Role(row["role"]).name.lower().replace("_", " ")
        guide = row["guide"] if row["guide"] > 0 else ""
        writer.writerow([team, kind, fte, starts, ends, guide, f"{MARK}-W{row['person']}"])
    return lines.getvalue()


def _day(log: EventLog, minute: int) -> str:
    return (log.first_day + timedelta(days=minute // MINUTES_PER_DAY)).isoformat()
