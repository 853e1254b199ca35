"""`frontdoor backcast` as people use it, with nothing run: what it fits to, what it is held against, what it says."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.mechanics import FIGURES, LATENTS
from sim.calibration.past_months import Month, monthly
from sim.calibration.years import Figures, Year
from sim.cli import backcasting
from sim.events import EventLog
from sim.experiment import simulate
from sim.history.synthesis import journeys_told
from sim.history.writing import extract_in
from sim.history.writing.extract import Origin, write_extract
from sim.history.writing.mess import Mess
from sim.model import Engine
from sim.scenario import Scenario, past_months_of, shipped
from sim.world import PostHeld, Record
from tests.commands import Command
from tests.history.cutting import last_day

BASE = shipped("leicestershire-2018-19.toml")


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty weeks of a small county as a Mosaic export: it tells every contact and when it was decided."""
    small = {"demand.family_contacts_per_year": 2000, "calendar.warm_up_days": 30, "calendar.horizon_days": 210}
    log = simulate(sim.load(BASE).changed({**small, "calendar.follow_up_days": 0}), seed=2, replication=0)
    folder = tmp_path_factory.mktemp("extract")
    write_extract(journeys_told(log), "mosaic", folder, Mess(0, 1), Origin("small", "Small", 2, last_day(log)))
    return extract_in(folder)


@dataclass(frozen=True)
class Quick:
    """In place of runs: figures that are as observed, and chance."""

    observed: Figures
    names: tuple[str, ...]
    fingerprint: str
    spread: float = 0.05

    def __call__(self, year: Year) -> Figures:
        chance = np.random.default_rng([year.seed, year.replication]).normal(size=len(self.observed))
        at = [float(str(year.setting[latent.id])) for latent in LATENTS]
        off = np.array([at[place % 4] - 1.0 for place in range(len(self.observed))])
        is_fit = len(self.observed) == len(FIGURES)
        return tuple((np.array(self.observed) * (1 + self.spread * chance) + off * is_fit).tolist())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Run nothing, predict what came; gives days and further days of each record that would have been run."""
    asked: list[tuple[int, int]] = []
    observed = tuple(np.linspace(1.0, 3.0, len(FIGURES)).tolist())
    came: list[Figures] = []

    def instead(_: Scenario, record: Record, __: tuple[PostHeld, ...], ___: Engine, *, further_days: int = 0) -> Quick:
        asked.append((record.days, further_days))
        return Quick(observed, tuple(name for _, name in FIGURES), "quick")

    def months(_: Quick, __: tuple[Month, ...]) -> Quick:
        return Quick(came[0], tuple(f"{number}" for number in range(len(came[0]))), "months", 0.1)

    def kept(log: EventLog, months: list[Month]) -> Figures:
        came.append(monthly(log, months))
        return came[-1]

    monkeypatch.setattr(backcasting, "replays_of", instead)
    monkeypatch.setattr(backcasting, "figures_of", lambda _: observed)
    monkeypatch.setattr(backcasting, "MonthlyReplays", months)
    monkeypatch.setattr(backcasting, "monthly", kept)
    return asked


def test_it_fits_to_what_was_known_and_holds_it_against_what_came(
    frontdoor: Command, extract: Path, tmp_path: Path, quick: list[tuple[int, int]]
) -> None:
    arguments = ("--base", BASE, "--fit-to", "2018-07-31", "--runs", 450, "--keep", tmp_path / "kept", "--processes", 1)
    ours = tmp_path / "ours.toml"
    ours.write_text(BASE.read_text(encoding="utf-8"), encoding="utf-8")
    code, said, err = frontdoor("backcast", extract, *arguments, "--format", "json", "--beside", ours)
    told = json.loads(said)
    assert past_months_of(ours) == tuple(one["verdict"] for one in told["tests"])
    days = quick[1][0]
    before = min(quick)[0]  # from the first day with a contact to the last of July
    assert before in (121, 122)
    assert sorted(quick) == sorted([(before, 0), (days, 0), (before, days - before)]), err
    assert [one["with_real_contacts_and_posts"] for one in told["tests"]] == [True, False]
    months = {point["month"] for point in told["tests"][0]["points"]}
    assert months == {"August 2018", "September 2018"}
    assert told["tests"][0]["inside_95"] == 1.0
    assert code == (0 if all("NOT" not in one["verdict"] for one in told["tests"]) else 1)


def test_a_baseline_that_is_none_is_refused_before_anything_is_run(
    frontdoor: Command, extract: Path, tmp_path: Path
) -> None:
    arguments = ("--base", BASE, "--fit-to", "2018-07-31", "--beside", tmp_path / "none.toml")
    code, out, err = frontdoor("backcast", extract, *arguments)

    assert (code, out) == (2, "")
    assert "none.toml" in err
    assert err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_it_says_so_in_words(frontdoor: Command, extract: Path, tmp_path: Path) -> None:
    arguments = ("--base", BASE, "--fit-to", "2018-07-31", "--runs", 450, "--keep", tmp_path / "kept", "--processes", 1)
    code, said, _ = frontdoor("backcast", extract, *arguments)
    assert code in {0, 1}
    assert "Test against past months. To pass:" in said
    assert "With forecast contacts and the posts of the date:" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--fit-to", "2018-05-31"), "leaves fewer than 120 days of the record to fit to"),
        (("--fit-to", "2018-10-15"), "leaves no whole month of the record to be held against"),
        (("--fit-to", "2018-07-31", "--runs", "3"), "--runs 3: must be at least 450"),
    ],
)
def test_a_date_that_leaves_too_little_is_one_sentence(
    frontdoor: Command, extract: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = frontdoor("backcast", extract, "--base", BASE, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
