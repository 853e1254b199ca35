"""What a record told of a scenario, as text and as data: fitted, learned, borrowed, and how well the model meets it."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.table import Table as Lines

from sim.calibration.mechanics import FIGURES, LATENTS, Calibrated
from sim.calibration.mechanics.fit import strongest
from sim.calibration.own_record import OwnRecord
from sim.calibration.posterior import LEAST_COVERAGE, Label
from sim.calibration.seen import Learned, Result
from sim.report.analyses.labels import plain
from sim.report.calibration.compared import in_words, many
from sim.report.terminal import RULES, printed, terminal_width
from sim.scenario import Scenario

_CLOSE_CORRELATION: Final = 0.7
_MOST_BEYOND: Final = 0.15
_FEW_STEPS: Final = 0.03
_HARDLY_ANYBODY_WAITS: Final = 0.9
"""The share taken on at once from which a record says little of how much staff could do at most."""
_GREW: Final = {"undecided": 2.0, "unseen": 2.0, "in_assessment": 1.5}
"""Times its average that open work stands at the end where it may not keep up. A service that keeps up has one and a
half times as many undecided or unseen on one night in ten."""


class FittedRow(NamedTuple):
    """A latent number as it is shown: prior, fitted range of 90 in 100, what was learned, and what it goes with."""

    id: str
    label: str
    unit: str
    low: float
    high: float
    median: float
    q05: float
    q95: float
    contraction: float
    learned: str
    coverage: float
    widened: float
    goes_with: str
    correlation: float


class StageRow(NamedTuple):
    """A stage's figures: how many were compared, and which of the record's lie beyond 95 in 100 runs of the fit."""

    stage: str
    compared: int
    beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """All that a calibration has to tell."""

    own: OwnRecord
    results: tuple[Result, ...]
    found: Calibrated | None
    base: Scenario
    why_not_fitted: str
    notes: tuple[str, ...]
    fte_cv: float | None = None

    @property
    def fitted(self) -> tuple[FittedRow, ...]:
        """The latent numbers."""
        return () if self.found is None else tuple(_fitted_rows(self.found, self.base))

    @property
    def stages(self) -> tuple[StageRow, ...]:
        """The record beside runs of the fit."""
        return () if self.found is None else tuple(_stage_rows(self.found))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be known before anything of it is used."""
        found = () if self.found is None else _of_numbers(self.found, self.fitted)
        of_results = (
            f"{one.what}: {said}" for one in self.results if isinstance(one, Learned) for said in one.warnings
        )
        return (*self.notes, *self.cautions, *found, *of_results)

    @property
    def cautions(self) -> tuple[str, ...]:
        """Those of its warnings that every comparison with the scenario repeats."""
        return () if self.found is None else tuple(_cautions(self.found, self.stages, self.fte_cv))


def _fitted_rows(found: Calibrated, base: Scenario) -> Iterator[FittedRow]:
    posterior = found.found
    rows = zip(LATENTS, posterior.quantiles((0.5, 0.05, 0.95)).T.tolist(), strict=True)
    others = strongest(posterior)
    for place, (latent, fitted) in enumerate(rows):
        median, q05, q95 = (latent.shown(base, latent.value(at)) for at in fitted)
        low, high = (latent.shown(base, at) for at in (latent.low, latent.high))
        contraction, (other, correlation) = float(posterior.contraction[place]), others[place]
        yield FittedRow(
            latent.id, latent.label, latent.unit, low, high, median, q05, q95, contraction,
            posterior.labels[place].value, float(posterior.coverage[place]), float(posterior.widened[place]),
            LATENTS[other].id, correlation,
        )  # fmt: skip


def _stage_rows(found: Calibrated) -> Iterator[StageRow]:
    low, high = np.nanquantile(found.predicted, (0.025, 0.975), axis=0)
    for stage in dict.fromkeys(stage for stage, _ in FIGURES):
        places = [p for p, (of, _) in enumerate(FIGURES) if of == stage and np.isfinite(found.observed[p])]
        beyond = [p for p in places if not low[p] <= found.observed[p] <= high[p]]
        if places:
            yield StageRow(stage, len(places), tuple(in_words(FIGURES[p][1]) for p in beyond))


def _cautions(found: Calibrated, stages: Sequence[StageRow], fte_cv: float | None) -> Iterator[str]:
    """Where the fitted model does not work as the service does, or the record cannot tell what staff can do."""
    if outside := [in_words(FIGURES[place][1]).lower() for place in found.found.outside]:
        yield f"no run came near the record in {'; '.join(outside)}: the model does not work as this service does there"
    compared, beyond = sum(row.compared for row in stages), sum(len(row.beyond) for row in stages)
    if compared and beyond > _MOST_BEYOND * compared:
        yield (
            f"{beyond} of {compared} figures of the record lie beyond 95 in 100 runs of the fitted model, where about "
            f"{0.05 * compared:.0f} should: it does not work as this service does; test it against past months"
        )
    if fte_cv is None:
        yield "no posts were given: the base scenario's staff stand in, and every fitted time is relative to them"
    elif fte_cv < _FEW_STEPS:
        yield (
            "staffing hardly changed from week to week, and how much work staff can do shows best when it does: what "
            "more or fewer staff would do rests on the model more than on this record"
        )
    yield from load_warnings(found.observed)


def _of_numbers(found: Calibrated, rows: Sequence[FittedRow]) -> Iterator[str]:
    """Of which fitted number the record says little, or what may mislead."""
    for row in rows:
        if row.learned == Label.NOT_LEARNED.value:
            yield f"{row.label}: this record does not tell it; its range is the one assumed before"
        if row.coverage < LEAST_COVERAGE:
            yield f"{row.label}: its range held too few truths like it, and was made {row.widened:.2f} times as wide"
        if abs(row.correlation) > _CLOSE_CORRELATION and row.id < row.goes_with:
            other = next(one.label for one in rows if one.id == row.goes_with)
            yield f"{row.label}, and {other}: cannot be told apart well (correlation {row.correlation:.2f})"
    for place, is_upper in found.cut:
        yield f"{LATENTS[place].label}: its range may go on {'above' if is_upper else 'below'} what was looked at"


def load_warnings(observed: NDArray[np.float64]) -> Iterator[str]:
    """Where staff were hardly waited for, or could not keep up, a record tells of how much they can do from one side.

    `observed` are the record's `FIGURES`; of those that it does not tell nothing is said.
    """
    of = {name: float(value) for (_, name), value in zip(FIGURES, observed, strict=True)}
    for name, whose in (
        ("allocation_within_0", "referred families had a worker on the day of the decision: social workers were"),
        ("decision_within_0", "contacts were decided on the day they came: managers were"),
    ):
        if of[name] > _HARDLY_ANYBODY_WAITS:
            yield (
                f"{of[name]:.0%} of {whose} hardly waited for, so how much they could do at most is not in this "
                "record. Their capacity is a lower bound, and what fewer of them would do is not told"
            )
    for name, what in (
        ("undecided", "contacts without a decision"),
        ("unseen", "referred families not yet seen"),
        ("in_assessment", "open assessments"),
    ):
        mean, last = (math.expm1(of[f"{name}_open_{when}"]) for when in ("mean", "last"))
        if mean >= 1 and last > _GREW[name] * mean:
            yield (
                f"there were {last / mean:.1f} times as many {what} at the end as on average: unless that was one bad "
                "week, the service did not keep up in this window, its waits depend on when the record ends, and a "
                "year of it will not settle"
            )


def calibrated_text(told: Told, files: Sequence[str]) -> str:
    """All of it in the terminal."""
    width = terminal_width()
    parts = [_fitted_text(told, width), _stages_text(told, width), _learned_text(told, width), _not_text(told, width)]
    counts = told.own
    parts.append(
        f"Of {len(counts.evidence)} numbers {len(counts.learned)} are learned from the record, {len(counts.fitted)} "
        f"fitted by running it again, {len(counts.told)} told by posts, and {len(counts.borrowed)} the base "
        "scenario's.\n"
    )
    if told.warnings:
        bullets = (textwrap.fill(f"- {one}", width, subsequent_indent="  ") for one in told.warnings)
        parts.append("Before using it:\n" + "\n".join(bullets) + "\n")
    parts.append("".join(f"{file}\n" for file in files))
    return "\n".join(part for part in parts if part)


def _fitted_text(told: Told, width: int) -> str:
    if told.found is None:
        return f"Nothing was fitted by running the record again: {told.why_not_fitted}.\n"
    table = Lines(
        box=RULES, title=f"Fitted by running the record again ({told.found.runs:,} runs)", title_justify="left"
    )
    for heading in ("number", "assumed before", "fitted", "90 in 100", "this record"):
        table.add_column(heading, justify="left" if heading in {"number", "this record"} else "right")
    for row in told.fitted:
        between = f"{plain(row.low)} to {plain(row.high)}"
        table.add_row(
            f"{row.label}, {row.unit}", between, plain(row.median), f"{plain(row.q05)} to {plain(row.q95)}", row.learned
        )
    return printed([table], width)


def _stages_text(told: Told, width: int) -> str:
    if not told.stages:
        return ""
    table = Lines(box=RULES, title="The record beside runs of the fitted model", title_justify="left")
    for heading in ("stage", "figures", "beyond 95 in 100 runs"):
        table.add_column(heading, justify="right" if heading == "figures" else "left")
    for row in told.stages:
        table.add_row(row.stage, str(row.compared), "; ".join(row.beyond) or "none")
    return printed([table], width)


def _learned_text(told: Told, width: int) -> str:
    table = Lines(box=RULES, title="Learned from the record as it stands", title_justify="left")
    for heading in ("what", "counted", "rests on"):
        table.add_column(heading, justify="right" if heading == "counted" else "left")
    for one in told.results:
        if isinstance(one, Learned):
            table.add_row(one.what, many(one.n), one.rests_on)
    return printed([table], width)


def _not_text(told: Told, width: int) -> str:
    table = Lines(box=RULES, title="Not learned: the base scenario's stays", title_justify="left")
    table.add_column("what")
    table.add_column("why")
    for one in told.results:
        if not isinstance(one, Learned):
            table.add_row(one.what, one.why)
    return printed([table], width)


def calibrated_data(told: Told) -> dict[str, object]:
    """All of it as plain values."""
    return {
        "fitted": [row._asdict() for row in told.fitted],
        "runs": 0 if told.found is None else told.found.runs,
        "why_not_fitted": told.why_not_fitted,
        "stages": [row._asdict() for row in told.stages],
        "learned": [
            {"what": one.what, "counted": one.n, "rests_on": one.rests_on, "paths": list(one.values)}
            for one in told.results
            if isinstance(one, Learned)
        ],
        "not_learned": [
            {"what": one.what, "why": one.why, "paths": list(one.paths)}
            for one in told.results
            if not isinstance(one, Learned)
        ],
        "borrowed": list(told.own.borrowed),
        "cautions": list(told.cautions),
        "warnings": list(told.warnings),
    }
