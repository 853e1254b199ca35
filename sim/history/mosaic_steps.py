"""The steps of a Mosaic workflow: one for each id, and its rounds, since a step that is reopened is worked on again."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from sim.history.history import Finding
from sim.history.mosaic_tables import Export, Status


class Steps(NamedTuple):
    """The steps of an export.

    `steps` has one row for each step: `step`, `row` in its file, `meaning`, `subgroup`, `source`, `team`, `worker`;
    `received`, when it came in or, where that is not told, was started; `came`, the earliest date it has; `started`;
    `completed`, null while any round is open; `is_undated`, completed without saying when. `rounds` has one row for
    each time it was worked on: `step`, `row`, `again` (whether it was reopened), `opened`, `started`, `completed`,
    `worker` and `team`.
    """

    steps: pl.DataFrame
    rounds: pl.DataFrame
    findings: tuple[Finding, ...]


def steps_of(export: Export) -> Steps:
    """Put the rows of an export's steps together."""
    rows = export.steps.rename(
        {
            "workflow_step_id": "step",
            "subgroup_id": "subgroup",
            "contact_source": "source",
            "assignee_id": "worker",
            "responsible_team_id": "team",
        }
    )
    reopened = pl.col("step_status") == Status.REOPENED
    # A step that stands in one row only says that it was reopened, not when: its dates are those of the whole.
    again = reopened & (pl.len().over("step") > 1)
    opened = pl.when(again).then(pl.coalesce("started_on", "incoming_on"))
    marked = rows.with_columns(again.alias("again"), opened.alias("reopened_on"))
    rounds = _rounds(marked)
    return Steps(_whole(marked, rounds), rounds, tuple(_odd(export, marked)))


def _rounds(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that tell of the same round, as when a step is exported at each change, become one."""
    # The date of a completion before the reopening is the round's before.
    completed = pl.when(~pl.col("again") | (pl.col("completed_on") >= pl.col("reopened_on"))).then("completed_on")
    one = rows.sort("row").group_by("step", "again", "reopened_on", maintain_order=True)
    together = one.agg(
        pl.col("row").first(),
        pl.coalesce(pl.col("reopened_on").first(), pl.col("incoming_on").min(), pl.col("started_on").min()).alias(
            "opened"
        ),
        pl.col("started_on").min().alias("started"),
        completed.max().alias("completed"),
        pl.col("worker").drop_nulls().last(),
        pl.col("team").drop_nulls().last(),
        (pl.col("step_status") == Status.COMPLETED).any().alias("is_completed"),
    )
    return together.sort("step", "again", "opened").drop("reopened_on")


def _whole(rows: pl.DataFrame, rounds: pl.DataFrame) -> pl.DataFrame:
    by_row = rows.sort("row").group_by("step", maintain_order=True)
    told = by_row.agg(
        pl.col("row", "meaning", "subgroup").first(),
        pl.col("source", "team", "worker").drop_nulls().first(),
        pl.coalesce(pl.col("incoming_on").min(), pl.col("started_on").min()).alias("received"),
        (pl.col("incoming_on").is_null().all() & pl.col("started_on").is_not_null().any()).alias("is_as_started"),
        pl.min_horizontal(pl.min("incoming_on", "started_on", "completed_on")).alias("came"),
        pl.col("started_on").min().alias("started"),
    )
    is_open = pl.col("completed").is_null().any()
    ended = rounds.group_by("step").agg(
        pl.when(~is_open).then(pl.col("completed").max()).alias("completed"),
        (pl.col("is_completed") & pl.col("completed").is_null()).any().alias("is_undated"),
    )
    return told.join(ended, on="step", maintain_order="left")


def _odd(export: Export, rows: pl.DataFrame) -> Iterator[Finding]:
    name = export.tallies[0].name
    ended = pl.col("completed_on").is_not_null()
    still = pl.col("step_status").is_in([Status.INCOMING.value, Status.STARTED.value])
    alone = (pl.col("step_status") == Status.REOPENED) & ~pl.col("again") & ended
    repeated = rows.filter(pl.struct("step", "again", "reopened_on").is_first_distinct().not_())
    for found, what, touches, done, which in (
        ("repeated_steps", "a step and round of it that stand in more than one row", "handling times",
         "read as one: its first dates of coming in and start, its last of completion", repeated),
        ("open_with_completion", "a step that is said to be open and has a date of completion", "waits for decisions",
         "read as completed on that date", rows.filter(still & ended)),
        ("reopened_unknown_when", "a step reopened, in one row that says when it was completed and not when reopened",
         "further work", "read as completed on that date; this further work is not seen", rows.filter(alone)),
        ("completed_before_start", "a step completed before its start", "handling times", "its handling is not used",
         rows.filter(pl.col("completed_on").dt.date() < pl.col("started_on").dt.date(), ~pl.col("again"))),
    ):  # fmt: skip
        if len(which):
            yield Finding(found, what, name, tuple(which["row"]), len(rows), touches, done)
