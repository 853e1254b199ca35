"""The words in which a scenario's fields are declared: a bounded number with a unit and a plain-English meaning."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Final, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.distributions import Discrete, Distribution, Fixed

_NEARLY_ALL: Final = 0.99
_MOST: Final = {"minutes": 480.0, "hours": 240.0, "days": 400.0, "working days": 120.0}
"""By unit, what 99 in 100 values of a law may be at most: a working day of effort, a year of waiting."""


class Part(BaseModel):
    """A frozen, strictly validated part of a scenario; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _laws_lie_within_their_bounds(self) -> Self:
        for name, field in type(self).model_fields.items():
            said = field.json_schema_extra
            if isinstance(said, dict) and "most" in said:
                for rule in _broken(getattr(self, name), said):
                    raise ValueError(f"{name}: {rule}")
        return self


def _broken(found: Distribution, said: dict[str, Any]) -> Iterator[str]:
    """What a law breaks of what is said of its field."""
    most, unit = said["most"], said["unit"]
    if "least" in said:
        values = [found.value] if isinstance(found, Fixed) else found.values if isinstance(found, Discrete) else [-1.0]
        if not all(value == int(value) and said["least"] <= value <= most for value in values):
            yield f"must be a discrete or fixed law of whole numbers from {said['least']} to {most:g} {unit}"
    elif (reached := float(found.quantile(np.array([_NEARLY_ALL]))[0])) > most:
        yield f"99 in 100 values must be at most {most:g} {unit}; with these numbers they reach {reached:g}"


def quantity(meaning: str, unit: str, low: float, high: float) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A number between `low` and `high` inclusive, in `unit`, that means `meaning`."""
    return Field(ge=low, le=high, description=meaning, json_schema_extra={"unit": unit})


def share(meaning: str) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A share from 0 to 1."""
    return quantity(meaning, "share", 0.0, 1.0)


def law(meaning: str, unit: str, most: float | None = None) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A distribution whose values are in `unit`, 99 in 100 of them at most `most`, or what is usual of the unit."""
    return Field(description=meaning, json_schema_extra={"unit": unit, "most": _MOST[unit] if most is None else most})


def count(meaning: str, unit: str, least: int, most: int) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A distribution of whole numbers from `least` to `most`."""
    return Field(description=meaning, json_schema_extra={"unit": unit, "least": least, "most": most})


def switch(meaning: str) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A lever that is on or off."""
    return Field(description=meaning, json_schema_extra={"unit": "on/off"})


Law = Annotated[Distribution, Field()]


class Source(StrEnum):
    """Who made the contact: the groups of the DfE's published referral sources."""

    POLICE = "police"
    SCHOOLS = "schools"
    HEALTH = "health"
    LA_SERVICES = "la_services"
    INDIVIDUALS = "individuals"
    OTHER = "other"


class Grade(StrEnum):
    """How strong the evidence behind a number is."""

    OFFICIAL = "A"
    STUDY = "B"
    OTHER_AUTHORITY = "C"
    ASSUMPTION = "D"
    OWN_RECORD = "R"


class Order(StrEnum):
    """What a free person does next."""

    EARLIEST_DUE_FIRST = "earliest_due_first"
    STRICT_PRIORITY = "strict_priority"


class Arrangement(StrEnum):
    """How referrals are shared among assessment teams."""

    DUTY_WEEK = "duty_week"
    POOLED = "pooled"
    SPECIALIST = "specialist"


class Posts(StrEnum):
    """Where the staff of a new team come from."""

    EXISTING = "existing"
    NEW = "new"
