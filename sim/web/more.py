"""Every other lever, made from the scenario's own fields: the meaning is the label, unit and bounds the hint."""

from enum import Enum
from typing import Any, Final

from sim.scenario import Scenario, ScenarioError, as_toml, levers, setting
from sim.web.levers import FIELDS, Choice, Field, MistakeError, Settings, Teller

_PARTS: Final = {
    "demand": "Demand",
    "need": "Children's needs",
    "front_door": "Front door",
    "further_work": "Further work before a decision",
    "second_look": "Second look",
    "strategy": "Strategy discussions and section 47",
    "out_of_hours": "Out of hours (EDT)",
    "domestic_abuse_team": "Domestic abuse team",
    "assessment": "Allocation, visits and assessments",
    "ending": "Endings",
    "returns": "Children who come back",
    "workforce": "Workforce",
}
_ELSEWHERE: Final = frozenset({*(field.name for field in FIELDS), "domestic_abuse_team.on"})
_LABELS: Final = {
    "workforce.recruitment_days_newly_qualified": "Days until an added newly qualified social worker starts",
    "workforce.recruitment_days_agency": "Days until an added agency social worker starts",
    "assessment.work_further_child_minutes": "Effort of an assessment added for each further child",
    "assessment.long_supervision_minutes": "A manager's effort for such a supervision",
    "returns.multiplier": "All shares of children who come back are multiplied by this",
    "domestic_abuse_team.needless_referral_multiplier": "Needless domestic abuse referrals are multiplied by this",
}
"""Where a field's meaning leans on the field before it."""
_LONGEST: Final = 60


def _text(value: object) -> str:
    """A value as a scenario file writes it; a law as its numbers."""
    law = getattr(value, "model_dump", None)
    return as_toml(value if law is None else law(mode="json", exclude_none=True))


def _hint(path: str, field: Any) -> Teller:  # noqa: ANN401  (pydantic's description of a field)
    """What holds now, and between what it may lie."""
    low = next((bound.ge for bound in field.metadata if hasattr(bound, "ge")), None)
    high = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
    bounds = f" From {low:g} to {high:g}." if low is not None and high is not None else ""
    return lambda base: f"Now {_text(base.value(path))}.{bounds}"


def _read(path: str, text: str) -> Settings:
    try:
        return dict([setting(f"{path}={text}")])
    except ScenarioError as mistake:
        raise MistakeError(str(mistake).removeprefix(f"--set {path}: ")) from None


def _choices(path: str, base: Scenario) -> tuple[Choice, ...]:
    """A switch's two answers, or the words of a rule; none of a number or a law."""
    value = base.value(path)
    if isinstance(value, bool):
        now, other = ("on", "off") if value else ("off", "on")
        return (Choice("", f"As now: {now}"), Choice("false" if value else "true", other.capitalize()))
    if isinstance(value, Enum):
        others = [Choice(str(each.value), _words(each).capitalize()) for each in type(value) if each is not value]
        return (Choice("", f"As now: {_words(value)}"), *others)
    return ()


def _words(value: Enum) -> str:
    return str(value.value).replace("_", " ")


def _made(path: str, field: Any) -> Field:  # noqa: ANN401  (likewise)
    label = _LABELS.get(path, str(field.description).rstrip("."))
    whose = path.split(".")
    # A source of contacts has the same fields as each other one.
    label = f"{whose[1].replace('_', ' ').capitalize()}: {label[0].lower()}{label[1:]}" if len(whose) == 3 else label  # noqa: PLR2004
    kind = field.annotation
    has_choices = isinstance(kind, type) and issubclass(kind, bool | Enum)
    return Field(
        name=path,
        group=_PARTS[whose[0]],
        label=label,
        hint=_hint(path, field),
        read=lambda text, _: _read(path, text),
        told=lambda text: f"{label[:_LONGEST]}: {text}",
        unit=str(field.json_schema_extra["unit"]),
        choices=(lambda base: _choices(path, base)) if has_choices else None,
    )


MORE: Final[tuple[Field, ...]] = tuple(
    _made(path, field) for path, field in levers() if path not in _ELSEWHERE and path.split(".")[0] in _PARTS
)
"""Every lever that the short form leaves out, but for the calendar, which is the baseline's."""
