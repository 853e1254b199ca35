"""What the model must be able to show, run on the shipped county: slow, and counted in simulated years."""

from functools import cache

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
def test_what_slow_partners_add_more_staff_hardly_win_back(times: float, key: tuple[str, str]) -> None:
    """Slow partners in the county as it is, where children wait for staff too.

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


PARTNERS_ARE_THE_BOTTLENECK: dict[str, object] = {
    "front_door.managers": "+4",
    "front_door.workers": "+4",
    "assessment.social_workers.experienced": "+12",
    "further_work.reply_multiplier": 2.3,
    "further_work.all_replies_needed": True,
    "demand.information_unclear_multiplier": 2.0,
    **{f"workforce.recruitment_days_{kind}": 0 for kind in ("experienced", "newly_qualified", "agency")},
}


@pytest.mark.parametrize(
    "measure",
    ["days_to_seen_q50", "days_to_seen_q90", "seen_within_10_days_share", "beyond_10_days_per_month_count"],
)
def test_where_children_wait_for_partners_and_not_for_staff_more_staff_gains_almost_nothing(measure: str) -> None:
    """The pattern of Nottingham City, 2022: staff enough, most contacts clarified, answers of up to 16 days.

    The posts of "more social workers", there at once, gain less than a fifth of what partners answering as usual does.
    """
    staffed, answered = bottlenecked().scenarios[1:]
    better = -1 if measure != "seen_within_10_days_share" else 1
    gains = [better * each.changes[measure, "all"].mean for each in (staffed, answered)]

    assert answered.changes[measure, "all"].is_told_from_zero
    assert gains[0] < gains[1] / 5


@cache
def bottlenecked() -> Comparison:
    """A county whose children wait for partners, with more staff there, and with partners as usual."""
    usual = [path for path in PARTNERS_ARE_THE_BOTTLENECK if path.startswith(("further_work.", "demand."))]
    variants = (
        Variant("staffed", "Staffed", {"front_door.managers": "+2", "assessment.social_workers.experienced": "+6"}),
        Variant("answered", "Answered", {path: BASE.scenario.value(path) for path in usual}),
    )
    plan = Plan(BASE.scenario.changed(PARTNERS_ARE_THE_BOTTLENECK), variants, ({},), YEARS, 20181010)
    return compare(plan, list(run_plan(plan, processes=2)))


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
