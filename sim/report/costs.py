"""What scenarios cost in posts, from unit costs that the user gives; nothing is invented where none is given.

A cost is of a whole year once every post is filled, and what it buys is told for the same: see `_of_waiting`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.events import Role
from sim.experiment import Comparison, Estimate, ScenarioResult
from sim.report.headline import ALL, variants
from sim.report.starts import in_words
from sim.report.wording import Number, is_told, listed, shown
from sim.scenario import Scenario
from sim.world import posts_by_role

UNSEEN: Final = "child_days_unseen"
REFERRED: Final = "referred_children_count"
NOT_COSTED: Final = "Not costed: no cost of a post was given."
NO_POSTS: Final = "It changes no number of posts, so there is no cost to work out."

ROLES: Final[Mapping[Role, str]] = {
    Role.EXPERIENCED_SOCIAL_WORKER: "experienced social worker",
    Role.NEWLY_QUALIFIED_SOCIAL_WORKER: "newly qualified social worker",
    Role.AGENCY_SOCIAL_WORKER: "agency social worker",
    Role.FRONT_DOOR_MANAGER: "front door manager",
    Role.TEAM_MANAGER: "assessment team manager",
    Role.SENIOR_PRACTITIONER: "senior practitioner",
    Role.FIRST_RESPONSE_WORKER: "first response worker",
    Role.FAMILY_SUPPORT_WORKER: "family support worker",
    Role.OUT_OF_HOURS_WORKER: "out of hours worker",
}
"""Whose posts can be costed, and what each is called."""
_PERMANENT, _AGENCY = Role.EXPERIENCED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER
_EITHER_WAY: Final = frozenset({_PERMANENT, _AGENCY})

Prices = Mapping[Role, float]
"""Pounds a year of one post of each role, all that it costs the authority; a role without one is not costed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one scenario costs, in sentences."""

    title: str
    words: tuple[str, ...]


def roles_changed(scenarios: Sequence[Scenario]) -> tuple[Role, ...]:
    """Of which roles the scenarios after the first have more or fewer posts than it, in the order of `ROLES`.

    Where social workers are added, permanent and agency posts are both among them, so that one can be held against the
    other.
    """
    changed = {role for scenario in scenarios[1:] for role in _more(scenarios[0], scenario)}
    return tuple(role for role in ROLES if role in changed or (changed & _EITHER_WAY and role in _EITHER_WAY))


def costs(comparison: Comparison, scenarios: Sequence[Scenario], prices: Prices) -> tuple[Cost, ...]:
    """What each scenario costs against its baseline; `scenarios` are the levers of all, the baseline's first."""
    base, *others = scenarios
    pairs = zip(variants(comparison), others, strict=True)
    return tuple(Cost(result.title, tuple(_words(result, _more(base, other), prices))) for result, other in pairs)


def _more(base: Scenario, scenario: Scenario) -> dict[Role, int]:
    """How many posts of each role a scenario has more than the baseline, fewer below nought; of others nothing."""
    before, after = Counter(posts_by_role(base)), posts_by_role(scenario)
    after.subtract(before)
    return {role: number for role, number in after.items() if number}


def _words(result: ScenarioResult, more: Mapping[Role, int], prices: Prices) -> Iterator[str]:
    if not more:
        yield NO_POSTS
        return
    costed = {role: number for role, number in more.items() if role in prices}
    if not costed:
        yield NOT_COSTED
        return
    total = sum(number * prices[role] for role, number in costed.items())
    posts = listed([_posts(role, number) for role, number in costed.items()])
    yield f"{posts}: {_pounds(abs(total))} {'a year' if total >= 0 else 'less a year'}, once all are in post."
    yield from _either_way(costed, prices)
    left = [_posts(role, number) for role, number in more.items() if role not in prices]
    if left:
        yield (
            f"Not costed: {listed(left)}, of which no cost was given. So there is no cost for a day of waiting either: "
            "what is avoided is of all that is changed."
        )
        return
    yield from _of_waiting(result, total)


def _posts(role: Role, number: int) -> str:
    many = abs(number)
    return f"{many} {'more' if number > 0 else 'fewer'} {ROLES[role]}{'' if many == 1 else 's'}"


def _either_way(costed: Mapping[Role, int], prices: Prices) -> Iterator[str]:
    """The same social workers as agency posts, or as permanent ones."""
    if not prices.keys() >= _EITHER_WAY:
        return
    for role, other, kind in ((_PERMANENT, _AGENCY, "agency"), (_AGENCY, _PERMANENT, "permanent")):
        number = costed.get(role, 0)
        if number > 0:
            yield (
                f"The {number} {ROLES[role]}{'' if number == 1 else 's'} cost {_pounds(number * prices[role])} a year; "
                f"as {kind} posts as many would cost {_pounds(number * prices[other])}. How soon either is filled and "
                "how long they stay is part of the scenario, and would be another one."
            )


def _of_waiting(result: ScenarioResult, total: float) -> Iterator[str]:
    """What a day of one child's waiting costs to avoid, or why that is not told.

    A year's cost is set against a year of the service with everything there: where part of the year is without, against
    the contacts of the rest, and where too little of it is left to be read by itself, against nothing.
    """
    start, of = result.start, result.changes
    whose, later = "", None
    if start is not None and not start.is_from_the_first_day:
        later = next((each for each in result.later if each.day == start.later), None)
        if later is None:
            yield "All that is added is there for too little of the year to tell what a whole year of it would avoid."
            return
        whose, of = f" of contacts received from {in_words(start.on(later.day))} on", later.changes
    change = of[UNSEEN, ALL]
    yield _of_a_day(change, total, whose)
    referred = of.get((REFERRED, ALL))
    if is_told(change) and change.mean < 0 and referred is not None and is_told(referred) and referred.mean < 0:
        yield (
            "Part of that is of children who no longer go on to be assessed under it, and not of children who are seen "
            "sooner."
        )


def _of_a_day(change: Estimate, total: float, whose: str) -> str:
    if not is_told(change):
        return "Too few years are run to tell whether it saves children waiting, so there is no cost for a day of it."
    days = shown(Number(abs(change.mean), "child-days"))
    opening = f"In the model, with all that is changed, children{whose} wait about {days} child-days a year"
    if change.mean >= 0:
        return f"{opening} more: it buys no waiting avoided."
    if total <= 0:
        return f"{opening} less, and it costs no more."
    said = f"{opening} less: about {_rounded(total / -change.mean)} for each day of one child's waiting avoided"
    unknown = change.unknown
    if unknown is None or unknown.low == unknown.high:
        return f"{said}. How far what we do not know could move that is not told."
    if unknown.high >= 0:
        return (
            f"{said}. From what we do not know, it could be {_rounded(total / -unknown.low)} or more without limit, or "
            "no waiting may be avoided at all."
        )
    ends = f"{_rounded(total / -unknown.low)} to {_rounded(total / -unknown.high)}"
    return f"{said}. From what we do not know, that could be {ends}."


def _pounds(amount: float) -> str:
    return f"£{amount:,.0f}"


def _rounded(amount: float) -> str:
    """Two figures: the range about it bears no more."""
    return f"£{float(f'{amount:.2g}'):,.{0 if amount >= 1 else 2}f}"
