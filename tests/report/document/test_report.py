"""What a report says: the answer with its ranges, who waits longer, what is not known, and what nobody vouches for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sim.experiment import Comparison, ScenarioResult
from sim.experiment.grounds import Grounds
from sim.experiment.steady import Drift
from sim.provenance import RecordError
from sim.report import result_file
from sim.report.assurance import Assurance, Status
from sim.report.document.about import About, about
from sim.report.document.annexes import annexes, assumptions_log
from sim.report.document.blocks import Block, Grid, Items, Paragraph
from sim.report.document.body import body
from sim.report.document.letter import CONCERNS, POINTS, touched
from sim.report.document.stress import items
from sim.report.document.summary import answer, summary
from sim.report.figures.style import foot
from sim.report.headline import MEASURE
from sim.scenario import Evidence, Grade, levers
from tests.report.comparisons import (
    MORE_WORKERS,
    QUICKER,
    SHOCK,
    a_comparison,
    an_estimate,
    nothing_known,
    three_scenarios,
)
from tests.report.results import GROUNDS, a_result, with_sets
from tests.report.test_starting import a_started_comparison

WILL = (" will ", " shall ")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> About:
    return about_of(tmp_path_factory.mktemp("result"))


def about_of(
    folder: Path, comparison: Comparison | None = None, name: str | None = "more-workers", grounds: Grounds = GROUNDS
) -> About:
    return about(result_file.read(a_result(folder, comparison, grounds)), name, None, Assurance())


def texts(blocks: Iterator[Block]) -> str:
    """Every word of some blocks but those of figures."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(text=text, opening=opening):
                found += [opening, text]
            case Items(lines=lines):
                found += lines
            case Grid():
                found += [block.caption, *block.headings, *(cell for row in block.rows for cell in row), block.note]
            case _:
                pass
    return "\n".join(found)


def test_the_answer_is_two_sentences_with_both_ranges_and_of_the_model(asked: About) -> None:
    assert answer(asked) == (
        (
            'In the model, under "More social workers", 9 in 10 children who went on to be assessed were seen within '
            "12.0 calendar days of contact (8.2 working), not 13.8: a change of -1.8 days (simulation error: -2.2 to "
            "-1.4; what we do not know: -2.6 to -0.7)."
        ),
        "About 18 fewer children a month waited over 10 days (simulation error: 14 to 21 fewer).",
    )


def test_what_is_not_told_is_answered_so(tmp_path: Path) -> None:
    first, _ = answer(about_of(tmp_path, name="quicker"))

    assert "too few runs tell whether 9 in 10 children who went on to be assessed are seen sooner or later" in first


def test_on_the_first_page_a_range_that_is_not_told_takes_one_line_and_the_note_says_why(tmp_path: Path) -> None:
    few = an_estimate(-1.8, error=None)
    unsure = replace(MORE_WORKERS, changes=dict.fromkeys(MORE_WORKERS.changes, few))
    (grid,) = (block for block in summary(about_of(tmp_path, a_comparison(unsure))) if isinstance(block, Grid))

    assert {row[4:] for row in grid.rows} == {("not told", "not told")}
    assert " Not told: too few runs. " in f"{grid.note} "


def test_a_scenario_that_changes_nothing_is_answered_so(tmp_path: Path) -> None:
    same = replace(QUICKER, is_unchanged=True)

    assert "changes nothing" in answer(about_of(tmp_path, a_comparison(same), "quicker"))[0]


def test_where_nobody_is_seen_no_figure_is_given(tmp_path: Path) -> None:
    key = ("days_to_seen_q90", "all")
    unseen = replace(MORE_WORKERS, levels={**MORE_WORKERS.levels, key: nothing_known()})

    assert "too few children of the baseline were seen" in answer(about_of(tmp_path, a_comparison(unseen)))[0]


def test_the_first_page_says_what_it_rests_on_before_any_figure(asked: About) -> None:
    first = next(iter(summary(asked)))

    assert isinstance(first, Paragraph)
    assert first.opening == "Modelled, not observed."
    assert "Nothing published bears out what staff do to waits." in first.text
    assert "1 are official statistics or the authority's own record and 1 are assumptions, and " in first.text
    assert "have no stated source" in first.text
    assert "Quality assurance: Not assured" in first.text


def test_who_waits_longer_is_named_on_the_first_page(tmp_path: Path) -> None:
    said = texts(summary(about_of(tmp_path, name="shock")))

    assert "Nine in ten are told to be seen later of: children at immediate risk." in said
    assert "safety check worse" in said.lower()


def test_groups_that_wait_longer_are_counted_where_they_are_many(tmp_path: Path) -> None:
    later = {key: an_estimate(1.1, error=0.3) for key in SHOCK.changes if key[0] == "days_to_seen_q90"}
    worse = replace(SHOCK, changes={**SHOCK.changes, **later})
    said = texts(summary(about_of(tmp_path, a_comparison(worse), "shock")))

    assert "Nine in ten are told to be seen later in 12 of 12 groups of children" in said


def test_an_unknown_that_moves_the_change_is_named_with_the_change_at_either_end(asked: About) -> None:
    said = texts(summary(asked))

    assert "these numbers are told to move the change in days for 9 in 10: Replies are multiplied by this" in said
    assert "No other of the 2 numbers that differ between the 20 plausible sets is told from chance" in said


def test_where_no_unknown_is_told_it_says_so_and_why(tmp_path: Path) -> None:
    said = texts(summary(about_of(tmp_path, a_comparison(MORE_WORKERS))))

    assert "Which unknowns move the change most cannot be told" in said


def test_a_service_that_does_not_keep_up_is_said_on_the_first_page(tmp_path: Path) -> None:
    growing = replace(MORE_WORKERS, drift=Drift(10.0, 400.0, 500.0, 365, 300.0, 10.0))
    said = texts(summary(about_of(tmp_path, a_comparison(growing))))

    assert "the service does not keep up with its work" in said


def test_a_break_even_is_told_only_of_what_turns_the_change_within_what_was_run(asked: About, tmp_path: Path) -> None:
    assert "the fitted change turns from one sign to the other" in texts(body(asked)).lower()
    steady = with_sets(a_comparison(MORE_WORKERS))
    shifted = {name: values - 20 for name, values in steady.scenarios[1].by_draw.items()}
    steady = replace(steady, scenarios=(steady.baseline, replace(steady.scenarios[1], by_draw=shifted)))
    assert "That is no proof that there is none" in texts(body(about_of(tmp_path, steady)))


def test_the_break_even_is_where_the_fitted_line_crosses_nought(asked: About) -> None:
    swing = asked.sensitivity.told[0]

    # The change is nought in the eleventh of the sets by this number, where it is 0.9.
    assert swing.turns_at == pytest.approx(0.9)
    assert "(further_work.reply_multiplier): about 0.90" in texts(body(asked))


def test_targets_are_told_with_their_verdict_or_that_there_are_none(asked: About, tmp_path: Path) -> None:
    assert "1 of 1 published figures, and patterns that inspectors described, are met" in texts(body(asked))
    assert "held against no published figure" in texts(body(about_of(tmp_path, grounds=Grounds())))


def test_every_item_of_the_reporting_checklist_is_there_and_what_cannot_be_filled_says_so(asked: About) -> None:
    found = list(items(asked))
    numbers = {number.rpartition(".")[0] if number.count(".") > 1 else number for number, _, _ in found}

    assert len(numbers) == 20
    assert all(reported.strip() for _, _, reported in found)
    assert sum("Cannot be filled" in reported for _, _, reported in found) == 3
    assert any("incomplete" in reported for number, _, reported in found if number == "3.4")


def test_a_report_on_a_calibrated_baseline_calls_nothing_published_figures(tmp_path: Path) -> None:
    found = about_of(tmp_path, replace(with_sets(three_scenarios()), is_calibrated=True))
    started = replace(a_started_comparison(), is_calibrated=True, past_months=("With a: NOT PASSED. It does not.",))
    from_work = about_of(tmp_path / "started", started, None)

    assert "calibrated on your record" in foot("2 years", found.details)
    assert "Simulated from your open work and your record." in " ".join(foot("2 years", from_work.details).split())
    assert "sets of numbers that your record allows" in texts(body(found))
    assert "It starts from the real open work of 31 March 2024." in texts(summary(from_work))
    assert "NOT pass" in texts(summary(from_work))


def test_ranges_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    paths = ("demand.police.contact_share", "demand.health.contact_share", "front_door.managers")
    ends = ((0.4, 0.5), (0.0822166, 0.1), (1884.04, 2117.59))
    sources = tuple(Evidence(p, Grade.ASSUMPTION, "One source.", *e) for p, e in zip(paths, ends, strict=True))
    found = about_of(tmp_path, grounds=replace(GROUNDS, sources=sources))

    assert "0.4 to 0.5\n0.08222 to 0.1\n1884 to 2118" in texts(assumptions_log(found))


def test_the_log_names_what_has_no_source_and_the_source_of_what_has_one(asked: About) -> None:
    said = texts(assumptions_log(asked))

    assert "This log is incomplete" in said
    assert "Ours, for want of any figure." in said
    assert "Experienced social workers (assessment.social_workers.experienced)" in said
    assert "No source is stated." in said


def test_the_log_says_why_a_number_that_varies_has_no_effect_beside_it(tmp_path: Path) -> None:
    def effects(sets: int, moved: float) -> str:
        found = with_sets(three_scenarios())
        least = [replace(s, by_draw={k: moved * v[:sets] for k, v in s.by_draw.items()}) for s in found.scenarios]
        varied = tuple(
            replace(each, path="front_door.managers", values=each.values[:sets]) for each in found.varied[1:]
        )
        few = replace(found, scenarios=tuple(least), varied=varied, draws=sets)
        return texts(assumptions_log(about_of(tmp_path / f"{sets}-{moved:g}", few)))

    assert "varied; not told: too few sets" in effects(9, 1.0)
    assert "varied; the change is the same in every set" in effects(20, 0.0)
    assert "varied; not told from chance" in effects(20, 1.0)


def test_the_letter_is_quoted_where_the_scenario_acts_on_it(asked: About) -> None:
    said = texts(annexes(asked))

    assert "reduce caseloads" in said
    assert "between allocation to visit" in said
    assert "Support services are not routinely" not in said
    assert "A strength: Their push to increase capacity" in said
    assert "A strength: delays" not in said


def test_every_concern_has_levers_and_measures_that_are_there() -> None:
    paths = [path for path, _ in levers()]

    assert all(any(path.startswith(lever) for path in paths) for concern in CONCERNS for lever in concern.levers)
    assert {measure for concern in CONCERNS for measure in concern.measures} <= set(MEASURE)
    assert {concern.point for concern in CONCERNS} == set(range(len(POINTS) + 1))
    assert list(touched({"calendar.first_day": 1})) == []


def test_nothing_is_promised(asked: About) -> None:
    said = texts(iter([*summary(asked), *body(asked), *annexes(asked)])).lower()

    assert [word for word in WILL if word in said] == []


def test_a_status_that_somebody_gave_stands_with_name_and_dates(asked: About) -> None:
    given = Assurance(Status.APPROVED, "A. Name", date(2026, 12, 1), date(2027, 4, 1))
    said = texts(summary(About(asked.result, asked.scenario, asked.question, given)))

    assert "Approved by A. Name on 1 December 2026. To be reviewed by 1 April 2027." in said


def test_a_start_from_open_work_shows_no_small_count(tmp_path: Path) -> None:
    said = texts(body(about_of(tmp_path, a_started_comparison())))

    assert "Every scenario starts from the real open work at the end of 31 March 2024" in said
    assert "What becomes of" in said or "what becomes of it" in said


def test_the_scenario_that_leads_is_reported_on_where_none_is_named(tmp_path: Path) -> None:
    assert about_of(tmp_path, name=None).scenario.name == "more-workers"


@pytest.mark.parametrize(
    ("variants", "name", "words"),
    [
        ((), None, "nothing is compared in it"),
        ((MORE_WORKERS,), "other", "holds no scenario other to report on; there is more-workers"),
        ((QUICKER, SHOCK), None, "say which the report is about with --scenario: quicker, shock"),
    ],
)
def test_what_cannot_be_reported_on_is_refused(
    tmp_path: Path, variants: tuple[ScenarioResult, ...], name: str | None, words: str
) -> None:
    with pytest.raises(RecordError, match=words):
        about_of(tmp_path, a_comparison(*variants), name)
