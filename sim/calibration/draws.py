"""What a search found, as files: sets of numbers, how much of each range they span, and a new centre."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from sim.calibration.knobs import DECIMALS, Knob, Points, number_inside
from sim.experiment.plan import OF
from sim.experiment.targets import Target
from sim.scenario import Effect, Scenario


class Span(NamedTuple):
    """The plausible range of a number, where the baseline stands, and what sets of numbers span of the range."""

    path: str
    low: float
    high: float
    baseline: float
    least: float
    most: float

    @property
    def share(self) -> float:
        """The part of the plausible range that is spanned."""
        return (self.most - self.least) / (self.high - self.low)


def with_effects(
    settings: Sequence[Mapping[str, object]], effects: Sequence[Effect], baseline: Scenario, *, seed: int
) -> list[dict[str, object]]:
    """The sets, each with a value for every effect that scenarios assume, spread evenly over its range.

    Scenarios that share an effect share its value: the same set of unknowns holds for all of them.
    """
    if not effects:
        return [dict(setting) for setting in settings]
    cube = qmc.LatinHypercube(len(effects), rng=np.random.default_rng(seed)).random(len(settings))
    return [
        {**setting, **_effect_fields(effects, row.tolist(), baseline)}
        for setting, row in zip(settings, cube, strict=True)
    ]


def _effect_fields(effects: Sequence[Effect], row: Sequence[float], baseline: Scenario) -> dict[str, object]:
    fields: dict[str, object] = {}
    for effect, position in zip(effects, row, strict=True):
        value: float = round(effect.low + position * (effect.high - effect.low), DECIMALS)
        path = effect.path
        if number_inside(baseline, path) is None:
            path += ".mean"
        elif isinstance(baseline.value(path), int):
            value = round(value)
        fields.update({f"{name}{OF}{path}": value for name in effect.scenarios})
    return fields


def write_draws(path: Path, settings: Sequence[Mapping[str, object]]) -> None:
    """Write sets of numbers as the `.draws.csv` of a baseline: a header of dotted paths, a row a set."""
    path.write_text(draws_text(settings), encoding="utf-8", newline="")


def draws_text(settings: Sequence[Mapping[str, object]]) -> str:
    """The same as text."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, fieldnames=list(settings[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(settings)
    return lines.getvalue()


def spans(around: Sequence[Knob], positions: Points) -> list[Span]:
    """What sets of numbers, one a row, span of every knob's range."""
    least, most = positions.min(axis=0).tolist(), positions.max(axis=0).tolist()
    return [
        Span(knob.path, knob.low, knob.high, knob.at, *(knob.low + at * (knob.high - knob.low) for at in ends))
        for knob, *ends in zip(around, least, most, strict=True)
    ]


def write_spans(path: Path, found: Iterable[Span]) -> None:
    """Write spans as a table, a row a number."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "low", "high", "baseline", "least", "most", "share_of_range"])
        for span in found:
            numbers = (round(number, DECIMALS) for number in span[1:])
            writer.writerow([span.path, *numbers, round(span.share, DECIMALS)])


def spans_text(found: Sequence[Span]) -> str:
    """How wide sets of numbers are, in a few lines, and the numbers they hold most tightly."""
    shares = np.array([span.share for span in found])
    low, middle, high = np.quantile(shares, [0.1, 0.5, 0.9]).tolist()
    tight = sorted(found, key=lambda span: span.share)[:5]
    wide = (
        f"The sets span {middle:.0%} of the plausible range of the middle number; 80% of the {len(found)} numbers lie "
        f"between {low:.0%} and {high:.0%}."
    )
    return f"{wide}\nHeld most tightly: {', '.join(f'{span.path} {span.share:.0%}' for span in tight)}.\n"


def changes_text(around: Sequence[Knob], position: Points) -> str:
    """What a new centre changes in its baseline, a line `path = value` a number, the largest moves first."""
    moves = sorted(zip(around, position.tolist(), strict=True), key=lambda pair: -abs(pair[1] - pair[0].position))
    lines = []
    for knob, at in moves:
        if knob.setting(at) != knob.setting(knob.position):
            lines += [f"{path} = {value}" for path, value in knob.setting(at).items()]
    return "".join(f"{line}\n" for line in lines)


def misfits_text(targets: Sequence[Target], figures: Points, *, most: int = 8) -> str:
    """The targets that some figures meet least well, a line each."""
    misfits = sorted(
        ((target.misfit(figure), target, figure) for target, figure in zip(targets, figures.tolist(), strict=True)),
        key=lambda entry: -entry[0],
    )
    lines = (
        f"{misfit:.2f} of its tolerance: {target.label} {figure:.4g} ({target.low:.4g} to {target.high:.4g})\n"
        for misfit, target, figure in misfits[:most]
    )
    return "".join(lines)
