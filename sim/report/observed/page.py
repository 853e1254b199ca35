"""An observed record as pages that need nothing but themselves: no request leaves the reader's machine."""

from collections.abc import Sequence

from markupsafe import Markup

from sim.report.figures.style import Picture
from sim.report.headline import LEVELS, MEASURE
from sim.report.observed import quality
from sim.report.observed.account import (
    Account,
    basis,
    computed,
    found,
    lacks,
    lead,
    levels,
    others,
    page_title,
    privacy,
    said,
    says_seen,
    signs,
)
from sim.report.observed.figures.unshown import unshown
from sim.report.observed.quality import KEPT
from sim.report.observed.tables import known_columns
from sim.report.page import environment, inline
from sim.report.tables import Cell, Table

_PRUNED = ("months", "staff")
"""The tables that are shown without the columns of which the record says nothing."""


def summary_page(told: Account, pictures: Sequence[Picture], record_summary: dict[str, str]) -> str:
    """The page to pass on: who is waiting, days to seen, the pathway and every measure, small counts hidden."""
    return (
        environment()
        .get_template("observed.html.j2")
        .render(
            name=told.reading.name,
            basis=basis(told),
            privacy=privacy(told),
            lead=lead(told),
            signs=signs(told),
            pictures={picture.name: (picture, Markup(inline(picture))) for picture in pictures},  # noqa: S704  (drawn here, text escaped)
            unshown=unshown(told),
            numbers={picture.name: number for number, picture in enumerate(pictures, start=1)},
            tables=told.tables | {name: known_columns(told.tables[name]) for name in _PRUNED if name in told.tables},
            knows_waiting=bool(told.reading.waiting.known),
            says_seen=says_seen(told),
            levels=levels(told),
            others=others(told),
            title=page_title(told),
            found=list(found(told)),
            computed=computed(told),
            lacks=lacks(told),
            meanings=[(MEASURE[name].label, MEASURE[name].meaning) for name in LEVELS],
            record=record_summary,
            said=said,
        )
    )


def quality_page(told: Account) -> str:
    """The page for those who keep the extract: what is odd in it, how often, and what was done."""
    observed = told.observed
    makers = (quality.tallies, quality.findings, quality.refusals_by_rule, quality.inferences)
    made: list[Table] = [make(observed) for make in makers]
    return (
        environment()
        .get_template("quality.html.j2")
        .render(name=told.reading.name, kept=KEPT, tables=made, said=said, is_number=_is_number, lacks=lacks(told))
    )


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int)
