"""The verdicts of a test against past months, kept beside a baseline."""

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, past_months_of, past_months_text

SAID = ('With the real contacts: PASSED. "Quoted" \\ and 95%.', "With forecast contacts: NOT PASSED.")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "ours.past-months.toml").write_text(past_months_text(SAID, "2018-07-31"), encoding="utf-8")

    assert past_months_of(tmp_path / "ours.toml") == SAID
    assert past_months_of(tmp_path / "theirs.toml") == ()


@pytest.mark.parametrize("text", ["", "verdicts = []", "verdicts = 'passed'", "verdicts = [1]", "verdicts = ["])
def test_a_file_that_says_nothing_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "ours.past-months.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ScenarioError, match=r"ours\.past-months\.toml"):
        past_months_of(tmp_path / "ours.toml")
