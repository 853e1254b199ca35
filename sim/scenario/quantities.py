"""The words in which a scenario's fields are declared: a bounded number with a unit and a plain-English meaning."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sim.distributions import Distribution


class Part(BaseModel):
    """A frozen, strictly validated part of a scenario; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def quantity(meaning: str, unit: str, low: float, high: float) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A number between `low` and `high` inclusive, in `unit`, that means `meaning`."""
    return Field(ge=low, le=high, description=meaning, json_schema_extra={"unit": unit})


def share(meaning: str) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A share from 0 to 1."""
    return quantity(meaning, "share", 0.0, 1.0)


def law(meaning: str, unit: str) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    """A distribution whose values are in `unit`."""
    return Field(description=meaning, json_schema_extra={"unit": unit})


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
