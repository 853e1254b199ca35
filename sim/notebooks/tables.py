"""Comparisons and sweeps as tidy tables: a row a measure, its unit beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.experiment import Comparison, Plan, run_plan
from sim.experiment import compare as comparison_of
from sim.experiment.comparison import PAIRED_GROUPS
from sim.experiment.planning import DEFAULT_SEED, plan_of_files, replications_asked
from sim.measures import MEASURES, Measure
from sim.model import Engine
from sim.notebooks.asked import Asked, baseline, cores, scenario_of
from sim.notebooks.pictures import Drawing
from sim.report.sentences import sentences as sentences_of
from sim.scenario import ScenarioError, read
from sim.sweep import (
    Design,
    Place,
    ReadingStore,
    RunKey,
    Share,
    Store,
    Sweep,
    lever,
    lever_labels,
    points,
    run_kept,
    run_sweep,
    shares,
)
from sim.sweep import tidy as tidy_of
from sim.sweep.results import ends_of

if TYPE_CHECKING:
    import pandas as pd

STORE: Final = Path("results") / "store"

Values = str | Sequence[object]


def run(  # noqa: PLR0913  (a notebook names what it gives)
    base: str | Path | None = None,
    scenarios: Sequence[Asked] = (),
    *,
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    store: str | Path | None = None,
    processes: int | None = None,
    engine: Engine | None = None,
    scheduler: str | None = None,
) -> Comparison:
    """A baseline and scenarios run in the same worlds, and compared: what `frontdoor compare` does.

    A scenario is a file, the name of one that ships, or a mapping of `name`, `title` and levers by their paths; `base`
    is that of `baseline()` unless given; `settings` are levers set in it. In a `store` what is run is kept, and nothing
    there is run again. With a `scheduler` the workers of its cluster run it. Raises `ScenarioError`, `ClusterError` and
    `StoreError`.
    """
    plan = plan_asked(base, scenarios, settings, replications, seed)
    processes = cores(processes)
    if store is None:
        results = list(run_plan(plan, processes=processes, engine=engine, scheduler=scheduler))
    else:
        results = run_kept(plan, ReadingStore(Path(store)), processes=processes, engine=engine, scheduler=scheduler)
    return comparison_of(plan, results)


def plan_asked(
    base: str | Path | None,
    scenarios: Sequence[Asked],
    settings: Mapping[str, object] | None,
    replications: int | None,
    seed: int,
) -> Plan:
    """The plan of what a notebook asks for. Raises `ScenarioError`."""
    file = read(baseline(base))
    others = [scenario_of(asked, file) for asked in scenarios]
    count = replications_asked(replications)
    return plan_of_files(file, others, settings or {}, replications=count, seed=seed)


def compare(  # noqa: PLR0913  (a notebook names what it gives)
    base: str | Path | None = None,
    scenarios: Sequence[Asked] = (),
    *,
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    store: str | Path | None = None,
    processes: int | None = None,
    engine: Engine | None = None,
    scheduler: str | None = None,
) -> "pd.DataFrame":
    """What `run` gives, as `tidy` has it: a row a scenario, measure and group."""
    found = run(
        base,
        scenarios,
        settings=settings,
        replications=replications,
        seed=seed,
        store=store,
        processes=processes,
        engine=engine,
        scheduler=scheduler,
    )
    return tidy(found)


def tidy(comparison: Comparison) -> "pd.DataFrame":
    """A comparison, a row a scenario, measure and group: what `frontdoor compare` writes as measures.

    Columns: `scenario`, `title`, `measure`, `group`, `unit`, `years`; `level` and `change`, each with the ends of its
    simulation error (`level_low`, `change_high`) and of the middle 80% over plausible sets of numbers
    (`level_unknown_low`); a baseline's changes are missing. The errors of changes hold for all scenarios at once.
    `attrs` say the `units` and `meanings` of measures, and what was run.
    """
    title = comparison.baseline.title
    return _table(list(_rows(comparison)), title, comparison.replications, comparison.draws, comparison.seed)


def same_children(comparison: Comparison) -> "pd.DataFrame":
    """How the waits of the same children changed, a row a scenario and group.

    Of children referred and seen under both, on average over years: `change_days` with the ends of its simulation
    error, `children`, and how many are seen half a day or more later (`longer`) or `sooner`; `diverted` children are
    referred in the baseline alone, `newly_referred` in the scenario alone.
    """
    import pandas as pd  # noqa: PLC0415

    rows = [
        {
            "scenario": scenario.name,
            "group": group,
            **ends_of("change_days", same.mean_change_days),
            "children": same.same,
            "longer": same.longer,
            "sooner": same.sooner,
            "diverted": same.diverted,
            "newly_referred": same.newly_referred,
        }
        for scenario in comparison.scenarios[1:]
        for group in PAIRED_GROUPS
        for same in (scenario.same_children[group],)
    ]
    return pd.DataFrame.from_records(rows)


def sentences(comparison: Comparison) -> str:
    """What every output says of a comparison in words: what leads, what that is worth, doubts, what it rests on."""
    return "\n\n".join(sentences_of(comparison))


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """A sweep that has been run: its table, its picture, and what share of all that varies each lever accounts for."""

    asked: Sweep
    store: Store
    keys: Mapping[Place, RunKey]

    def tidy(self) -> "pd.DataFrame":
        """A row a point, measure and group; point 0 is the baseline. Columns as those of a comparison."""
        rows = tidy_of(self.asked, self.store, self.keys).rows(named=True)
        return table_of(rows, self.asked.plan, MEASURES)

    def picture(self, measure: str | None = None, target: float | None = None) -> Drawing:
        """One measure over one lever or two, written as `days_to_seen_q90:all`; a `target` in its unit is drawn in.

        Raise `ScenarioError` where there is no such measure, or no picture of these levers.
        """
        from sim.report.sweeps import picture, shown_of  # noqa: PLC0415  (matplotlib, once it draws)

        paths = [each.path for each in self.asked.levers]
        found = tidy_of(self.asked, self.store, self.keys)
        drawn = picture(found, paths, lever_labels(paths), shown_of(measure, target), {})
        if drawn is None:
            raise ScenarioError("no picture of this sweep: vary one lever or two that hold numbers")
        return Drawing(drawn)

    def shares(self, measure: str, group: str = "all") -> tuple[Share, ...]:
        """How much of what varies over a full grid each lever accounts for by itself, and the levers together."""
        return shares(self.asked, self.store, self.keys, (measure, group))


def swept(  # noqa: PLR0913  (a notebook names what it gives)
    vary: Mapping[str, Values],
    base: str | Path | None = None,
    *,
    design: Design | str = Design.GRID,
    points_count: int | None = None,
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    store: str | Path = STORE,
    processes: int | None = None,
    engine: Engine | None = None,
    scheduler: str | None = None,
) -> Swept:
    """A baseline and every point of some levers' ranges, run: what `frontdoor sweep` does.

    `vary` gives each lever's values: a list, or text as `--vary` takes it, as "20:40:2" or, for the designs "sobol" and
    "lhs" that choose `points_count` values themselves, "20:40". Runs are kept in the `store`, and those that are there
    are not run again. Raises `ScenarioError`, `ClusterError` and `StoreError`.
    """
    plan = plan_asked(base, (), settings, replications, seed)
    varied = tuple(lever(f"{path}={_written(values)}", plan.baseline) for path, values in vary.items())
    if not varied:
        raise ScenarioError("vary: name at least one lever and its values")
    asked = Sweep(plan, varied, points(varied, Design(design), points_count, seed))
    kept = Store(Path(store))
    keys = run_sweep(asked, kept, processes=cores(processes), engine=engine, scheduler=scheduler)
    return Swept(asked, kept, keys)


def sweep(  # noqa: PLR0913  (a notebook names what it gives)
    vary: Mapping[str, Values],
    base: str | Path | None = None,
    *,
    design: Design | str = Design.GRID,
    points_count: int | None = None,
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    store: str | Path = STORE,
    processes: int | None = None,
    engine: Engine | None = None,
    scheduler: str | None = None,
) -> "pd.DataFrame":
    """What `swept` gives, as a tidy table: a row a point, measure and group; point 0 is the baseline."""
    found = swept(
        vary,
        base,
        design=design,
        points_count=points_count,
        settings=settings,
        replications=replications,
        seed=seed,
        store=store,
        processes=processes,
        engine=engine,
        scheduler=scheduler,
    )
    return found.tidy()


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


def table_of(rows: Sequence[Mapping[str, Any]], plan: Plan, measures: Sequence[Measure]) -> "pd.DataFrame":
    """Rows as a table, which says of what and of how much they are."""
    draws = min(len(plan.draws), plan.replications)
    return _table(rows, plan.baseline.title, plan.replications, draws, plan.seed, measures)


def _table(
    rows: Sequence[Mapping[str, Any]],
    title: str,
    replications: int,
    draws: int,
    seed: int,
    measures: Sequence[Measure] = MEASURES,
) -> "pd.DataFrame":
    # Here and not above: only notebooks have it.
    import pandas as pd  # noqa: PLC0415

    found = pd.DataFrame.from_records([dict(row) for row in rows])
    found.attrs.update(
        units={measure.id: measure.unit for measure in measures},
        meanings={measure.id: f"{measure.label}. {measure.meaning}" for measure in measures},
        baseline=title,
        replications=replications,
        draws=draws,
        seed=seed,
        basis="simulated",
    )
    return found
