"""The question "how many would it take?": what can be asked for, as it is typed in and as it stands in a link."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from sim import __version__
from sim.experiment import Plan
from sim.experiment.planning import DEFAULT_SEED, plan_of_files
from sim.experiment.sizing import Standard
from sim.report.enough import Enough
from sim.scenario import Scenario, ScenarioError, ScenarioFile, staffing_gaps
from sim.sweep import run_ids

SEARCH: Final = 1
"""Raised where the search finds otherwise than before: answers that were kept are then looked for anew."""
_PER_CENT: Final = 100
DAYS: Final = (1, 5, 10, 20)
_BELOW, _ABOVE = 10, 30
"""How far below and above the number there is now numbers are tried."""
POSTS: Final[Mapping[str, tuple[str, str]]] = {
    "experienced": ("assessment.social_workers.experienced", "experienced social workers"),
    "newly-qualified": ("assessment.social_workers.newly_qualified", "newly qualified social workers"),
    "agency": ("assessment.social_workers.agency", "agency social workers"),
    "front-door-managers": ("front_door.managers", "team managers at the front door"),
    "assessment-managers": ("assessment.managers", "managers of the assessment teams"),
}
"""Whose number is looked for: by its name in a link the lever, and what they are called."""
POST, SHARE, WITHIN, CHANCE = "post", "share", "days", "chance"
USUAL: Final[Mapping[str, str]] = {POST: "experienced", SHARE: "90", WITHIN: "10", CHANCE: "80"}
LABELS: Final[Mapping[str, str]] = {
    POST: "Whose number",
    SHARE: "Share of children to be seen in time",
    WITHIN: "In time is within",
    CHANCE: "Chance of meeting that",
}


@dataclass(frozen=True, slots=True)
class HowMany:
    """One question: of which posts, so that which share (per cent) is seen within so many days, with which chance."""

    base: str
    post: str
    share: int
    days: int
    chance: int

    @property
    def query(self) -> str:
        """The question as the query string of a link."""
        return urlencode({POST: self.post, SHARE: self.share, WITHIN: self.days, CHANCE: self.chance})

    @property
    def path(self) -> str:
        """The lever."""
        return POSTS[self.post][0]

    @property
    def standard(self) -> Standard:
        """What is to be met."""
        word = "day" if self.days == 1 else "days"
        return Standard(f"seen_within_{self.days}_{word}_share", self.share / _PER_CENT)

    def told(self, base: Scenario) -> Enough:
        """What is said of it."""
        within = f"{self.days} calendar day{'' if self.days == 1 else 's'}"
        standard = f"at least {self.share}% of children who go on to be assessed are seen within {within} of contact"
        return Enough(POSTS[self.post][1], standard, int(str(base.value(self.path))))


def how_many(base: str, typed: Mapping[str, str]) -> tuple[HowMany | None, dict[str, str]]:
    """The question that was typed in, or what is wrong with it by field: the rule that it breaks."""
    wrong: dict[str, str] = {}
    if typed.get(POST) not in POSTS:
        wrong[POST] = "must be one of the answers given"
    if typed.get(WITHIN) not in {str(days) for days in DAYS}:
        wrong[WITHIN] = "must be one of the answers given"
    shares = {name: _whole(typed.get(name, "")) for name in (SHARE, CHANCE)}
    for name, number in shares.items():
        if number is None:
            wrong[name] = (
                f"must be a whole number from 1 to 99, such as {USUAL[name]}; you typed {typed.get(name, '')[:20]}"
            )
    if wrong:
        return None, wrong
    share, chance = shares[SHARE], shares[CHANCE]
    assert share is not None and chance is not None  # noqa: S101, PT018  (or it were wrong)
    return HowMany(base, typed[POST], share, int(typed[WITHIN]), chance), {}


def _whole(text: str) -> int | None:
    number = int(text) if text.isdecimal() and text.isascii() and len(text) < len("100") else 0
    return number or None


def plan_of(base: ScenarioFile, worlds: int, *, fresh: int = 0) -> Plan:
    """So many worlds of a baseline; `fresh` counts the plans after the first, whose worlds are others."""
    return plan_of_files(base, [], {}, replications=worlds, seed=DEFAULT_SEED + fresh)


def amounts(base: Scenario, path: str) -> tuple[int, ...]:
    """Which numbers are tried: about as many as there are now, and none with which nobody is left for some work."""
    now = int(str(base.value(path)))
    tried = range(max(now - _BELOW, 0), now + _ABOVE + 1)
    return tuple(number for number in tried if _can_be_had(base, path, number))


def _can_be_had(base: Scenario, path: str, number: int) -> bool:
    try:
        return next(staffing_gaps(base.changed({path: number})), None) is None
    except ScenarioError:
        return False


def id_of(asked: HowMany, plan: Plan) -> str:
    """The content hash of a question: its worlds, the model that runs them, what is asked of them, and how."""
    cells = run_ids(plan)
    how = [__version__, SEARCH, _BELOW, _ABOVE]
    told = json.dumps([asked.query, how, [cells[cell] for cell in plan.cells()]])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
