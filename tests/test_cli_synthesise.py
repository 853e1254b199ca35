"""`frontdoor synthesise` as people use it: real files, exit codes and single sentences."""

import re
from pathlib import Path

import pytest

from sim import __version__
from sim.scenario import shipped
from tests.commands import Command


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small county for a quarter of a year."""
    text = shipped("leicestershire-2018-19.toml").read_text(encoding="utf-8")
    for name, value in (
        ("family_contacts_per_year", 400),
        ("warm_up_days", 20),
        ("horizon_days", 91),
        ("follow_up_days", 10),
    ):
        text = re.sub(rf"^{name} = \d+", f"{name} = {value}", text, flags=re.MULTILINE)
    path = tmp_path_factory.mktemp("scenario") / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_extract_is_written_whole_says_what_it_is_and_can_be_observed(
    frontdoor: Command, scenario: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "made"
    code, out, err = frontdoor("synthesise", scenario, "--format", "ssd", "--out", folder, "--seed", 3)
    readme = (folder / "README.txt").read_text(encoding="utf-8")

    assert code == 0
    assert re.match(r"\d+ contacts, with \d+ children\nof \d+ links that the format does not hold, \d+ are ", out)
    assert str(folder) in err
    assert {"ssd_contacts.csv", "ssd_cin_episodes.csv", "README.txt", "planted.csv"} <= contents(folder).keys()
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
    assert readme.startswith("A SYNTHETIC extract. Nobody in it exists")
    for said in ("leicestershire-2018-19", "Seed:      3", f"frontdoor {__version__}", "--as-at 2018-06-30"):
        assert said in readme
    assert frontdoor("observe", folder, "--as-at", "2018-06-30", "--out", tmp_path / "seen")[0] == 0


def test_the_same_seed_writes_the_same_bytes_in_place_of_an_earlier_extract(
    frontdoor: Command, scenario: Path, tmp_path: Path
) -> None:
    asked = ("synthesise", scenario, "--format", "journeys", "--mess", 2, "--out", tmp_path / "made")
    code, out, _ = frontdoor(*asked)
    first = contents(tmp_path / "made")

    assert code == 0
    assert "planted: cells that cannot be read: " in out
    assert "spoilt on purpose" in first["README.txt"].decode("utf-8")
    assert frontdoor(*asked)[0] == 0
    assert contents(tmp_path / "made") == first


def test_a_format_that_there_is_not_is_refused(frontdoor: Command, scenario: Path, tmp_path: Path) -> None:
    code, out, err = frontdoor("synthesise", scenario, "--format", "pdf", "--out", tmp_path / "made")

    assert (code, out) == (2, "")
    assert err.startswith("frontdoor: --format pdf: must be one of ")
    assert not (tmp_path / "made").exists()


def test_a_folder_of_somebody_elses_is_refused_and_left_alone(
    frontdoor: Command, scenario: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    code, _, err = frontdoor("synthesise", scenario, "--format", "journeys", "--out", tmp_path)

    assert code == 2
    assert "is not empty and holds no earlier run" in err
    assert contents(tmp_path) == {"mine.txt": b"mine"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nowhere.toml", "--format", "journeys"), "nowhere.toml"),
        (("SCENARIO", "--format", "journeys", "--seed", "-1"), "--seed -1: must be from 0 to 18446744073709551615"),
        (("SCENARIO", "--format", "journeys", "--mess", "3"), "--mess: invalid choice: 3"),
        (("SCENARIO",), "the following arguments are required: --format"),
    ],
)
def test_a_mistake_is_one_sentence_and_writes_nothing(
    frontdoor: Command, scenario: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    asked = [str(scenario) if option == "SCENARIO" else option for option in options]
    code, out, err = frontdoor("synthesise", *asked, "--out", tmp_path / "made")

    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_year_without_contacts_is_refused(frontdoor: Command, scenario: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    text = re.sub(r"^multiplier = .*", "multiplier = 0.0", scenario.read_text(encoding="utf-8"), flags=re.MULTILINE)
    empty.write_text(text, encoding="utf-8")
    code, _, err = frontdoor("synthesise", empty, "--format", "journeys", "--out", tmp_path / "made")

    assert code == 2
    assert err.startswith("frontdoor: ")
    assert not (tmp_path / "made").exists()
