import io
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import image
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.experiment import Comparison
from sim.experiment.comparison import KEYS
from sim.experiment.starts import Start
from sim.measures import STAGE_LABELS, WAIT_LABELS
from sim.report.figures import Picture, days_to_seen, figures, open_work, png, svg, where_the_days_go
from sim.report.figures.style import drawing, wrapped
from tests.report.comparisons import (
    MORE_WORKERS,
    QUICKER,
    SHOCK,
    a_comparison,
    a_scenario,
    an_estimate,
    nothing_known,
    three_scenarios,
    with_one_draw,
)

Draw = Callable[[Comparison, Mapping[str, str]], Picture]

RECORD = {"run": "3f9a12bc77"}
LONG = "A title as long as a scenario may have, with many words in it, so that it needs more lines than any other one"


def words(picture: Picture) -> Iterator[str]:
    for text in picture.figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text():
            yield text.get_text().replace("\n", " ")


@pytest.mark.parametrize("comparison", [three_scenarios(), a_comparison()], ids=["compared", "alone"])
def test_every_figure_says_that_it_is_simulated_and_which_run_it_shows(comparison: Comparison) -> None:
    for picture in figures(comparison, RECORD):
        said = " ".join(words(picture))
        assert "Simulated from published figures, not your records." in said
        assert "Run\N{NO-BREAK SPACE}3f9a12bc77." in said
        assert picture.title in said


def test_a_figures_title_says_what_is_to_be_seen_in_it() -> None:
    titles = [picture.title for picture in figures(three_scenarios(), RECORD)]

    assert titles == [
        "More social workers: 9 in 10 seen 1.8 days sooner in the model",
        "Baseline: mean wait 6.7 days, 4.5 for our staff (2.6 of it nights and weekends)",
        "On an average night 40 referred children are waiting to be seen in the baseline",
    ]
    untold = figures(a_comparison(QUICKER), RECORD)[0]
    assert untold.title == "Too few runs to tell any scenario's days to seen as shorter"


def test_figures_keep_the_names_of_their_files() -> None:
    assert [picture.name for picture in figures(a_comparison(), RECORD)] == [
        "days_to_seen",
        "where_the_days_go",
        "open_work",
    ]


def test_days_to_seen_holds_each_scenario_with_its_numbers_and_both_ranges() -> None:
    said = list(words(days_to_seen(three_scenarios(), RECORD)))

    for title in ("The county as it is (baseline)", "More social workers", "Quicker replies & checks"):
        assert title in said
    for number in ("13.8", "12.0", "−1.8", "−2.2 to −1.4", "−2.6 to −0.7"):  # noqa: RUF001  (true minus signs)
        assert number in said
    assert "not told from chance" in said


def test_what_was_not_explored_is_said_in_the_figure() -> None:
    assert "not explored" in words(days_to_seen(a_comparison(with_one_draw(MORE_WORKERS), draws=1), RECORD))


def test_a_scenario_alone_shows_the_shares_seen_in_place_of_changes() -> None:
    said = list(words(days_to_seen(a_comparison(), RECORD)))

    assert {"within 1 day", "within 10 days", "78%"} <= set(said)
    assert not any("change" in text for text in said)


def test_where_the_days_go_names_every_stage_and_wait() -> None:
    said = " ".join(words(where_the_days_go(three_scenarios(), RECORD))).lower()

    for label in (*STAGE_LABELS.values(), *WAIT_LABELS.values()):
        assert label in said


def test_a_stage_too_short_to_draw_is_named_all_the_same() -> None:
    comparison = a_comparison()
    for days in comparison.baseline.stage_days.values():
        days[0] = 0.01

    said = " ".join(words(where_the_days_go(comparison, RECORD)))

    assert "Not drawn, under 0.05 days in every row: contact to decision." in said


def test_bars_of_a_stage_are_as_long_as_its_days_and_stand_end_to_end() -> None:
    picture = where_the_days_go(a_comparison(SHOCK), RECORD)
    panel = next(axes for axes in picture.figure.axes if len(axes.patches) == 6)
    bars = [bar for bar in panel.patches[:3] if isinstance(bar, Rectangle)]

    assert [bar.get_width() for bar in bars] == pytest.approx([0.01, 0.21, 0.11])
    assert [bar.get_x() for bar in bars] == pytest.approx([0.0, 0.01, 0.22])


def test_open_work_colours_at_most_three_scenarios_beside_the_baseline() -> None:
    others = [a_scenario(f"s{number}", f"Scenario {number}", {}) for number in range(5)]
    for number, scenario in enumerate(others):
        for name, days in scenario.open_work.items():
            scenario.open_work[name] = days * (1 + number / 10)  # type: ignore[index]

    said = list(words(open_work(a_comparison(*others), RECORD)))

    assert {"Scenario 2", "Scenario 3", "Scenario 4", "the other scenarios"} <= set(said)
    assert not {"Scenario 0", "Scenario 1"} & set(said)


def test_open_work_names_the_months_of_the_year() -> None:
    figure = open_work(replace(a_comparison(MORE_WORKERS), first_day=date(2018, 4, 16)), RECORD).figure
    below = figure.axes[-1]

    assert [label.get_text() for label in below.get_xticklabels()] == [
        "May\n2018", "Jul", "Sep", "Nov", "Jan\n2019", "Mar",
    ]  # fmt: skip
    assert below.get_xticks().tolist() == [15, 76, 138, 199, 260, 319]


@pytest.mark.parametrize("draw", [days_to_seen, where_the_days_go, open_work])
def test_figures_hold_many_long_titles_and_unknown_numbers_inside_their_edges(draw: Draw) -> None:
    unknown = a_scenario("unknown", "Nothing known", dict.fromkeys(KEYS, nothing_known()))
    wild = a_scenario("wild", LONG, {("days_to_seen_q90", "all"): an_estimate(40.0, error=30.0, unknown=(-9.0, 90.0))})
    picture = draw(a_comparison(MORE_WORKERS, QUICKER, SHOCK, unknown, wild), RECORD)

    picture.figure.draw_without_rendering()

    edge = picture.figure.bbox
    for text in picture.figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            assert box.x0 >= edge.x0, text.get_text()
            assert box.x1 <= edge.x1, text.get_text()


@pytest.mark.parametrize("draw", [days_to_seen, where_the_days_go, open_work])
def test_the_words_at_a_figures_foot_stand_clear_of_all_others(draw: Draw) -> None:
    late = replace(MORE_WORKERS, start=Start(date(2018, 4, 1), 365, 30, ()))
    comparison = replace(a_comparison(late, SHOCK), replications=1000)
    for scenario in comparison.scenarios:
        scenario.stage_days["all"][3] = 0.01
    picture = draw(comparison, {"run": "3f9a12bc77"})
    picture.figure.draw_without_rendering()

    others = [text for text in picture.figure.findobj(Text) if text.get_text().strip()]
    foot = next(text for text in others if "Source: Front Door model" in text.get_text())
    top = foot.get_window_extent().y1
    assert [t.get_text() for t in others if t is not foot and t.get_visible() and t.get_window_extent().y0 < top] == []


def test_a_comparison_in_which_nothing_is_known_can_be_drawn() -> None:
    known = a_scenario("nobody", "Nobody", None)
    nobody = replace(
        known,
        levels=dict.fromkeys(known.levels, nothing_known()),
        stage_days={group: days * np.nan for group, days in known.stage_days.items()},
    )
    comparison = Comparison((nobody,), 2, 1, 0, 0.95, date(2018, 4, 1))

    for picture in figures(comparison, {}):
        assert png(picture)


def test_drawings_are_the_same_bytes_each_time_and_whatever_the_users_settings() -> None:
    def drawn() -> list[bytes | str]:
        pictures = figures(a_comparison(SHOCK), RECORD)
        return [form for picture in pictures for form in (png(picture), svg(picture))]

    first = drawn()
    with mpl.rc_context({"font.size": 30.0, "axes.facecolor": "red", "savefig.dpi": 30.0}):
        assert drawn() == first


def test_drawing_leaves_the_users_settings_as_they_were() -> None:
    before = mpl.rcParams.copy()

    figures(a_comparison(SHOCK), RECORD)

    assert mpl.rcParams == before


def test_figures_keep_clear_of_pyplot_and_its_shared_state() -> None:
    asked = "import sim.report, sys; sys.exit('matplotlib.pyplot' in sys.modules)"

    asked_of = [sys.executable, "-c", asked]
    assert subprocess.run(asked_of, check=False).returncode == 0  # noqa: S603  (this interpreter, the line above)


def test_a_png_is_large_enough_to_print() -> None:
    pixels = image.imread(io.BytesIO(png(open_work(a_comparison(), RECORD))))

    assert pixels.shape[1] == 2000


def test_titles_break_into_even_lines() -> None:
    assert wrapped("Leicestershire, year to March 2019") == "Leicestershire,\nyear to March 2019"
    assert wrapped("Short") == "Short"
    assert max(len(line) for line in wrapped(LONG).splitlines()) <= 30
    assert wrapped("x" * 70).replace("\n", "") == "x" * 70


def test_nobody_draws_with_the_settings_of_another_thread() -> None:
    inside, ended = threading.Event(), list[str]()

    def other() -> None:
        inside.set()
        with drawing("other", svg_fonts="path"):
            ended.append(mpl.rcParams["svg.fonttype"])

    with drawing("one"):
        thread = threading.Thread(target=other)
        thread.start()
        assert inside.wait(10)
        thread.join(0.05)
        assert not ended
        assert mpl.rcParams["svg.fonttype"] == "none"
    thread.join(10)

    assert ended == ["path"]
