"""Measures of one's own, and single simulated years, as tidy tables."""

import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment import estimate
from sim.experiment.later import CONFIDENCE
from sim.experiment.own_measures import MeasuredCell, measured
from sim.experiment.plan import Plan
from sim.experiment.planning import DEFAULT_SEED
from sim.measures import MEASURES, Measure
from sim.model import Engine
from sim.notebooks.asked import Asked, cores
from sim.notebooks.tables import plan_asked, table_of
from sim.sweep.results import ends_of

if TYPE_CHECKING:
    import pandas as pd


def measure_with(  # noqa: PLR0913  (a notebook names what it gives)
    measures: Sequence[Measure],
    base: str | Path | None = None,
    scenarios: Sequence[Asked] = (),
    *,
    settings: dict[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    engine: Engine | None = None,
) -> "pd.DataFrame":
    """A baseline and scenarios by measures of your own: a row a scenario, measure and group, as `compare` has them."""
    plan = plan_asked(base, scenarios, settings, replications, seed)
    found = measured(plan, measures, processes=_processes(measures, processes), engine=engine)
    return table_of(list(_rows(plan, measures, found)), plan, measures)


def yearly(  # noqa: PLR0913  (likewise)
    base: str | Path | None = None,
    scenarios: Sequence[Asked] = (),
    *,
    measures: Sequence[Measure] = MEASURES,
    settings: dict[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    engine: Engine | None = None,
) -> "pd.DataFrame":
    """Every simulated year by itself: a row a scenario, year, measure and group.

    Columns: `scenario`, `title`, `draw` (the set of plausible numbers it met), `replication` (its luck), `measure`,
    `group`, `level`, and `change` against the baseline in the same world, missing for the baseline itself.
    """
    plan = plan_asked(base, scenarios, settings, replications, seed)
    found = measured(plan, measures, processes=_processes(measures, processes), engine=engine)
    return table_of(list(_years(plan, found)), plan, measures)


def _processes(measures: Sequence[Measure], given: int | None) -> int:
    """One process for measures that cannot be sent to others: the same numbers, later."""
    try:
        pickle.dumps(tuple(measures))
    except (pickle.PicklingError, AttributeError, TypeError):
        return 1
    return cores(given)


def _named(plan: Plan) -> list[tuple[str, str]]:
    return [(plan.baseline.name, plan.baseline.title), *((each.name, each.title) for each in plan.variants)]


def _years(plan: Plan, found: Sequence[MeasuredCell]) -> Iterator[dict[str, object]]:
    for each in found:
        base = each.readings[0]
        for number, (name, title) in enumerate(_named(plan)):
            for (measure, group), level in each.readings[number].items():
                yield {
                    "scenario": name,
                    "title": title,
                    "draw": each.cell.draw,
                    "replication": each.cell.replication,
                    "measure": measure,
                    "group": group,
                    "level": level,
                    "change": level - base[measure, group] if number else np.nan,
                }


def _rows(plan: Plan, measures: Sequence[Measure], found: Sequence[MeasuredCell]) -> Iterator[dict[str, object]]:
    draws = np.array([each.cell.draw for each in found], dtype=np.int64)
    # One statement about all scenarios at once, as a comparison makes it.
    confidence = 1 - (1 - CONFIDENCE) / max(len(plan.variants), 1)
    for number, (name, title) in enumerate(_named(plan)):
        for measure in measures:
            for group in measure.groups:
                values, base = (
                    np.array([each.readings[place][measure.id, group.id] for each in found]) for place in (number, 0)
                )
                level = estimate(values, draws, confidence=CONFIDENCE)
                change = estimate(values - base, draws, confidence=confidence) if number else None
                named = {"scenario": name, "title": title, "measure": measure.id, "group": group.id}
                counted = {"unit": measure.unit, "years": level.runs}
                yield {**named, **counted, **ends_of("level", level), **ends_of("change", change)}
