"""A sweep as files in a folder, and as text for people and machines."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sim.report.figures import png
from sim.report.sweeps.pictures import picture
from sim.report.sweeps.shown import Shown
from sim.report.sweeps.table import text


def write(found: pl.DataFrame, folder: Path, labels: Mapping[str, str], shown: Shown, run: str) -> None:
    """Write the table as CSV and Parquet and, where there is one, the picture and its words into a folder that exists.

    `labels` say of each lever, by its path, what it is and in what unit; `run` names the run below the picture.
    """
    found.write_csv(folder / "sweep.csv")
    found.write_parquet(folder / "sweep.parquet")
    drawn = picture(found, list(labels), labels, shown, {"run": run})
    if drawn is not None:
        (folder / f"{drawn.name}.png").write_bytes(png(drawn))
        words = f"{drawn.title}\n\n{drawn.alt}\n"
        (folder / f"{drawn.name}.txt").write_text(words, encoding="utf-8", newline="\n")


def printed(found: pl.DataFrame, levers: list[str], shown: Shown, form: str) -> str:
    """The table for people (`table`), or as `csv` or `json` for machines."""
    if form == "csv":
        return found.write_csv()
    return found.write_json() + "\n" if form == "json" else text(found, levers, shown)
