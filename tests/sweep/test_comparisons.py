"""Comparisons on a store: what is there is not run again, and nothing tells it from what was run at once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.experiment import CellResult, Comparison, Plan, Variant, compare, run_plan
from sim.experiment import runs as running
from sim.sweep import ReadingStore, StoreError, run_kept
from sim.sweep.comparisons import KeptReading, run_ids
from tests.report.test_starting import some_work
from tests.sweep.counties import MANAGERS, a_plan
from tests.values import same


def a_variant(name: str, lever: str, value: float, start: int = 0) -> Variant:
    return Variant(name, name, {lever: value, "levers_start_day": start})


MORE, ANOTHER = a_variant("more", MANAGERS, 9), a_variant("another", MANAGERS, 12)
LATER, LAST = (a_variant(f"from-{day}", "further_work.reply_multiplier", 0.5, day) for day in (10, 15))


def planned(*variants: Variant, replications: int = 3) -> Plan:
    # Long enough for contacts to be read from a later day on.
    small = replace(a_plan(replications), baseline=a_plan().baseline.changed({"calendar.horizon_days": 110}))
    return replace(small, variants=variants)


def kept(plan: Plan, folder: Path) -> list[CellResult]:
    return run_kept(plan, ReadingStore(folder), processes=1)


def at_once(plan: Plan) -> Comparison:
    return compare(plan, list(run_plan(plan, processes=1)))


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the scenarios that are run."""
    names, really = list[str](), running.run_once

    def counted(scenario: Any, *rest: Any, **how: Any) -> Any:  # noqa: ANN401  (as it is)
        names.append(scenario.name)
        return really(scenario, *rest, **how)

    monkeypatch.setattr(running, "run_once", counted)
    return names


def test_what_is_read_from_a_store_is_what_was_run_to_the_last_number(tmp_path: Path) -> None:
    plan = planned(MORE, LATER)
    assert {start.later for start in plan.starts} == {None, 10}
    first = kept(plan, tmp_path)

    assert same(kept(plan, tmp_path), first)
    assert same(first, sorted(run_plan(plan, processes=1), key=lambda result: result.cell.replication))


def test_a_comparison_extended_is_one_run_at_once_and_runs_only_what_is_new(tmp_path: Path, ran: list[str]) -> None:
    kept(planned(MORE, replications=2), tmp_path)
    ran.clear()
    plan = planned(MORE, ANOTHER, replications=3)
    results = kept(plan, tmp_path)

    # Of the two years that were there one scenario is new; of the third all is.
    assert sorted(ran) == sorted([*["another"] * 3, "more", plan.baseline.name])
    assert same(compare(plan, results), at_once(plan))


def test_a_run_that_was_not_read_for_a_later_day_is_run_again_and_shown_for_no_day_unasked(
    tmp_path: Path, ran: list[str]
) -> None:
    kept(planned(MORE, LATER), tmp_path)
    ran.clear()
    several, one = planned(MORE, LATER, LAST), planned(MORE)
    results = kept(several, tmp_path)

    assert len(ran) == 4 * 3
    assert same(compare(several, results), at_once(several))
    assert same(compare(one, kept(one, tmp_path)), at_once(one))


def test_a_run_stored_twice_and_not_the_same_is_refused(tmp_path: Path) -> None:
    plan, store = planned(replications=1), ReadingStore(tmp_path)
    (result,) = kept(plan, tmp_path)
    ((run,),) = run_ids(plan).values()
    store.add([KeptReading(run, replace(result.readings[0], log_hash="another"))])

    with pytest.raises(StoreError, match="is there twice and not the same"):
        kept(plan, tmp_path)


def test_what_was_done_before_a_stop_is_kept(tmp_path: Path, ran: list[str]) -> None:
    def told(count: int) -> None:
        if count:
            raise KeyboardInterrupt

    plan = planned(MORE)
    with pytest.raises(KeyboardInterrupt):
        run_kept(plan, ReadingStore(tmp_path), processes=1, told=told)
    ran.clear()
    kept(plan, tmp_path)

    assert len(ran) == 2 * 2


def test_what_starts_from_the_open_work_of_real_children_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="--store: what starts from the open work of real children is not kept"):
        kept(replace(a_plan(), opening=some_work()), tmp_path)
