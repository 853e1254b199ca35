"""What a sweep varies: a lever and the values it takes, as `--vary` writes them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sim.scenario import Scenario, ScenarioError, flatten, levers, setting

MOST_VALUES = 1000
_HOW = "write it as PATH=LOW:HIGH:STEP, PATH=A,B,C or, for a design that chooses values itself, PATH=LOW:HIGH"

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever and what it may be: one of some `values`, or anything from the first of them to the last (`is_range`).

    `is_whole` where it takes whole numbers only.
    """

    path: str
    values: tuple[Value, ...]
    is_range: bool
    is_whole: bool

    def at(self, part: float) -> Value:
        """The value so far along, from 0 to 1 (not included): each of some values alike, and each whole number."""
        if not self.is_range:
            return self.values[int(part * len(self.values))]
        low, high = float(self.values[0]), float(self.values[-1])
        if self.is_whole:
            return int(low + part * (high - low + 1))
        return low + part * (high - low)


def lever(text: str, baseline: Scenario) -> Lever:
    """A lever as `--vary` gives it; every value must be one that the baseline can have. Raises `ScenarioError`."""
    path, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not path or not values:
        raise ScenarioError(f"--vary {text}: {_HOW}")
    before = dict(flatten(baseline.model_dump())).get(path)
    is_whole = isinstance(before, int) and not isinstance(before, bool)
    listed, is_range = _range(text, values) if ":" in values else (tuple(_listed(path, values)), False)
    taken = tuple(_taken(path, value, baseline) for value in listed)
    for value in taken:
        if taken.count(value) > 1:
            raise ScenarioError(f"--vary {text}: {value} stands there twice; give each value once")
    return Lever(path, taken, is_range, is_whole)


def _range(text: str, values: str) -> tuple[tuple[Value, ...], bool]:
    """The values of a range with a step; or its ends, and that it is whatever lies between."""
    try:
        low, high, *steps = (Decimal(part) for part in values.split(":"))
    except (InvalidOperation, ValueError):
        raise ScenarioError(f"--vary {text}: {_HOW}") from None
    if len(steps) > 1 or not all(number.is_finite() for number in (low, high, *steps)):
        raise ScenarioError(f"--vary {text}: {_HOW}")
    if not low < high:
        raise ScenarioError(f"--vary {text}: {low} must be below {high}")
    if not steps:
        return (_number(low), _number(high)), True
    (step,) = steps
    if step <= 0:
        raise ScenarioError(f"--vary {text}: the step {step} must be above nought")
    count = int((high - low) / step) + 1
    if count > MOST_VALUES:
        raise ScenarioError(f"--vary {text}: that is {count} values; at most {MOST_VALUES}")
    return tuple(_number(low + number * step) for number in range(count)), False


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _listed(path: str, values: str) -> Iterator[Value]:
    # A comma within brackets or quotation marks parts nothing.
    for item in re.split(r""",(?![^\[{"']*[\]}"'])""", values):
        _, value = setting(f"{path}={item}")
        if not isinstance(value, (str, int, float)):
            raise ScenarioError(f"--vary {path}: {item.strip()} is no single number or word; only those can be varied")
        yield value


def _taken(path: str, value: Value, baseline: Scenario) -> Value:
    """The value as the scenario takes it: a change such as +2 made, and a number in the lever's own kind."""
    taken = dict(flatten(baseline.changed({path: value}).model_dump(mode="json"))).get(path)
    if not isinstance(taken, (str, int, float)):
        raise ScenarioError(f"--vary {path}: is no single number or word; name one of its parts (frontdoor levers)")
    return taken


def lever_labels(paths: Sequence[str]) -> dict[str, str]:
    """What each of some levers is in words, with its unit, by its path; the path itself where nothing says more."""
    found = {}
    for path, field in levers():
        extra = field.json_schema_extra
        unit = extra.get("unit", "") if isinstance(extra, dict) else ""
        words = (field.description or path).rstrip(".")
        found[path] = f"{words} ({unit})" if unit else words
    return {path: found.get(path, path) for path in paths}
