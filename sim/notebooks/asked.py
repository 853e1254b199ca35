"""What a notebook asks for: a baseline, scenarios of it, how many years and on how many cores."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sim.experiment.planning import replications_asked
from sim.scenario import ScenarioError, ScenarioFile, applied, read, shipped
from sim.scenario.scenario import WORDS

BASE_SETTING: Final = "FRONTDOOR_BASE"
PROCESSES_SETTING: Final = "FRONTDOOR_PROCESSES"
_COUNTY: Final = "leicestershire-2018-19.toml"

Asked = str | Path | Mapping[str, object]
"""A scenario: a file, the name of one that ships, or a mapping of `name`, `title` and levers by their paths."""


def baseline(given: str | Path | None = None) -> Path:
    """The baseline: as given, or else as the environment setting says, or else the shipped county."""
    if given is not None:
        return Path(given)
    text = os.environ.get(BASE_SETTING)
    return Path(text) if text else shipped(_COUNTY)


def years(usual: int) -> int:
    """How many simulated years: as many as the environment setting FRONTDOOR_REPLICATIONS says, or else the usual."""
    return replications_asked(None, usual)


def cores(given: int | None = None) -> int:
    """How many processes: as given, or else as the environment setting says, or else one for each core."""
    if given is not None:
        return given
    text = os.environ.get(PROCESSES_SETTING, "")
    if text and (not text.strip().isdecimal() or not int(text)):
        raise ScenarioError(f"environment setting {PROCESSES_SETTING}={text}: must be a whole number of 1 or more")
    return int(text) if text else os.cpu_count() or 1


def scenario_of(asked: Asked, base: ScenarioFile) -> ScenarioFile:
    """A scenario of a baseline; a shipped one is taken as a change to whatever baseline. Raises `ScenarioError`."""
    if isinstance(asked, Mapping):
        return _of_mapping(asked, base)
    path = Path(asked)
    if path.suffix == ".toml":
        return read(path)
    file = read(shipped(f"{path}.toml"))
    return file if file.beyond(base.path) is not None else applied(file, base)


def _of_mapping(asked: Mapping[str, object], base: ScenarioFile) -> ScenarioFile:
    """A scenario that stands in no file: its words, and its levers."""
    lacking = [word for word in WORDS[:2] if word not in asked]
    if lacking:
        raise ScenarioError(f"a scenario of your own needs a {' and a '.join(lacking)}, beside its levers")
    changes = {path: value for path, value in asked.items() if path not in WORDS}
    if not changes:
        raise ScenarioError(f"{asked['name']}: changes nothing; give at least one lever")
    words = {"summary": "", **{word: asked[word] for word in WORDS if word in asked}}
    scenario = base.scenario.changed({**words, **changes})
    return ScenarioFile(Path(str(asked["name"])), scenario, base.baseline, {**base.differences, **changes}, base)
