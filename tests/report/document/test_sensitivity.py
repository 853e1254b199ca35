"""What a report says of numbers moved one at a time: figure, table and first page alike, and what is not told."""

from dataclasses import replace

import pytest

from sim.experiment import Range
from sim.experiment.assumptions import Assumed
from sim.report.document.about import About
from sim.report.document.annexes import assumptions_log
from sim.report.document.blocks import Drawing, Grid
from sim.report.document.sensitivity import sensitivity
from sim.report.document.summary import summary
from sim.report.document.turning import in_words
from sim.report.moved import Moved
from sim.report.wording import typographic
from sim.scenario import Evidence, Grade
from tests.report.document.test_report import about_of, texts
from tests.report.moves import REPLY, WAIT, an_even, moved, one_by_one, untold
from tests.report.results import GROUNDS


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> About:
    sources = (Evidence(REPLY, Grade.ASSUMPTION, "Ours.", 0.5, 1.5), *GROUNDS.sources)
    found = about_of(tmp_path_factory.mktemp("moved"), grounds=replace(GROUNDS, sources=sources))
    return replace(found, moved=moved(found.result.record.run_id))


@pytest.fixture(scope="module")
def in_doubt(asked: About) -> About:
    return replace(asked, moved=Moved(untold(), "run", "frontdoor sensitivity"))


def test_the_table_holds_the_numbers_of_the_figure(asked: About) -> None:
    blocks = list(sensitivity(asked))
    (drawing, *_), (grid, *_) = ([b for b in blocks if isinstance(b, kind)] for kind in (Drawing, Grid))
    assert isinstance(drawing, Drawing)
    assert isinstance(grid, Grid)

    # The change is -1.8 with none moved: half a day less at the low end, and one and a half more at the high one.
    assert grid.rows[0][1:] == ("0.5", "1.5", "-2.3", "-0.3", "+2.0", "+1.8 to +2.2")
    assert typographic("moves it by -0.5 days at 0.5 and by +1.5 days at 1.5") in drawing.picture.alt
    assert [row[5] for row in grid.rows] == ["+2.0", "+1.2", "-0.4"]
    assert "Run\N{NO-BREAK SPACE}" in "".join(text.get_text() for text in drawing.picture.figure.texts)
    assert "frontdoor sensitivity run --scenario more-workers (Front Door 0.1.0, seed 7)" in grid.note


def test_the_first_page_names_those_that_are_told_with_their_swing_and_says_how_many_are_not(asked: About) -> None:
    said = texts(summary(asked))

    assert "(median), from 0.5 to 1.5 (days): -2.3 to -0.3 days; Police reply time is multiplied by this, from" in said
    assert "second look" not in said
    assert "No other of 3 numbers, chosen of 155 by 2 simulated years, is told from chance to move it in 24" in said


def test_the_first_page_says_nothing_of_others_where_all_are_told_and_names_no_assumption_twice(asked: About) -> None:
    found = one_by_one()
    both = replace(found, tornado=replace(found.tornado, swings=found.tornado.swings[:2]))
    effect = Assumed(WAIT, "Police reply time is multiplied by this", "ratio", 0.4, 0.7, 0.98)
    assuming = replace(asked, moved=Moved(both, "run", "command"), scenario=replace(asked.scenario, assumed=(effect,)))
    said = texts(summary(assuming))

    assert "No other of" not in said
    assert "0.70 on average" not in said
    assert "0.70 on average" in texts(summary(replace(assuming, moved=None)))


def test_of_too_few_years_nothing_is_told(in_doubt: About) -> None:
    said, first = texts(sensitivity(in_doubt)), texts(summary(in_doubt))

    assert "None of them is told to move the change in 24 simulated years: more years may tell." in said
    assert "None of 3 numbers moved one at a time" in first
    assert "beats" not in said
    assert said.count("do not tell the two apart for 9 in 10 at any value tried, so no break-even can be given") == 2


def test_a_break_even_is_said_with_its_error_and_as_the_fall_that_it_asks_for(asked: About) -> None:
    said = texts(sensitivity(asked))

    assert (
        'In the model "More social workers" beats "Quicker decisions", by the days within which 9 in 10 are seen, only '
        "if this is below 0.65, a fall of more than 35%: Police reply time is multiplied by this"
    ) in said
    assert "Simulation error of that value (95%): 0.52 to above 1." in said
    assert "at every value tried, from 0.4 to 1, 9 in 10 are seen within fewer days under the first" in said
    figures = [block for block in sensitivity(asked) if isinstance(block, Drawing)]
    assert len(figures) == 2
    assert "0.65" in figures[1].picture.alt


def test_the_table_of_a_break_even_holds_every_value_and_both_it_is_held_against(asked: About) -> None:
    grid = [block for block in sensitivity(asked) if isinstance(block, Grid)][1]

    assert grid.headings[1:] == ('Less "Quicker decisions"', 'Less "The county as it is"')
    assert grid.rows[0] == ("0.4", "-0.8 (-1.0 to -0.6)", "-2.6 (-2.8 to -2.4)")
    assert len(grid.rows) == 3


def test_a_break_even_that_lies_anywhere_or_turns_twice_is_not_given() -> None:
    anywhere = an_even("Other", -0.3, 0.1, 0.1, at=(0.6,), error=Range(-float("inf"), float("inf")))
    twice = an_even("Other", -0.3, 0.3, -0.3, at=(0.5, 0.8), error=Range(0.4, 0.6))

    assert "no one break-even can be given" in in_words(anywhere)
    assert "better and worse by turns, so no one break-even can be given" in in_words(twice)


def test_the_assumptions_log_gives_what_a_number_that_is_told_does(asked: About) -> None:
    said = texts(assumptions_log(asked))

    assert "-2.3; -0.3 days" in said


def test_without_any_the_report_says_which_command_moves_them(asked: About) -> None:
    assert "frontdoor sensitivity does that for a results folder" in texts(sensitivity(replace(asked, moved=None)))


def test_where_no_break_even_was_looked_for_it_says_so(asked: About) -> None:
    found = replace(one_by_one(), break_evens=())

    assert "no break-even was looked for" in texts(
        sensitivity(replace(asked, moved=Moved(found, "run", "frontdoor sensitivity")))
    )
