"""Pictures in a notebook keep their words."""

from pathlib import Path
from typing import Any

import pytest

from sim import notebooks
from sim.scenario import ScenarioError, shipped
from tests.sweep.counties import MANAGERS, SMALL

BASE = shipped("leicestershire-2018-19.toml")
MANY: dict[str, Any] = {"replications": 2, "settings": SMALL, "processes": 1, "seed": 1}


def test_a_picture_goes_out_with_its_alternative_text(tmp_path: Path) -> None:
    found = notebooks.run(BASE, ["one-more-team-manager"], **MANY)
    drawings = notebooks.pictures(found)
    drawing = drawings["days_to_seen"]
    content, beside = drawing._repr_png_()
    path = drawing.save(tmp_path)

    assert {"days_to_seen", "where_the_days_go", "open_work"} <= drawings.keys()
    assert content.startswith(b"\x89PNG")
    assert beside["alt"] == drawing.alt
    assert path.read_bytes() == content
    assert path.with_suffix(".txt").read_text(encoding="utf-8") == f"{drawing.title}\n\n{drawing.alt}\n"
    assert "These figures rest on" in notebooks.sentences(found)
    assert notebooks.same_children(found)["group"].tolist()[0] == "all"


def test_a_sweep_has_its_picture(tmp_path: Path) -> None:
    found = notebooks.swept({MANAGERS: [3, 9]}, BASE, store=tmp_path, **MANY)

    assert found.picture("days_to_seen_q50", target=3).alt.startswith("Days within which half")
    assert found.shares("days_to_seen_q50") == ()
    with pytest.raises(ScenarioError, match="there is no such measure"):
        found.picture("no_such")


def test_a_sweep_of_words_has_none(tmp_path: Path) -> None:
    found = notebooks.swept({"front_door.order": ["strict_priority"]}, BASE, store=tmp_path, **MANY)

    with pytest.raises(ScenarioError, match="no picture of this sweep"):
        found.picture()
