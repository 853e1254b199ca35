"""Targets as text: what is published, what the baseline gives, and whether that is close enough."""

import io
import shutil
import textwrap
from collections.abc import Iterator, Sequence

from rich.box import Box
from rich.console import Console
from rich.table import Table

from sim.experiment.targets import Target, TargetResult, TargetRole

WIDTH = 110
"""Where no terminal says how wide it is."""
WIDEST = 160
_LEAST_LABEL, _GAP = 30, 3
_RULES = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_WORDS = {TargetRole.FITTED: "fitted", TargetRole.HELD_OUT: "held out"}
_HEADINGS = ("published", "accepted", "modelled", "a single year", "use", "verdict")
_LEFT = frozenset({"target", "use", "verdict"})
_PER_CENT = 100
_NOTES = (
    "Published counts are the whole authority's; what is accepted is the front door's share of them, give or take a "
    "tolerance fixed before tuning. The letter: a range read from the inspection letter, by us. Fitted: used to set "
    "the baseline's numbers. Held out: not used, a test of them."
)


def targets_text(results: Sequence[TargetResult], width: int | None = None) -> str:
    """A line a target, and `N of M met`; `modelled` is the average over runs with the range of single years."""
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDEST) if width is None else width
    lines = _side_by_side(results, width)
    if lines is None:
        lines = list(_below_one_another(results, width))
    years = max(result.modelled.runs for result in results)
    modelled = (
        f"Modelled: the average over {years} simulated year{'' if years == 1 else 's'}; beside it the range that 8 "
    )
    notes = (f"{modelled}in 10 single years fall in.", _NOTES)
    met = sum(result.is_met for result in results)
    said = "\n".join(textwrap.fill(note, width) for note in notes)
    return "\n".join(lines) + f"\n\n{said}\n\n{met} of {len(results)} met\n"


def _side_by_side(results: Sequence[TargetResult], width: int) -> list[str] | None:
    """Each target's label and figures on one line, or None where that leaves the label too little room."""
    figures = _lines(_HEADINGS, [_row(result) for result in results], width)
    room = width - max(map(len, figures)) - _GAP
    if room < _LEAST_LABEL:
        return None
    table = Table(box=_RULES, show_edge=False, pad_edge=False)
    table.add_column("target", width=min(room, max(len(_label(result.target)) for result in results)))
    return _printed(table, _HEADINGS, [(_label(result.target), *_row(result)) for result in results], width)


def _below_one_another(results: Sequence[TargetResult], width: int) -> Iterator[str]:
    """Each target's figures below its label."""
    heading, rule, *figures = _lines(_HEADINGS, [_row(result) for result in results], width)
    yield from (f"  {heading}", f"  {rule}")
    for result, line in zip(results, figures, strict=True):
        yield from textwrap.wrap(_label(result.target), width)
        yield f"  {line}"


def _lines(headings: Sequence[str], rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    return _printed(Table(box=_RULES, show_edge=False, pad_edge=False), headings, rows, max(width, WIDTH))


def _printed(table: Table, headings: Sequence[str], rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    for heading in headings:
        table.add_column(heading, justify="left" if heading in _LEFT else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False, emoji=False)
    with console.capture() as captured:
        console.print(table, highlight=False, markup=False)
    return [line.rstrip() for line in captured.get().splitlines()]


def _label(target: Target) -> str:
    """The target's name, with its unit where the name does not hold it and the figures do not show it."""
    is_said = target.unit == "share" or target.unit in target.label.lower()
    return target.label if is_said else f"{target.label}, {target.unit}"


def _row(result: TargetResult) -> tuple[str, ...]:
    target, modelled = result.target, result.modelled
    published = "the letter" if target.published is None else _figure(target, target.published)
    year = "" if modelled.year is None else _span(target, modelled.year.low, modelled.year.high)
    verdict = "met" if result.is_met else "not met"
    accepted = _span(target, target.low, target.high)
    return published, accepted, _figure(target, modelled.mean), year, _WORDS[target.role], verdict


def _span(target: Target, low: float, high: float) -> str:
    return f"{_figure(target, low)} to {_figure(target, high)}"


def _figure(target: Target, value: float) -> str:
    if target.unit == "share":
        return f"{value * _PER_CENT:.1f}%"
    return f"{value:,.0f}" if target.unit == "children" else f"{value:.1f}"
