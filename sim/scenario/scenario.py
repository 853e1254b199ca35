"""The scenario: a frozen value in which a lever is a dotted path."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from sim.scenario.demand import Demand, Need, Returns
from sim.scenario.parts import (
    Assessment,
    DomesticAbuseTeam,
    Ending,
    FrontDoor,
    FurtherWork,
    OutOfHours,
    RunCalendar,
    SecondLook,
    Strategy,
    Workforce,
)
from sim.scenario.quantities import Part, Posts, quantity

WORDS = ("name", "title", "summary")
_RELATIVE = re.compile(r"[+-]\d+(\.\d+)?")


class ScenarioError(ValueError):
    """A scenario, or a file that describes one, breaks a rule; the message names which."""


def _printable(words: str) -> str:
    if not words.replace("\n", " ").isprintable():
        raise ValueError("must hold no control characters")
    return words


class Scenario(Part):
    """Everything that decides a run except chance: the levers and the fitted numbers.

    Equal by content. `content_hash` leaves out the words that only describe it.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", description="Short name, used for files.")
    title: Annotated[str, AfterValidator(_printable)] = Field(
        min_length=1, max_length=120, description="Name on screen."
    )
    summary: Annotated[str, AfterValidator(_printable)] = Field(
        max_length=2000, description="What it stands for, in a sentence or two."
    )
    levers_start_day: int = quantity(
        "Day of the reporting year on which the scenario's differences start.", "days", 0, 3660
    )
    calendar: RunCalendar
    demand: Demand
    need: Need
    front_door: FrontDoor
    further_work: FurtherWork
    second_look: SecondLook
    strategy: Strategy
    out_of_hours: OutOfHours
    domestic_abuse_team: DomesticAbuseTeam
    assessment: Assessment
    ending: Ending
    returns: Returns
    workforce: Workforce

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        for rule, broken in _impossible(self):
            if broken:
                raise ValueError(rule)
        return self

    def changed(self, changes: Mapping[str, object]) -> "Scenario":
        """A new, validated scenario with the fields at dotted paths replaced.

        A whole part may be replaced by a mapping of all its fields. Text such as "+6" or "-2" adds to the number that
        stands there. Raises `ScenarioError` for an unknown path or a value that breaks a rule.
        """
        tree = self.model_dump(mode="python")
        for path, value in changes.items():
            _replace(tree, path, value)
        return parse(tree)

    def value(self, path: str) -> object:
        """The number, switch, law or part at a dotted path."""
        found: object = self
        for step in path.split("."):
            if not isinstance(found, BaseModel) or step not in type(found).model_fields:
                raise ScenarioError(f"{path}: there is no such lever{_nearest(path)}")
            found = getattr(found, step)
        return found

    @property
    def content_hash(self) -> str:
        """SHA-256 of every field that can move a result, as 64 hexadecimal digits."""
        tree = self.model_dump(mode="json", exclude=set(WORDS))
        return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


def _impossible(scenario: Scenario) -> Iterator[tuple[str, bool]]:
    workers = scenario.assessment.social_workers
    total = workers.experienced + workers.newly_qualified + workers.agency
    team = scenario.domestic_abuse_team
    ending = scenario.ending
    yield (
        "domestic_abuse_team: a team that is on needs at least one manager and one social worker",
        team.on and (team.managers < 1 or team.social_workers < 1),
    )
    taken = team.social_workers if team.on and team.posts is Posts.EXISTING else 0
    yield (
        f"domestic_abuse_team.social_workers: {taken} cannot be taken from the {workers.experienced} experienced ones",
        taken > workers.experienced,
    )
    yield (
        "assessment.duty_workers: the rota needs no more people than there are social workers",
        (scenario.assessment.duty_workers > total > 0),
    )
    yield (
        "ending: close_share and step_down_share must not sum to more than 1",
        (ending.close_share + ending.step_down_share > 1.0 + 1e-9),
    )
    yield (
        "workforce: booked minutes must leave some of the office day",
        (
            max(
                scenario.workforce.booked_minutes_worker,
                scenario.workforce.booked_minutes_manager,
                scenario.workforce.booked_minutes_first_response,
            )
            >= scenario.calendar.office_closes_minute - scenario.calendar.office_opens_minute
        ),
    )


def parse(tree: Mapping[str, object]) -> Scenario:
    """A scenario from a mapping that states every field; raises `ScenarioError` naming the field and the rule."""
    try:
        return Scenario.model_validate(dict(tree))
    except ValidationError as error:
        raise ScenarioError(_sentence(error)) from None


def levers(part: type[BaseModel] = Scenario, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every dotted path that can be set, with pydantic's description of the field (meaning, unit, bounds)."""
    for name, field in part.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Part):
            yield from levers(inner, f"{prefix}{name}.")
        elif prefix or name not in WORDS:
            yield prefix + name, field


def _replace(tree: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    branch: Any = tree
    for step in parents:
        branch = branch.get(step) if isinstance(branch, dict) else None
    if not isinstance(branch, dict) or last not in branch:
        raise ScenarioError(f"{path}: there is no such lever{_nearest(path)}")
    branch[last] = value.model_dump() if isinstance(value, BaseModel) else _added(path, branch[last], value)


def is_relative(value: object) -> bool:
    """Whether a value is a change to what stands there: a sign and a number, as text."""
    return isinstance(value, str) and _RELATIVE.fullmatch(value) is not None


def _added(path: str, before: object, value: object) -> object:
    if not is_relative(value):
        return value
    if isinstance(before, bool) or not isinstance(before, int | float):
        raise ScenarioError(f"{path}: {value} adds to a number, and this lever is none")
    change = str(value)
    return before + (int(change) if isinstance(before, int) and "." not in change else float(change))


def _nearest(path: str) -> str:
    close = get_close_matches(path, [known for known, _ in levers()], n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _sentence(error: ValidationError) -> str:
    first, *others = error.errors(include_url=False)
    where = ".".join(str(step) for step in first["loc"])
    rule = first["msg"].removeprefix("Value error, ")
    given = "" if isinstance(first["input"], dict) else f" (given: {str(first['input'])[:60]})"
    more = f"; and {len(others)} more" if others else ""
    return f"{where + ': ' if where else ''}{rule}{given}{more}"
