import math

import pytest

from sim.report.wording import (
    NONE_IN_ANY_RUN,
    NOT_EXPLORED,
    NOT_FROM_CHANCE,
    NOT_KNOWN,
    TOO_FEW_RUNS,
    TOO_FEW_SETS,
    Number,
    is_nothing,
    listed,
    not_told,
    not_told_of_change,
    shown,
    simulation_error,
    typographic,
    unknowns,
    with_unit,
)
from tests.report.comparisons import an_estimate, no_change, nothing_known


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(13.84, "days"), "13.8"),
        (Number(9.96, "days"), "10.0"),
        (Number(-0.04, "days"), "0.0"),
        (Number(0.783, "share"), "78%"),
        (Number(0.997, "share"), ">99%"),
        (Number(1.0, "share"), "100%"),
        (Number(0.004, "share"), "<1%"),
        (Number(0.0, "share"), "0%"),
        (Number(9.94, "children"), "9.9"),
        (Number(9.96, "children"), "10"),
        (Number(1234.5, "children"), "1,234"),
        (Number(25.24, "hours"), "25.2"),
        (Number(1234.5, "hours"), "1,234"),
        (Number(math.nan, "days"), NOT_KNOWN),
    ],
)
def test_a_level_is_shown_as_precisely_as_its_unit_allows(number: Number, text: str) -> None:
    assert shown(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(0.44, "days", signed=True), "+0.4"),
        (Number(-0.44, "days", signed=True), "-0.4"),
        (Number(0.04, "days", signed=True), "0.0"),
        (Number(-0.04, "days", signed=True), "0.0"),
        (Number(0.052, "share", signed=True), "+5"),
        (Number(-0.004, "share", signed=True), "0"),
        (Number(-17.6, "children a month", signed=True), "-18"),
        (Number(math.nan, "days", signed=True), NOT_KNOWN),
    ],
)
def test_a_change_is_signed_unless_it_is_shown_as_nothing(number: Number, text: str) -> None:
    assert shown(number) == text


def test_a_change_of_a_share_is_in_points() -> None:
    assert with_unit(Number(-0.02, "share", signed=True)) == "-2 points"
    assert with_unit(Number(0.4, "days", signed=True)) == "+0.4 days"
    assert with_unit(Number(0.4, "share")) == "40%"


def test_nothing_is_what_is_shown_as_nought() -> None:
    assert is_nothing(Number(0.049, "days", signed=True))
    assert not is_nothing(Number(0.051, "days", signed=True))
    assert not is_nothing(Number(math.nan, "days", signed=True))


def test_a_range_runs_from_its_lower_end_to_its_upper() -> None:
    estimate = an_estimate(-1.8, error=0.4, unknown=(-2.6, 0.7))

    assert simulation_error(estimate, "days", signed=True) == "-2.2 to -1.4"
    assert unknowns(estimate, "days", signed=True, draws=20) == "-2.6 to +0.7"


def test_a_range_that_cannot_be_told_is_a_sentence_not_a_gap() -> None:
    bare = an_estimate(1.0, error=None)

    assert simulation_error(bare, "days", signed=True) == TOO_FEW_RUNS
    assert unknowns(bare, "days", signed=True, draws=20) == TOO_FEW_RUNS
    assert unknowns(bare, "days", signed=True, draws=9) == TOO_FEW_SETS
    assert unknowns(bare, "days", signed=True, draws=1) == NOT_EXPLORED


def test_what_we_do_not_know_shrunk_to_a_point_is_not_called_certain() -> None:
    point = an_estimate(1.0, unknown=(1.0, 1.0))

    assert unknowns(point, "days", signed=True, draws=20) == NOT_FROM_CHANCE


def test_nothing_in_any_run_is_said_in_words_and_not_as_an_interval_of_nought() -> None:
    assert simulation_error(no_change(), "days", signed=True) == NONE_IN_ANY_RUN
    assert unknowns(no_change(), "days", signed=True, draws=20) == NONE_IN_ANY_RUN
    assert not_told_of_change(no_change(), 2) == (NONE_IN_ANY_RUN,)
    assert unknowns(no_change(), "days", signed=False, draws=20) == "0.0 to 0.0"


def test_a_row_of_numbers_says_which_ranges_it_lacks() -> None:
    assert not_told(an_estimate(1.0, unknown=(0.0, 2.0)), 20) == ()
    assert not_told(an_estimate(1.0), 9) == (f"what we do not know: {TOO_FEW_SETS}",)
    assert not_told(an_estimate(1.0), 1) == (f"what we do not know: {NOT_EXPLORED}",)
    assert not_told(an_estimate(1.0, unknown=(1.0, 1.0)), 20) == (f"what we do not know: {NOT_FROM_CHANCE}",)
    assert not_told(an_estimate(1.0, error=None), 20) == (
        f"simulation error: {TOO_FEW_RUNS}",
        f"what we do not know: {TOO_FEW_RUNS}",
    )
    assert not_told(nothing_known(), 20) == (NOT_KNOWN,)


def test_only_a_sign_becomes_a_minus() -> None:
    assert typographic("-0.4 to -0.1, out-of-hours, 2018-19, (-2 points)") == (
        "\N{MINUS SIGN}0.4 to \N{MINUS SIGN}0.1, out-of-hours, 2018-19, (\N{MINUS SIGN}2 points)"
    )


def test_items_are_listed_as_in_a_sentence() -> None:
    assert [listed(list(items)) for items in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]
