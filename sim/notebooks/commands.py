"""Commands in a notebook, an extract of nobody's record to try them on, and what a calibration found, as a table."""

import io
import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.experiment import simulate
from sim.notebooks.asked import baseline
from sim.scenario import Grade, Scenario, ScenarioError, as_toml, evidence, load, read
from sim.scenario.account import ENDING
from sim.scenario.scenario import WORDS

if TYPE_CHECKING:
    import pandas as pd


class CommandError(RuntimeError):
    """A command that was refused; the message is its own sentence."""


class Extract(NamedTuple):
    """A synthetic extract: where it is, and the table of posts beside it."""

    path: Path
    posts: Path


def frontdoor(*arguments: object) -> None:
    """Run a command of `frontdoor` here and show what it prints. Raise `CommandError` where it is refused.

    `frontdoor("observe", "extract.csv")` does what `frontdoor observe extract.csv` does in a terminal.
    """
    from sim import cli  # noqa: PLC0415  (the commands, once one is asked for)

    said = io.StringIO()
    with redirect_stderr(said):
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = int(str(stopped.code or 0))
    if code:
        raise CommandError(said.getvalue().strip() or f"frontdoor {arguments[0]}: exit code {code}")
    sys.stdout.write(said.getvalue())


def scenario_file(path: str | Path, asked: Mapping[str, object], base: str | Path | None = None) -> Path:
    """Write a scenario of a baseline as a file, from its words and levers; gives its path. Raises `ScenarioError`.

    A file that is there is replaced only where it says the same.
    """
    file, extends = Path(path), baseline(base).resolve()
    lines = [f"extends = {as_toml(str(extends))}", *(f"{name} = {as_toml(value)}" for name, value in asked.items())]
    text = "\n".join(lines) + "\n"
    if file.exists() and file.read_text(encoding="utf-8") != text:
        raise ScenarioError(f"{file}: is there already and says something else; choose another name")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    try:
        read(file)
    except ScenarioError:
        file.unlink()
        raise
    return file


def synthetic_extract(scenario: str | Path, folder: str | Path, *, form: str = "journeys", seed: int = 1) -> Extract:
    """A simulated year of a scenario as an authority would have recorded it, with its posts. Nobody in it exists.

    What `frontdoor synthesise` writes, into `extract` in the folder; the posts stand beside it.
    """
    from sim.history.writing import extract_in  # noqa: PLC0415  (the writers, once one is asked for)
    from sim.history.writing.posts import posts_text  # noqa: PLC0415  (likewise)

    place, posts = Path(folder) / "extract", Path(folder) / "posts.csv"
    place.parent.mkdir(parents=True, exist_ok=True)
    frontdoor("synthesise", scenario, "--format", form, "--out", place, "--seed", seed)
    file = read(scenario)
    log = simulate(file.scenario, seed=seed, replication=0, baseline=load(file.baseline))
    posts.write_text(posts_text(log), encoding="utf-8", newline="\n")
    return Extract(extract_in(place), posts)


def calibrated(ours: str | Path, truth: str | Path | Scenario | None = None) -> "pd.DataFrame":
    """What a calibration set, a row a number: what it is now, its range, and whether the record told it.

    `how` is `record` for what the extract told and `base` for what was left as it stood. Of a synthetic extract the
    `truth`, the scenario it was made from, stands beside; numbers that are no single number are left out.
    """
    import pandas as pd  # noqa: PLC0415

    now = load(ours)
    true = load(truth) if isinstance(truth, str | Path) else truth
    rows = []
    for entry in evidence(ours):
        value = _number(now, entry.path)
        if value is not None:
            told = entry.grade is Grade.OWN_RECORD
            row: dict[str, object] = {"number": entry.path, "how": "record" if told else "base", "now": value}
            row |= {"low": entry.low, "high": entry.high, "source": entry.source}
            rows.append(row if true is None else {**row, "truth": _number(true, entry.path)})
    return pd.DataFrame.from_records(rows)


def fitted(ours: str | Path) -> "pd.DataFrame":
    """The numbers that were fitted by running the record again, a row each, with what was learned of them."""
    import pandas as pd  # noqa: PLC0415

    told = json.loads(Path(ours).with_suffix(ENDING).read_text(encoding="utf-8"))
    return pd.DataFrame.from_records(told["fitted"])


def _number(scenario: Scenario, path: str) -> float | None:
    """A number, or the main one of a law; none of anything else."""
    try:
        value = scenario.value(path)
    except ScenarioError:
        return None
    if isinstance(value, bool) or path in WORDS:
        return None
    for name in ("mean", "median"):
        if name in getattr(type(value), "model_fields", {}):
            value = getattr(value, name)
    return float(value) if isinstance(value, int | float) else None
