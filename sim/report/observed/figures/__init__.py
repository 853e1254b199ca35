"""The figures of an observed record: each a picture with its words for those who cannot see it."""

from sim.report.figures.style import Picture, png
from sim.report.observed.account import Account
from sim.report.observed.against import NAME
from sim.report.observed.figures.against import against_run
from sim.report.observed.figures.bars import children_waiting, contacts_a_month
from sim.report.observed.figures.months import days_by_month
from sim.report.observed.figures.process_map import process_map
from sim.report.observed.figures.unshown import unshown

__all__ = [
    "Picture",
    "children_waiting",
    "contacts_a_month",
    "days_by_month",
    "figures",
    "png",
    "process_map",
    "unshown",
]


def figures(told: Account) -> tuple[Picture, ...]:
    """Every figure that the record holds enough for; of the others `unshown` says why not."""
    empty = unshown(told)
    drawers = (children_waiting, days_by_month, process_map, contacts_a_month)
    more = (against_run(told),) if NAME in told.tables else ()
    return (*(draw(told) for draw in drawers if draw.__name__ not in empty), *more)
