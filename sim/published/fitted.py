"""A fitted baseline: the middle of what is plausible, and around it the draws that every comparison runs across."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.calibration.draws import with_effects
from sim.calibration.knobs import MAIN_NUMBERS, Setting
from sim.calibration.posterior import label_of
from sim.experiment.estimates import Estimate, Range, estimate
from sim.experiment.later import Key
from sim.provenance.model import fit_hash
from sim.published.also import headed
from sim.published.baseline import BeforeFitting
from sim.published.draft import Draft
from sim.published.drawing import Drawing, numbers
from sim.published.fitting import Budget, Fit, Learned, targets_fitted
from sim.published.misfit import range_of
from sim.published.statement import NOT_PUBLISHED
from sim.published.unknowns import UNKNOWNS
from sim.scenario import Basis, Effect, Evidence, Grade, LearnedNumber, Scenario, assumed_effects, shipped
from sim.scenario.files import read_toml

HEADING: Final = "Illustration. Not your records. No national return holds days to seen."
SHARPER: Final = (
    "An extract of the authority's own records would tell when children are seen, how long decisions and replies take "
    "and how many contacts there are: frontdoor observe reads one."
)
_KEY_LENGTH: Final = 16
NEXT_YEAR: Final = (
    "Tested on three pairs of years it told the next year's figures no better than this year's tell them, and twice "
    "worse: take it as no better than last year. Counts of assessments, enquiries and conferences followed what it "
    "makes of new demand and staff (0.64 of it, standard error 0.11, in two pairs, and 1.05, 0.14, in the third); how "
    "long they took did not (shares 0.02 of it, 0.06, and -0.07, 0.13): nothing published bears out what it says that "
    "more or fewer staff do to waits."
)
HELD_OUT: Final = (
    "Ranges of published figures that it was not fitted to are widened by how far such figures lay off in 30 "
    "authorities of 2018: they then held 95% of 840 figures of 120 others in another year, all made from published "
    "figures alone, and without 84%. Nothing "
    "widens the range of days to seen like that: take it as too narrow."
)
_WORDS: Final = (
    "Fitted to the published figures of {who}{also}: {label} at {middle:.3g} {unit}, between {low:.3g} and "
    "{high:.3g} in nine of ten plausible sets; {told}. {why}"
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
    words = {"name": base.scenario.name, "title": base.scenario.title, "summary": _summary(base)}
    scenario = draft.scenario.changed({**_rounded(draft.scenario), **words})
    baseline = replace(base, scenario=scenario, evidence=_evidence(fit, draft), notes=tuple(draft.notes))
    keys = [target.key for target in base.held_against]
    columns = dict(zip(keys, fit.figures.T, strict=True))
    draws = _complete(fit, baseline)
    baseline = replace(baseline, evidence=tuple(_holding(entry, draws) for entry in baseline.evidence))
    return Fitted(
        baseline,
        tuple(with_effects(draws, _effects(fit.drawing), scenario, seed=fit.seed)),
        basis_of_fit(fit),
        {key: estimate(values, np.arange(len(values)), confidence=0.95) for key, values in columns.items()},
        {target.key: range_of(target, columns[target.key]) for target in base.held_against},
    )


def _holding(entry: Evidence, draws: Sequence[Setting]) -> Evidence:
    """With a range that holds the draws too: where arithmetic put a number, the fit's own range may not."""
    path = next((p for p in (entry.path, *(f"{entry.path}.{m}" for m in MAIN_NUMBERS)) if p in draws[0]), None)
    if path is None or entry.low is None or entry.high is None:
        return entry
    values = [float(str(draw[path])) for draw in draws]
    return replace(entry, low=min(entry.low, *values), high=max(entry.high, *values))


def _rounded(scenario: Scenario) -> Mapping[str, object]:
    """Its numbers with the decimals that sets of numbers have, where those are fewer."""
    return {path: value for path, value in numbers(scenario).items() if value != scenario.value(path)}


def basis_of_fit(fit: Fit) -> Basis:
    """What is said of the baseline on everything that shows it."""
    base = fit.drawing.base
    published = base.of_figures
    used = len(targets_fitted(published))
    return Basis(
        HEADING,
        f"The baseline is fitted to {used} figures, and held against {len(published) - used} more, that the Department "
        f"for Education publishes of {_who(base)}{_also(base)}; {_other_numbers(fit)}",
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


def _effects(drawing: Drawing) -> tuple[Effect, ...]:
    """What the shipped scenarios assume: numbers of people, which are of the shipped county's size, there alone."""
    default = shipped("default.toml")
    fits_all = f"{drawing.base.scenario.name}.toml" == read_toml(default)["baseline"]
    there = drawing.prior.scenario
    return tuple(one for one in assumed_effects(default) if fits_all or not isinstance(there.value(one.path), int))


def _complete(fit: Fit, baseline: BeforeFitting) -> list[Setting]:
    """Each draw with every number in which any differs from the baseline."""
    before, now = numbers(fit.drawing.base.scenario), numbers(baseline.scenario)
    whole = [{**before, **draw} for draw in fit.draws]
    differing = [path for path, value in now.items() if any(each[path] != value for each in whole)]
    return [{path: each[path] for path in differing if not path.startswith("calendar.")} for each in whole]


def _also(base: BeforeFitting) -> str:
    return base.also.added if base.also else ""


def _other_numbers(fit: Fit) -> str:
    """How many nothing fits, and where in their ranges they lie."""
    many, also = len(fit.drawing.others), fit.drawing.base.also
    if also is None:
        return f"{many} other numbers are assumptions that those say nothing of, and lie anywhere in their ranges."
    return (
        f"{many} other numbers are assumptions, drawn from anywhere in their ranges; a set whose year did not meet all "
        f"that is fitted of {also.what} was left out."
    )


def _who(base: BeforeFitting) -> str:
    return f"{base.statement.authority.name} for the year to March {base.statement.year}"


def _summary(base: BeforeFitting) -> str:
    summary = (
        f"{HEADING} Fitted by simulation to what the Department for Education publishes of {_who(base)}{_also(base)}. "
        f"What that does not tell is taken for granted, and was drawn from anywhere in its range. {NOT_PUBLISHED[0]}"
    )
    return headed(base.also, summary)


def _evidence(fit: Fit, draft: Draft) -> tuple[Evidence, ...]:
    """What arithmetic says at the middle of the fit, with the fit's own word on what it moved."""
    base, prior = fit.drawing.base, fit.drawing.prior.scenario
    said = {entry.path: entry for entry in base.evidence}
    said |= {path: entry for path, entry in draft.evidence.items() if path not in fit.drawing.posts}
    moved: set[str] = set()
    for unknown, at, one in zip(UNKNOWNS, fit.centre.tolist(), fit.learned, strict=True):
        for path, value in unknown.fields(prior, unknown.value(at)).items():
            entry = said[_law_or_number(path, said)]
            if path in {entry.path, *(f"{entry.path}.{main}" for main in MAIN_NUMBERS)}:
                ends = (float(str(unknown.fields(prior, end)[path])) for end in (unknown.low, unknown.high))
                entry = _ranging(entry, float(str(draft.scenario.value(path))), float(str(value)), *ends)
            before = f"{said[entry.path].source} " if entry.path in moved else ""
            said[entry.path] = _fitted(fit, entry, one, before)
            moved.add(entry.path)
    return tuple(said.values())


def _ranging(entry: Evidence, now: float, moved: float, low: float, high: float) -> Evidence:
    """With the range that the fit had for its main number, which arithmetic then made `now` of what was `moved`."""
    by = now / moved if moved else 1.0
    low, high = (float(f"{end:.4g}") for end in (min(low * by, now), max(high * by, now)))
    return replace(entry, low=low, high=high)


def _law_or_number(path: str, said: Mapping[str, Evidence]) -> str:
    """The path under which the source of a number stands: its own, or that of the law it is in."""
    while path not in said:
        path = path.rpartition(".")[0]
    return path


def _fitted(fit: Fit, entry: Evidence, one: Learned, before: str) -> Evidence:
    words = _WORDS.format(
        who=_who(fit.drawing.base), also=_also(fit.drawing.base), label=one.unknown.label, middle=one.middle,
        unit=one.unknown.unit, low=one.low, high=one.high, told=label_of(one.contraction).value, why=one.unknown.why,
    )  # fmt: skip
    return Evidence(entry.path, Grade.ASSUMPTION, f"{before}{words}", entry.low, entry.high)
