"""How sure an answer is and how many are enough, as a notebook asks: results, their tables and their pictures."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import notebooks
from sim.experiment.sizing import meeting as meeting_of
from sim.experiment.variance import split_variance
from sim.scenario import shipped
from tests.sweep.counties import MANAGERS, SMALL

BASE = shipped("leicestershire-2018-19.toml")
MANY: dict[str, Any] = {"replications": 2, "settings": SMALL, "processes": 1, "seed": 1}
MULTIPLIER = "domestic_abuse_team.information_wait_multiplier"


def a_table() -> pd.DataFrame:
    luck = np.random.default_rng(1)
    rows = [
        {
            "scenario": name,
            "title": name.upper(),
            "draw": year % 20,
            "replication": year,
            "measure": "m",
            "group": "all",
        }
        | {"level": luck.normal(), "change": np.nan if name == "base" else luck.normal()}
        for year in range(60)
        for name in ("base", "more")
    ]
    return pd.DataFrame(rows)


def test_splits_are_of_the_level_and_of_each_change() -> None:
    table = a_table()
    found = notebooks.splits(table, "m")
    change = table[table["scenario"] == "more"]

    assert list(found) == ["BASE: level", "MORE: change"]
    assert found["MORE: change"] == split_variance(change["change"].to_numpy(), change["draw"].to_numpy(dtype=np.int64))
    rows = notebooks.splits_table(found)
    assert rows["unknown_share"].tolist() == [split.unknown_share for split in found.values()]
    assert notebooks.splits_picture(found).alt.startswith("How much is what we do not know")


def test_a_tornado_has_its_table_and_picture() -> None:
    number = "workforce.ramp_up_days"
    found = notebooks.tornado("one-more-team-manager", BASE, numbers=[number], **MANY)
    table = notebooks.tornado_table(found)

    assert table["number"].tolist() == [number]
    assert table["apart"].iloc[0] == pytest.approx(table["moved_at_high"].iloc[0] - table["moved_at_low"].iloc[0])
    assert not [name for name in table.columns if "unknown" in name]
    assert "One more team manager" in notebooks.tornado_picture(found).alt


def test_a_break_even_has_its_table_and_picture() -> None:
    groups = ("all", "not_domestic_abuse")
    each = notebooks.break_even(
        "da-team-new-posts", "social-workers-alone", MULTIPLIER, [0.2, 1.0], BASE, groups=groups, **MANY
    )
    found = each["not_domestic_abuse"]
    table = notebooks.break_even_table(found)

    assert [found.key[1] for found in each.values()] == list(groups)
    assert table["value"].tolist() == [0.2, 1.0]
    assert np.isfinite(table["difference"]).all()
    assert "Domestic abuse team" in notebooks.break_even_picture(found).alt


def test_a_sizing_is_tried_in_worlds_that_had_no_part_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    standard = notebooks.Standard("seen_within_20_days_share", 0.1)
    found = notebooks.sizing(MANAGERS, [5, 6], standard, BASE, **MANY)
    seeds: list[int] = []
    real = meeting_of

    def meeting(plan: Any, *others: Any, **options: Any) -> Any:  # noqa: ANN401
        seeds.append(plan.seed)
        return real(plan, *others, **options)

    monkeypatch.setattr("sim.notebooks.analyses.meeting", meeting)
    fresh = notebooks.verified(found, 5, BASE, **{**MANY, "seed": 2})

    assert found.enough(0.8) == 5
    assert (fresh.met, fresh.worlds, seeds) == (2, 2, [2])
    assert notebooks.sizing_table(found)["chance"].tolist() == [1.0, 1.0]
    assert notebooks.sizing_picture(found, 0.8).title.startswith("5, the least tried, are enough")
