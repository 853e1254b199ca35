"""A baseline for notebooks: the shipped county and its sets of numbers, over months instead of years."""

import csv
from pathlib import Path
from typing import Final

from sim.scenario import load, plausible_draws, shipped
from sim.scenario.stating import scenario_lines

COUNTY: Final = shipped("leicestershire-2018-19.toml")
SHORT: Final = {"calendar.warm_up_days": 20, "calendar.horizon_days": 40, "calendar.follow_up_days": 20}


def short_county(folder: Path, **changes: object) -> Path:
    """A baseline file of a few months, its sources and sets beside it."""
    path = folder / "short.toml"
    shorter = load(COUNTY).changed({"name": "short", **SHORT, **changes})
    path.write_text(scenario_lines(shorter), encoding="utf-8")
    sources = COUNTY.with_suffix(".sources.toml").read_text(encoding="utf-8")
    path.with_suffix(".sources.toml").write_text(sources, encoding="utf-8")
    sets = plausible_draws(COUNTY)
    with path.with_suffix(".draws.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [path for path in sets[0] if path not in changes], lineterminator="\n")
        writer.writeheader()
        writer.writerows({path: each[path] for path in writer.fieldnames} for each in sets)
    return path
