"""A fitted baseline: the middle of what is plausible, and around it the draws that every comparison runs across."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.calibration.draws import with_effects
from sim.calibration.knobs import Setting
from sim.calibration.posterior import label_of
from sim.experiment.estimates import Estimate, Range, estimate
from sim.experiment.later import Key
from sim.provenance.model import fit_hash
from sim.published.baseline import BeforeFitting
from sim.published.draft import Draft
from sim.published.drawing import Drawing, numbers
from sim.published.fitting import Budget, Fit, Learned, targets_fitted
from sim.published.misfit import range_of
from sim.published.prior import SHIPPED
from sim.published.statement import NOT_PUBLISHED
from sim.published.unknowns import UNKNOWNS
from sim.scenario import Basis, Effect, Evidence, Grade, LearnedNumber, assumed_effects, load, shipped

HEADING: Final = "Illustration. Not your records. No national return holds days to seen."
SHARPER: Final = (
    "An extract of the authority's own records would tell when children are seen, how long decisions and replies take "
    "and how many contacts there are: frontdoor observe reads one."
)
_KEY_LENGTH: Final = 16
NEXT_YEAR: Final = (
    "Tested on two pairs of years it told the next year's figures no better than this year's tell them, and once "
    "worse: take it as no better than last year. Counts of assessments, enquiries and conferences followed in part "
    "what it makes of new demand and staff (0.64 of it, standard error 0.11); how long they took did not (shares 0.02 "
    "of it, standard error 0.06): nothing published bears out what it says that more or fewer staff do to waits."
)
HELD_OUT: Final = (
    "Ranges of published figures that it was not fitted to are widened by how far such figures lay off in 30 "
    "authorities of 2018: they then held 95% of 840 figures of 120 others in another year, and without 84%. Nothing "
    "widens the range of days to seen like that: take it as too narrow."
)
_WORDS: Final = (
    "Fitted to the published figures of {who}: {label} at {middle:.3g} {unit}, between {low:.3g} and {high:.3g} in "
    "nine of ten plausible sets; {told}. {why}"
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `frontdoor init` writes: the baseline, its draws as complete sets of numbers, and what it rests on.

    `modelled` are the draws' figures of each target, `ranges` 95% of them, wider for a figure that the fit did not use
    by how far such figures lie off.
    """

    baseline: BeforeFitting
    draws: tuple[Setting, ...]
    basis: Basis
    modelled: Mapping[Key, Estimate]
    ranges: Mapping[Key, Range]

    @property
    def met(self) -> int:
        """How many targets the draws meet on average."""
        return sum(target.is_met_by(self.modelled[target.key].mean) for target in self.baseline.held_against)


def fitted(fit: Fit) -> Fitted:
    """The baseline of a fit. The middle of what is plausible is itself plausible: it is drawn like any other."""
    base, draft = fit.drawing.base, fit.drawing.draft(fit.centre)
    scenario = draft.scenario.changed(
        {"name": base.scenario.name, "title": base.scenario.title, "summary": _summary(base)}
    )
    baseline = replace(base, scenario=scenario, evidence=_evidence(fit, draft), notes=tuple(draft.notes))
    keys = [target.key for target in base.held_against]
    columns = dict(zip(keys, fit.figures.T, strict=True))
    draws = _complete(fit, baseline)
    return Fitted(
        baseline,
        tuple(with_effects(draws, _effects(), scenario, seed=fit.seed)),
        basis_of_fit(fit),
        {key: estimate(values, np.arange(len(values)), confidence=0.95) for key, values in columns.items()},
        {target.key: range_of(target, columns[target.key]) for target in base.held_against},
    )


def basis_of_fit(fit: Fit) -> Basis:
    """What is said of the baseline on everything that shows it."""
    base = fit.drawing.base
    targets = base.held_against
    used = len(targets_fitted(targets))
    return Basis(
        HEADING,
        f"The baseline is fitted to {used} figures, and held against {len(targets) - used} more, that the Department "
        f"for Education publishes of {_who(base)}; {len(fit.drawing.others)} other numbers are assumptions that those "
        "say nothing of, and lie anywhere in their ranges.",
        (*NOT_PUBLISHED, NEXT_YEAR, HELD_OUT),
        (SHARPER,),
        tuple(_number(one) for one in fit.learned),
        made_from(fit.drawing, fit.seed, fit.budget),
    )


def made_from(drawing: Drawing, seed: int, budget: Budget) -> str:
    """Another whenever the same command might write another baseline."""
    base = drawing.base
    targets = repr([sorted(one.entry.items()) for one in base.targets])
    parts = (fit_hash(), drawing.prior.scenario.content_hash, base.scenario.content_hash, targets, seed, tuple(budget))
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:_KEY_LENGTH]


def _number(one: Learned) -> LearnedNumber:
    unknown = one.unknown
    told = label_of(one.contraction).value
    return LearnedNumber(
        unknown.name, unknown.label, unknown.unit, unknown.low, unknown.high, one.low, one.middle, one.high,
        one.contraction, told,
    )  # fmt: skip


def _effects() -> tuple[Effect, ...]:
    """What the shipped scenarios assume, but for numbers of people, which are of the shipped county's size."""
    there = load(shipped(SHIPPED))
    return tuple(one for one in assumed_effects(shipped(SHIPPED)) if not isinstance(there.value(one.path), int))


def _complete(fit: Fit, baseline: BeforeFitting) -> list[Setting]:
    """Each draw with every number in which any differs from the baseline."""
    before, now = numbers(fit.drawing.base.scenario), numbers(baseline.scenario)
    whole = [{**before, **draw} for draw in fit.draws]
    differing = [path for path, value in now.items() if any(each[path] != value for each in whole)]
    return [{path: each[path] for path in differing if not path.startswith("calendar.")} for each in whole]


def _who(base: BeforeFitting) -> str:
    return f"{base.statement.authority.name} for the year to March {base.statement.year}"


def _summary(base: BeforeFitting) -> str:
    return (
        f"{HEADING} Fitted by simulation to what the Department for Education publishes of {_who(base)}. What that "
        f"does not tell is as in the shipped county, and lies anywhere in its range. {NOT_PUBLISHED[0]}"
    )


def _evidence(fit: Fit, draft: Draft) -> tuple[Evidence, ...]:
    """What arithmetic says at the middle of the fit, with the fit's own word on what it moved."""
    base, prior = fit.drawing.base, fit.drawing.prior.scenario
    said = {entry.path: entry for entry in base.evidence}
    said |= {path: entry for path, entry in draft.evidence.items() if path not in fit.drawing.posts}
    for unknown, one in zip(UNKNOWNS, fit.learned, strict=True):
        for path in unknown.fields(prior, unknown.value(0.5)):
            entry = said[_law_or_number(path, said)]
            said[entry.path] = _fitted(fit, entry, one)
    return tuple(said.values())


def _law_or_number(path: str, said: Mapping[str, Evidence]) -> str:
    """The path under which the source of a number stands: its own, or that of the law it is in."""
    while path not in said:
        path = path.rpartition(".")[0]
    return path


def _fitted(fit: Fit, entry: Evidence, one: Learned) -> Evidence:
    words = _WORDS.format(
        who=_who(fit.drawing.base), label=one.unknown.label, middle=one.middle, unit=one.unknown.unit, low=one.low,
        high=one.high, told=label_of(one.contraction).value, why=one.unknown.why,
    )  # fmt: skip
    return Evidence(entry.path, Grade.ASSUMPTION, words, entry.low, entry.high)
