"""A baseline before it is fitted: what published figures set by arithmetic, the targets, and the prior for the rest.

`before_fitting` is the seam between published figures and simulation: whoever fits takes its scenario, its targets and
the ranges of its evidence, and need not know where they came from.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from sim.experiment.targets import Target, target_of
from sim.published import demand, routes, staff, timing
from sim.published.also import Also, headed
from sim.published.draft import Draft
from sim.published.prior import Prior
from sim.published.statement import NOT_PUBLISHED, Statement
from sim.published.targets import TargetEntry, target_entries
from sim.published.values import PublishedError
from sim.scenario import Evidence, Grade, Scenario, ScenarioError, staffing_gaps

# In this order: later steps rest on what earlier ones set.
_STEPS: Final[tuple[Callable[[Draft], None], ...]] = (
    demand.set_contacts,
    demand.set_months,
    routes.set_other_teams,
    routes.set_section_47,
    routes.set_no_action,
    routes.set_conference_share,
    routes.set_endings,
    demand.set_domestic_abuse,
    staff.set_rates,
    staff.set_posts,
    staff.set_caseload,
    timing.set_conferences,
    timing.set_durations,
    timing.set_brief,
    timing.set_returns,
)
_PRIOR: Final = "Prior, nothing published informs it. {}"
_OTHERS: Final = 0.5
"""How far another authority's rate may lie from the prior's, as a part of it: an assumption."""


@dataclass(frozen=True, slots=True)
class BeforeFitting:
    """A scenario set by published figures as far as arithmetic goes, with what is left to the fit.

    `evidence` has every number's source, grade and range; `informed` are the paths that published figures set, all
    others are the prior's. `targets` are what it is to be held against, those of `also` among them. `notes` say what
    had to give way, `rounding` by what whole posts differ from those in proportion to the work.
    """

    statement: Statement
    scenario: Scenario
    evidence: tuple[Evidence, ...]
    targets: tuple[TargetEntry, ...]
    informed: frozenset[str]
    notes: tuple[str, ...]
    rounding: Mapping[str, float]
    also: Also | None = None

    @property
    def of_figures(self) -> tuple[Target, ...]:
        """Those of them that are published figures."""
        return self.held_against[: len(self.targets) - (len(self.also.targets) if self.also else 0)]

    @property
    def held_against(self) -> tuple[Target, ...]:
        """The targets as a comparison reads them from their file."""
        file = Path(f"{self.scenario.name}.targets.toml")
        return tuple(target_of(file, number, one.entry) for number, one in enumerate(self.targets, start=1))


def before_fitting(statement: Statement, prior: Prior, also: Also | None = None) -> BeforeFitting:
    """The baseline of an authority and year before fitting. Raise `PublishedError`, one sentence, without one.

    `also` is what else is known of it.
    """
    who = f"{statement.authority.full}, {statement.year}"
    if statement.reasons:
        raise PublishedError(f"{who}: {'; '.join(statement.reasons)}")
    try:
        return _before_fitting(statement, prior, also)
    except PublishedError as error:
        raise PublishedError(f"{who}: {error}") from None
    except ScenarioError as error:
        raise PublishedError(f"{who}: its figures make no scenario ({error})") from None


def held(statement: Statement, prior: Prior) -> Statement:
    """The statement, with the reason where its figures, all there, still make no baseline."""
    if statement.reasons:
        return statement
    try:
        _before_fitting(statement, prior)
    except (PublishedError, ScenarioError) as error:
        return replace(statement, reasons=(str(error),))
    return statement


def settled(statement: Statement, prior: Prior) -> Draft:
    """What arithmetic sets. Raise `PublishedError` or `ScenarioError` where figures and prior allow nothing."""
    draft = Draft(statement, prior, prior.scenario)
    for step in _STEPS:
        step(draft)
    _set_year(draft)
    return draft


def _before_fitting(statement: Statement, prior: Prior, also: Also | None = None) -> BeforeFitting:
    draft = settled(statement, prior)
    draft.scenario = draft.scenario.changed(_words(statement, also))
    if gap := next(staffing_gaps(draft.scenario), None):
        raise PublishedError(gap)
    return BeforeFitting(
        statement=statement,
        scenario=draft.scenario,
        evidence=tuple(_evidence(draft)),
        targets=_targets(draft, also),
        informed=frozenset(draft.evidence),
        notes=tuple(draft.notes),
        rounding=draft.rounding,
        also=also,
    )


def _targets(draft: Draft, also: Also | None) -> tuple[TargetEntry, ...]:
    published = target_entries(draft)
    if also is None:
        return published
    taken = {_key(one) for one in published}
    for one in also.targets:
        if _key(one) in taken:
            raise PublishedError(f"{' for '.join(_key(one))}: there is a target of it already, as published")
        taken.add(_key(one))
    return (*published, *also.targets)


def _key(one: TargetEntry) -> tuple[str, str]:
    return one.entry["measure"], one.entry.get("group", "all")


def _set_year(draft: Draft) -> None:
    year = draft.statement.year
    first = date(year - 1, 4, 1)
    days = (date(year, 4, 1) - first).days
    source = f"The reporting year of the DfE statistics: 1 April {year - 1} to 31 March {year}."
    draft.official("calendar.first_day", first, source)
    draft.official("calendar.horizon_days", days, source)


def _words(statement: Statement, also: Also | None) -> dict[str, object]:
    name, year = statement.authority.name, statement.year
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    summary = (
        f"Set from what the Department for Education publishes of {name} for the year to March {year}, by arithmetic, "
        "and not yet fitted by simulation: its levels of waits mean nothing until it is. What nothing published "
        f"informs is taken for granted. {NOT_PUBLISHED[0]}"
    )
    return {
        "name": f"{slug[:70]}-{year - 1}-{year % 100:02d}",
        "title": f"{name}, year to March {year}",
        "summary": headed(also, summary),
    }


def _evidence(draft: Draft) -> Iterable[Evidence]:
    """That of every number, in the prior's order: what was set, and for the rest the prior's with a word before it."""
    for path, entry in draft.prior.evidence.items():
        if path in draft.evidence:
            yield draft.evidence[path]
        else:
            yield _of_the_prior(draft.prior, entry)


def _of_the_prior(prior: Prior, entry: Evidence) -> Evidence:
    """The prior's evidence for another authority: what was official of the one is an assumption about the other."""
    words = _PRIOR.format(entry.source)
    if entry.grade is not Grade.OFFICIAL:
        return Evidence(entry.path, entry.grade, words, entry.low, entry.high)
    value = prior.number(entry.path)
    return Evidence(entry.path, Grade.ASSUMPTION, words, value * (1 - _OTHERS), value * (1 + _OTHERS))
