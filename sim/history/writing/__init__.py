"""Writers of extracts: a simulated year in the form in which an authority would keep or send it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from sim.history.writing import annex_a, cin, journeys, mosaic, ssd

Writer = Callable[[pl.DataFrame, Path], None]
"""Writes journeys, as `journeys_told` gives them, into a folder that exists."""

WRITERS: Mapping[str, Writer] = {
    "ssd": ssd.write,
    "annex-a": annex_a.write,
    "cin": cin.write,
    "mosaic": mosaic.write,
    "journeys": journeys.write,
}
"""Every format that can be written, by the name that the command has for it."""

README, PLANTED = "README.txt", "planted.csv"
"""What lies beside an extract: what it is, and what was planted in it."""


def extract_in(folder: Path) -> Path:
    """What is to be observed of a folder that was written: its one table, or the folder where it has several."""
    tables = [path for path in sorted(folder.iterdir()) if path.name not in {README, PLANTED}]
    return tables[0] if len(tables) == 1 else folder
