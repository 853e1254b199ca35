"""A number is quoted with its ranges, its clock and where it is from, or not at all."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sim.experiment import Later
from sim.experiment.starts import Start
from sim.measures import MEASURES
from sim.provenance import RecordError
from sim.report import result_file
from sim.report.assurance import Assurance, Status
from sim.report.citing import Card, cards, clock
from sim.report.result_file import Result
from tests.report.comparisons import a_comparison, an_estimate
from tests.report.results import a_result

NINE_IN_TEN = "days_to_seen_q90"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return result_file.read(a_result(tmp_path_factory.mktemp("result")))


def card(result: Result, measure: str = NINE_IN_TEN, scenario: str = "more-workers", group: str = "all") -> Card:
    (found,) = cards(result, measure, group, scenario, Assurance())
    return found


def test_a_change_stands_with_both_ranges_the_levels_and_what_it_is_against(result: Result) -> None:
    assert card(result).sentence == (
        'In the model, under "More social workers", days within which nine in ten of the children are seen (all '
        "children who went on to be assessed): 12.0 calendar days on average over 24 simulated years of each scenario "
        "and 20 plausible sets of numbers (simulation error of the level: 11.9 to 12.1; what we do not know: 11.7 to "
        '12.4). Against the baseline, "The county as it is" (13.8 calendar days), in the same simulated worlds, it '
        "changes by -1.8 calendar days (simulation error: -2.2 to -1.4; what we do not know: -2.6 to -0.7)."
    )


def test_a_change_that_is_not_told_says_so(result: Result) -> None:
    assert card(result, scenario="quicker").sentence.endswith("Too few runs to tell this change from none.")


def test_no_change_in_any_run_is_said_as_that(result: Result) -> None:
    assert "In every run it is what it is in the baseline" in card(result, "caseload_max").sentence


def test_a_scenario_that_changes_nothing_is_said_to_even_where_runs_are_too_few_to_tell(result: Result) -> None:
    one = replace(result.comparison.scenarios[1], is_unchanged=True)
    alike = replace(result, comparison=replace(result.comparison, scenarios=(result.comparison.baseline, one)))

    assert "In every run it is what it is in the baseline" in card(alike, scenario=one.name).sentence
    assert "it changes by" not in card(alike, scenario=one.name).sentence


def test_a_change_of_a_year_with_a_part_without_it_stands_beside_that_of_the_rest(result: Result) -> None:
    start = Start(date(2018, 4, 1), 365, 100, ())
    later = Later(100, {}, {}, {(NINE_IN_TEN, "all"): an_estimate(-3.0, error=0.5)})
    one = replace(result.comparison.scenarios[1], start=start, later=(later,))
    late = replace(result, comparison=replace(result.comparison, scenarios=(result.comparison.baseline, one)))

    assert "Of contacts received from 10 July 2018 on, when all of it is there, it changes by -3.0" in (
        card(late, scenario=one.name).sentence
    )
    assert "Of contacts received" not in card(late, "beyond_10_days_per_month_count", one.name).sentence


def test_a_card_speaks_of_no_table_for_it_has_none(result: Result) -> None:
    start, later = Start(date(2018, 4, 1), 365, 100, ()), Later(100, {}, {}, {})
    one = replace(result.comparison.scenarios[1], start=start, later=(later,))
    late = replace(result, comparison=replace(result.comparison, scenarios=(result.comparison.baseline, one)))
    said = " ".join(card(late, "beyond_10_days_per_month_count", one.name).lines())

    assert "for the first part of which not all of this is there yet" in said
    assert "A table" not in said


def test_a_baseline_alone_is_compared_with_nothing(tmp_path: Path) -> None:
    found = result_file.read(a_result(tmp_path, a_comparison()))

    assert card(found, scenario="county").sentence.endswith("Nothing is compared with it.")


def test_the_reference_names_version_run_scenarios_how_much_and_status(result: Result) -> None:
    said = card(result).reference

    assert f"run {result.record.run_id}, made on {result.record.made_at[:10]}" in said
    assert "Front Door 0.1.0" in said
    assert "The county as it is; More social workers" in said
    assert said.endswith(
        "24 simulated years of each scenario and 20 plausible sets of numbers, seed 7. Simulated; not assured."
    )


def test_a_checkout_with_changes_is_told_from_its_commit(result: Result) -> None:
    changed = replace(result, record=result.record.model_copy(update={"commit": "a" * 40 + "-dirty"}))

    assert f"(commit {'a' * 12}, with files changed since)" in card(changed).reference


def test_nobody_answers_for_a_result_unless_somebody_says_so(result: Result) -> None:
    given = Assurance(Status.ASSURED, "A. Name", date(2026, 12, 1), date(2027, 4, 1))
    (said,) = cards(result, NINE_IN_TEN, "all", "more-workers", given)

    assert card(result).assurance.startswith("Not assured: no check by anybody independent")
    assert said.assurance == "Assured by A. Name on 1 December 2026. To be reviewed by 1 April 2027."
    assert said.reference.endswith("assured by A. Name on 1 December 2026.")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            Status.DRAFT,
            "Draft by A. Name on 1 December 2026: no check by anybody independent of the analysis is recorded.",
        ),
        (Status.ANALYST_CHECKED, "Analyst-checked by A. Name on 1 December 2026; not independently assured."),
        (Status.APPROVED, "Approved by A. Name on 1 December 2026."),
    ],
)
def test_a_status_that_is_less_than_assured_says_so(status: Status, words: str) -> None:
    said = Assurance(status, "A. Name", date(2026, 12, 1)).told

    assert said == f"{words} No date is set by which it is to be reviewed."


def test_the_card_holds_what_is_to_be_known_before_use(result: Result) -> None:
    warned = replace(result, comparison=replace(result.comparison, warnings=("county, a thing",)))

    assert "Warning: county, a thing." in list(card(warned).lines())


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("days_to_seen_q90", "calendar time"),
        ("working_days_to_seen_q90", "working days"),
        ("seen_within_10_days_share", "calendar time"),
        ("section_47_seen_within_1_working_day_share", "working days"),
        ("section_47_not_red_unseen_after_48_hours_share", "calendar time"),
        ("strategy_hours_not_red_q90", "calendar time"),
        ("hours_team_manager", "working time"),
        ("conferences_within_15_working_days_share", "working days"),
        ("caseload_max", "none"),
    ],
)
def test_the_clock_of_a_measure_is_named(measure: str, words: str) -> None:
    assert clock(measure).startswith(words)


def test_every_measure_can_be_cited_for_each_of_its_groups(result: Result) -> None:
    for measure in MEASURES:
        for group in measure.groups:
            assert card(result, measure.id, group=group.id).counts == measure.meaning


@pytest.mark.parametrize(
    ("measure", "group", "scenario", "words"),
    [
        ("days_to_see_q90", "all", None, "there is no such measure; near it are days_to_seen_q90"),
        ("conference", "all", None, "conferences_count"),
        ("zzz", "all", None, "near it are days_to_seen_q50"),
        ("caseload_max", "immediate", None, "is not told for immediate; it is for all"),
        (NINE_IN_TEN, "all", "more", "holds no scenario more to cite; there is more-workers, quicker, shock"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    result: Result, measure: str, group: str, scenario: str | None, words: str
) -> None:
    with pytest.raises(RecordError, match=words):
        cards(result, measure, group, scenario, Assurance())


def test_without_a_scenario_each_is_cited(result: Result) -> None:
    assert len(cards(result, NINE_IN_TEN, "all", None, Assurance())) == 3
