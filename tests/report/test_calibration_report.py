"""The figures of a record in words, and how far they lie from runs of a fitted model."""

import math
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from sim.calibration.mechanics import FIGURES, Calibrated
from sim.report.calibration.compared import Compared, compared, in_words, shown
from sim.report.calibration.pictures import beside_picture, fitted_picture
from sim.report.calibration.told import FittedRow

NAMES = [name for _, name in FIGURES]


def a_fit(record: float, runs: tuple[float, ...]) -> Calibrated:
    """Of which every figure of the record and of the runs is the same."""
    many = len(FIGURES)
    predicted = np.tile(np.array(runs)[:, None], (1, many))
    return cast("Calibrated", SimpleNamespace(observed=np.full(many, record), predicted=predicted))


def test_every_figure_has_words_of_its_own() -> None:
    words = [in_words(name) for name in NAMES]

    assert len(set(words)) == len(words)
    assert not [each for each in words if "_" in each]
    assert in_words("seen_within_1") == "Decision to child seen: within 1 day"
    assert in_words("decision_mean_2") == "Contact to decision: mean, part 2 of 4"
    assert in_words("seen_weekly_cv") == "Families seen a week: spread over their mean"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("seen_within_5", 0.663, "about 70%"),
        ("asked_share", 0.31, "about 30%"),
        ("seen_mean", 4.26, "4.3 days"),
        ("unseen_open_last", math.log1p(3), "5 or fewer"),
        ("unseen_open_mean", math.log1p(1234), "1,234"),
        ("unseen_open_spread", 0.5, "0.50"),
        ("decided_weekly_mean", math.log1p(26), "26"),
    ],
)
def test_a_figure_is_shown_as_it_is_read_and_few_children_are_hidden(name: str, value: float, expected: str) -> None:
    assert shown(name, value) == expected


@pytest.mark.parametrize(
    ("record", "runs", "apart"),
    [
        (2.0, (1.0, 2.0, 3.0), 0.0),
        (3.9, (1.0, 2.0, 3.0), 1.9 / 0.95),
        (1.05, (1.0, 2.0, 9.0), -1.0),
        (2.0, (2.0, 2.0, 2.0), 0.0),
        (1.0, (2.0, 2.0, 2.0), -math.inf),
    ],
)
def test_how_far_a_record_lies_is_in_halves_of_the_range_on_its_side(
    record: float, runs: tuple[float, ...], apart: float
) -> None:
    assert {round(row.apart, 6) for row in compared(a_fit(record, runs))} == {round(apart, 6)}


def test_what_a_record_does_not_tell_is_not_compared() -> None:
    assert not list(compared(a_fit(math.nan, (1.0, 2.0, 3.0))))


def test_the_pictures_say_in_words_what_they_show() -> None:
    rows = [Compared("seen", "Contact to child seen: mean", "9.0 days", "1.0 days to 4.0 days", math.inf)]
    row = FittedRow("a", "a manager's time", "minutes", 10, 1000, 50, 20, 90, 0.9, "pinned down", 0.9, 1.0, "b", 0.1)

    assert beside_picture(rows, "Source.").alt.endswith("Seen: 1 figure, beyond: Contact to child seen: mean.")
    assert "a manager's time: 50 minutes (20 to 90), assumed 10 to 1,000 before" in fitted_picture([row], "Source.").alt
