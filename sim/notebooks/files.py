"""A tidy table as files that open anywhere: CSV, Parquet, and what its columns and its measures mean."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from sim.scenario import ScenarioError
from sim.sweep import lever_labels

if TYPE_CHECKING:
    import pandas as pd

DICTIONARY: Final = "data-dictionary.csv"
_OWN: Final = "the measure's"
_COLUMNS: Final = {
    "scenario": ("name", "The scenario's short name; the baseline's where it stands for itself."),
    "title": ("words", "The scenario's name on screen."),
    "point": ("number", "The point of a sweep; 0 is the baseline."),
    "draw": ("number", "The set of plausible numbers that the simulated year met."),
    "replication": ("number", "The luck of the simulated year: the same number has the same luck in every scenario."),
    "measure": ("name", "What is measured; the names are explained below."),
    "group": ("name", "The children or contacts that it is measured for."),
    "unit": ("words", "The unit of level and change; shares are fractions of 1."),
    "years": ("years", "How many simulated years the row rests on."),
    "level": (_OWN, "The measure, on average over simulated years, or in one."),
    "change": (_OWN, "The level less the baseline's in the same simulated years; none for the baseline."),
    "change_days": ("days", "By how much the waits of the same children changed, on average."),
    "children": ("children", "Children referred and seen under both, on average a year."),
    "longer": ("children", "Of those, who are seen half a day or more later."),
    "sooner": ("children", "Of those, who are seen half a day or more sooner."),
    "diverted": ("children", "Children who are referred in the baseline alone."),
    "newly_referred": ("children", "Children who are referred in the scenario alone."),
}
_ENDS: Final = {
    "_unknown_low": "Lower end of the middle 80% of it over plausible sets of numbers: what we do not know.",
    "_unknown_high": "Upper end of that.",
    "_low": "Lower end of its 95% simulation error, which more years would narrow.",
    "_high": "Upper end of that.",
}


def write_table(table: "pd.DataFrame", folder: str | Path, name: str) -> Path:
    """Write a table of `sim.notebooks` as `name.csv` and `name.parquet`, and beside them what its columns mean.

    The folder is made where there is none; gives it. `data-dictionary.csv` has a row a column and a measure, with its
    unit. Raise `ScenarioError` for a column that nothing explains: only tables as they were made can be written.
    """
    path = Path(folder)
    rows = [*_columns(table), *_measures(table)]
    path.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame({column: table[column].to_list() for column in table.columns}, strict=False).fill_nan(None)
    frame.write_csv(path / f"{name}.csv")
    frame.write_parquet(path / f"{name}.parquet")
    pl.DataFrame(rows, schema=["name", "is", "unit", "meaning"], orient="row").write_csv(path / DICTIONARY)
    return path


def _columns(table: "pd.DataFrame") -> Iterator[tuple[str, str, str, str]]:
    levers = lever_labels([str(column) for column in table.columns])
    for column in map(str, table.columns):
        end = next((end for end in _ENDS if column.endswith(end)), "")
        if column in _COLUMNS:
            yield column, "column", *_COLUMNS[column]
        elif end and column.removesuffix(end) in _COLUMNS:
            yield column, "column", _COLUMNS[column.removesuffix(end)][0], f"{column.removesuffix(end)}: {_ENDS[end]}"
        elif levers[column] != column:
            yield column, "column", "the lever's", levers[column]
        else:
            raise ScenarioError(f"{column}: is no column of a table of sim.notebooks; write the table as it was made")


def _measures(table: "pd.DataFrame") -> Iterator[tuple[str, str, str, str]]:
    if "measure" in table.columns:
        for measure in dict.fromkeys(table["measure"]):
            yield measure, "measure", table.attrs["units"][measure], table.attrs["meanings"][measure]
