from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from matplotlib.text import Text

from sim.report.figures import png
from sim.report.sweeps import Shown, picture, text
from tests.sweep.counties import MANAGERS, WORKERS

LABELS = {MANAGERS: "Team managers (people)", WORKERS: "Experienced social workers (people)"}
UNITS = {"days_to_seen_q50": "days", "days_to_seen_q90": "days", "seen_within_10_days_share": "share"}
Q90 = Shown("days_to_seen_q90", "all", target=10.0)


def a_table(points: Sequence[Sequence[object]], levers: list[str], level: Sequence[float | None]) -> pl.DataFrame:
    rows = []
    for measure, unit in (
        ("days_to_seen_q50", "days"),
        ("days_to_seen_q90", "days"),
        ("seen_within_10_days_share", "share"),
    ):
        for number, (place, value) in enumerate(zip(points, level, strict=True)):
            low, high = (None, None) if value is None else (value - 1, value + 1)
            rows.append(
                {"point": number, **dict(zip(levers, place, strict=True)), "measure": measure, "group": "all"}
                | {"unit": unit, "years": 20, "level": value, "level_low": low, "level_high": high}
                | {"change": value, "change_low": low, "change_high": high}
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def test_one_lever_is_a_curve_with_its_band_and_the_target() -> None:
    found = a_table([(6,), (3,), (9,), (5,)], [MANAGERS], [12.0, 16.0, 9.0, 13.0])
    drawn = picture(found, [MANAGERS], LABELS, Q90, {})

    assert drawn is not None
    (line, *others) = drawn.figure.axes[0].get_lines()
    assert np.asarray(line.get_xdata()).tolist() == [3, 5, 9]
    assert np.asarray(line.get_ydata()).tolist() == [16, 13, 9]
    assert [np.asarray(other.get_ydata())[0] for other in others] == [0, 10.0]
    assert drawn.title == "From 9.0 days to 16.0 days over the points tried"
    assert "Point front_door.managers 3: 16.0 days." in drawn.alt


def test_two_levers_are_contours_with_the_targets_line_among_them() -> None:
    places = [(6, 20), *((m, w) for m in (3, 6, 9) for w in (20, 30))]
    found = a_table(places, [MANAGERS, WORKERS], [12.0, 16.0, 14.0, 12.0, 11.0, 9.0, 8.0])
    drawn = picture(found, [MANAGERS, WORKERS], LABELS, Q90, {})

    assert drawn is not None
    said = {words.get_text() for words in drawn.figure.findobj(Text)}
    assert "target" in said
    (below,) = (words for words in said if words.startswith("Days within"))
    assert below.endswith(
        "Simulation error of a point (95%): up to 1.0 days either way; a smaller difference may be chance"
    )
    assert drawn.figure.axes[0].get_ylabel() == LABELS[WORKERS]
    assert png(drawn)


def test_a_lever_of_one_value_beside_another_leaves_a_curve_over_the_other() -> None:
    found = a_table([(6, 25), (3, 20), (3, 30)], [MANAGERS, WORKERS], [12.0, 16.0, 9.0])
    drawn = picture(found, [MANAGERS, WORKERS], LABELS, Q90, {})

    assert drawn is not None
    (axes,) = drawn.figure.axes
    assert (axes.get_xlabel(), np.asarray(axes.get_lines()[0].get_xdata()).tolist()) == (LABELS[WORKERS], [20, 30])


def test_two_levers_that_vary_along_one_line_are_not_drawn() -> None:
    found = a_table([(6, 20), (3, 20), (6, 25), (9, 30)], [MANAGERS, WORKERS], [12.0, 16.0, 12.0, 9.0])

    assert picture(found, [MANAGERS, WORKERS], LABELS, Q90, {}) is None


@pytest.mark.parametrize("places", [[(6, "a"), (3, "b"), (9, "c")], [(6, 1), (3, 1), (9, 2)]])
def test_words_and_what_nobody_knows_are_not_drawn(places: list[tuple[object, ...]]) -> None:
    known = isinstance(places[0][1], str)
    found = a_table(places, [MANAGERS, WORKERS], [12.0, 16.0, 9.0] if known else [None, None, None])
    found = found.with_columns(pl.col("level", "level_low", "level_high").cast(pl.Float64))

    assert picture(found, [MANAGERS, WORKERS], LABELS, Q90, {}) is None


def test_every_word_lies_inside_the_picture() -> None:
    places = [(6, 20), *((m, w) for m in (3, 6, 9) for w in (20, 30))]
    found = a_table(places, [MANAGERS, WORKERS], [12.0, 116.0, 114.0, 12.0, 11.0, 9.0, 8.0])
    for levers, at in (([MANAGERS, WORKERS], found), ([MANAGERS], found.filter(pl.col(WORKERS) == 20))):
        drawn = picture(at, levers, LABELS, Q90, {"run": "0" * 12})
        assert drawn is not None
        drawn.figure.draw_without_rendering()
        edges = drawn.figure.bbox
        ticks = [label for axes in drawn.figure.axes for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
        for words in drawn.figure.findobj(Text):
            # A tick beyond the axis has a label that is not drawn.
            if words.get_text() and words.get_visible() and words not in ticks:
                box = words.get_window_extent()
                assert edges.x0 <= box.x0 <= box.x1 <= edges.x1, words.get_text()
                assert edges.y0 <= box.y0 <= box.y1 <= edges.y1, words.get_text()


def test_of_many_points_the_text_shows_the_best_and_says_so() -> None:
    levels: list[float | None] = [50.0, *np.linspace(100, 1, 60).tolist()]
    found = a_table([(6,), *((n,) for n in range(60))], [MANAGERS], levels)
    said = text(found, [MANAGERS], Q90, width=110)

    assert "The 40 points with the lowest level, of 60; all are in sweep.csv." in " ".join(said.split())
    first = [line.split()[0] for line in said.splitlines() if line]
    assert [word for word in first if word.isdigit()] == [str(n) for n in range(60, 20, -1)]
