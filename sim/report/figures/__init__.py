"""The figures of a comparison: each a picture with its words for those who cannot see it."""

from collections.abc import Mapping

from sim.experiment import Comparison
from sim.report.figures.by_day import seen_by_day
from sim.report.figures.days import days_to_seen
from sim.report.figures.open_change import open_work_change
from sim.report.figures.open_work import open_work
from sim.report.figures.stages import where_the_days_go
from sim.report.figures.style import BASIS, Picture, png, svg
from sim.report.figures.twenty import twenty_children

__all__ = [
    "Picture",
    "days_to_seen",
    "figures",
    "leaders_figures",
    "open_work",
    "open_work_change",
    "png",
    "seen_by_day",
    "svg",
    "twenty_children",
    "where_the_days_go",
]


def figures(comparison: Comparison, record_summary: Mapping[str, str]) -> tuple[Picture, ...]:
    """Every figure; `record_summary` gives the run named at their feet as `run`."""
    summary = with_basis(comparison, record_summary)
    return tuple(draw(comparison, summary) for draw in (days_to_seen, where_the_days_go, open_work))


def leaders_figures(comparison: Comparison, record_summary: Mapping[str, str]) -> tuple[Picture, ...]:
    """The figures of the leaders' page, none of which counts children waiting."""
    summary = with_basis(comparison, record_summary)
    every = (days_to_seen, seen_by_day, twenty_children, where_the_days_go, open_work_change)
    drawn = (draw(comparison, summary) for draw in every)
    return tuple(picture for picture in drawn if picture is not None)


def with_basis(comparison: Comparison, record_summary: Mapping[str, str]) -> Mapping[str, str]:
    """What stands at the feet of figures, with what those of a calibrated baseline were simulated from."""
    if not comparison.is_calibrated:
        return record_summary
    alone = comparison.started is None
    # As short as the words in their place elsewhere: a foot has room for two lines beside a note.
    return {
        **record_summary,
        BASIS: "a baseline calibrated on your record" if alone else "your open work and your record",
    }
