"""A sweep as files in a folder, and as text for people and machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.report.figures import Picture, png
from sim.report.sweeps.effects import Effect, as_table, effects
from sim.report.sweeps.page import page
from sim.report.sweeps.panels import panels
from sim.report.sweeps.pictures import MOST_LEVERS, picture, title_of
from sim.report.sweeps.shown import Shown
from sim.report.sweeps.table import text
from sim.sweep.effects import Share


@dataclass(frozen=True, slots=True)
class Found:
    """What a sweep found: the tidy `table`, and each lever's share of what varies where it is told.

    `labels` say of each lever, by its path, what it is and in what unit; `shown` is what leads.
    """

    table: pl.DataFrame
    labels: Mapping[str, str]
    shown: Shown
    shares: Sequence[Share] = ()

    @property
    def levers(self) -> list[str]:
        """The levers' paths."""
        return list(self.labels)

    @property
    def effects(self) -> list[Effect]:
        """What each lever does on average."""
        return effects(self.table, self.levers, self.shown, self.shares)


def write(found: Found, folder: Path, details: Mapping[str, str]) -> None:
    """Write tables, page and, where there is one, the picture and its words into a folder that exists.

    `details` say what was run; `run` names it below the picture.
    """
    found.table.write_csv(folder / "sweep.csv")
    found.table.write_parquet(folder / "sweep.parquet")
    each = found.effects
    if each:
        as_table(each, found.shown.unit).write_csv(folder / "effects.csv")
    drawn = _drawn(found, each, details)
    if drawn is not None:
        (folder / f"{drawn.name}.png").write_bytes(png(drawn))
        words = f"{drawn.title}\n\n{drawn.alt}\n"
        (folder / f"{drawn.name}.txt").write_text(words, encoding="utf-8", newline="\n")
    written = page(found.table, drawn, each, found.shares, found.labels, found.shown, details)
    (folder / "sweep.html").write_text(written, encoding="utf-8", newline="\n")


def _drawn(found: Found, each: Sequence[Effect], details: Mapping[str, str]) -> Picture | None:
    if len(each) <= MOST_LEVERS and len(found.levers) <= MOST_LEVERS:
        return picture(found.table, found.levers, found.labels, found.shown, details)
    if not each:
        return None
    of = (pl.col("measure") == found.shown.measure) & (pl.col("group") == found.shown.group)
    rows = found.table.filter(of).sort("point")
    return panels(rows, each, found.shares, found.labels, found.shown, details, title_of(rows, found.shown))


def printed(found: Found, form: str) -> str:
    """The table for people (`table`), or as `csv` or `json` for machines."""
    if form == "csv":
        return found.table.write_csv()
    if form == "json":
        return found.table.write_json() + "\n"
    return text(found.table, found.levers, found.shown, found.effects, found.shares)
