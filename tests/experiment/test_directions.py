"""What the model must be able to show, run on the shipped county: slow, and counted in simulated years."""

import numpy as np
import pytest

from sim.experiment import Comparison, Plan, Variant, compare, run_plan
from sim.experiment.estimates import estimate
from sim.experiment.targets import check_targets
from sim.scenario import plausible_draws, read, shipped

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


@pytest.mark.parametrize(
    ("times", "key"),
    [
        (2.3, ("decision_days_q90", "all")),
        (2.3, ("further_work_days_q95", "all")),
        (4.0, ("days_to_seen_q99", "not_immediate")),
    ],
)
def test_where_partners_are_slow_more_staff_gains_almost_nothing(times: float, key: tuple[str, str]) -> None:
    """As in Nottingham City, 2022: an extra team was not effective while partners took up to 16 days to answer.

    What slow partners add to decisions and to the longest waits, more staff do not take away. (They do shorten the
    waits of children whose contacts need no answer.)
    """
    slow, staffed = compared(
        variant("slow-partners", further_work__reply_multiplier=times),
        variant("slow-partners-more-staff", further_work__reply_multiplier=times),
    ).scenarios[1:]
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


def test_twice_the_warm_up_changes_nothing_that_matters() -> None:
    """The year's figures after 182 days of warm-up are, at 99% confidence, near those after 364.

    Within 5%; open contacts within 10%, as so few vary more from year to year than forty years tell apart.
    """
    years, margins = 40, {"open_contacts_mean": 0.10, "open_assessments_mean": 0.05, "days_to_seen_q90": 0.05}
    once, twice = (
        list(run_plan(Plan(scenario, (), ({},), years, 20181010), processes=2))
        for scenario in (BASE.scenario, BASE.scenario.changed({"calendar.warm_up_days": 364}))
    )
    for measure, margin in margins.items():
        before, after = (
            np.array([r.readings[0].readings[measure, "all"] for r in sorted(found, key=lambda r: r.cell)])
            for found in (once, twice)
        )
        change = estimate(after - before, np.zeros(years, dtype=np.int64), confidence=0.99).simulation
        assert change is not None
        assert max(abs(change.low), abs(change.high)) < margin * before.mean(), (measure, change, before.mean())


def test_the_shipped_sets_together_meet_every_target() -> None:
    base = shipped("leicestershire-2018-19.toml")
    plan = Plan(BASE.scenario, (), plausible_draws(base), 20, 4)
    checked = check_targets(base, compare(plan, list(run_plan(plan, processes=2))))

    assert [result.target.label for result in checked if not result.target.is_met_by(result.modelled.mean)] == []
