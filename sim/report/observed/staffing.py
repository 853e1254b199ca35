"""Who was in post, by team and role: no worker is shown, nor what rests on a few posts."""

from datetime import date, timedelta

import polars as pl

from sim.events import Role
from sim.history import OTHER_TEAMS, Staff
from sim.report.observed.counted import Counted, Tally
from sim.report.observed.hiding import HIDDEN, hidden
from sim.report.observed.reading import Reading, shown_teams
from sim.report.tables import Cell, Row
from sim.report.wording import Number
from sim.working_time import MINUTES_PER_DAY

ALL_TEAMS, EVERY_ROLE = "all teams", "every role"
FTE = "FTE"

HEADINGS = ("team", "role", "FTE at the end", "mean FTE", "mean FTE absent")


def staff_rows(reading: Reading, counted: Counted, staff: Staff, not_told: str) -> list[Row]:
    """A row for each team and role with posts in the window, teams with few posts together, and for all.

    `not_told` stands for absences where no file tells them.
    """
    first = reading.observed.log.first_day + timedelta(days=reading.observed.log.window_start // MINUTES_PER_DAY)
    last = reading.observed.as_at
    posts = _in_window(staff.posts, first, last)
    names = _shown(posts, reading.rules.smallest_team)
    held = _summed(staff.by_day(first, last), names, first, last)
    numbers = {(team, role): numbers for team, role, *numbers in held.iter_rows()}
    tally = _tally(_named(posts, names).group_by("team", "role").len())
    hiding = hidden(tally.counts, tally.sums, counted.small)
    rows: list[Row] = []
    for key in _in_order(numbers):
        now, mean, away = (Number(value, FTE) for value in numbers[key])
        cells: tuple[Cell, ...] = (HIDDEN,) * 3 if key in hiding else (now, mean, away)
        told = cells if len(staff.absence) else (*cells[:2], not_told)
        rows.append((key[0], EVERY_ROLE if key[1] is None else role_label(key[1]), *told))
    return rows


def inferred_note(told: Staff) -> str:
    """What is to be known of posts that no file tells."""
    if not told.inferred_from:
        return ""
    return (
        f" Inferred from {told.inferred_from}: from a worker's first involvement to the end of the last. Team managers "
        "and others who hold no case are not among them, leave and sickness are not taken off, and cases from before "
        "the record are in no caseload."
    )


def role_label(role: int) -> str:
    """A role's name in words."""
    return Role(role).name.replace("_", " ").lower()


def _in_window(posts: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    begun = pl.col("start").is_null() | (pl.col("start") <= last)
    return posts.filter(begun, pl.col("end").is_null() | (pl.col("end") >= first))


def _shown(posts: pl.DataFrame, smallest: int) -> dict[str, str]:
    """What each team is called: those with few posts are other teams."""
    sizes = posts.group_by("team").len().sort("team").rows()
    shown = shown_teams({place: size for place, (_, size) in enumerate(sizes)}, smallest)
    return {team: team if place in shown else OTHER_TEAMS for place, (team, _) in enumerate(sizes)}


def _named(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    return rows.filter(pl.col("team").is_in(list(names))).with_columns(pl.col("team").replace(names))


def _summed(by_day: pl.DataFrame, names: dict[str, str], first: date, last: date) -> pl.DataFrame:
    """FTE at the end, mean FTE and mean FTE absent by team and role; a null stands for all of them."""
    days = (last - first).days + 1
    measured = _named(by_day, names).with_columns(pl.col("role").cast(pl.Int64))
    sums = (
        pl.col("fte").filter(pl.col("day") == last).sum().alias("now"),
        (pl.col("fte").sum() / days).alias("mean"),
        (pl.col("absent_fte").sum() / days).alias("away"),
    )
    every = [
        measured.with_columns(pl.lit(None, pl.String if name == "team" else pl.Int64).alias(name) for name in pooled)
        for pooled in ((), ("team",), ("role",), ("team", "role"))
    ]
    found = pl.concat(every).group_by("team", "role").agg(sums)
    return found.with_columns(pl.col("team").fill_null(ALL_TEAMS)).select("team", "role", "now", "mean", "away")


def _tally(posts: pl.DataFrame) -> Tally:
    """The posts by team and role, and all that adds up."""
    tally = Tally()
    count = {(team, role): number for team, role, number in posts.iter_rows()}
    teams, roles = sorted({team for team, _ in count}), sorted({role for _, role in count})
    for team in teams:
        tally.add_up((team, None), {(team, role): count.get((team, role), 0) for role in roles})
    for role in roles:
        tally.add_up((ALL_TEAMS, role), {(team, role): count.get((team, role), 0) for team in teams})
    tally.add_up((ALL_TEAMS, None), {(team, None): tally.counts[team, None] for team in teams})
    tally.add_up((ALL_TEAMS, None), {(ALL_TEAMS, role): tally.counts[ALL_TEAMS, role] for role in roles})
    return tally


def _in_order(keys: dict[tuple[str, int | None], list[float]]) -> list[tuple[str, int | None]]:
    """By team, those together and all teams last, and by role, every role last."""
    last = {OTHER_TEAMS: 1, ALL_TEAMS: 2}
    return sorted(keys, key=lambda key: (last.get(key[0], 0), key[0], key[1] is None, key[1] or 0))
