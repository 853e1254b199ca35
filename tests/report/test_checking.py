"""A kept figure that is not what the events give is named, and one that differs by rounding is not."""

from dataclasses import replace

import pytest

from sim.experiment import Comparison, ScenarioResult
from sim.report.checking import unlike
from tests.report.comparisons import MORE_WORKERS, QUICKER, a_comparison, an_estimate, same_children

KEPT = a_comparison(MORE_WORKERS)
KEY = ("days_to_seen_q90", "all")


def with_change(mean: float) -> ScenarioResult:
    return replace(
        MORE_WORKERS, changes={**MORE_WORKERS.changes, KEY: an_estimate(mean, error=0.4, unknown=(-2.6, -0.7))}
    )


def test_the_same_figures_are_the_same() -> None:
    assert unlike(KEPT, a_comparison(MORE_WORKERS)) == ()


def test_what_only_the_order_of_adding_up_could_do_is_no_difference() -> None:
    assert unlike(KEPT, a_comparison(with_change(-1.8 * (1 + 1e-12)))) == ()


@pytest.mark.parametrize(
    ("again", "words"),
    [
        (a_comparison(with_change(-1.9)), "more-workers, change of days_to_seen_q90 (all)"),
        (a_comparison(replace(MORE_WORKERS, safety=())), "more-workers, safety checks"),
        (
            a_comparison(
                replace(MORE_WORKERS, same_children={**MORE_WORKERS.same_children, "all": same_children(1.0)})
            ),
            "more-workers, same children (all)",
        ),
        (a_comparison(replace(MORE_WORKERS, inherited={"a": an_estimate(1.0)})), "more-workers, a of the open work"),
        (a_comparison(QUICKER), "scenarios: county, more-workers, not county, quicker"),
    ],
)
def test_each_kind_of_difference_is_named(again: Comparison, words: str) -> None:
    assert unlike(KEPT, again) == (words,)


def test_a_check_that_stood_otherwise_is_named() -> None:
    first, *rest = MORE_WORKERS.safety
    turned = replace(MORE_WORKERS, safety=(replace(first, is_worse=not first.is_worse), *rest))

    assert unlike(KEPT, a_comparison(turned)) == (f"more-workers, safety check {first.check.label}",)
