"""What each lever of a sweep does: averages, shares of what varies, and how sure they are."""

import itertools
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from matplotlib.text import Text
from numpy.typing import NDArray

from sim.report.figures import png
from sim.report.sweeps import Found, Shown, text, write
from sim.report.sweeps.effects import effects
from sim.report.sweeps.panels import panels
from sim.sweep import Design, Store, Sweep, lever, points, run_sweep, shares
from sim.sweep.effects import FEWEST_RUNS, Share, split
from tests.report.test_page import Reader
from tests.sweep.counties import MANAGERS, WORKERS, a_plan
from tests.sweep.test_pictures import a_table

UNCLEAR = "demand.information_unclear_multiplier"
REPLY = "further_work.reply_multiplier"
LABELS = {MANAGERS: "Team managers (people)", WORKERS: "Experienced social workers (people)", REPLY: "Replies (ratio)"}
Q90 = Shown("days_to_seen_q90", "all")

PLACES = np.array(list(itertools.product(range(4), range(3), range(2))), dtype=float)
TRUE = 2 * PLACES[:, 0] + PLACES[:, 1] + 0.8 * PLACES[:, 0] * PLACES[:, 1] + 0.5 * PLACES[:, 2]
LEVERS = [PLACES[:, place].tolist() for place in range(3)]


def true_shares() -> list[float]:
    centred = TRUE - TRUE.mean()
    each = [
        np.mean([centred[PLACES[:, place] == value].mean() ** 2 for value in np.unique(PLACES[:, place])])
        for place in range(3)
    ]
    return [float(part / np.mean(centred**2)) for part in (*each, np.mean(centred**2) - sum(each))]


def simulated(runs: int, chance: float, seed: int) -> NDArray[np.float64]:
    """Years that differ as a whole, in how much the levers do, and from point to point."""
    normal = np.random.default_rng(seed).normal
    slopes = 1 + 0.3 * normal(size=(runs, 1))
    found: NDArray[np.float64] = TRUE * slopes + normal(0, 3, (runs, 1)) + normal(0, chance, (runs, len(TRUE)))
    return found


def test_without_chance_shares_are_what_they_are_and_add_up() -> None:
    found = split(np.tile(TRUE, (FEWEST_RUNS, 1)), LEVERS, ["a", "b", "c"])

    assert [share.path for share in found] == ["a", "b", "c", None]
    assert [share.share for share in found] == pytest.approx(true_shares())
    assert sum(share.share for share in found) == pytest.approx(1)


def test_chance_is_not_taken_for_levers_that_act_together() -> None:
    many = [split(simulated(20, 8, seed), LEVERS, ["a", "b", "c"]) for seed in range(60)]
    averages = np.mean([[share.share for share in each] for each in many if each], axis=0)

    # Taken as it stands the chance of these runs would be a tenth of all that varies.
    assert averages == pytest.approx(true_shares(), abs=0.03)


@pytest.mark.parametrize(("runs", "chance"), [(10, 3), (20, 8), (60, 8)])
def test_the_error_of_a_share_holds_it_about_as_often_as_it_says(runs: int, chance: float) -> None:
    held = []
    for seed in range(200):
        for share, true in zip(
            split(simulated(runs, chance, seed), LEVERS, ["a", "b", "c"]), true_shares(), strict=False
        ):
            held.append(share.error.low <= true <= share.error.high)

    # 95% less three standard errors of 200 tries; shares near nought are a little less sure.
    assert np.mean(held) > 0.95 - 3 * (0.95 * 0.05 / 200) ** 0.5


def test_points_that_the_runs_cannot_tell_apart_have_no_shares() -> None:
    normal = np.random.default_rng(1).normal
    told = [split(normal(size=(20, 24)), LEVERS, ["a", "b", "c"]) for _ in range(100)]

    assert sum(bool(each) for each in told) <= 8


def test_too_few_runs_and_what_is_not_known_have_no_shares() -> None:
    values = simulated(FEWEST_RUNS, 1, 1)
    assert split(values, LEVERS, ["a", "b", "c"])
    unknown = values.copy()
    unknown[3, 3] = np.nan

    assert split(values[1:], LEVERS, ["a", "b", "c"]) == ()
    assert split(unknown, LEVERS, ["a", "b", "c"]) == ()


def test_a_sweep_has_shares_where_it_is_a_full_grid_and_none_where_it_is_not(tmp_path: Path) -> None:
    plan, store = a_plan(replications=FEWEST_RUNS), Store(tmp_path)
    levers = tuple(lever(each, plan.baseline) for each in (f"{UNCLEAR}=0.2,1.5", f"{REPLY}=0.05,1"))
    full = points(levers, Design.GRID, None, 1)
    key = ("decision_days_q90", "all")
    found = {}
    for name, some in (("full", full), ("not full", full[:3])):
        sweep = Sweep(plan, levers, some, model="of a test")
        found[name] = shares(sweep, store, run_sweep(sweep, store, processes=1), key)

    assert [share.path for share in found["full"]] == [UNCLEAR, REPLY, None]
    assert found["not full"] == ()


def three_levers() -> pl.DataFrame:
    places = [(4, 22, 1.0), *itertools.product((3, 6, 9), (20, 30), (0.5, 1.0))]
    return a_table(places, list(LABELS), [9.0, *(20 - m - 0.1 * w - 0.5 * r for m, w, r in places[1:])])


SHARES = [Share(MANAGERS, 0.9, _range := split(np.tile(TRUE, (10, 1)), LEVERS, ["a", "b", "c"])[0].error)]
SHARES += [Share(WORKERS, 0.06, _range), Share(REPLY, 0.03, _range), Share(None, 0.01, _range)]


def test_averages_are_over_whatever_the_other_levers_are_and_the_strongest_is_first() -> None:
    (managers, workers, reply) = effects(three_levers(), list(LABELS), Q90, SHARES)

    assert [each.path for each in (managers, workers, reply)] == [MANAGERS, WORKERS, REPLY]
    assert [value for value, _ in managers.averages] == [3, 6, 9]
    assert [level for _, level in managers.averages] == pytest.approx([14.125, 11.125, 8.125])
    assert managers.apart == pytest.approx(6)


def test_a_lever_of_many_values_is_averaged_over_parts_of_its_range() -> None:
    places = [(4, 0.0), *((n % 3, n / 64) for n in range(64))]
    found = a_table(places, [MANAGERS, REPLY], [9.0, *(10 * n / 64 for n in range(64))])
    (reply, managers) = effects(found, [MANAGERS, REPLY], Q90, ())

    assert (reply.path, len(reply.averages), len(managers.averages)) == (REPLY, 8, 3)
    assert [level for _, level in reply.averages] == pytest.approx(
        [10 * (4 + 8 * part - 0.5) / 64 for part in range(8)]
    )


def test_three_levers_are_a_panel_each_with_its_share_in_it() -> None:
    found = three_levers()
    rows = found.filter(pl.col("measure") == "days_to_seen_q90").sort("point")
    drawn = panels(rows, effects(found, list(LABELS), Q90, SHARES), SHARES, LABELS, Q90, {"run": "0" * 12}, "Title")

    assert len(drawn.figure.axes) == 3
    said = [words.get_text() for words in drawn.figure.findobj(Text)]
    assert [words.partition(" (")[0] for words in said if words.startswith("share ")] == [
        "share 90%", "share 6%", "share 3%",
    ]  # fmt: skip
    assert "Team managers (people), on average at 3: 14.1 days, 6: 11.1 days, 9: 8.1 days; by itself 90%" in drawn.alt
    assert png(drawn)


def test_every_word_of_the_panels_lies_inside_the_picture_and_on_no_other() -> None:
    long = {
        path: f"{words} that has a meaning which takes rather more than two lines to tell"
        for path, words in LABELS.items()
    }
    found = three_levers()
    rows = found.filter(pl.col("measure") == "days_to_seen_q90").sort("point")
    drawn = panels(rows, effects(found, list(LABELS), Q90, SHARES), SHARES, long, Q90, {"run": "0" * 12}, "Title")
    drawn.figure.draw_without_rendering()
    edges = drawn.figure.bbox
    ticks = [label for axes in drawn.figure.axes for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    boxes = [
        words.get_window_extent()
        for words in drawn.figure.findobj(Text)
        if words.get_text() and words.get_visible() and words not in ticks
    ]

    for box in boxes:
        assert edges.x0 <= box.x0 <= box.x1 <= edges.x1
        assert edges.y0 <= box.y0 <= box.y1 <= edges.y1
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)


def test_a_lever_of_words_has_its_words_below_its_panel() -> None:
    order = "front_door.order"
    places = [(4, "a", 1.0), *itertools.product((3, 6), ("a", "b"), (0.5, 1.0))]
    levels = [9.0, *(20.0 - m - (w == "b") for m, w, _ in places[1:])]
    found = a_table(places, [MANAGERS, order, REPLY], levels)
    labels = {MANAGERS: "M", order: "Order", REPLY: "R"}
    rows = found.filter(pl.col("measure") == "days_to_seen_q90").sort("point")
    drawn = panels(rows, effects(found, list(labels), Q90, ()), (), labels, Q90, {}, "Title")

    drawn.figure.draw_without_rendering()
    assert [label.get_text() for label in drawn.figure.axes[1].get_xticklabels()] == ["a", "b"]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write(Found(three_levers(), LABELS, Q90, SHARES), tmp_path, {"run": "0" * 12, "baseline": "County <A>"})
    return tmp_path


def test_the_page_of_a_sweep_asks_nothing_of_any_machine_and_says_what_its_figure_shows(written: Path) -> None:
    html = (written / "sweep.html").read_text(encoding="utf-8")
    read = Reader(html)

    assert "http" not in html
    assert "<script" not in html
    (drawing,) = (each for each in read.elements if each.attributes.get("role") == "img")
    assert "Team managers (people), on average at 3: 14.1 days" in str(drawing.attributes["aria-label"])
    assert "County <A>" in read.words
    assert "Simulated figures. No number on this page describes a real child" in read.words


def test_the_tables_of_the_page_hold_the_levers_and_every_point(written: Path) -> None:
    read = Reader((written / "sweep.html").read_text(encoding="utf-8"))

    assert read.tables["effects"][1][:6] == ["Team managers (people)", "8.1", "9", "14.1", "3", "6.0"]
    assert [row[0] for row in read.tables["points"][1:]] == ["Baseline", *map(str, range(1, 13))]
    assert read.tables["points"][0][1:4] == ["Managers", "Experienced", "Reply multiplier"]
    assert (
        "Over the points tried it goes from 7.5 days (managers 9, experienced 30, reply multiplier 1.0) to"
        in read.words
    )


def test_effects_are_written_for_machines_too(written: Path) -> None:
    table = pl.read_csv(written / "effects.csv")

    assert table.columns == ["lever", "value", "unit", "average", "share", "share_low", "share_high"]
    assert len(table) == 3 + 2 + 2


def test_the_terminal_shows_effects_below_the_points() -> None:
    found = three_levers()
    said = text(found, list(LABELS), Q90, effects(found, list(LABELS), Q90, SHARES), SHARES, width=110)

    assert said.index("Sweep (simulated)") < said.index("What each lever does on average (simulated)")
    assert "Levers together: 1% (" in " ".join(said.split())
