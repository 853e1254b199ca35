"""An extract together with the staff who worked on it."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl

from sim.events import NOBODY, PEOPLE_COLUMNS, EventKind, EventLog
from sim.facts import Fact
from sim.history.history import Finding, History
from sim.history.staff import Staff, people
from sim.working_time import MINUTES_PER_DAY, OpeningHours

FEWEST_FOUND_SHARE = 0.95
"""Who was in post is told where at least this share of allocations is to workers of the posts: the caseloads of others
would be missed."""


class Staffed(NamedTuple):
    """A history and its log with people, and what was found in putting them together."""

    history: History
    log: EventLog
    findings: tuple[Finding, ...]


def staff_of_record(history: History) -> Staff | None:
    """The posts that a record shows by itself, without absences; none where it shows none."""
    if history.posts is None:
        return None
    nobody_away = pl.DataFrame(schema={"person": pl.Int64, "first": pl.Date, "last": pl.Date})
    where = "involvements and professionals"
    return Staff(history.posts, nobody_away, has_workers=True, tallies=(), refused=(), findings=(), inferred_from=where)


def with_staff(history: History, log: EventLog, staff: Staff, hours: OpeningHours) -> Staffed:
    """Fill the people of a log, adding teams that only posts name."""
    teams = (*log.teams, *sorted(set(staff.posts["team"]) - set(log.teams)))
    days = log.window_end // MINUTES_PER_DAY
    rows = people(staff.posts, staff.absence, teams, log.first_day, days, hours)
    why, found = _why_not(log, staff, rows[:, PEOPLE_COLUMNS.index("person")])
    because = {fact: text for fact, text in history.why_not.items() if fact is not Fact.STAFF}
    facts = log.facts - {Fact.STAFF} if why else log.facts | {Fact.STAFF}
    known = replace(history, facts=facts, why_not=because | ({Fact.STAFF: why} if why else {}))
    return Staffed(known, replace(log, people=rows, teams=teams, facts=facts), (*staff.findings, *found))


def _why_not(
    log: EventLog, staff: Staff, persons: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[str, tuple[Finding, ...]]:
    """Why staff are not told, empty where they are, and workers of allocations who are in no post."""
    if Fact.ALLOCATION not in log.facts:
        return "", ()
    if not staff.has_workers:
        return "the posts do not say which worker of the extract is in them, in a column worker_id", ()
    holders = log.of_kind(EventKind.ALLOCATED)[:, 4]
    missing = np.count_nonzero(~np.isin(holders, persons))
    if not missing:
        return "", ()
    unnamed = np.count_nonzero(holders == NOBODY)
    what = f"allocations to workers who are in no post: {missing} of {len(holders)}, {unnamed} of them to nobody named"
    table = staff.inferred_from or staff.tallies[0].name
    found = Finding("holder_without_post", what, table, (), len(holders), "caseloads", "not counted")
    if missing <= (1 - FEWEST_FOUND_SHARE) * len(holders):
        return "", (found,)
    # The number is in the finding, for those who keep the extract; why staff are not told can be passed on.
    return "more than one allocation in twenty is to a worker who is in no post", (found,)
