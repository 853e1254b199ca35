"""What a record of dates tells of the scenario that made it: its numbers within their errors, and what it cannot."""

import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibration.seen import Learned, NotLearned, Result, learn, learned_values
from sim.calibration.seen.learned import Setting
from sim.distributions import Discrete, Lognormal
from sim.events import CONTACT_COLUMNS
from sim.facts import ALL_FACTS, Fact
from sim.scenario import Scenario
from tests.calibration.seen.samples import a_record, county
from tests.history.cuts import CUT

Values = NDArray[np.float64]

FAR = 3.5
"""Standard errors: of some sixty numbers none should be further."""

DELAYS = (
    "front_door.early_help_wait_days",
    "assessment.support_start_days",
    "ending.step_down_days",
    "ending.transfer_days",
    "strategy.action_days",
    "second_look.information_days",
)


@cache
def told(years: int = 2) -> tuple[Result, ...]:
    return learn(a_record(years), county(years), again=0)


def by_path(results: tuple[Result, ...]) -> dict[str, Learned]:
    return {path: one for one in results if isinstance(one, Learned) for path in one.values}


def unlearned(results: tuple[Result, ...]) -> dict[str, str]:
    return {path: one.why for one in results if isinstance(one, NotLearned) for path in one.paths}


def at(scenario: Scenario, path: str) -> object:
    found: object = scenario
    for name in path.split("."):
        found = getattr(found, name)
    return found


def numbers(value: object) -> Values:
    """The numbers that a value is made of, in the order of its errors."""
    if isinstance(value, float | int):
        return np.array([value])
    if isinstance(value, tuple):
        return np.array(value)
    if isinstance(value, Discrete):
        return np.array(value.shares)
    names = [name for name in ("median", "p95", "mean", "cv") if name in type(value).model_fields]  # type: ignore[attr-defined]
    return np.array([getattr(value, name) for name in names])


def apart(found: Learned, path: str, truth: object) -> Values:
    """How many standard errors the truth is from what was learned."""
    far: Values = np.abs(numbers(found.values[path]) - numbers(truth)) / np.array(found.errors[path])
    return far


@pytest.mark.parametrize("path", DELAYS)
def test_a_delay_comes_back_from_dates(path: str) -> None:
    found, truth = by_path(told())[path], at(county(), path)
    family = type(truth).__name__.lower()

    assert found.seen[f"weight of {family}"] > 0.01
    if type(found.values[path]) is type(truth):
        assert apart(found, path, getattr(truth, "model_copy")(update={"maximum": None})).max() < FAR  # noqa: B009


@pytest.mark.parametrize(
    "path",
    [
        "demand.open_case_share",
        "demand.other_authority_share",
        "demand.other_team_share",
        "need.referred_then_no_action_share",
        "strategy.to_section_47_share",
        "strategy.conference_share",
        "ending.close_share",
        "ending.step_down_share",
        "ending.close_after_section_47_share",
        "demand.police.domestic_abuse_share",
        "demand.other.domestic_abuse_share",
        "demand.police.contact_share",
        "demand.weekly_cv",
        "demand.daily_dispersion",
        "demand.family_contacts_per_year",
        "demand.children_per_family",
        "demand.police.below_threshold_share",
        "demand.schools.below_threshold_share",
        "need.early_help_share",
        "need.section_47_share",
        "returns.after_no_action_share",
        "returns.after_assessment_share",
        "returns.after_transfer_share",
    ],
)
def test_a_share_or_level_comes_back(path: str) -> None:
    assert apart(by_path(told())[path], path, at(county(), path)).max() < FAR


def test_months_and_weekdays_come_back_as_a_scenario_has_them() -> None:
    demand, found = county().demand, by_path(told())
    months = np.array(demand.month_index) / np.mean(demand.month_index)
    weekdays = np.array(demand.weekday_index) / np.mean(demand.weekday_index[:5])

    assert apart(found["demand.month_index"], "demand.month_index", tuple(months)).max() < FAR
    # Returns of a weekend and a bank holiday come spread over the week after, not by its index.
    assert apart(found["demand.weekday_index"], "demand.weekday_index", tuple(weekdays)).max() < FAR + 1


def test_what_was_learned_is_a_scenario() -> None:
    changed = county().changed(dict(learned_values(told())))

    assert changed.demand.family_contacts_per_year == learned_values(told())["demand.family_contacts_per_year"]


def test_what_no_scenario_can_hold_is_not_learned_and_the_rule_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = next(one for one in told() if isinstance(one, Learned) and "second_look.information_days" in one.values)
    law = Lognormal(median=200.0, p95=900.0)
    too_long = replace(found, values={"second_look.information_days": law})
    monkeypatch.setattr(sys.modules[learn.__module__], "returns", lambda *_: iter([too_long]))

    refused = unlearned(learn(a_record(1), county(1), again=0))

    assert "99 in 100 values must be at most 400 days" in refused["second_look.information_days"]


def test_every_draw_is_a_scenario_and_the_same_for_the_same_seed() -> None:
    def drawn(seed: int) -> list[Setting]:
        return [setting for one in told() if isinstance(one, Learned) for setting in one.draws(seed, 2)]

    for setting in drawn(1):
        if not any(path.endswith("contact_share") or "ending." in path for path in setting):
            county().changed(dict(setting))
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_no_number_is_told_twice_and_queue_waits_are_told_never() -> None:
    paths = [path for one in told() if isinstance(one, Learned) for path in one.values]

    assert len(paths) == len(set(paths))
    assert not {"assessment.appointment_days", "strategy.slot_hours", "assessment.outside_days"} & set(paths)
    assert "our own people" in unlearned(told())["assessment.outside_days"]


@pytest.mark.parametrize(
    "fact", sorted({*ALL_FACTS} & {Fact.RECEIPT, Fact.SOURCE, Fact.DECISION, Fact.HELP, Fact.ENDING})
)
def test_what_a_record_does_not_say_is_not_learned_from_it(fact: Fact) -> None:
    without = replace(a_record(), facts=ALL_FACTS - {fact})
    lost = set(learned_values(told())) - set(learned_values(learn(without, county(), again=0)))
    of_fact = {
        Fact.RECEIPT: "demand.family_contacts_per_year",
        Fact.SOURCE: "demand.police.contact_share",
        Fact.DECISION: "front_door.early_help_wait_days",
        Fact.HELP: "assessment.support_start_days",
        Fact.ENDING: "returns.after_transfer_share",
    }

    assert of_fact[fact] in lost


def test_too_few_tell_nothing() -> None:
    log = a_record()
    few = replace(log, window_start=log.window_end - 3 * 1440)

    assert not learned_values(learn(few, county(), again=0))


def test_less_than_a_year_leaves_the_months_and_says_so() -> None:
    log = a_record()
    found = by_path(learn(replace(log, window_start=log.window_end - 200 * 1440), county(), again=0))[
        "demand.weekly_cv"
    ]

    assert "demand.month_index" not in found.values
    assert any("the months stay" in warning for warning in found.warnings)


def test_a_source_without_contacts_is_said_to_have_none() -> None:
    log = a_record()
    police = np.where(np.arange(log.contacts.shape[1]) == CONTACT_COLUMNS.index("source"), 0, log.contacts)
    found = by_path(learn(replace(log, contacts=police), county(), again=0))["demand.weekly_cv"]

    assert any("no contact from schools, health" in warning for warning in found.warnings)


def test_an_empty_record_tells_nothing_and_says_why() -> None:
    log = a_record()
    found = learn(replace(log, contacts=log.contacts[:0], events=log.events[:0]), county(), again=0)

    assert not learned_values(found)
    assert all(one.why for one in found if isinstance(one, NotLearned))


@pytest.mark.parametrize("name", CUT)
def test_each_format_tells_what_it_can_and_nothing_of_the_rest(name: str) -> None:
    whole = told()
    found = learn(CUT[name](a_record()), county(), again=0)

    assert set(learned_values(found)) <= set(learned_values(whole)) | {"demand.hour_index"}
    out = {path: far for path, one in by_path(found).items() if (far := furthest(one, path)) > FAR}
    assert not out


def furthest(found: Learned, path: str) -> float:
    """How many errors a number is out, 0 where it is of another scale or another family of laws than the truth."""
    truth = at(county(), path)
    if path.endswith("_index") or type(found.values[path]) is not type(truth) or path == "returns.delay_days":
        return 0.0
    if isinstance(truth, Discrete) and len(numbers(truth)) != len(found.errors[path]):
        return 0.0
    return float(apart(found, path, truth).max())
