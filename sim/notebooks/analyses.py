"""How sure an answer is, what it hangs on, how large a service must be: results, their tables, their pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.break_even import BreakEven
from sim.experiment.break_even import break_even as break_even_of
from sim.experiment.one_at_a_time import Runs, Tornado
from sim.experiment.one_at_a_time import tornado as tornado_of
from sim.experiment.planning import DEFAULT_SEED, replications_asked
from sim.experiment.sizing import Chance, Sizing, Standard, meeting
from sim.experiment.sizing import sizing as sizing_of
from sim.experiment.variance import VarianceSplit, split_variance
from sim.model import Engine
from sim.notebooks.asked import Asked, baseline, cores, scenario_of
from sim.notebooks.pictures import Drawing
from sim.notebooks.tables import plan_asked
from sim.scenario import read
from sim.sweep.results import ends_of

if TYPE_CHECKING:
    import pandas as pd

NINE_IN_TEN = "days_to_seen_q90"


def splits(yearly: "pd.DataFrame", measure: str = NINE_IN_TEN, group: str = "all") -> dict[str, VarianceSplit]:
    """How the spread of single years splits into chance and what we do not know, by what was measured in words.

    Of a table of `yearly`: the baseline's level first, then each scenario's change.
    """
    rows = yearly[(yearly["measure"] == measure) & (yearly["group"] == group)]
    found = {}
    for (_, title), each in rows.groupby(["scenario", "title"], sort=False):
        is_baseline = bool(each["change"].isna().all())
        words = f"{title}: level" if is_baseline else f"{title}: change"
        values = each["level" if is_baseline else "change"].to_numpy(dtype=np.float64)
        found[words] = split_variance(values, each["draw"].to_numpy(dtype=np.int64))
    return found


def splits_table(found: Mapping[str, VarianceSplit]) -> "pd.DataFrame":
    """Splits, a row each: both standard deviations, the part that is not known with its error, and what was run."""
    import pandas as pd  # noqa: PLC0415

    rows = [
        {
            "what": what,
            "chance": split.chance,
            "unknown": split.unknown,
            "unknown_share": split.unknown_share,
            "unknown_share_low": np.nan if split.error is None else split.error.low,
            "unknown_share_high": np.nan if split.error is None else split.error.high,
            "years": split.years,
            "sets": split.sets,
        }
        for what, split in found.items()
    ]
    return pd.DataFrame.from_records(rows)


def splits_picture(found: Mapping[str, VarianceSplit]) -> Drawing:
    """Splits as bars."""
    from sim.report.analyses import spread_picture  # noqa: PLC0415  (matplotlib, once it draws)
    from sim.report.analyses.spread import Row  # noqa: PLC0415  (likewise)

    return Drawing(spread_picture([Row(*each) for each in found.items()]))


def tornado(  # noqa: PLR0913  (a notebook names what it gives)
    scenario: Asked | None = None,
    base: str | Path | None = None,
    *,
    measure: str = NINE_IN_TEN,
    group: str = "all",
    numbers: Sequence[str] | None = None,
    most: int = 12,
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    engine: Engine | None = None,
) -> Tornado:
    """What each number that nobody knows does by itself to a scenario's change, or to the baseline's level without one.

    See `sim.experiment.one_at_a_time`. Raises `ScenarioError`.
    """
    plan = plan_asked(base, () if scenario is None else (scenario,), settings, replications, seed)
    return tornado_of(plan, (measure, group), numbers=numbers, most=most, runs=Runs(cores(processes), engine))


def tornado_table(found: Tornado) -> "pd.DataFrame":
    """A tornado, a row a number: its two ends, how far each moves the answer, and how far apart they are."""
    import pandas as pd  # noqa: PLC0415

    from sim.report.analyses import label_of  # noqa: PLC0415

    rows = [
        {
            "number": swing.path,
            "meaning": label_of(swing.path),
            "low": swing.low,
            "high": swing.high,
            "moved_at_low": swing.at_low.mean,
            "moved_at_high": swing.at_high.mean,
            **{name: value for name, value in ends_of("apart", swing.apart).items() if "unknown" not in name},
        }
        for swing in found.swings
    ]
    return pd.DataFrame.from_records(rows)


def tornado_picture(found: Tornado, most: int = 10) -> Drawing:
    """A tornado as bars, at most so many."""
    from sim.report.analyses import tornado_picture as drawn  # noqa: PLC0415  (matplotlib, once it draws)

    return Drawing(drawn(found, most))


def break_even(  # noqa: PLR0913  (a notebook names what it gives)
    scenario: Asked,
    against: Asked,
    path: str,
    values: Sequence[float],
    base: str | Path | None = None,
    *,
    measure: str = NINE_IN_TEN,
    groups: Sequence[str] = ("all",),
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    engine: Engine | None = None,
) -> dict[str, BreakEven]:
    """At which value of a number in it a scenario gives what another gives, by group. Raises `ScenarioError`."""
    file = read(baseline(base))
    found = break_even_of(
        file,
        scenario_of(scenario, file),
        scenario_of(against, file),
        path,
        values,
        [(measure, group) for group in groups],
        settings=settings or {},
        replications=replications_asked(replications),
        seed=seed,
        processes=cores(processes),
        engine=engine,
    )
    return dict(zip(groups, found, strict=True))


def break_even_table(found: BreakEven) -> "pd.DataFrame":
    """A break-even's differences, a row a value."""
    import pandas as pd  # noqa: PLC0415

    pairs = zip(found.values, found.differences, strict=True)
    return pd.DataFrame.from_records([{"value": value, **ends_of("difference", each)} for value, each in pairs])


def break_even_picture(found: BreakEven) -> Drawing:
    """A break-even as a curve that crosses nought."""
    from sim.report.analyses import break_even_picture as drawn  # noqa: PLC0415  (matplotlib, once it draws)

    return Drawing(drawn(found))


def sizing(  # noqa: PLR0913  (a notebook names what it gives)
    path: str,
    amounts: Sequence[int],
    standard: Standard,
    base: str | Path | None = None,
    *,
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    engine: Engine | None = None,
) -> Sizing:
    """The least of some amounts of a lever that meets a standard, world by world. Raises `ScenarioError`.

    See `sim.experiment.sizing`.
    """
    plan = plan_asked(base, (), settings, replications, seed)
    return sizing_of(plan, path, amounts, standard, processes=cores(processes), engine=engine)


def verified(  # noqa: PLR0913  (likewise)
    found: Sizing,
    amount: int,
    base: str | Path | None = None,
    *,
    seed: int,
    settings: Mapping[str, object] | None = None,
    replications: int | None = None,
    processes: int | None = None,
    engine: Engine | None = None,
) -> Chance:
    """The chance that an amount is enough, from worlds that had no part in finding it: give another `seed`."""
    plan = plan_asked(base, (), settings, replications, seed)
    return meeting(plan, found.path, amount, found.standard, processes=cores(processes), engine=engine)


def sizing_table(found: Sizing) -> "pd.DataFrame":
    """A sizing, a row an amount: the chance that it is enough, with its 95% interval."""
    import pandas as pd  # noqa: PLC0415

    rows = []
    for amount in found.amounts:
        chance = found.chance(amount)
        each = {"amount": amount, "worlds": chance.worlds, "met": chance.met, "chance": chance.share}
        rows.append({**each, "chance_low": chance.error.low, "chance_high": chance.error.high})
    return pd.DataFrame.from_records(rows)


def sizing_picture(found: Sizing, chance: float) -> Drawing:
    """The chance that each amount is enough, and the least with the chance asked for."""
    from sim.report.analyses import enough_picture  # noqa: PLC0415  (matplotlib, once it draws)

    return Drawing(enough_picture(found, chance))
