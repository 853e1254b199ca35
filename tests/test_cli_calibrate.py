"""`frontdoor calibrate` as people use it: files in, files out, exit codes and single sentences."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import docx
import numpy as np
import pytest

import sim
from sim.calibration.mechanics import FIGURES, LATENTS
from sim.calibration.years import Figures, Year
from sim.cli import calibrating
from sim.cli.stopping import exit_code
from sim.events import Role
from sim.experiment import simulate
from sim.history.synthesis import journeys_told
from sim.history.writing import extract_in
from sim.history.writing.extract import Origin, write_extract
from sim.history.writing.mess import Mess
from sim.model import Engine
from sim.scenario import Grade, Scenario, evidence, plausible_draws, shipped
from sim.world import PostHeld, Record
from tests.commands import Command
from tests.history.cutting import last_day

BASE = shipped("leicestershire-2018-19.toml")
POSTS = "team,kind,fte,start,end\n" + "".join(
    f"{team},{kind},{fte},,{end}\n"
    for team, kind, fte, end in [
        ("North", "social worker", 1, ""),
        ("North", "social worker", 0.6, ""),
        ("South", "agency worker", 1, ""),
        ("South", "social worker", 1, "2018-05-01"),
        ("Door", "front door manager", 1, ""),
    ]
)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty weeks of a small county as a Mosaic export: it tells every contact and when it was decided."""
    small = {"demand.family_contacts_per_year": 2000, "calendar.warm_up_days": 30, "calendar.horizon_days": 140}
    log = simulate(sim.load(BASE).changed({**small, "calendar.follow_up_days": 0}), seed=2, replication=0)
    folder = tmp_path_factory.mktemp("extract")
    write_extract(journeys_told(log), "mosaic", folder, Mess(0, 1), Origin("small", "Small", 2, last_day(log)))
    return extract_in(folder)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text(POSTS, encoding="utf-8")
    return path


REST = {"appointment_spread": 3.0, "capacity_sd": 0.1}
OBSERVED = tuple(np.linspace(1.0, 3.0, len(FIGURES)).tolist())


@dataclass(frozen=True)
class Quick:
    """In place of runs: figures that are the record's where every latent number is 1, or as `REST` has it."""

    names: tuple[str, ...] = tuple(name for _, name in FIGURES)
    fingerprint: str = "quick"

    def __call__(self, year: Year) -> Figures:
        chance = np.random.default_rng([year.seed, year.replication]).normal(size=len(OBSERVED))
        at = [float(str(year.setting[latent.id])) - REST.get(latent.id, 1.0) for latent in LATENTS]
        moved = [number + at[place % len(at)] for place, number in enumerate(OBSERVED)]
        return tuple((np.array(moved) + 0.05 * chance).tolist())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[PostHeld, ...]]:
    """Run nothing; gives the posts with which the record would have been run."""
    asked: list[tuple[PostHeld, ...]] = []

    def instead(_: Scenario, __: Record, posts: tuple[PostHeld, ...], ___: Engine) -> Quick:
        asked.append(posts)
        return Quick()

    monkeypatch.setattr(calibrating, "replays_of", instead)
    monkeypatch.setattr(calibrating, "figures_of", lambda _: OBSERVED)
    return asked


def test_what_an_extract_shows_by_itself_becomes_a_scenario_with_its_sources(
    frontdoor: Command, extract: Path, tmp_path: Path
) -> None:
    out = tmp_path / "ours.toml"
    code, said, _ = frontdoor("calibrate", extract, "--base", BASE, "--out", out, "--seen")
    assert code == 0, said
    ours, base = sim.load(out), sim.load(BASE)
    assert ours.name == "ours"
    assert ours.assessment == base.assessment
    assert ours.demand.police.contact_share != base.demand.police.contact_share
    sources = {entry.path: entry for entry in evidence(out)}
    learned = sources["demand.police.contact_share"]
    assert learned.grade is Grade.OWN_RECORD
    assert "Mosaic" in learned.source
    assert learned.low is not None
    assert learned.low < ours.demand.police.contact_share < (learned.high or 0)
    assert sources["front_door.decision_minutes"] == {e.path: e for e in evidence(BASE)}["front_door.decision_minutes"]
    assert sources.keys() == {entry.path for entry in evidence(BASE)}
    told = json.loads(out.with_suffix(".calibration.json").read_text(encoding="utf-8"))
    assert told["why_not_fitted"] == "it was not asked for (--seen)"
    assert {one["what"] for one in told["not_learned"]} >= {"school terms"}
    assert "Nothing was fitted by running the record again" in said
    for heading in ("Learned from the record as it stands", "Not learned: the base scenario's stays"):
        assert heading in said


def test_the_sets_it_writes_are_those_a_comparison_runs_across(
    frontdoor: Command, extract: Path, tmp_path: Path
) -> None:
    out = tmp_path / "ours.toml"
    assert frontdoor("calibrate", extract, "--base", BASE, "--out", out, "--seen")[0] == 0
    ours, sets = sim.load(out), plausible_draws(out)
    assert len(sets) == 100
    shares = [float(str(one["demand.police.contact_share"])) for one in sets]
    learned = next(entry for entry in evidence(out) if entry.path == "demand.police.contact_share")
    assert np.mean(shares) == pytest.approx(ours.demand.police.contact_share, abs=0.01)
    assert np.quantile(shares, [0.025, 0.975]) == pytest.approx([learned.low, learned.high], abs=0.02)
    for one in (sets[0], sets[-1]):
        ours.changed(one)


def test_fitted_numbers_and_posts_are_in_the_scenario_and_in_the_account(
    frontdoor: Command, extract: Path, posts: Path, tmp_path: Path, quick: list[tuple[PostHeld, ...]]
) -> None:
    out = tmp_path / "ours.toml"
    arguments = ("--staff", posts, "--runs", 450, "--keep", tmp_path / "kept", "--processes", 1)
    report = ("--docx", tmp_path / "ours.docx")
    code, said, _ = frontdoor("calibrate", extract, "--base", BASE, "--out", out, *arguments, *report)
    assert code == 0, said
    ours = sim.load(out)
    assert [post.role for post in quick[0]].count(Role.EXPERIENCED_SOCIAL_WORKER) == 3
    assert ours.further_work.reply_multiplier == pytest.approx(1.0, abs=0.25)
    assert ours.assessment.appointment_days.model_dump()["median"] == pytest.approx(1.0, abs=0.25)
    assert ours.assessment.social_workers.model_dump() == {"experienced": 2, "newly_qualified": 6, "agency": 1}
    assert (ours.front_door.managers, ours.assessment.teams) == (1, 2)
    told = json.loads(out.with_suffix(".calibration.json").read_text(encoding="utf-8"))
    assert [row["id"] for row in told["fitted"]] == [latent.id for latent in LATENTS]
    assert set(told["cautions"]) <= set(told["warnings"])
    assert any("a lower bound" in one for one in told["cautions"])
    assert {row["learned"] for row in told["fitted"][:2]} == {"pinned down"}
    sources = {entry.path: entry for entry in evidence(out)}
    fitted = sources["front_door.decision_minutes"]
    assert fitted.grade is Grade.OWN_RECORD
    assert "pinned down" in fitted.source
    assert {float(str(one["further_work.reply_multiplier"])) for one in plausible_draws(out)} != {1.0}
    assert "Fitted by running the record again (1,000 runs)" in said
    assert "swings of working time" in said
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("ours")) == [
        "ours.calibration.html", "ours.calibration.json", "ours.docx", "ours.draws.csv", "ours.sources.toml",
        "ours.toml",
    ]  # fmt: skip
    page = out.with_suffix(".calibration.html").read_text(encoding="utf-8")
    tables = [paragraph.text for paragraph in docx.Document(str(tmp_path / "ours.docx")).paragraphs]
    for caption in ("Fitted numbers (1,000 runs of the record)", "How far fitted numbers go together (correlation)"):
        assert caption in page
        assert any(text.endswith(caption) for text in tables)
    assert page.count("<svg") == 2
    assert "Set from a record of real children" in page
    assert "No number on this page describes a real child" not in page
    assert "https:" not in page.replace("https://www.w3.org", "")


@pytest.mark.slow
def test_stopped_it_goes_on_from_the_runs_that_were_done(
    frontdoor: Command,
    extract: Path,
    tmp_path: Path,
    quick: list[tuple[PostHeld, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = ("--runs", 450, "--processes", 1, "--keep", tmp_path / "kept")
    arguments = ("calibrate", extract, "--base", BASE, "--out", tmp_path / "ours.toml", *kept)
    ran: list[Year] = []
    call = Quick.__call__

    def stops(self: Quick, year: Year) -> Figures:
        ran.append(year)
        if len(ran) == 100:
            raise KeyboardInterrupt
        return call(self, year)

    monkeypatch.setattr(Quick, "__call__", stops)
    code, _, err = frontdoor(*arguments)
    assert code == exit_code(KeyboardInterrupt())
    assert "the same command goes on from them" in err
    assert frontdoor(*arguments)[0] == 0
    assert len(ran) == 1001
    assert quick


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--out", "a.b.toml"), "--out a.b.toml: name a file that ends in .toml, with no other dot in its name"),
        (
            ("--out", "_.toml"),
            "--out _.toml: the scenario is named for it: give it a name with a letter or digit",
        ),
        (("--out", "x.toml", "--runs", "20"), "--runs 20: must be at least 450; fewer tell eight numbers nothing"),
        (("--out", "x.toml", "--docx", "x.doc"), "--docx x.doc: must end in .docx"),
        (("--out", "x.toml", "--seed", "-1"), "--seed -1: must be from 0 to"),
        (("--out", "x.toml", "--absence", "days.csv"), "--absence says when the workers of --staff POSTS were away"),
    ],
)
def test_odd_arguments_are_one_sentence(
    frontdoor: Command, extract: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = frontdoor("calibrate", extract, "--base", BASE, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_another_file_of_its_name_is_not_replaced(frontdoor: Command, extract: Path, tmp_path: Path) -> None:
    out = tmp_path / "ours.toml"
    out.write_text("name = 1\n", encoding="utf-8")
    code, _, err = frontdoor("calibrate", extract, "--base", BASE, "--out", out, "--seen")
    assert code == 2
    assert re.search(r"ours.toml: is there already and was not made by frontdoor calibrate", err)
    assert [path.name for path in tmp_path.iterdir()] == ["ours.toml"]


def test_a_file_may_be_named_as_people_name_files(frontdoor: Command, extract: Path, tmp_path: Path) -> None:
    out = tmp_path / "Our County 2024.toml"

    assert frontdoor("calibrate", extract, "--base", BASE, "--out", out, "--seen")[0] == 0
    assert sim.load(out).name == "our-county-2024"


def test_nothing_of_a_child_is_in_what_is_written(frontdoor: Command, extract: Path, tmp_path: Path) -> None:
    out = tmp_path / "ours.toml"
    _, said, err = frontdoor("calibrate", extract, "--base", BASE, "--out", out, "--seen")
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir()) + said + err
    assert "SYNTHETIC-" not in written
