from dataclasses import replace

import pytest

from sim.experiment import Estimate
from sim.measures import SAFETY
from sim.report.headline import (
    MEASURE,
    Standing,
    Told,
    disagreements,
    safety_in_words,
    share_improving,
    standing,
    told,
)
from tests.report.comparisons import (
    MORE_WORKERS,
    Q90,
    Q90_IMMEDIATE,
    QUICKER,
    SECTION_47,
    SHOCK,
    a_scenario,
    an_estimate,
    no_change,
    nothing_known,
)

DAYS, SHARE = "days_to_seen_q90", "seen_within_10_days_share"


@pytest.mark.parametrize(
    ("measure", "change", "found"),
    [
        (DAYS, an_estimate(-0.4, error=0.1), Told.BETTER),
        (DAYS, an_estimate(0.4, error=0.1), Told.WORSE),
        (SHARE, an_estimate(0.05, error=0.01), Told.BETTER),
        (SHARE, an_estimate(-0.05, error=0.01), Told.WORSE),
        (DAYS, an_estimate(-0.4, error=0.5), Told.TOO_FEW_RUNS),
        (DAYS, an_estimate(-0.4, error=None), Told.TOO_FEW_RUNS),
        (DAYS, an_estimate(-0.4, error=0.1, runs=3), Told.TOO_FEW_RUNS),
        (DAYS, an_estimate(-0.04, error=0.01), Told.NONE),
        (DAYS, no_change(), Told.NONE),
        (DAYS, nothing_known(), Told.TOO_FEW_RUNS),
    ],
)
def test_a_change_is_told_only_beyond_its_simulation_error_and_the_precision_shown(
    measure: str, change: Estimate, found: Told
) -> None:
    assert told(measure, change) is found


def check_of(change: Estimate) -> Standing:
    """How the check on children at immediate risk (margin an hour) stands under a change."""
    scenario = a_scenario("x", "X", {Q90_IMMEDIATE: change})
    return next(standing(r) for r in scenario.safety if (r.check.measure, r.check.group.id) == Q90_IMMEDIATE)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (an_estimate(0.4, error=0.1), Standing.WORSE),
        (an_estimate(0.4, error=0.5), Standing.WORSE_NOT_TOLD),
        (an_estimate(0.03, error=0.5), Standing.NOT_RULED_OUT),
        (an_estimate(0.03, error=None), Standing.NOT_RULED_OUT),
        (an_estimate(0.01, error=0.02), Standing.NO_WORSE),
        (an_estimate(0.01, error=0.04), Standing.NOT_RULED_OUT),
        (an_estimate(0.05, error=0.01), Standing.WORSE),
        (an_estimate(-3.0, error=1.0), Standing.NO_WORSE),
        (an_estimate(-3.0, error=1.0, runs=3), Standing.NOT_RULED_OUT),
        (an_estimate(0.4, error=0.1, runs=3), Standing.WORSE_NOT_TOLD),
        (nothing_known(), Standing.NOT_MEASURED),
    ],
)
def test_a_safety_check_holds_only_where_the_runs_rule_out_worse(change: Estimate, found: Standing) -> None:
    assert check_of(change) is found


def test_a_check_on_a_share_is_worse_when_the_share_falls() -> None:
    def words(change: float) -> str:
        return safety_in_words(a_scenario("x", "X", {SECTION_47: an_estimate(change, error=0.001)}))

    assert words(-0.02) == "safety check worse: Section 47 seen within one working day (-2 points)"
    assert words(0.02) == "none worse"


def test_a_worsening_of_less_than_a_tenth_of_a_day_is_told_in_hours() -> None:
    scenario = a_scenario("x", "X", {Q90_IMMEDIATE: an_estimate(0.046, error=0.001)})

    assert safety_in_words(scenario) == "safety check worse: Longest waits of children at immediate risk (+1.1 hours)"


def test_every_worse_safety_check_is_named_and_doubt_said() -> None:
    assert safety_in_words(SHOCK) == (
        "safety check worse: Longest waits of children at immediate risk (+0.4 days); The same children outside "
        "domestic abuse, on average (+0.7 days). "
        "Worse in these runs, too few to tell: Section 47 seen within one working day (-2 points)"
    )


def test_checks_not_ruled_out_or_not_measured_are_not_called_safe() -> None:
    scenario = a_scenario("x", "X", {Q90_IMMEDIATE: an_estimate(0.0, error=2.0), SECTION_47: nothing_known()})

    of = len(SAFETY)
    assert safety_in_words(scenario) == (
        f"none found worse; too few runs to rule out worse for 1 of {of}; not measured: 1 of {of}"
    )


def test_the_share_of_sets_improving_reads_the_right_way_for_each_measure() -> None:
    falling, rising = an_estimate(-1.0), an_estimate(1.0)  # below nought in 75% and 25% of the sets

    assert share_improving(MEASURE[DAYS], falling) == 0.75
    assert share_improving(MEASURE[SHARE], falling) == 0.25
    assert share_improving(MEASURE[SHARE], rising) == 0.75
    assert share_improving(MEASURE[SHARE], no_change()) == 0.0
    assert share_improving(MEASURE["referrals_count"], falling) is None
    assert share_improving(MEASURE[DAYS], nothing_known()) is None


def test_readings_disagree_only_where_shown_with_opposite_signs() -> None:
    assert [(found.group, found.measure) for found in disagreements(QUICKER)] == [("all", DAYS)]
    assert not list(disagreements(MORE_WORKERS))
    hair = replace(QUICKER, changes={**QUICKER.changes, Q90: an_estimate(-0.04)})
    assert not list(disagreements(hair))
