"""What the account of a calibration warns of, wherever its scenario is used."""

import json
import shutil
from pathlib import Path

import pytest

from sim.experiment.planning import plan_of_files
from sim.scenario import ScenarioError, cautions_of, read, shipped

SAID = "49 of 92 figures of the record lie beyond 95 in 100 runs of the fitted model"


def written(folder: Path, text: str) -> Path:
    """A baseline, as if calibrated, with such an account beside it."""
    shipped_one = Path(shipped("leicestershire-2018-19.toml"))
    for path in shipped_one.parent.glob("leicestershire-2018-19.*"):
        shutil.copy(path, folder / path.name.replace("leicestershire-2018-19", "ours"))
    (folder / "ours.calibration.json").write_text(text, encoding="utf-8")
    return folder / "ours.toml"


def test_a_comparison_repeats_what_the_account_warns_of(tmp_path: Path) -> None:
    ours = written(tmp_path, json.dumps({"cautions": [SAID], "warnings": [SAID, "another"]}))

    plan = plan_of_files(read(ours), (), {}, replications=1, seed=1)

    assert [one for one in plan.warnings() if one.startswith("calibration: ")] == [f"calibration: {SAID}"]


def test_a_baseline_without_an_account_or_an_older_one_repeats_nothing(tmp_path: Path) -> None:
    assert cautions_of(tmp_path / "theirs.toml") == ()
    assert cautions_of(written(tmp_path, json.dumps({"warnings": [SAID]}))) == ()


@pytest.mark.parametrize("text", ["", "[]", '{"cautions": "one"}', '{"cautions": [1]}'])
def test_an_account_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScenarioError, match=r"ours\.calibration\.json"):
        cautions_of(written(tmp_path, text))
