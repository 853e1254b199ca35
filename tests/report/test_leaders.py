"""What leads on the leaders' page: the difference first, what gets worse beside it, and no range without its name."""

from dataclasses import replace
from datetime import date

import pytest

from sim.events import Role
from sim.experiment import Estimate, Range
from sim.experiment.starts import Filled, Start
from sim.report.figures import leaders_figures, svg
from sim.report.leaders import leads, safety_rows, staff_from, who_waits
from sim.report.now import ILLUSTRATION, heading, now_sentences, trust
from sim.report.sentences import rests_on
from sim.scenario import Basis, LearnedNumber, load, shipped
from tests.report.comparisons import (
    BEYOND_10,
    Q50,
    Q90,
    a_comparison,
    a_scenario,
    an_estimate,
    no_change,
    nothing_known,
    three_scenarios,
)

COUNTY = load(shipped("leicestershire-2018-19.toml"))


def test_the_difference_leads_and_each_range_has_its_name() -> None:
    lead, *_ = leads(three_scenarios())

    assert lead.first == (
        "In the model 9 in 10 children who went on to be assessed are seen 1.8 days sooner: within 12.0 calendar days "
        "of contact (8.2 working), not 13.8."
    )
    assert "From what we do not know, that could be 0.7 to 2.6 days sooner." in lead.rest
    assert "In a single year, luck included, it could be 0.8 to 2.8 days sooner." in lead.rest
    assert any("(simulation error)" in words for words in lead.rest)
    assert "About 18 fewer children a month wait over 10 days." in lead.rest
    assert "Children at immediate risk: no worse; 9 in 10 are seen at most an hour later." in lead.rest


def test_what_gets_worse_stands_beside_the_first_sentence_and_not_among_the_rest() -> None:
    *_, shock = leads(three_scenarios())

    assert shock.worse.startswith("Safety check worse: Longest waits of children at immediate risk")
    assert not any("afety check" in words for words in shock.rest)


def test_a_change_that_is_not_told_is_called_neither_sooner_nor_later() -> None:
    doubt = a_scenario("doubt", "Doubt", {Q90: an_estimate(-0.4, error=0.9), Q50: an_estimate(-0.3)})
    lead, *_ = leads(a_comparison(doubt))

    assert lead.first.startswith("Too few years are run yet to tell whether 9 in 10")
    assert lead.rest[0].startswith("So far it could be 1.3 days sooner to 0.5 days later (simulation error)")
    assert "Half of them are seen 0.3 days sooner." in lead.rest


def test_what_changes_nothing_says_so_alone() -> None:
    same = replace(a_scenario("same", "Same", {}), is_unchanged=True)
    lead, *_ = leads(a_comparison(same))

    assert "changes nothing" in lead.first
    assert not lead.rest


def test_what_comes_after_the_year_is_not_said_to_change_nothing() -> None:
    late = Start(date(2018, 4, 1), 365, 0, (Filled(Role.FRONT_DOOR_MANAGER, 1, 380, 400),))
    lead, *_ = leads(a_comparison(replace(a_scenario("same", "Same", {}), is_unchanged=True, start=late)))

    assert "changes nothing" not in lead.first
    assert 'what "Same" changes is there from 6 May 2019, and these figures end before' in lead.first


def test_who_waits_is_told_for_the_time_that_is_simulated() -> None:
    scenario = three_scenarios().scenarios[1]
    short = {name: nights[:60] for name, nights in scenario.open_work.items()}
    first, *_ = who_waits(replace(scenario, open_work=short))

    assert "a period of 60 days wait less" in first
    assert "a year" not in first


def test_nobody_seen_is_no_days() -> None:
    found = a_comparison(a_scenario("none", "None", {}))
    nobody = replace(found.baseline, levels={**found.baseline.levels, Q90: nothing_known()})
    found = replace(found, scenarios=(nobody, *found.scenarios[1:]))

    assert "too few children" in leads(found)[0].first
    assert "too few children" in now_sentences(found)[0]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-1.0, -0.2, "0.2 to 1.0 days sooner"),
        (0.3, 2.0, "0.3 to 2.0 days later"),
        (-0.6, -0.01, "up to 0.6 days sooner"),
        (0.0, 0.6, "up to 0.6 days later"),
        (-1.2, 0.7, "1.2 days sooner to 0.7 days later"),
        (-0.04, 0.04, "no change"),
        (-1.0, -1.0, "1.0 days sooner"),
    ],
)
def test_a_range_of_changes_reads_as_people_say_it(low: float, high: float, words: str) -> None:
    change = replace(an_estimate(-1.8, error=0.1), year=Range(low, high))
    lead, *_ = leads(a_comparison(a_scenario("one", "One", {Q90: change})))

    assert f"In a single year, luck included, it could be {words}." in lead.rest


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (an_estimate(-4.2), "About 4.2 fewer children a month wait over 10 days."),
        (an_estimate(4.2), "About 4.2 more children a month wait over 10 days."),
        (no_change(), "As many children a month wait over 10 days as now."),
        (
            an_estimate(-4.2, error=9.0),
            "Too few years are run to tell whether more or fewer children wait over 10 days.",
        ),
    ],
)
def test_children_beyond_ten_days_are_counted_only_where_told(change: Estimate, words: str) -> None:
    lead, *_ = leads(a_comparison(a_scenario("one", "One", {Q90: an_estimate(-1.0), BEYOND_10: change})))

    assert words in lead.rest


def test_those_who_wait_longer_are_said_beside_those_who_wait_less() -> None:
    first, *_ = who_waits(three_scenarios().scenarios[1])

    assert "wait less" in first
    assert "wait longer" in first


def test_every_safety_check_has_a_finding_and_a_change() -> None:
    rows = safety_rows(three_scenarios().scenarios[3])

    assert len(rows) == len({(label, children) for label, children, _, _ in rows})
    assert any(finding == "Worse" for _, _, finding, _ in rows)
    assert all("simulation error" in change for *_, change in rows)


def test_a_team_says_where_its_staff_come_from() -> None:
    team = {"domestic_abuse_team.on": True, "domestic_abuse_team.managers": 1, "domestic_abuse_team.social_workers": 3}

    assert not staff_from(COUNTY)
    assert "1 manager and 3 social workers are taken from" in staff_from(COUNTY.changed(team))
    assert "are new posts" in staff_from(COUNTY.changed({**team, "domestic_abuse_team.posts": "new"}))


def test_what_rests_on_published_figures_is_headed_an_illustration_and_counts_no_children() -> None:
    found = three_scenarios()

    assert heading(found) == ILLUSTRATION == "Illustration. Not your records. No national return holds days to seen."
    assert "not calibrated to your records" in trust(found)[0]
    assert not any("children a month" in words for words in now_sentences(found))


def test_the_test_against_past_months_is_told_where_there_was_one() -> None:
    found = replace(three_scenarios(), is_calibrated=True, past_months=("With real contacts: NOT PASSED.",))

    assert "Test against past months. With real contacts: NOT PASSED." in trust(found)
    assert not any("has not been tested" in said for said in trust(found))
    assert not any("not been tested" in said for said in (heading(found), rests_on(found)))


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((), "they have not been tested against past months."),
        (("With a: NOT PASSED. x", "With b: NOT PASSED. y"), "they did NOT pass their test against past months."),
        (("With a: PASSED. x", "With b: NOT PASSED. y"), "they did NOT pass some of their tests against past months."),
        (("With a: PASSED. x", "With b: PASSED. y"), "they passed their test against past months."),
        (("With a: nothing could be tested, for",), "which tells too little to test them against past months."),
    ],
)
def test_what_a_test_against_past_months_came_to_heads_every_figure(verdicts: tuple[str, ...], words: str) -> None:
    found = replace(three_scenarios(), is_calibrated=True, past_months=verdicts)

    assert words in heading(found)
    assert words in rests_on(found)


def test_a_fitted_baseline_says_what_its_fit_learned_and_what_no_statistic_tells() -> None:
    numbers = (
        LearnedNumber("pace", "Pace of work", "times", 0.5, 2.0, 0.8, 1.0, 1.2, 0.9, "pinned down"),
        LearnedNumber("visits", "Visits", "days", 0.5, 2.0, 0.6, 1.0, 1.9, 0.1, "not learned"),
    )
    basis = Basis(
        "Illustration.", "It is fitted to 25 figures.", ("No statistic tells more.",), ("Bring records.",), numbers
    )
    said = trust(replace(three_scenarios(), basis=basis))

    assert said[:-1] == (
        "It is fitted to 25 figures.",
        (
            "Of 2 numbers that were fitted, these were pinned down: Pace of work. Of the other 1 little or nothing was "
            "learned: their ranges are assumptions."
        ),
        "No statistic tells more.",
        "Bring records.",
    )


def test_a_calibrated_baseline_is_no_illustration_and_never_called_published_figures() -> None:
    found = replace(three_scenarios(), is_calibrated=True)
    said = " ".join([heading(found), *trust(found), rests_on(found), *(p.alt for p in leaders_figures(found, {}))])

    assert "set from your own record" in heading(found)
    assert "Illustration" not in said
    assert "not your records" not in said
    assert "not been tested against past months" in said
    assert not any("not your records" in svg(picture) for picture in leaders_figures(found, {}))
