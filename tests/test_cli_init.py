"""`frontdoor init`, for most of it with a model of the figures that takes no time to run."""

import csv
from pathlib import Path

import pytest

from sim import cli
from sim.experiment.targets import targets_of
from sim.scenario import load, plausible_draws
from tests.published import dfe
from tests.published.fitting import Straight, drawing

FILES = [
    "northford.basis.toml", "northford.draws.csv", "northford.sources.toml", "northford.targets.png",
    "northford.targets.toml", "northford.toml",
]  # fmt: skip


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Years that take no time, few of them, kept where nobody else looks."""
    straight = Straight(drawing(tmp_path / "straight"))
    monkeypatch.setattr("sim.cli.fitted_files.FrontDoor", lambda *_: straight)
    monkeypatch.setattr("sim.published.fitting.PARTICLES", 300)
    monkeypatch.setenv("FRONTDOOR_FIT_YEARS", "40")


def init(folder: Path, out: Path, *more: str) -> int:
    where = ["--authority", "Northford", "--year", "2019", "--out", str(out)]
    work = ["--work", str(folder.with_name("work")), "--processes", "1"]
    return cli.main(["init", "--published", str(folder), *where, *work, *more])


def test_a_baseline_is_fitted_by_simulation_and_compared_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made" / "northford.toml"

    assert init(dfe.folder(tmp_path / "dfe"), out, "--years", "40") == 0
    said = capsys.readouterr().out
    assert sorted(path.name for path in out.parent.iterdir()) == FILES
    assert load(out).name == "northford-2018-19"
    assert len(targets_of(out)) == 32
    assert len(plausible_draws(out)) == 3
    assert said.startswith("Northford, year to March 2019")
    words = " ".join(said.split())
    assert "fitted to 25 figures, and held against 7 more" in words
    assert "of the 7 among them that the fit did not use" in words
    assert "take it as no better than last year" in words
    assert (
        "held 95% of 840 figures of 120 others in another year, all made from published figures alone, and without 84%"
        in words
    )
    assert "Illustration. Not your records. No national return holds days to seen." in said
    assert "Days from contact to a child being seen are in no statistic" in said

    scenario = tmp_path / "made" / "more.toml"
    scenario.write_text(
        'extends = "northford.toml"\nname = "more"\ntitle = "More"\nsummary = "One more."\n'
        '[assessment.social_workers]\nexperienced = "+1"\n',
        encoding="utf-8",
    )
    folder = tmp_path / "results"
    years = ["--replications", "3", "--processes", "1", "--out", str(folder)]
    assert cli.main(["compare", str(out), str(scenario), *years]) == 0
    assert "Illustration. Not your records." in capsys.readouterr().out
    page = (folder / "summary.html").read_text(encoding="utf-8")
    assert "Illustration. Not your records." in page
    assert "no better than last year" in page
    assert "What the fit learned" in page
    assert "wait for a family to be visited" in page.casefold()


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_the_same_seed_makes_the_same_files_another_makes_others_and_anothers_file_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = dfe.folder(tmp_path / "dfe"), tmp_path / "northford.toml"
    assert init(folder, out) == 0
    first = {path.name: path.read_bytes() for path in tmp_path.glob("northford.*")}
    assert init(folder, out) == 0
    assert {path.name: path.read_bytes() for path in tmp_path.glob("northford.*")} == first
    assert init(folder, out, "--seed", "5") == 0
    assert out.with_suffix(".draws.csv").read_bytes() != first["northford.draws.csv"]
    out.write_text("name = 'mine'\n", encoding="utf-8")
    capsys.readouterr()

    assert init(folder, out) == 2
    assert "is there already and was not made by frontdoor init" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "name = 'mine'\n"


@pytest.mark.parametrize("years", ["39", "many"])
def test_too_few_years_are_refused(years: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        init(dfe.folder(tmp_path / "dfe"), tmp_path / "northford.toml", "--years", years)

    assert stop.value.code == 2
    assert f"argument --years: {years}" in capsys.readouterr().err.replace("'", "")


@pytest.mark.usefixtures("at_once")
@pytest.mark.slow
def test_all_authorities_are_fitted_or_declined_and_what_is_there_is_not_run_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = {("c2", 2019, dfe.SOUTH): ["u"] * len(dfe.DURATIONS)}
    folder, out = dfe.folder(tmp_path / "dfe", others=gone), tmp_path / "all"
    command = ["init", "--published", str(folder), "--all", "--year", "2019", "--out", str(out)]
    command += ["--work", str(tmp_path / "work"), "--processes", "1"]

    assert cli.main(command) == 0
    first = capsys.readouterr()
    assert f"2 authorities: 1 declined, 1 fitted. Index: {out / 'index.csv'}" in first.out
    assert (
        "Southleigh, County of: declined, Southleigh, County of (102), 2019: C2, duration of assessments" in first.err
    )
    rows = list(csv.DictReader((out / "index.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["authority"], row["became"], row["file"]) for row in rows] == [
        ("Northford", "fitted", "northford-2018-19.toml"), ("Southleigh, County of", "declined", ""),
    ]  # fmt: skip
    assert int(rows[0]["met"]) > 0

    assert cli.main(command) == 0
    assert "1 declined, 1 there already" in capsys.readouterr().out
    again = list(csv.DictReader((out / "index.csv").read_text(encoding="utf-8").splitlines()))
    assert again[0]["met"] == rows[0]["met"]


@pytest.mark.parametrize("who", [["--all", "--authority", "Northford"], []])
def test_either_one_authority_or_all_is_asked_for(
    who: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(dfe.folder(tmp_path / "dfe"))

    assert cli.main(["init", "--published", folder, "--year", "2019", "--out", str(tmp_path / "all"), *who]) == 2
    assert "give one of them" in capsys.readouterr().err


def test_an_environment_setting_that_is_no_number_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDOOR_FIT_YEARS", "few")

    assert init(dfe.folder(tmp_path / "dfe"), tmp_path / "northford.toml") == 2
    assert "FRONTDOOR_FIT_YEARS=few: must be a whole number from 40" in capsys.readouterr().err


def test_a_declined_authority_leaves_no_file_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = {("c2", 2019, dfe.NORTH): ["u"] * len(dfe.DURATIONS)}
    out = tmp_path / "made" / "northford.toml"

    assert init(dfe.folder(tmp_path / "dfe", others=gone), out) == 2
    assert "Northford (101), 2019: C2, duration of assessments" in capsys.readouterr().err
    assert not out.parent.exists()


@pytest.mark.parametrize("name", ["northford", "northford.targets.toml", "northford.csv"])
def test_a_name_that_is_no_scenario_files_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(dfe.folder(tmp_path / "dfe"), tmp_path / name) == 2
    assert "name a file that ends in .toml" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert init(dfe.folder(tmp_path / "dfe"), tmp_path / "file" / "northford.toml") == 2
    assert "cannot be written" in capsys.readouterr().err
