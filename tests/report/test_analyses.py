"""Pictures of how sure an answer is: each says in words what it shows, and draws what it says."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.experiment import Estimate, Range, estimate
from sim.experiment.break_even import BreakEven
from sim.experiment.one_at_a_time import Swing, Tornado
from sim.experiment.sizing import Sizing, Standard
from sim.experiment.variance import split_variance
from sim.report.analyses import break_even_picture, enough_picture, label_of, spread_picture, tornado_picture
from sim.report.analyses.spread import Row
from sim.report.figures import png

KEY = ("days_to_seen_q90", "all")


def about(value: float) -> Estimate:
    luck = np.random.default_rng(1).normal(0, 0.1, 6)
    return estimate(value + luck - luck.mean(), np.zeros(6, dtype=np.int64), confidence=0.95)


def a_tornado() -> Tornado:
    swings = (
        Swing("further_work.police_reply_days.median", 0.5, 1.5, about(-1), about(2), about(3)),
        Swing("da-team:domestic_abuse_team.information_wait_multiplier", 0.5, 0.9, about(-0.4), about(0.5), about(0.9)),
    )
    return Tornado(KEY, "da-team", "A team", about(-2.0), swings, tried=150, left_out=("a.b",), years=6)


def test_a_tornado_says_what_each_number_does() -> None:
    found = tornado_picture(a_tornado())

    assert found.title.endswith(" moves the answer by 3.0 days")
    assert "(median) moves it by \N{MINUS SIGN}1.0 days at 0.5 and by +2.0 days at 1.5" in found.alt
    assert "change under A team, simulated: \N{MINUS SIGN}2.0 days" in found.alt
    assert png(found)


def test_a_tornado_of_too_few_years_says_so_and_nothing_else() -> None:
    luck = np.array([-9.0, 9.0, -9.0, 9.0])
    found = replace(a_tornado(), swings=tuple(replace(each, apart=unsure(luck)) for each in a_tornado().swings))
    drawn = tornado_picture(found)

    assert drawn.title == "Too few years to tell of any number that it moves the answer"
    assert drawn.alt.count("too few years to tell it from none") == 2
    assert png(drawn)


def unsure(luck: NDArray[np.float64]) -> Estimate:
    return estimate(luck + 1, np.zeros(len(luck), dtype=np.int64), confidence=0.95)


def test_two_that_are_not_told_apart_have_no_break_even() -> None:
    luck = np.array([-9.0, 9.0, -9.0, 9.0])
    found = replace(an_even((), None), differences=(unsure(luck),) * 3)

    assert break_even_picture(found).title == "Too few years to tell the two apart at any value tried"


def test_of_many_numbers_a_tornado_draws_the_first() -> None:
    found = tornado_picture(a_tornado(), most=1)

    assert "multiplier" not in found.alt
    assert found.size[1] < tornado_picture(a_tornado()).size[1]


def test_a_number_is_named_in_words() -> None:
    assert label_of("front_door.managers") != "front_door.managers"
    assert label_of("further_work.police_reply_days.median").endswith(" (median)")
    assert label_of("demand.police.information_unclear_share").startswith("police: ")
    assert label_of("no.such") == "no.such"


def an_even(crossings: tuple[float, ...], error: Range | None) -> BreakEven:
    differences = (about(-1), about(0.5), about(1))
    path = "domestic_abuse_team.information_wait_multiplier"
    return BreakEven(KEY, path, "A team", "More posts", (0.4, 0.7, 1.0), differences, crossings, error, years=20)


@pytest.mark.parametrize(
    ("crossings", "error", "said"),
    [
        ((0.6,), Range(0.5, 0.7), "As good as each other at 0.6"),
        ((), Range(math.inf, math.inf), "No break-even among the values tried"),
        ((0.5, 0.9), None, "Better and worse by turns: no one break-even"),
    ],
)
def test_a_break_even_says_where_it_is(crossings: tuple[float, ...], error: Range | None, said: str) -> None:
    found = break_even_picture(an_even(crossings, error))

    assert found.title == said
    assert "At 0.4: \N{MINUS SIGN}1.0 days." in found.alt
    assert png(found)


def test_an_error_beyond_what_was_tried_is_said_so() -> None:
    assert "0.5 to above 1" in break_even_picture(an_even((0.6,), Range(0.5, math.inf))).alt
    assert "Too few simulated years" in break_even_picture(an_even((0.6,), None)).alt


def a_sizing() -> Sizing:
    standard = Standard("seen_within_20_days_share", 0.9)
    return Sizing("assessment.social_workers.experienced", standard, (20, 22, 24), (0, 1, 1, 2, 3), 1, 0, 12)


def test_a_sizing_says_how_many_are_enough() -> None:
    found = enough_picture(a_sizing(), 0.6)

    assert found.title == "22 are enough with a chance of 60% or more"
    assert "at least 90% over a year. 20: 20%. 22: 60%. 24: 80%." in found.alt
    assert png(found)


def test_a_sizing_says_where_none_is() -> None:
    assert enough_picture(a_sizing(), 0.95).title == "None of the numbers tried is enough with a chance of 95%"
    assert enough_picture(a_sizing(), 0.2).title.startswith("20, the least tried, are enough")


def test_a_spread_says_what_part_is_not_known() -> None:
    draws = np.repeat(np.arange(20), 3)
    values = np.repeat(np.arange(20.0), 3) + np.tile([-3.0, 0.0, 3.0], 20)
    told, not_told = split_variance(values, draws), split_variance(values[:5], draws[:5])
    found = spread_picture([Row("A level", told), Row("A change", not_told)])

    assert f"A level: {told.unknown_share:.0%}, simulation error " in found.alt
    assert "A change: not known, simulation error not told: too few runs" in found.alt
    assert png(found)
