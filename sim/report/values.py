"""Values of ours as plain ones and back, field by field as their types say: what a file of a result is made of."""

import math
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union

import numpy as np

from sim.measures import SAFETY, SafetyCheck

Plain = Any
"""What JSON holds: numbers, text, lists, mappings from text and nothing (`None`), which also stands for nan."""
_ENDLESS = ("inf", "-inf")


def plain(value: object) -> Plain:  # noqa: PLR0911  (a line a kind of value)
    """A value as plain ones."""
    match value:
        case SafetyCheck():
            return [value.measure, value.group.id]
        case Enum():
            return value.value
        case float():
            return None if math.isnan(value) else str(value) if math.isinf(value) else value
        case date():
            return value.isoformat()
        case np.ndarray():
            return plain(value.tolist())
        case Mapping():
            return [[plain(key), plain(each)] for key, each in value.items()]
        case list() | tuple():
            return [plain(each) for each in value]
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def typed(kind: Any, value: Plain) -> Any:  # noqa: ANN401, PLR0911  (a type, a value of it, a line a kind)
    """The value of a type that `plain` made plain; raises `ValueError`, `KeyError` or `TypeError` where it is none."""
    origin, of = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else typed(_one_of(of, value), value)
    if origin is tuple:
        return _tuple(of, value)
    if origin is np.ndarray:
        return np.array(value, dtype=np.float64)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {typed(of[0], key): typed(of[1], each) for key, each in value}
    if kind is float:  # a whole number where one was given
        return float("nan") if value is None else _number(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is SafetyCheck:
        return next(check for check in SAFETY if [check.measure, check.group.id] == value)
    return _made(kind, value)


def _one_of(kinds: tuple[Any, ...], value: Plain) -> Any:  # noqa: ANN401  (as above)
    """Of several types the one whose fields these are."""
    first, *others = (kind for kind in kinds if kind is not type(None))
    return next(kind for kind in (first, *others) if set(_hints(kind)) == set(value)) if others else first


def _made(kind: Any, value: Plain) -> Any:  # noqa: ANN401  (as above)
    if issubclass(kind, Enum):
        return kind(value)
    hints, make = _hints(kind), kind
    if is_dataclass(kind):
        return make(**{name: typed(hints[name], each) for name, each in value.items()})
    if issubclass(kind, tuple):
        return kind(*map(typed, hints.values(), value))
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _number(value: Plain) -> float:
    if value in _ENDLESS:
        return float(value)
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value


def _tuple(of: tuple[Any, ...], value: Plain) -> tuple[Any, ...]:
    if len(of) > 1 and of[1] is Ellipsis:
        return tuple(typed(of[0], each) for each in value)
    return tuple(typed(each, one) for each, one in zip(of, value, strict=True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
