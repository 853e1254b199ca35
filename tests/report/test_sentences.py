import re
from dataclasses import replace

from sim.experiment import Comparison, Estimate, Later, ScenarioResult
from sim.experiment.assumptions import Assumed
from sim.measures import MEASURES
from sim.report import as_csv, text
from sim.report.sentences import CAVEATS, leading, range_notes, sentences
from tests.report.comparisons import (
    BEYOND_10,
    MORE_WORKERS,
    Q50,
    Q90,
    QUICKER,
    REFERRED,
    SHOCK,
    a_comparison,
    a_scenario,
    an_estimate,
    no_change,
    nothing_known,
    three_scenarios,
    with_one_draw,
)


def with_same(change: Estimate) -> ScenarioResult:
    """A scenario whose same children changed by this much."""
    found = a_scenario("x", "X", {})
    same = {group: replace(each, mean_change_days=change) for group, each in found.same_children.items()}
    return replace(found, same_children=same)


def lead(comparison: Comparison) -> str:
    return sentences(comparison)[0]


def worth(comparison: Comparison) -> str:
    """What is said of the lead below it."""
    return sentences(comparison)[1]


def test_the_largest_told_improvement_leads_with_its_level_its_baseline_and_both_ranges() -> None:
    assert lead(three_scenarios()) == (
        'In the model, under "More social workers", 9 in 10 children who went on to be assessed were seen within 12.0 '
        "calendar days of contact (8.2 working), not 13.8: a change of -1.8 days (simulation error: -2.2 to -1.4; what "
        "we do not know: -2.6 to -0.7). About 18 fewer children a month waited over 10 days (simulation error: 14 to "
        "21 fewer). Safety checks: none worse. Children at immediate risk: 9 in 10 seen at most an hour later."
    )
    assert sentences(three_scenarios())[1] == (
        "The lead is the largest shortening told for 9 in 10, over the year, of the 3 scenarios compared: the "
        "simulation error allows for that choice, the single figure does not."
    )


def test_the_only_scenario_is_not_said_to_be_picked() -> None:
    assert "largest" not in " ".join(sentences(a_comparison(MORE_WORKERS)))


def test_a_larger_improvement_that_is_not_told_does_not_lead() -> None:
    larger = a_scenario("larger", "Larger", {Q90: an_estimate(-5.0, error=6.0)})

    found = leading(a_comparison(larger, MORE_WORKERS))

    assert found == (MORE_WORKERS, "days_to_seen_q90")


def test_half_of_the_children_lead_where_nothing_is_told_for_nine_in_ten() -> None:
    half = a_scenario("half", "Half", {Q50: an_estimate(-0.5), Q90: an_estimate(-0.5, error=1.0)})

    words = lead(a_comparison(half))

    assert words.startswith('In the model, under "Half", half of the children who went on to be assessed were seen')
    assert "within 5.9 calendar days of contact (3.3 working), not 6.4: a change" in words


def test_where_nothing_is_told_apart_it_says_too_few_runs_to_tell() -> None:
    words = sentences(a_comparison(QUICKER))

    assert words[0].startswith("Too few runs to tell any scenario's days to seen as shorter than the baseline's.")
    assert words[1] == 'For 9 in 10, too few runs to tell from the baseline: "Quicker replies & checks".'


def test_the_other_scenarios_stand_under_what_can_be_told_of_them() -> None:
    also = a_scenario("also", "Also", {Q90: an_estimate(-0.5)})
    same = a_scenario("same", "Same", {Q90: no_change()})

    words = sentences(a_comparison(MORE_WORKERS, also, same, QUICKER, SHOCK))[2]

    assert words == (
        'Also shorter for 9 in 10: "Also" (-0.5 days, simulation error -0.6 to -0.4). '
        'Longer waits for 9 in 10: "A vacancy shock" (+1.1 days, simulation error +0.8 to +1.4). '
        'No change for 9 in 10: "Same". '
        'For 9 in 10, too few runs to tell from the baseline: "Quicker replies & checks".'
    )


def test_readings_that_disagree_in_sign_are_said_to() -> None:
    assert sentences(three_scenarios())[3] == (
        'Under "Quicker replies & checks" two readings disagree in sign: 9 in 10 of all children -0.2 days (too few '
        "runs to tell), the same children on average +0.4 days. The children measured are not all the same: 5.1 are "
        "referred in the baseline alone and 7.9 here alone."
    )
    assert "disagree" not in " ".join(sentences(a_comparison(MORE_WORKERS, SHOCK)))


def test_readings_that_disagree_but_are_not_told_share_one_sentence() -> None:
    doubtful = [
        replace(a_scenario(name, name, {Q90: an_estimate(-0.2, error=0.5)}), same_children=unsure.same_children)
        for name, unsure in zip("ABC", [with_same(an_estimate(0.4, error=0.9))] * 3, strict=True)
    ]

    _, _, shared, rests = sentences(a_comparison(*doubtful))

    assert shared == (
        'Under "A", "B" and "C" the change for all children and the change for the same children have opposite signs, '
        "but there are too few runs to tell either from none."
    )
    assert rests.startswith("These figures rest on")


def test_of_many_scenarios_the_largest_changes_are_named() -> None:
    many = [a_scenario(f"s{n}", f"S{n}", {Q90: an_estimate(n / 10)}) for n in range(1, 11)]

    words = sentences(a_comparison(*many))[1]

    assert words.startswith('Longer waits for 9 in 10: "S10" (+1.0 days')
    assert "and 3 more in the table. " in words
    assert '"S5"' in words
    assert '"S4"' not in words


def test_a_worse_safety_check_of_what_leads_is_named_in_its_sentence() -> None:
    risky = a_scenario("risky", "Risky", {Q90: an_estimate(-1.0), ("days_to_seen_q90", "immediate"): an_estimate(0.5)})

    words = lead(a_comparison(risky))

    assert "Safety check worse: Longest waits of children at immediate risk (+0.5 days)." in words
    assert "an hour later" not in words


def test_children_over_ten_days_are_counted_only_where_told() -> None:
    def words(change: float, error: float) -> str:
        changes = {Q90: an_estimate(-1.0), BEYOND_10: an_estimate(change, error=error)}
        return lead(a_comparison(a_scenario("x", "X", changes)))

    assert "About 4.2 more children a month waited over 10 days (simulation error: 3.2 to 5.2 more)." in words(4.2, 1.0)
    assert "Too few runs to tell how many more or fewer children a month" in words(-4.2, 9.0)


def test_what_was_not_explored_or_not_told_is_said_in_the_sentence() -> None:
    unexplored = lead(a_comparison(with_one_draw(MORE_WORKERS), draws=1))
    chance = a_scenario("x", "X", {Q90: an_estimate(-1.0, unknown=(-1.0, -1.0))})

    assert "(simulation error: -2.2 to -1.4; what we do not know: not explored)" in unexplored
    assert "what we do not know: not told from chance)" in lead(a_comparison(chance))


def test_the_last_paragraph_says_what_the_numbers_rest_on() -> None:
    assert sentences(three_scenarios())[-1] == (
        "These figures rest on 24 simulated years of each scenario and 20 plausible sets of numbers. Published "
        "figures, not your records: no national return holds days to seen, and nothing published bears out what "
        "staff do to waits."
    )
    assert "1 simulated year and one set of numbers" in sentences(a_comparison(draws=1, replications=1))[-1]


def test_so_few_children_that_rare_runs_decide_are_said_to_be_few() -> None:
    def of(children: float) -> str:
        whole = a_comparison()
        levels = {**whole.baseline.levels, REFERRED: an_estimate(children)}
        return sentences(replace(whole, scenarios=(replace(whole.baseline, levels=levels),)))[-1]

    assert of(99.4).endswith(
        "There are only about 99 such children in a simulated year: of so few, the simulation error of twenty runs "
        "holds the truth in about eight comparisons of ten, not in 95 of 100."
    )
    assert of(100.0).endswith("nothing published bears out what staff do to waits.")


def test_a_run_shorter_than_a_year_is_not_called_a_year() -> None:
    whole = a_comparison()
    month = {name: days[:30] for name, days in whole.baseline.open_work.items()}
    short = replace(whole, scenarios=(replace(whole.baseline, open_work=month),))

    assert "24 simulated periods of 30 days and 20" in sentences(short)[-1]


def test_one_scenario_alone_is_described_and_not_compared() -> None:
    words = sentences(a_comparison())

    assert words[0] == (
        'In the model, under "The county as it is", 9 in 10 children who went on to be assessed were seen within 13.8 '
        "calendar days of contact (9.4 working), and half of them within 6.4. 78% were seen within 10 days; about 63 "
        "children a month waited longer. No other scenario was run, so nothing is compared."
    )
    assert len(words) == 2


def test_a_baseline_in_which_nobody_was_seen_says_so() -> None:
    whole = a_comparison()
    unseen = replace(whole.baseline, levels={**whole.baseline.levels, Q90: nothing_known()})

    assert sentences(replace(whole, scenarios=(unseen,)))[0].startswith("In the model too few children of the baseline")
    assert "In the model too few" in sentences(replace(whole, scenarios=(unseen, QUICKER)))[0]


def test_the_two_ranges_are_explained_and_neither_is_called_the_other() -> None:
    error, unknown, _ = range_notes(three_scenarios())

    confidence = "95% confidence, for each figure holding for all 3 scenarios at once"
    told = f"Simulation error: what more runs would narrow; {confidence}"
    checks = (
        "Each of the 14 safety checks is told by itself: where nothing gets worse, chance names one in at most 35 "
        "comparisons of 100."
    )
    assert error == f"{told}; what sets differ by is in it too. {checks}"
    assert range_notes(replace(three_scenarios(), replications=60))[0] == f"{told}. {checks}"
    assert "safety" not in range_notes(a_comparison())[0]
    assert unknown.startswith("What we do not know: the middle 80% over 20 sets of numbers")
    assert range_notes(a_comparison(MORE_WORKERS, draws=1))[1].startswith("What we do not know: not explored")
    assert range_notes(a_comparison(MORE_WORKERS, draws=9))[1] == (
        "What we do not know is not told: 9 sets of numbers were run, and it takes 10 to tell a range."
    )


def test_where_no_set_was_met_twice_chance_is_said_to_be_in_the_range_of_what_we_do_not_know() -> None:
    error, unknown = range_notes(a_comparison(MORE_WORKERS, replications=20))

    assert unknown.endswith("chance is in it too, which three simulated years of each set would take out.")
    assert "; what sets differ by is in it too." in error
    assert "more runs would not narrow it" not in error + unknown


def test_nothing_is_promised() -> None:
    meanings = " ".join(measure.meaning + measure.label for measure in MEASURES)
    said = " ".join([text(three_scenarios()), text(a_comparison()), as_csv(three_scenarios()), *CAVEATS, meanings])

    assert not re.findall(r"\b(?:will|shall|guarantees?)\b", said, re.IGNORECASE)


def test_the_words_on_screen_are_those_agreed() -> None:
    said = text(three_scenarios()).split("Run details", maxsplit=1)[0]

    assert not re.findall(
        r"guardrail|turned away|censored|caseload cap|back-?cast|\blevers?\b|who loses|assurance|\bdraws?\b|\bseed\b|"
        r"replications?|confidence interval|\bred\b",
        said,
        re.IGNORECASE,
    )


ALSO = a_scenario("also", "Also", {Q90: an_estimate(-1.7)})


def against_the_lead(error: float) -> Comparison:
    """More social workers lead by 0.1 days, told or not."""
    gaps = {("days_to_seen_q90", "more-workers", "also"): an_estimate(-0.1, error=error)}
    return replace(a_comparison(MORE_WORKERS, ALSO), between=gaps)


def test_a_lead_that_is_not_told_from_another_scenario_is_said_not_to_be() -> None:
    assert 'Too few runs to tell whether it shortens more than "Also".' in worth(against_the_lead(error=0.3))
    assert "shortens more" not in worth(against_the_lead(error=0.05))


def with_later(scenario: ScenarioResult, change: float) -> ScenarioResult:
    changes = {**scenario.changes, Q90: an_estimate(change)}
    return replace(scenario, later=(Later(167, scenario.levels, scenario.levels, changes),))


def test_a_scenario_that_shortens_more_once_all_is_there_is_named_beside_the_lead() -> None:
    words = worth(a_comparison(with_later(MORE_WORKERS, -1.8), with_later(ALSO, -2.3)))

    assert (
        "For contacts received from 15 September 2018 on, when what these scenarios add is there, its change for 9 "
        "in 10 is -1.8 days, simulation error -1.9 to -1.7. For those contacts it is larger under "
        '"Also" (-2.3 days, simulation error -2.4 to -2.2).'
    ) in words
    assert "larger under" not in worth(a_comparison(with_later(MORE_WORKERS, -1.8), with_later(ALSO, -1.7)))


def test_the_lead_says_what_it_rests_on_that_nobody_has_measured() -> None:
    effect = Assumed("further_work.reply_multiplier", "Replies are multiplied by this", "ratio", 0.4, 0.7, 1.0)

    assert (
        "The lead rests on what nobody has measured. Replies are multiplied by this: 0.70 on average, from 0.40 to "
        "1.00."
    ) in worth(a_comparison(replace(MORE_WORKERS, assumed=(effect,))))
    assert "nobody has measured" not in worth(three_scenarios())
