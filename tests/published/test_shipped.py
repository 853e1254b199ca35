"""The shipped county is what `frontdoor init` makes of the published files, and meets what it is held against."""

from pathlib import Path

import pytest

from sim.scenario import shipped
from tests.commands import Command
from tests.published.test_real_files import FOLDER

COUNTY = shipped("leicestershire-2018-19.toml")
ENDINGS = (".toml", ".sources.toml", ".targets.toml", ".basis.toml", ".draws.csv")

pytestmark = pytest.mark.slow


def test_it_meets_every_target_on_average_over_its_sets(frontdoor: Command) -> None:
    code, said, _ = frontdoor("compare", COUNTY, "--targets", "--replications", "60")

    assert "38 of 38 met" in said
    assert code == 0


def test_it_is_made_again_by_the_command_that_the_guide_for_changes_gives(frontdoor: Command, tmp_path: Path) -> None:
    if not FOLDER.exists():
        pytest.skip(f"the DfE's files are not here: {FOLDER} (FRONTDOOR_DFE_DATA names the folder above)")
    out, letter = tmp_path / COUNTY.name, COUNTY.with_suffix(".letter.toml")
    whose = ("--authority", "Leicestershire", "--year", "2019", "--also", letter, "--years", "900")
    code, _, error = frontdoor("init", "--published", FOLDER, *whose, "--out", out, "--work", tmp_path / "work")

    assert code == 0, error
    for ending in ENDINGS:
        made, ships = (path.with_suffix(ending).read_text(encoding="utf-8") for path in (out, COUNTY))
        # The key is another after any change to the fit's sources, whether numbers move or not.
        assert _without_key(made) == _without_key(ships), ending


def _without_key(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("made_from")]
