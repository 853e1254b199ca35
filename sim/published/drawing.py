"""Scenarios of one authority as the unknowns have it: published figures are met by arithmetic, whatever those are."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from sim.calibration.knobs import DECIMALS, Knob, Points, Setting, setting_at
from sim.published.baseline import BeforeFitting, settled
from sim.published.draft import Draft
from sim.published.prior import Prior
from sim.published.unknowns import BEFORE_OTHERS, CONVERSION, UNKNOWNS, others, usual_position
from sim.published.values import PublishedError
from sim.scenario import Scenario, ScenarioError, staffing_gaps

_POSTS: Final = (
    "front_door.managers", "front_door.workers", "assessment.managers", "assessment.family_support_workers",
    "assessment.teams", "assessment.duty_workers", "assessment.social_workers.experienced",
    "assessment.social_workers.newly_qualified", "assessment.social_workers.agency", "out_of_hours.staff",
    "strategy.slots_per_day",
)  # fmt: skip
_EFFORTS: Final = {
    "front_door.managers": (
        "front_door.screening_minutes.mean", "front_door.decision_minutes.mean", "front_door.further_child_minutes",
    ),
    "front_door.workers": ("further_work.ask_minutes.mean", "further_work.consent_minutes"),
    "out_of_hours.staff": ("out_of_hours.screening_minutes.mean",),
    "assessment.managers": tuple(f"assessment.{work}_minutes.mean" for work in ("allocation", "review", "sign_off")),
    "assessment.family_support_workers": ("assessment.family_support_minutes",),
}  # fmt: skip
"""Whose efforts they are: where posts were rounded down, efforts keep people no busier than the prior's are."""
_A_CONTACT: Final = ("front_door.managers", "front_door.workers", "out_of_hours.staff")
"""Whose efforts are of each contact: where contacts are more than the base has each takes less: work in all is told."""


@dataclass(frozen=True)
class Drawing:
    """Draws of one authority and year around its baseline before fitting.

    A position has a number from 0 to 1 for each of `UNKNOWNS`, and one for each of `others`, in their orders.
    """

    base: BeforeFitting
    prior: Prior

    @cached_property
    def others(self) -> tuple[Knob, ...]:
        """The numbers that are drawn and not fitted."""
        return others(self.prior)

    @property
    def usual(self) -> Points:
        """The unknowns as the prior has them."""
        return np.array([usual_position(unknown) for unknown in UNKNOWNS])

    @property
    def posts(self) -> frozenset[str]:
        """The paths of posts, which no draw changes: a scenario adds to them."""
        return frozenset(_POSTS)

    def draft(self, unknowns: Points, others: Points | None = None) -> Draft:
        """The draft at a position; without `others` these are the prior's.

        Raises `PublishedError` or `ScenarioError` where published figures cannot be met so.
        """
        moved = self.prior.scenario
        if others is not None:
            moved = moved.changed(setting_at(self.others, others))
        values = {unknown: unknown.value(at) for unknown, at in zip(UNKNOWNS, unknowns.tolist(), strict=True)}
        for together in (BEFORE_OTHERS, frozenset(values) - BEFORE_OTHERS):
            fields = {p: field for unknown in together for p, field in unknown.fields(moved, values[unknown]).items()}
            moved = moved.changed(fields)
        factor = next(value for unknown, value in values.items() if unknown.name == CONVERSION)
        found = settled(self.base.statement, replace(self.prior, scenario=moved, conversion=factor))
        found.scenario = found.scenario.changed(self._work_as_before(found.scenario))
        if gap := next(staffing_gaps(found.scenario), None):
            raise PublishedError(gap)
        return found

    def scenario(self, unknowns: Points, others: Points | None = None) -> Scenario:
        """The scenario at a position, likewise."""
        return self.draft(unknowns, others).scenario

    def setting(self, unknowns: Points, others: Points | None = None) -> Setting | None:
        """The numbers in which the scenario at a position differs from the base; None where there is none there."""
        try:
            drawn = numbers(self.scenario(unknowns, others))
        except (PublishedError, ScenarioError):
            return None
        return {path: value for path, value in drawn.items() if value != self._base[path]}

    @cached_property
    def _base(self) -> dict[str, object]:
        return numbers(self.base.scenario)

    def _work_as_before(self, found: Scenario) -> Setting:
        """Posts as they stand, and efforts of a contact so that all contacts together take the same."""
        base = self.base.scenario
        ratio = base.demand.family_contacts_per_year / found.demand.family_contacts_per_year
        scaled: Setting = {path: base.value(path) for path in _POSTS}
        for role, paths in _EFFORTS.items():
            by = min(self.base.rounding[role], 1.0) * (ratio if role in _A_CONTACT else 1.0)
            scaled.update({path: _scaled(found.value(path), by) for path in paths})
        return scaled


def _scaled(effort: object, by: float) -> object:
    return max(0, round(effort * by)) if isinstance(effort, int) else float(str(effort)) * by


def numbers(scenario: Scenario) -> dict[str, object]:
    """Every number, those inside a law too, by dotted path; numbers with decimals as sets of numbers write them."""
    found: dict[str, object] = {}
    parts: list[tuple[str, object]] = [("", scenario.model_dump(mode="python"))]
    while parts:
        path, value = parts.pop()
        if isinstance(value, dict):
            parts += [(f"{path}.{name}" if path else name, inner) for name, inner in value.items()]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[path] = round(value, DECIMALS) if isinstance(value, float) else value
    return found
