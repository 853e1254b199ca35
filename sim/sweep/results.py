"""What a sweep found: a row a point, group and measure."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from sim.experiment.estimates import Estimate, Range, estimate
from sim.experiment.later import CONFIDENCE, Key
from sim.measures import MEASURES
from sim.sweep.running import Place, Sweep
from sim.sweep.store import RunKey, Store, column


def tidy(sweep: Sweep, store: Store, keys: Mapping[Place, RunKey]) -> pl.DataFrame:
    """The levels at every point and the changes against the baseline, paired world by world.

    A row a point (0 is the baseline), measure and group: `point`, a column a lever, `measure`, `group`, `unit`,
    `years`, then `level` and `change` with the ends of their 95% simulation error (`level_low`, `level_high`...) and,
    where the draws tell it, the middle 80% over plausible sets of numbers (`level_unknown_low`...). Null is unknown.
    Each row's ranges are about that row alone. Raises `StoreError`.
    """
    runs = store.runs([key.id for key in keys.values()])
    count = len(sweep.points) + 1
    draws = runs["draw"].to_numpy()[::count]
    values = {key: runs[column(key)].to_numpy().reshape(-1, count) for key in _keys()}
    before = sweep.baseline_levers()
    rows = []
    for number in range(count):
        levers = dict(before, **(sweep.points[number - 1] if number else {}))
        for measure in MEASURES:
            for group in measure.groups:
                found = values[measure.id, group.id]
                level = estimate(found[:, number], draws, confidence=CONFIDENCE)
                change = estimate(found[:, number] - found[:, 0], draws, confidence=CONFIDENCE)
                what = {"measure": measure.id, "group": group.id, "unit": measure.unit, "years": level.runs}
                rows.append({"point": number, **levers, **what, **ends_of("level", level), **ends_of("change", change)})
    return pl.DataFrame(rows, infer_schema_length=None).fill_nan(None)


def _keys() -> list[Key]:
    return [(measure.id, group.id) for measure in MEASURES for group in measure.groups]


def ends_of(name: str, found: Estimate | None) -> dict[str, float]:
    """An average and the ends of its two ranges, as columns of a tidy table; nan where there is none."""
    ranges: dict[str, Range | None] = {"": None, "_unknown": None}
    if found is not None:
        ranges = {"": found.simulation, "_unknown": found.unknown}
    ends = {name: np.nan if found is None else found.mean}
    for which, range_ in ranges.items():
        ends[f"{name}{which}_low"] = np.nan if range_ is None else range_.low
        ends[f"{name}{which}_high"] = np.nan if range_ is None else range_.high
    return ends
