"""A sweep as text for a terminal: a line a point."""

from collections.abc import Sequence

import polars as pl
from rich.console import RenderableType

from sim.experiment.estimates import Range
from sim.report.headline import ALL, MEASURE, MEDIAN, NINE_IN_TEN, SEEN_WITHIN
from sim.report.sweeps.effects import HEADINGS, MEANING, NO_SHARES, Effect, cells, together
from sim.report.sweeps.shown import Shown
from sim.report.terminal import Line, grids, printed, terminal_width, titled
from sim.report.views import LEVEL_HEADINGS, Heading
from sim.report.wording import FEWEST_RUNS, TOO_FEW_RUNS, Number, between
from sim.report.wording import shown as number_shown
from sim.sweep.effects import Share

MOST_LINES = 40
_BESIDE = (MEDIAN, NINE_IN_TEN, SEEN_WITHIN[10])


def text(
    found: pl.DataFrame,
    levers: list[str],
    shown: Shown,
    each: Sequence[Effect] = (),
    shares: Sequence[Share] = (),
    width: int | None = None,
) -> str:
    """The baseline and every point, or the first of many in order of the measure shown, and what each lever does.

    `width` in characters.
    """
    width = terminal_width() if width is None else width
    headings, lines, note = points_table(found, levers, shown)
    blocks: list[RenderableType] = [
        titled("Sweep (simulated)", f"{note}\n", *grids(headings, lines, width, of="Point"))
    ]
    if each:
        blocks.append(_effects(each, shares, shown, width))
    return printed(blocks, width)


def points_table(found: pl.DataFrame, levers: list[str], shown: Shown) -> tuple[list[Heading], list[Line], str]:
    """Headings, lines and what is said above them."""
    lines, said = _lines(found, levers, shown)
    measure = MEASURE[shown.measure]
    headings = [Heading(name, name.replace(" ", "\n")) for name in named(levers)]
    headings += [
        Heading(measure.label, f"level,\n{measure.unit}"),
        Heading("Simulation error of the level", "simulation\nerror"),
        Heading("Change against the baseline", "change"),
        Heading("Simulation error of the change", "simulation\nerror"),
        *(LEVEL_HEADINGS[name] for name in _others(shown)),
    ]
    return headings, lines, f"{shown.label}. {said}Each line's simulation error (95%) is about that line alone."


def named(levers: Sequence[str]) -> list[str]:
    """A short name for each lever: the end of its path, or all of it where two end alike."""
    ends = [lever.rpartition(".")[2].replace("_", " ") for lever in levers]
    return [end if ends.count(end) == 1 else lever for end, lever in zip(ends, levers, strict=True)]


def _effects(each: Sequence[Effect], shares: Sequence[Share], shown: Shown, width: int) -> RenderableType:
    headings = [Heading(words, words.replace(" ", "\n")) for words in HEADINGS]
    lines = [Line(effect.path, cells(effect, shown.unit)) for effect in each]
    by_all = f" Levers together: {together(shares)}." if together(shares) else ""
    note = f"{shown.label}. {MEANING if shares else NO_SHARES}{by_all}\n"
    return titled("What each lever does on average (simulated)", note, *grids(headings, lines, width, of="Lever"))


def _others(shown: Shown) -> list[str]:
    """What stands beside the measure shown, of all children."""
    return [name for name in _BESIDE if (name, ALL) != (shown.measure, shown.group)]


def _lines(found: pl.DataFrame, levers: list[str], shown: Shown) -> tuple[list[Line], str]:
    leading = found.filter((pl.col("measure") == shown.measure) & (pl.col("group") == shown.group)).sort("point")
    said = ""
    if len(leading) > MOST_LINES + 1:
        best = leading.slice(1).sort("level", nulls_last=True).head(MOST_LINES)
        leading = pl.concat([leading.head(1), best])
        said = (
            f"The {MOST_LINES} points with the lowest level, of {found['point'].n_unique() - 1}; all are in sweep.csv. "
        )
    beside = {
        (row["point"], row["measure"]): row["level"]
        for row in found.filter((pl.col("group") == ALL) & pl.col("measure").is_in(_BESIDE)).iter_rows(named=True)
    }
    lines = []
    for row in leading.iter_rows(named=True):
        point = row["point"]
        cells = [str(row[lever]) for lever in levers]
        cells += [_number(row["level"], shown.unit), _range(row, "level", shown.unit)]
        cells += (
            ["", ""]
            if not point
            else [_number(row["change"], shown.unit, signed=True), _range(row, "change", shown.unit)]
        )
        cells += [_number(beside[point, name], MEASURE[name].unit) for name in _others(shown)]
        lines.append(Line("baseline" if not point else str(point), tuple(cells)))
    return lines, said


def _number(value: float | None, unit: str, *, signed: bool = False) -> str:
    return number_shown(Number(float("nan") if value is None else value, unit, signed))


def _range(row: dict[str, float | None], of: str, unit: str) -> str:
    low, high = row[f"{of}_low"], row[f"{of}_high"]
    if low is None or high is None or (row["years"] or 0) < FEWEST_RUNS:
        return TOO_FEW_RUNS
    return between(Range(low, high), unit, signed=of == "change")
