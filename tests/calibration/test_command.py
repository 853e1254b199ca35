"""`frontdoor plausible`: what it writes, what it says, and how it ends."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim import cli
from sim.calibration import Year
from sim.cli import searching
from sim.experiment.later import Key
from sim.model import Engine
from sim.scenario import Scenario, plausible_draws, shipped

SHIPPED = shipped("leicestershire-2018-19.toml")
SOURCES = """
[[source]]
paths = ["need.immediate_share", "need.early_help_share", "need.section_47_share"]
grade = "D"
from = "invented"
low = 0.1
high = 0.3
"""
TARGETS = """
[[target]]
measure = "assessments_count"
label = "Assessments"
published = 4000
unit = "children"
kind = "count"
tolerance = 0.05
role = "fitted"
grade = "A"
source = "invented"

[[target]]
measure = "strategy_hours_q90"
label = "Hours to strategy"
low = 0.0
high = 48.0
unit = "hours"
kind = "pattern"
role = "fitted"
grade = "D"
source = "invented"
"""
EFFECTS = """
[[source]]
paths = ["further_work.reply_multiplier"]
scenarios = ["slow"]
grade = "D"
from = "invented"
low = 1.0
high = 3.0
"""


@dataclass(frozen=True)
class Contented:
    """A front door that meets its targets whatever its numbers; `share` of the way to the edge of what is accepted."""

    baseline: Scenario
    keys: tuple[Key, ...]
    engine: Engine = "auto"
    share: float = 0.3
    fingerprint: str = "contented"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(":".join(key) for key in self.keys)

    def __call__(self, _: Year, /) -> tuple[float, ...]:
        return (4000 * (1 + self.share * 0.05), 24.0)


@dataclass(frozen=True)
class Hopeless(Contented):
    """A front door that never meets its targets."""

    share: float = 3.0


class Stopped(Contented):
    """A front door at which somebody stops the search."""

    def __call__(self, _: Year, /) -> tuple[float, ...]:
        raise KeyboardInterrupt


def base(folder: Path) -> Path:
    """A baseline of which three numbers may vary, with two targets and a scenario's effect."""
    folder.mkdir(exist_ok=True)
    for name, text in (
        ("base.toml", SHIPPED.read_text(encoding="utf-8")),
        ("base.sources.toml", SOURCES),
        ("base.targets.toml", TARGETS),
        ("scenarios.sources.toml", EFFECTS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "base.toml"


def plausible(folder: Path, *more: str, model: type[Contented] = Contented) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "FrontDoor", model)
        arguments = [
            "--out",
            str(folder / "out"),
            "--processes=1",
            "--replications=2",
            "--years=60",
            "--count=3",
            *more,
        ]
        return cli.main(["plausible", str(base(folder)), *arguments])


def test_sets_and_what_they_span_are_written_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plausible(tmp_path) == 0

    sets = plausible_draws(tmp_path / "out" / "base.toml")
    with (tmp_path / "out" / "base.spans.csv").open(encoding="utf-8", newline="") as file:
        spans = list(csv.DictReader(file))
    assert len(sets) == 3
    assert all(float(row["low"]) <= float(row["least"]) < float(row["most"]) <= float(row["high"]) for row in spans)
    assert {row["path"] for row in spans} <= set(sets[0])
    assert "The sets span" in capsys.readouterr().out


def test_sets_hold_a_value_for_every_effect_that_scenarios_assume(tmp_path: Path) -> None:
    plausible(tmp_path)
    values = [
        float(str(row["slow:further_work.reply_multiplier"])) for row in plausible_draws(tmp_path / "out" / "base.toml")
    ]

    assert len(values) == 3
    assert all(1.0 <= value <= 3.0 for value in values)


def test_too_few_sets_are_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plausible(tmp_path, model=Hopeless) == 1

    assert "only 0 sets meet every target" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["years-contented.csv"]


def test_tuning_a_baseline_that_has_room_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plausible(tmp_path, "--tune") == 0

    assert (tmp_path / "out" / "base.tuned.toml").read_text(encoding="utf-8") == ""
    assert "0.30 of its tolerance" in capsys.readouterr().out


def test_tuning_that_finds_no_set_says_so(tmp_path: Path) -> None:
    assert plausible(tmp_path, "--tune", "--years=6", model=Hopeless) == 1


def test_a_search_that_is_stopped_says_where_it_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plausible(tmp_path, model=Stopped) == 130

    assert "the same command goes on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--seed=-1"], "--seed -1: must be from 0"),
        (["--years=0"], "0: must be 1 or more"),
        (["--count=many"], "'many' is not a whole number"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    try:
        code = plausible(tmp_path, *more)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    error = capsys.readouterr().err

    assert code == 2
    assert sentence in error
    assert error.count("\n") == 1


def test_a_baseline_without_sources_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = tmp_path / "alone.toml"
    alone.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")

    assert cli.main(["plausible", str(alone), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()
