"""Commands in a notebook, and the way from an extract to a baseline."""

import csv
from pathlib import Path

import pytest

from sim import notebooks
from sim.events import PEOPLE_COLUMNS
from sim.experiment import simulate
from sim.history import Pseudonyms, read_staff
from sim.history.writing.posts import posts_text
from sim.notebooks import commands
from sim.scenario import ScenarioError, load, shipped
from tests.notebooks.counties import short_county
from tests.sweep.counties import MANAGERS, a_county
from tests.worlds import PRIOR

BASE = shipped("leicestershire-2018-19.toml")


def test_a_command_shows_what_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    notebooks.frontdoor("levers")

    assert "front_door.managers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("observe", "no-such.csv"), "no-such.csv"), (("no-such-command",), "invalid choice")],
)
def test_a_command_that_is_refused_says_why(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(notebooks.CommandError, match=said):
        notebooks.frontdoor(*arguments)


def test_a_scenario_is_written_as_a_file_that_extends_the_baseline(tmp_path: Path) -> None:
    asked = {"name": "two", "title": "Two", MANAGERS: 2}
    path = notebooks.scenario_file(tmp_path / "new" / "two.toml", asked, BASE)

    assert load(path).front_door.managers == 2
    assert notebooks.scenario_file(path, asked, BASE) == path
    with pytest.raises(ScenarioError, match="says something else"):
        notebooks.scenario_file(path, {**asked, MANAGERS: 3}, BASE)


def test_a_scenario_that_cannot_be_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such lever"):
        notebooks.scenario_file(tmp_path / "odd.toml", {"name": "odd", "title": "Odd", "no.such": 2}, BASE)

    assert not list(tmp_path.iterdir())


def test_posts_are_read_back_as_they_were(tmp_path: Path) -> None:
    log = simulate(a_county(), seed=1, replication=0)
    path = tmp_path / "posts.csv"
    path.write_text(posts_text(log), encoding="utf-8")
    staff = read_staff(path, Pseudonyms(b"0" * 32))

    assert not staff.refused
    assert staff.posts["role"].to_list() == log.people[:, PEOPLE_COLUMNS.index("role")].tolist()
    with path.open(encoding="utf-8", newline="") as lines:
        assert all(row["worker_id"].startswith("SYNTHETIC-W") for row in csv.DictReader(lines))


def test_an_extract_and_what_a_calibration_made_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = short_county(
        tmp_path, **{"calendar.horizon_days": 125, "calendar.warm_up_days": 1, "demand.family_contacts_per_year": 700}
    )
    extract = notebooks.synthetic_extract(base, tmp_path / "made", seed=3)
    ours = tmp_path / "ours.toml"
    notebooks.frontdoor("calibrate", extract.path, "--base", base, "--out", ours, "--seen")
    found = notebooks.calibrated(ours, base).set_index("number")

    assert "SYNTHETIC" in extract.path.read_text(encoding="utf-8")
    assert extract.posts.exists()
    assert "ours.toml" in capsys.readouterr().out
    contacts = found.loc["demand.family_contacts_per_year"]
    assert (contacts["how"], contacts["truth"]) == ("record", 700)
    assert contacts["low"] < 700 < contacts["high"]
    assert found.loc[MANAGERS, "how"] == "base"
    assert notebooks.fitted(ours).empty


def test_what_is_no_single_number_is_left_out() -> None:
    assert commands._number(load(BASE), "front_door.order") is None
    assert commands._number(load(BASE), "no.such") is None
    assert commands._number(load(PRIOR), "front_door.decision_minutes") == 17
