"""Scenario files: TOML that states every field, or that extends another and holds only its differences."""

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from sim.scenario.quantities import Grade
from sim.scenario.scenario import WORDS, Scenario, ScenarioError, is_relative, parse

LAW_KEY = "kind"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a number came from: dotted path, grade, source in words, and plausible range where it is not official."""

    path: str
    grade: Grade
    source: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect that scenarios assume, one field of each, with the range in which it may lie."""

    scenarios: tuple[str, ...]
    path: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario as read, the baseline at the end of what it extends (itself for a baseline), and how it differs.

    `differences` are those from that baseline; `below` is the file it extends itself, which may extend another.
    """

    path: Path
    scenario: Scenario
    baseline: Path
    differences: Mapping[str, object]
    below: "ScenarioFile | None" = None

    def beyond(self, base: Path) -> Mapping[str, object] | None:
        """How it differs from one of the files it extends, at whatever remove; None where it does not extend that."""
        if self.below is None:
            return None
        if self.below.path.resolve() == base.resolve():
            return self._own
        further = self.below.beyond(base)
        return None if further is None else {**further, **self._own}

    @property
    def _own(self) -> dict[str, object]:
        """What it says itself and the file it extends does not."""
        below = {} if self.below is None else self.below.differences
        return {path: value for path, value in self.differences.items() if path not in below or below[path] != value}


def load(path: str | Path) -> Scenario:
    """The scenario in a file; raises `ScenarioError` naming file, field, value and rule."""
    return read(path).scenario


def read(path: str | Path) -> ScenarioFile:
    """A scenario file with the baseline it extends; raises `ScenarioError`."""
    return _read(Path(path), ())


def _read(path: Path, above: tuple[Path, ...]) -> ScenarioFile:
    """A scenario file that files `above` extend, the nearest last: none of them may come again."""
    if path.resolve() in above:
        raise ScenarioError(f"{path}: extends itself, by way of {above[-1].name}")
    tree = read_toml(path)
    parent = tree.pop("extends", None)
    if not isinstance(parent, str | None):
        raise ScenarioError(f"{path}: extends = {parent}: must be the name of a file in quotation marks")
    try:
        if parent is None:
            return ScenarioFile(path, parse(tree), path, {})
        below = _read(path.parent / parent, (*above, path.resolve()))
        words = {key: tree.pop(key) for key in WORDS if key in tree}
        differences = dict(flatten(tree))
        _refuse_adding_twice(below, differences)
        scenario = below.scenario.changed({**words, **differences})
    except ScenarioError as error:
        raise (
            error if str(error).startswith(str(path.parent)) else ScenarioError(f"{path}: {_hint(error, parent)}")
        ) from None
    return ScenarioFile(path, scenario, below.baseline, {**below.differences, **differences}, below)


def _refuse_adding_twice(below: ScenarioFile, differences: Mapping[str, object]) -> None:
    for path in below.differences.keys() & differences.keys():
        if is_relative(differences[path]):
            raise ScenarioError(f"{path}: {below.path.name} changes it too; state the number rather than add to it")


def flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Dotted paths and values of a nested mapping; a table that describes a distribution is one value."""
    for key, value in tree.items():
        if isinstance(value, Mapping) and LAW_KEY not in value:
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def shipped(name: str) -> Path:
    """A file that ships with Front Door: beside the package in a checkout, inside it where installed."""
    package = Path(__file__).resolve().parents[1]
    folders = (package / "shipped_scenarios", package.parent / "scenarios")
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    raise ScenarioError(f"{name}: does not ship with Front Door (looked in {folders[-1]})")


def shipped_comparison(*, every: bool) -> list[Path]:
    """The shipped baseline and the scenarios compared with it by default, or all of them."""
    default = shipped("default.toml")
    tree = read_toml(default)
    names = [*tree["compare"], *(tree["more"] if every else ())]
    return [default.with_name(name) for name in (tree["baseline"], *names)]


def applied(scenario: ScenarioFile, base: ScenarioFile) -> ScenarioFile:
    """A scenario as a change to another baseline than its own; raises `ScenarioError` where that makes none."""
    words = {key: getattr(scenario.scenario, key) for key in WORDS}
    try:
        changed = base.scenario.changed({**words, **scenario.differences})
    except ScenarioError as error:
        raise ScenarioError(f"{scenario.path.stem} cannot be had in {base.path}: {error}") from None
    return ScenarioFile(scenario.path, changed, base.baseline, {**base.differences, **scenario.differences}, base)


def setting(text: str) -> tuple[str, object]:
    """A `path=value` from the command line, the value written as in TOML (a bare word is text).

    A value with a sign, as `+2`, is added to what stands there: no lever is negative.
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError(f"--set {text}: write it as path=value, for example front_door.managers=6")
    if is_relative(value.strip()):
        return path.strip(), value.strip()
    if not value.isprintable():
        raise ScenarioError(f"--set {path.strip()}: the value holds a line break or another control character")
    try:
        return path.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return path.strip(), value.strip()


def as_toml(value: object) -> str:
    """A value as a scenario file writes it."""
    match value:
        case Enum():
            return as_toml(value.value)
        case bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case Mapping():
            return f"{{ {', '.join(f'{key} = {as_toml(inner)}' for key, inner in value.items())} }}"
        case tuple() | list():
            return f"[{', '.join(as_toml(inner) for inner in value)}]"
        case _:
            return str(value)


def evidence(baseline: str | Path) -> tuple[Evidence, ...]:
    """The source of every number of a baseline, from the `.sources.toml` beside it; raises `ScenarioError`."""
    path = Path(baseline).with_suffix(".sources.toml")
    return tuple(each for entry in read_toml(path).get("source", []) for each in _evidence(path, entry))


def _evidence(path: Path, entry: Mapping[str, Any]) -> list[Evidence]:
    try:
        grade = Grade(entry["grade"])
        return [Evidence(p, grade, entry["from"], entry.get("low"), entry.get("high")) for p in entry["paths"]]
    except (KeyError, ValueError) as error:
        raise ScenarioError(f"{path}: the entry for {entry.get('paths', '?')} lacks or misstates {error}") from None


def change_evidence(scenario: str | Path, name: str) -> tuple[Evidence, ...]:
    """The source of what a scenario changes, from the `scenarios.sources.toml` beside it; empty without one.

    Raises `ScenarioError` where an entry that names the scenario lacks its grade or source.
    """
    path = Path(scenario).with_name("scenarios.sources.toml")
    if not path.exists():
        return ()
    mine = [entry for entry in read_toml(path).get("source", []) if name in entry.get("scenarios", ())]
    return tuple(each for entry in mine for each in _evidence(path, entry))


def assumed_effects(baseline: str | Path) -> tuple[Effect, ...]:
    """What the scenarios beside a baseline assume and do not know, from `scenarios.sources.toml`; empty without one."""
    path = Path(baseline).with_name("scenarios.sources.toml")
    if not path.exists():
        return ()
    found: list[Effect] = []
    for entry in read_toml(path).get("source", []):
        low, high = entry.get("low"), entry.get("high")
        if low is not None and high is not None and low < high:
            found += [Effect(tuple(entry["scenarios"]), p, low, high) for p in entry["paths"]]
    return tuple(found)


def plausible_draws(baseline: str | Path) -> tuple[dict[str, object], ...]:
    """The sets of plausible numbers of a baseline, one mapping of dotted paths each.

    They stand in the `.draws.csv` beside the baseline: a header of dotted paths, a row a set. A path to a number inside
    a law (`assessment.outside_days.mean`) is allowed, and `scenario:path` for what one scenario assumes. Empty where no
    such file exists: then what is not known about those numbers is not in any result.
    """
    path = Path(baseline).with_suffix(".draws.csv")
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple({key: _number(path, line, key, text) for key, text in row.items()} for line, row in enumerate(rows, 2))


def _number(path: Path, line: int, key: str, text: str) -> float | int:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except (TypeError, ValueError):
        raise ScenarioError(f"{path}, row {line}, {key}: {text!r} is not a number") from None


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; raises `ScenarioError`."""
    try:
        # Notepad marks a UTF-8 file as such.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ScenarioError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: is not valid TOML: {error}") from None


def _hint(error: ScenarioError, parent: object) -> str:
    if parent is None and "Field required" in str(error):
        return f'{error}. A scenario file states every field, or says which file it extends (extends = "baseline.toml")'
    return str(error)
