"""What the model must be able to show, run on the shipped county: slow, and counted in simulated years."""

import numpy as np
import pytest

from sim.experiment import Comparison, Plan, Variant, compare, run_plan
from sim.experiment.estimates import estimate
from sim.scenario import read, shipped

pytestmark = pytest.mark.slow

BASE = read(shipped("leicestershire-2018-19.toml"))
YEARS = 8


def variant(name: str, **changes: object) -> Variant:
    """A shipped scenario, with more changed in it."""
    file = read(shipped(f"{name}.toml"))
    more = {path.replace("__", "."): value for path, value in changes.items()}
    return Variant(name, file.scenario.title, {**file.differences, **more})


def compared(*variants: Variant) -> Comparison:
    plan = Plan(BASE.scenario, variants, ({},), YEARS, 20181010)
    return compare(plan, list(run_plan(plan, processes=2)))


def test_where_partners_are_slow_more_staff_gains_almost_nothing() -> None:
    """As in Nottingham City, 2022: an extra team was not effective while partners took up to 16 days to answer."""
    slow, staffed = compared(variant("slow-partners"), variant("slow-partners-more-staff")).scenarios[1:]
    key = "days_to_seen_q90", "all"
    added = slow.changes[key].mean
    won_back = added - staffed.changes[key].mean

    assert added > 0
    assert slow.changes[key].is_told_from_zero
    assert won_back < added / 4


def test_a_team_taken_from_existing_posts_can_make_other_children_wait_longer() -> None:
    """Splitting a pool costs those left with the smaller part: twenty of the experienced workers leave the others."""
    large = variant("da-team-existing-posts", domestic_abuse_team__social_workers=20)
    (found,) = compared(large).scenarios[1:]
    change = found.changes["days_to_seen_q90", "not_domestic_abuse"]

    assert change.mean > 0
    assert change.is_told_from_zero
    assert any(result.is_worse for result in found.safety if result.check.group.id == "not_domestic_abuse")


@pytest.mark.parametrize("measure", ["open_contacts_mean", "open_assessments_mean", "days_to_seen_q90"])
def test_twice_the_warm_up_changes_nothing_that_matters(measure: str) -> None:
    """The year's figures after 182 days of warm-up are, at 99% confidence, within 5% of those after 364."""
    twice = Plan(BASE.scenario.changed({"calendar.warm_up_days": 364}), (), ({},), YEARS, 20181010)
    once = Plan(BASE.scenario, (), ({},), YEARS, 20181010)
    levels = [
        np.array([result.readings[0].readings[measure, "all"] for result in sorted(results, key=lambda r: r.cell)])
        for results in (list(run_plan(once, processes=2)), list(run_plan(twice, processes=2)))
    ]
    found = estimate(levels[1] - levels[0], np.zeros(YEARS, dtype=np.int64), confidence=0.99).simulation

    assert found is not None
    assert max(abs(found.low), abs(found.high)) < 0.05 * levels[0].mean()
