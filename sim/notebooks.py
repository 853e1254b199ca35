"""For notebooks: comparisons and sweeps as tidy pandas tables, a row a measure, their units beside them.

    from sim import notebooks

    found = notebooks.compare("scenarios/leicestershire-2018-19.toml", ["scenarios/more-social-workers.toml"])
    found.query("measure == 'days_to_seen_q90' and group == 'all'")
    found.attrs["units"]["days_to_seen_q90"]

Both run what the commands `frontdoor compare` and `frontdoor sweep` run, in the same worlds, and give the same numbers.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.experiment import Comparison, Plan, run_plan
from sim.experiment import compare as comparison_of
from sim.experiment.planning import DEFAULT_REPLICATIONS, DEFAULT_SEED, plan_of_files
from sim.measures import MEASURES
from sim.model import Engine
from sim.scenario import ScenarioError, read, shipped
from sim.sweep import Design, ReadingStore, Store, Sweep, lever, points, run_kept, run_sweep, tidy
from sim.sweep.results import ends_of

if TYPE_CHECKING:
    import pandas as pd

STORE: Final = Path("results") / "store"
_COUNTY: Final = "leicestershire-2018-19.toml"

Values = str | Sequence[object]


def compare(  # noqa: PLR0913  (a notebook names what it gives)
    base: str | Path | None = None,
    scenarios: Sequence[str | Path] = (),
    *,
    settings: Mapping[str, object] | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    store: str | Path | None = None,
    processes: int | None = None,
    engine: Engine | None = None,
    scheduler: str | None = None,
) -> "pd.DataFrame":
    """A baseline and scenarios, a row a scenario, measure and group: what `frontdoor compare` writes as measures.

    Columns: `scenario`, `title`, `measure`, `group`, `unit`, `years`; `level` and `change`, each with the ends of its
    simulation error (`level_low`, `change_high`) and of the middle 80% over plausible sets of numbers
    (`level_unknown_low`); a baseline's changes are missing. The errors of changes hold for all scenarios at once.
    `base` is the shipped county unless given; `settings` are levers set in it, by their paths. In a `store` what is run
    is kept, and nothing there is run again. With a `scheduler` the workers of its cluster run it. `attrs` say the
    `units` and `meanings` of measures, and what was run. Raises `ScenarioError`, `ClusterError` and `StoreError`.
    """
    read_base = read(base or shipped(_COUNTY))
    others = [read(path) for path in scenarios]
    plan = plan_of_files(read_base, others, settings or {}, replications=replications, seed=seed)
    cores = processes or os.cpu_count() or 1
    if store is None:
        results = list(run_plan(plan, processes=cores, engine=engine, scheduler=scheduler))
    else:
        results = run_kept(plan, ReadingStore(Path(store)), processes=cores, engine=engine, scheduler=scheduler)
    found = comparison_of(plan, results)
    return _table(list(_rows(found)), plan)


def sweep(  # noqa: PLR0913  (a notebook names what it gives)
    vary: Mapping[str, Values],
    base: str | Path | None = None,
    *,
    design: Design | str = Design.GRID,
    points_count: int | None = None,
    settings: Mapping[str, object] | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    store: str | Path = STORE,
    processes: int | None = None,
    engine: Engine | None = None,
    scheduler: str | None = None,
) -> "pd.DataFrame":
    """A baseline and every point of some levers' ranges, a row a point, measure and group; point 0 is the baseline.

    `vary` gives each lever's values: a list, or text as `--vary` takes it, as "20:40:2" or, for the designs "sobol" and
    "lhs" that choose `points_count` values themselves, "20:40". Columns as `compare` has them, with `point` and a
    column a lever in place of the scenario. Runs are kept in the `store`, and those that are there are not run again.
    With a
    `scheduler` the workers of its cluster run it. Raises `ScenarioError`, `ClusterError` and `StoreError`.
    """
    plan = plan_of_files(read(base or shipped(_COUNTY)), (), settings or {}, replications=replications, seed=seed)
    levers = tuple(lever(f"{path}={_written(values)}", plan.baseline) for path, values in vary.items())
    if not levers:
        raise ScenarioError("vary: name at least one lever and its values")
    asked = Sweep(plan, levers, points(levers, Design(design), points_count, seed))
    kept = Store(Path(store))
    cores = processes or os.cpu_count() or 1
    keys = run_sweep(asked, kept, processes=cores, engine=engine, scheduler=scheduler)
    return _table(tidy(asked, kept, keys).rows(named=True), plan)


def _written(values: Values) -> str:
    return values if isinstance(values, str) else ",".join(map(str, values))


def _rows(found: Comparison) -> Iterator[dict[str, object]]:
    for scenario in found.scenarios:
        for measure in MEASURES:
            for group in measure.groups:
                level, change = scenario.levels[measure.id, group.id], scenario.changes.get((measure.id, group.id))
                named = {"scenario": scenario.name, "title": scenario.title, "measure": measure.id, "group": group.id}
                counted = {"unit": measure.unit, "years": level.runs}
                yield {**named, **counted, **ends_of("level", level), **ends_of("change", change)}


def _table(rows: Sequence[Mapping[str, object]], plan: Plan) -> "pd.DataFrame":
    # Here and not above: only notebooks have it.
    import pandas as pd  # noqa: PLC0415

    found = pd.DataFrame.from_records([dict(row) for row in rows])
    found.attrs.update(
        units={measure.id: measure.unit for measure in MEASURES},
        meanings={measure.id: f"{measure.label}. {measure.meaning}" for measure in MEASURES},
        baseline=plan.baseline.title,
        replications=plan.replications,
        draws=min(len(plan.draws), plan.replications),
        seed=plan.seed,
        basis="simulated",
    )
    return found
