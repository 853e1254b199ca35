"""Tables as files that open anywhere, with what they mean."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim import notebooks
from sim.scenario import ScenarioError, shipped
from tests.sweep.counties import MANAGERS, SMALL

BASE = shipped("leicestershire-2018-19.toml")
MANY: dict[str, Any] = {"replications": 2, "settings": SMALL, "processes": 1, "seed": 1}


def test_a_table_opens_elsewhere_with_its_meanings_beside_it(tmp_path: Path) -> None:
    found = notebooks.run(BASE, ["one-more-team-manager"], **MANY)
    table = notebooks.tidy(found)
    folder = notebooks.write_table(table, tmp_path / "new", "measures")
    parquet, text = pl.read_parquet(folder / "measures.parquet"), pl.read_csv(folder / "measures.csv")
    told = pl.read_csv(folder / "data-dictionary.csv")

    assert parquet["level"].to_list() == [None if level != level else level for level in table["level"]]  # noqa: PLR0124
    assert parquet["change"].null_count() >= len(table) // 2
    assert text.columns == list(table.columns)
    assert set(told.filter(pl.col("is") == "column")["name"]) == set(table.columns)
    assert set(told.filter(pl.col("is") == "measure")["name"]) == set(table["measure"])
    assert told["meaning"].null_count() == told["unit"].null_count() == 0

    same = notebooks.same_children(found)
    notebooks.write_table(same, tmp_path, "same")
    assert set(pl.read_csv(tmp_path / "data-dictionary.csv")["name"]) == set(same.columns)


def test_the_levers_of_a_sweep_are_explained_too(tmp_path: Path) -> None:
    table = notebooks.sweep({MANAGERS: [3]}, BASE, store=tmp_path / "store", **MANY)
    notebooks.write_table(table, tmp_path, "sweep")
    told = pl.read_csv(tmp_path / "data-dictionary.csv")

    assert told.filter(pl.col("name") == MANAGERS)["meaning"].to_list() == ["Team managers at the front door (people)"]


def test_a_column_that_nothing_explains_is_refused(tmp_path: Path) -> None:
    table = notebooks.compare(BASE, **MANY).assign(odd=1)

    with pytest.raises(ScenarioError, match="odd: is no column of a table"):
        notebooks.write_table(table, tmp_path / "new", "odd")
    assert not (tmp_path / "new").exists()
