from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.experiment import Estimate, Range
from sim.experiment.targets import Target, target_of
from sim.report.figures import Picture, png, svg
from sim.report.figures.targets import published_against_modelled

NAN = float("nan")


def a_target(measure: str, label: str, published: float, kind: str = "share", front_door_share: float = 1.0) -> Target:
    unit = {"share": "share", "count": "children", "quartile": "working days"}[kind]
    tolerance = {"share": 0.03, "count": 0.05, "quartile": 3.0}[kind]
    entry = {
        "measure": measure, "label": label, "published": published, "unit": unit, "kind": kind, "tolerance": tolerance,
        "role": "fitted", "source": "Invented.", "grade": "A", "front_door_share": front_door_share,
    }  # fmt: skip
    return target_of(Path("a.targets.toml"), 1, entry)


TARGETS = [
    a_target("referrals_no_action_share", "Referrals without further action", 0.01),
    a_target("assessments_count", "Assessments completed", 900, "count", front_door_share=0.8),
    a_target("assessment_working_days_q50", "Working days of assessment, half of the children", 30, "quartile"),
]


def estimates(*means: float) -> dict[tuple[str, str], Estimate]:
    found = zip(TARGETS, means, strict=True)
    return {t.key: Estimate(m, Range(m * 0.98, m * 1.02), None, None, NAN, NAN, 4) for t, m in found}


def words(picture: Picture) -> Iterator[str]:
    for text in picture.figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text():
            yield text.get_text().replace("\n", " ")


def test_the_published_side_stands_alone_until_something_is_modelled() -> None:
    picture = published_against_modelled("Northford", TARGETS)
    said = list(words(picture))

    assert picture.title == "Northford: 3 figures to hold a model against"
    assert {"1.0%", "720", "30.0", "published"} <= set(said)
    assert any("Nothing is modelled here" in text for text in said)
    assert not any("modelled, with" in text for text in said)


def test_what_is_modelled_stands_beside_it_and_the_title_counts_what_is_met() -> None:
    picture = published_against_modelled("Northford", TARGETS, estimates(0.02, 600.0, 31.0), run="4 simulated years")
    said = list(words(picture))

    assert picture.title == "Northford: 2 of 3 figures met in the model"
    assert {"1.0% | 2.0%", "720 | 600", "30.0 | 31.0"} <= set(said)
    assert any("simulated by Front Door, 4 simulated years" in text for text in said)


def test_the_words_for_those_who_cannot_see_it_hold_every_figure_and_whether_it_is_met() -> None:
    alt = published_against_modelled("Northford", TARGETS, estimates(0.02, 600.0, 31.0)).alt

    assert "Assessments completed: published 720, accepted 684 to 756, modelled 600, outside." in alt
    assert "Referrals without further action: published 1.0%, accepted 0.0% to 4.0%, modelled 2.0%, inside." in alt


def test_bands_are_what_is_accepted_and_no_share_is_below_nought() -> None:
    figure = published_against_modelled("Northford", TARGETS).figure
    bands = [patch for axes in figure.axes for patch in axes.patches if isinstance(patch, Rectangle)]
    ends = [(band.get_x(), band.get_x() + band.get_width()) for band in bands]

    assert ends == [pytest.approx((0.0, 0.04)), pytest.approx((0.95, 1.05)), pytest.approx((27.0, 33.0))]


def test_a_long_name_keeps_inside_the_figure() -> None:
    title = published_against_modelled("Bournemouth, Christchurch and Poole, year to March 2024", TARGETS).title

    assert len(title) <= 78


def test_it_is_the_same_bytes_each_time_and_told_apart_in_grey() -> None:
    first, second = (published_against_modelled("Northford", TARGETS, estimates(0.02, 600, 31)) for _ in range(2))

    assert svg(first) == svg(second)
    assert png(first) == png(second)
    shapes = {line.get_marker() for axes in first.figure.axes for line in axes.lines}
    assert {"o", "X"} <= shapes


def test_a_figure_that_no_run_gave_is_drawn_as_missing() -> None:
    missing = estimates(0.02, NAN, 31.0)
    picture = published_against_modelled("Northford", TARGETS, missing)

    assert "2 of 3" in picture.title
    assert all(np.isfinite(axes.get_xlim()).all() for axes in picture.figure.axes)


def test_long_words_about_the_runs_are_broken_inside_the_edge() -> None:
    run = "30 plausible sets of numbers, a year each; ranges of the 7 figures not fitted to are wider, as such lie off"
    figure = published_against_modelled("Northford", TARGETS, estimates(0.02, 600.0, 31.0), run=run).figure
    figure.draw_without_rendering()
    foot = next(text for text in figure.texts if run[:20] in text.get_text())

    assert foot.get_window_extent().x1 <= figure.bbox.x1
    assert "Days to seen are in no statistic." in foot.get_text().replace("\n", " ")
