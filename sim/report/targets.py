"""Targets as text: what is published, what the baseline gives, and whether that is close enough."""

import io
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.box import Box
from rich.console import Console
from rich.table import Table

from sim.experiment.targets import Target, TargetResult, TargetRole, Verdict
from sim.report.wording import error_of

WIDTH = 110
"""Where no terminal says how wide it is."""
WIDEST = 160
NO_ERROR = "not told"
_LEAST_LABEL, _GAP = 30, 3
_RULES = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_WORDS = {TargetRole.FITTED: "fitted", TargetRole.HELD_OUT: "held out"}
HEADINGS = ("published", "accepted", "modelled", "error", "a single year", "use", "verdict")
_LEFT = frozenset({"target", "use", "verdict"})
_PER_CENT = 100
_YEAR = HEADINGS.index("a single year")
_VERDICT = {Verdict.TOO_FEW_RUNS: NO_ERROR}
_VERDICTS = (
    "Met, or not met: all of the simulation error lies inside what is accepted, or outside it. Not told: too few runs, "
    "for it lies across an edge."
)
_NOTES = (
    "Published counts are the whole authority's; what is accepted is the front door's share of them, give or take a "
    "tolerance fixed before tuning. A range: what no statistic holds, as whoever set the baseline read it; the source "
    "of each stands in its targets file. Fitted: used to set the baseline's numbers. Held out: not used, a test of "
    "them."
)


def targets_text(results: Sequence[TargetResult], width: int | None = None) -> str:
    """A line a target, and `N of M met`; `modelled` is the average over runs with the range of single years."""
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDEST) if width is None else width
    lines = _side_by_side(results, width)
    if lines is None:
        lines = list(_below_one_another(results, width))
    years = max(result.modelled.runs for result in results)
    modelled = (
        f"Modelled: the average over {years} simulated year{'' if years == 1 else 's'}; beside it its simulation "
        "error, which more runs narrow, and of ten years or more the range that 8 in 10 single years fall in."
    )
    notes = (f"{modelled} {_VERDICTS}", _NOTES)
    found = Counter(result.verdict for result in results)
    doubt = f"; {found[Verdict.TOO_FEW_RUNS]} {Verdict.TOO_FEW_RUNS}" if found[Verdict.TOO_FEW_RUNS] else ""
    said = "\n".join(textwrap.fill(note, width) for note in notes)
    return "\n".join(lines) + f"\n\n{said}\n\n{found[Verdict.MET]} of {len(results)} met{doubt}\n"


def _side_by_side(results: Sequence[TargetResult], width: int) -> list[str] | None:
    """Each target's label and figures on one line, or None where that leaves the label too little room."""
    for headings, rows in _columns(results):
        room = width - max(map(len, _lines(headings, rows, width))) - _GAP
        if room >= _LEAST_LABEL:
            table = Table(box=_RULES, show_edge=False, pad_edge=False)
            table.add_column("target", width=min(room, max(len(label(result.target)) for result in results)))
            labelled = [(label(result.target), *row) for result, row in zip(results, rows, strict=True)]
            return _printed(table, headings, labelled, width)
    return None


def _below_one_another(results: Sequence[TargetResult], width: int) -> Iterator[str]:
    """Each target's figures below its label."""
    tries = [_lines(headings, rows, width) for headings, rows in _columns(results)]
    heading, rule, *figures = next((lines for lines in tries if max(map(len, lines)) + 2 <= width), tries[-1])
    yield from (f"  {heading}", f"  {rule}")
    for result, line in zip(results, figures, strict=True):
        yield from textwrap.wrap(label(result.target), width)
        yield f"  {line}"


def _columns(results: Sequence[TargetResult]) -> Iterator[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Headings and rows, with the range of single years where it is told, and then without it for want of room."""
    rows = [row(result) for result in results]
    if any(row[_YEAR] for row in rows):
        yield HEADINGS, rows
    yield _without_year(HEADINGS), [_without_year(row) for row in rows]


def _without_year(cells: tuple[str, ...]) -> tuple[str, ...]:
    return (*cells[:_YEAR], *cells[_YEAR + 1 :])


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


def label(target: Target) -> str:
    """The target's name, with its unit where the name does not hold it and the figures do not show it."""
    is_said = target.unit == "share" or target.unit in target.label.lower()
    return target.label if is_said else f"{target.label}, {target.unit}"


def row(result: TargetResult) -> tuple[str, ...]:
    """The cells of a target under `HEADINGS`."""
    target, modelled = result.target, result.modelled
    published = "a range" if target.published is None else _figure(target, target.published)
    year = "" if modelled.year is None else _span(target, modelled.year.low, modelled.year.high)
    error = error_of(modelled)
    simulation = NO_ERROR if error is None else _span(target, error.low, error.high)
    accepted = _span(target, target.low, target.high)
    return (
        published,
        accepted,
        _figure(target, modelled.mean),
        simulation,
        year,
        _WORDS[target.role],
        _VERDICT.get(result.verdict, str(result.verdict)),
    )


def _span(target: Target, low: float, high: float) -> str:
    return f"{_figure(target, low)} to {_figure(target, high)}"


def _figure(target: Target, value: float) -> str:
    if target.unit == "share":
        return f"{value * _PER_CENT:.1f}%"
    return f"{value:,.0f}" if target.unit == "children" else f"{value:.1f}"
