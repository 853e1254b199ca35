"""Targets as text: what is published, what the baseline gives, and whether that is close enough."""

import io
from collections.abc import Sequence

from rich.box import Box
from rich.console import Console
from rich.table import Table

from sim.experiment.targets import Target, TargetResult, TargetRole

WIDTH = 170
_RULES = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_WORDS = {TargetRole.FITTED: "fitted", TargetRole.HELD_OUT: "held out"}
_PER_CENT = 100


def targets_text(results: Sequence[TargetResult]) -> str:
    """A line a target, and `N of M met`; `modelled` is the average over runs with the range of single years."""
    table = Table(box=_RULES, show_edge=False, pad_edge=False)
    for heading in ("target", "published", "accepted", "modelled", "a single year", "use", "verdict"):
        table.add_column(heading, justify="left" if heading in ("target", "use", "verdict") else "right", no_wrap=True)
    for result in results:
        table.add_row(*_row(result))
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None, legacy_windows=False, emoji=False)
    with console.capture() as captured:
        console.print(table, highlight=False, markup=False)
    lines = "\n".join(line.rstrip() for line in captured.get().splitlines())
    met = sum(result.is_met for result in results)
    return f"{lines}\n\n{met} of {len(results)} met\n"


def _row(result: TargetResult) -> tuple[str, ...]:
    target, modelled = result.target, result.modelled
    published = "the letter" if target.published is None else _figure(target, target.published)
    year = "" if modelled.year is None else _span(target, modelled.year.low, modelled.year.high)
    verdict = "met" if result.is_met else "not met"
    accepted = _span(target, target.low, target.high)
    mean = _figure(target, modelled.mean)
    label = target.label if target.unit == "share" else f"{target.label}, {target.unit}"
    return label, published, accepted, mean, year, _WORDS[target.role], verdict


def _span(target: Target, low: float, high: float) -> str:
    return f"{_figure(target, low)} to {_figure(target, high)}"


def _figure(target: Target, value: float) -> str:
    if target.unit == "share":
        return f"{value * _PER_CENT:.1f}%"
    return f"{value:,.0f}" if target.unit == "children" else f"{value:.1f}"
