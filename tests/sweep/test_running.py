from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sim.events import EventLog
from sim.experiment import Plan, Variant, compare, run_plan, simulate
from sim.scenario import Scenario, ScenarioError
from sim.sweep import Design, Store, Sweep, lever, points, run_sweep, running, tidy
from tests.sweep.counties import MANAGERS, WORKERS, a_county, a_plan


def a_sweep(*varied: str, replications: int = 2) -> Sweep:
    plan = a_plan(replications)
    levers = tuple(lever(each, plan.baseline) for each in varied or (f"{MANAGERS}=2:8:3",))
    return Sweep(plan, levers, points(levers, Design.GRID, None, 1), model="of a test")


def found(sweep: Sweep, folder: Path) -> pl.DataFrame:
    store = Store(folder)
    return tidy(sweep, store, run_sweep(sweep, store, processes=1))


def test_a_point_is_what_a_comparison_with_that_scenario_says(tmp_path: Path) -> None:
    sweep = a_sweep(f"{MANAGERS}=3,9", f"{WORKERS}=25,30", replications=3)
    table = found(sweep, tmp_path)
    variants = tuple(Variant(f"v{n}", f"V{n}", point) for n, point in enumerate(sweep.points, start=1))
    plan = Plan(sweep.plan.baseline, variants, sweep.plan.draws, 3, sweep.plan.seed)
    comparison = compare(plan, list(run_plan(plan, processes=1)))

    for number, scenario in enumerate(comparison.scenarios):
        rows = table.filter(pl.col("point") == number)
        told = {(row["measure"], row["group"]): row["level"] for row in rows.iter_rows(named=True)}
        for key, estimate in scenario.levels.items():
            assert told[key] == pytest.approx(estimate.mean, nan_ok=True) or told[key] is None
        changes = {(row["measure"], row["group"]): row["change"] for row in rows.iter_rows(named=True)}
        for key, estimate in scenario.changes.items():
            assert changes[key] == pytest.approx(estimate.mean, nan_ok=True) or changes[key] is None


def test_a_sweep_extended_is_a_sweep_run_at_once_and_runs_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = found(a_sweep(replications=3), tmp_path / "at once")
    found(a_sweep(f"{MANAGERS}=5,8", replications=2), tmp_path / "grown")
    ran: list[int] = []

    def counted(scenario: Scenario, *, replication: int, **how: Any) -> EventLog:  # noqa: ANN401
        ran.append(replication)
        return simulate(scenario, replication=replication, **how)

    monkeypatch.setattr(running, "simulate", counted)
    grown = found(a_sweep(replications=3), tmp_path / "grown")

    assert_frame_equal(grown, at_once)
    # Of nine runs of points and three of the baseline, two points and the baseline were there for two replications.
    assert len(ran) == 12 - 6
    assert_frame_equal(found(a_sweep(replications=3), tmp_path / "grown"), at_once)
    assert len(ran) == 6


def test_what_was_done_before_a_stop_is_kept(tmp_path: Path) -> None:
    sweep, store, done = a_sweep(), Store(tmp_path), []

    def told(count: int) -> None:
        done.append(count)
        if sum(done) >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(sweep, store, processes=1, told=told)

    assert len(store.ids()) == sum(done) == 4
    assert_frame_equal(found(sweep, tmp_path), found(sweep, tmp_path / "other"))


def test_a_point_that_is_the_baseline_is_run_once_and_changes_nothing(tmp_path: Path) -> None:
    now = a_county().front_door.managers
    table = found(a_sweep(f"{MANAGERS}={now},{now + 2}"), tmp_path)

    assert len(Store(tmp_path).ids()) == 2 * 2
    assert table.filter((pl.col("point") == 1) & (pl.col("change") != 0)).is_empty()


def test_processes_give_what_one_gives(tmp_path: Path) -> None:
    sweep, store = a_sweep(), Store(tmp_path / "two")
    two = tidy(sweep, store, run_sweep(sweep, store, processes=2))

    assert_frame_equal(two, found(sweep, tmp_path / "one"))


def test_a_point_at_which_nobody_is_left_to_do_the_work_is_named() -> None:
    with pytest.raises(ScenarioError, match=f"--vary, {MANAGERS} = 0: "):
        a_sweep(f"{MANAGERS}=0,1")


def test_every_row_says_its_levers_its_unit_and_how_many_years(tmp_path: Path) -> None:
    table = found(a_sweep(), tmp_path)

    rows = table.filter((pl.col("measure") == "days_to_seen_q90") & (pl.col("group") == "all"))
    assert rows[MANAGERS].to_list() == [a_county().front_door.managers, 2, 5, 8]
    assert rows.select("point", "unit", "years").rows() == [(number, "days", 2) for number in range(4)]
