from pathlib import Path

import pytest

from sim import cli
from sim.experiment.targets import targets_of
from sim.scenario import load
from tests.published import dfe


def init(folder: Path, out: Path, *more: str) -> int:
    where = ["--authority", "Northford", "--year", "2019", "--out", str(out)]
    return cli.main(["init", "--published", str(folder), *where, *more])


def test_a_baseline_is_written_with_its_sources_its_targets_and_their_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made" / "northford.toml"

    assert init(dfe.folder(tmp_path / "dfe"), out) == 0
    said = capsys.readouterr().out
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "northford.sources.toml", "northford.targets.png", "northford.targets.toml", "northford.toml",
    ]  # fmt: skip
    assert load(out).name == "northford-2018-19"
    assert len(targets_of(out)) == 32
    assert "It is not fitted by simulation yet" in said
    assert "Days from contact to a child being seen are in no statistic" in said


def test_what_was_made_before_is_made_again_and_anothers_file_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = dfe.folder(tmp_path / "dfe"), tmp_path / "northford.toml"
    assert init(folder, out) == 0
    assert init(folder, out) == 0
    out.write_text("name = 'mine'\n", encoding="utf-8")
    capsys.readouterr()

    assert init(folder, out) == 2
    assert "is there already and was not made by frontdoor init" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "name = 'mine'\n"


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
