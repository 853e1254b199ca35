"""A results folder made by hand, as `compare` leaves one, with nothing simulated."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from sim import provenance
from sim.experiment import Comparison, Varied
from sim.experiment.comparison import OPEN_WORK_COUNTS
from sim.experiment.grounds import Grounds
from sim.experiment.months import MonthOfWork
from sim.experiment.targets import Kind, Target, TargetRole
from sim.provenance import RecordedPlan, RecordedVariant
from sim.report import result_file
from sim.scenario import Evidence, Grade, load, shipped
from tests.report.comparisons import DRAWS, an_estimate, three_scenarios

GROUNDS = Grounds(
    sources=(
        Evidence("front_door.managers", Grade.ASSUMPTION, "Ours, for want of any figure.", 4, 9),
        Evidence("demand.open_case_share", Grade.OFFICIAL, "A published table.", None, None),
    ),
    changes={"more-workers": (Evidence("assessment.teams", Grade.ASSUMPTION, "The change being tested.", 6, 6),)},
    targets=(
        Target(
            ("referrals_count", "all"), "Referrals", Kind.COUNT, TargetRole.FITTED, "children",
            44.0, 1.0, 44.0, 40.0, 48.0, Grade.OFFICIAL, "A published table.",
        ),
    ),
)  # fmt: skip
CHANGES: Mapping[str, dict[str, object]] = {
    "more-workers": {"summary": "Six more.", "assessment.social_workers.experienced": 35, "second_look.minutes": 30.0}
}
REPLY, WEEKEND = "further_work.reply_multiplier", "demand.weekly_cv"


def with_sets(comparison: Comparison) -> Comparison:
    """The comparison with two numbers that differ between its sets, of which the first moves every change."""
    steps = np.arange(float(DRAWS))
    other = steps * 7 % DRAWS
    varied = (
        Varied(REPLY, "Replies are multiplied by this", "ratio", "more-workers", 0.4 + steps / 20),
        Varied(WEEKEND, "How weeks differ", "ratio", "", other),
    )
    base, *others = comparison.scenarios
    moved = [replace(s, by_draw=_by_draw(n * (steps - DRAWS / 2) / 10)) for n, s in enumerate(others, start=1)]
    return replace(comparison, scenarios=(replace(base, by_draw=_by_draw(0 * steps)), *moved), varied=varied)


def with_months(comparison: Comparison) -> Comparison:
    """The comparison with a whole month and part of another, in which each scenario has two fewer of everything."""
    levels = {name: an_estimate(40.0) for name in OPEN_WORK_COUNTS}
    fewer = {name: an_estimate(-2.0, error=0.5) for name in OPEN_WORK_COUNTS}
    base, *others = (
        replace(
            scenario,
            months=tuple(
                MonthOfWork(first, days, levels, fewer if scenario.changes else {})
                for first, days in ((date(2018, 4, 1), 30), (date(2018, 5, 1), 20))
            ),
        )
        for scenario in comparison.scenarios
    )
    return replace(comparison, scenarios=(base, *others))


def _by_draw(
    moved: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    names = ("days_to_seen_q50", "days_to_seen_q90", "seen_within_10_days_share", "beyond_10_days_per_month_count")
    return dict.fromkeys(names, 10 + moved)


@cache
def _county() -> dict[str, object]:
    return load(shipped("leicestershire-2018-19.toml")).model_dump(mode="json")


def a_result(folder: Path, comparison: Comparison | None = None, grounds: Grounds = GROUNDS) -> Path:
    """A folder with a record and the file of a comparison; gives it."""
    found = with_sets(three_scenarios()) if comparison is None else comparison
    variants = tuple(
        RecordedVariant(name=s.name, title=s.title, differences=CHANGES.get(s.name, {})) for s in found.scenarios[1:]
    )
    plan = RecordedPlan(baseline=_county(), variants=variants, draws=({},), replications=found.replications, seed=7)
    record = provenance.record(plan, (), seconds=12.3)
    folder.mkdir(exist_ok=True)
    provenance.save(record, folder)
    (folder / result_file.NAME).write_bytes(result_file.content(found, grounds, record.run_id))
    return folder
