import dataclasses
import math
import pickle
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events import EventLog, Role
from sim.measures import (
    GROUPS,
    MEASURES,
    SAFETY,
    STAGE_LABELS,
    WAIT_LABELS,
    LogIndex,
    Measure,
    Stage,
    WaitFor,
    cohort,
    measure,
    open_work,
    stages,
)
from sim.scenario import Source
from tests.measures.logs import at, contact, histories, log

EVERY_GROUP = [
    *(f"days_to_seen_{name}" for name in ("q50", "q90", "q95", "q99", "max")),
    *(f"seen_within_{days}_share" for days in ("1_day", "5_days", "10_days", "20_days")),
]

PROMISED = f"""
{" ".join(EVERY_GROUP)} working_days_to_seen_q50 working_days_to_seen_q90 beyond_10_days_per_month_count
beyond_20_days_per_month_count referred_children_count open_case_contacts_count
contacts_decided_within_1_working_day_share decision_days_q50 decision_days_q90 red_decided_in_time_share
section_47_seen_within_1_working_day_share child_days_unseen unclear_to_section_47_decision_days_q90 strategy_hours_q90
strategy_actions_overdue_share first_help_days_q50 reviews_done_share assessment_untouched_days_mean
changes_of_worker_before_seen_share out_of_hours_days_to_seen_q90 monday_handover_count over_guide_allocations_share
{" ".join(f"hours_{role.name.lower()} utilisation_{role.name.lower()}" for role in Role)}
hours_on_no_action_contacts_share caseload_mean caseload_max rereferrals_share referrals_count referrals_no_action_share
assessments_count assessments_within_45_working_days_share assessments_within_45_working_days_of_referral_share
assessment_working_days_q25 assessment_working_days_q50 assessment_working_days_q75 assessment_band_same_day_share
assessment_band_1_10_share assessment_band_11_20_share assessment_band_21_30_share assessment_band_31_40_share
assessment_band_41_45_share assessment_band_46_50_share assessment_band_51_60_share assessment_band_61_plus_share
section_47_count conferences_count conferences_within_15_working_days_share conference_working_days_q25
conference_working_days_q50 conference_working_days_q75 open_assessments_mean unallocated_children_mean
open_contacts_mean assessed_not_in_need_share domestic_abuse_assessed_share
{" ".join(f"referrals_from_{source.value}_share" for source in Source)} not_immediate_seen_after_10_days_share
further_work_days_q95 contacts_count
""".split()

NONE_IS_NONE = {
    "contacts_count", "open_case_contacts_count", "referred_children_count", "beyond_10_days_per_month_count",
    "beyond_20_days_per_month_count", "child_days_unseen", "closed_then_assessed_count",
}  # fmt: skip


def test_every_measure_promised_is_in_the_list_once() -> None:
    names = [measure.id for measure in MEASURES]

    assert len(names) == len(set(names))
    assert set(PROMISED) <= set(names)


@pytest.mark.parametrize("name", EVERY_GROUP)
def test_days_to_seen_are_read_for_every_group(name: str) -> None:
    assert next(m.groups for m in MEASURES if m.id == name) == GROUPS


@pytest.mark.parametrize("one", MEASURES, ids=lambda one: one.id)
def test_a_measure_says_in_plain_words_what_it_is(one: Measure) -> None:
    assert one.label[0].isupper()
    assert not one.label.endswith(".")
    assert one.meaning.endswith(".")
    assert one.unit


def test_a_share_is_called_a_share_and_a_count_is_not() -> None:
    assert {m.id for m in MEASURES if m.unit == "share"} == {
        m.id for m in MEASURES if m.id.endswith("_share") or m.id.startswith("utilisation_")
    }


def test_no_two_measures_share_a_label() -> None:
    labels = [one.label for one in MEASURES]

    assert len(labels) == len(set(labels))


def test_a_reading_of_no_contacts_at_all_is_unknown_or_nothing() -> None:
    readings = measure(log())

    assert {name for (name, _), value in readings.items() if not math.isnan(value)} == NONE_IS_NONE
    assert not any(value for (name, _), value in readings.items() if name in NONE_IS_NONE)


def test_nobody_referred_is_no_error() -> None:
    written = log([contact(1, at(0))])

    assert math.isnan(measure(written)["days_to_seen_q50", "all"])
    assert len(cohort(written).contact) == 0
    assert stages(written).children == 0


def test_readings_are_numbers_for_every_measure_and_group() -> None:
    readings = measure(log([contact(1, at(0))]))

    assert list(readings) == [(m.id, group.id) for m in MEASURES for group in m.groups]
    assert all(type(value) is float for value in readings.values())


def test_measures_travel_between_processes() -> None:
    assert [one.id for one in pickle.loads(pickle.dumps(MEASURES))] == [one.id for one in MEASURES]  # noqa: S301


def test_every_safety_check_is_a_measure_read_for_its_group_that_has_a_better_side() -> None:
    by_id = {one.id: one for one in MEASURES}

    for check in SAFETY:
        if not check.is_paired:
            assert check.group in by_id[check.measure].groups
            assert (check.unit, check.counted) == (by_id[check.measure].unit, by_id[check.measure].label)
        assert check.better != "neither"
        assert check.margin > 0
    by_name = {(check.measure, check.group.id): check for check in SAFETY}
    assert by_name["days_to_seen_q90", "immediate"].margin == pytest.approx(1 / 24)
    assert {("beyond_10_days_per_month_count", "not_domestic_abuse"), ("closed_then_assessed_count", "all")} < set(
        by_name
    )
    assert ("in_need_closed_count", "all") in by_name
    assert [check.group.id for check in SAFETY if check.is_paired] == ["not_domestic_abuse"]


def test_stages_and_waits_all_have_labels() -> None:
    assert list(STAGE_LABELS) == list(Stage)
    assert list(WAIT_LABELS) == list(WaitFor)


@given(histories(watched_days=30), st.randoms(use_true_random=False))
def test_the_order_and_the_numbers_of_the_contacts_change_nothing(written: EventLog, chance: Random) -> None:
    order = list(range(len(written.contacts)))
    chance.shuffle(order)
    renumbered = {old: place * 2**41 + 5 for place, old in enumerate(written.contact_column("contact").tolist())}
    contacts, events = written.contacts[order].copy(), written.events.copy()
    contacts[:, 0] = [renumbered[old] for old in contacts[:, 0].tolist()]
    events[:, 2] = [renumbered[old] for old in events[:, 2].tolist()]

    shuffled = measure(dataclasses.replace(written, contacts=contacts, events=events))

    assert {k: repr(v) for k, v in shuffled.items()} == {k: repr(v) for k, v in measure(written).items()}


@given(histories(watched_days=20))
def test_an_index_may_stand_for_its_log(written: EventLog) -> None:
    index = LogIndex(written)

    assert repr(measure(index)) == repr(measure(written))
    assert np.array_equal(cohort(index).contact, cohort(written).contact)
    assert np.array_equal(open_work(index).open_contacts, open_work(written).open_contacts)


@given(histories(watched_days=20))
def test_shares_lie_between_nought_and_one(written: EventLog) -> None:
    readings = measure(written)

    for one in (one for one in MEASURES if one.unit == "share" and not one.id.startswith("utilisation_")):
        for group in one.groups:
            value = readings[one.id, group.id]
            assert math.isnan(value) or -1e-12 <= value <= 1 + 1e-12
