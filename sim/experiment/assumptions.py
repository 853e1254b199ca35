"""What scenarios assume and nobody has measured: in words, and as it was in the sets of numbers that were run."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sim.experiment.plan import OF, Plan
from sim.scenario import levers


@dataclass(frozen=True, slots=True)
class Assumed:
    """An effect that a scenario assumes: its field and what that means, and its values over the sets that were met.

    `unit` is the field's; `low`, `mean` and `high` are over the sets, each counted once.
    """

    path: str
    meaning: str
    unit: str
    low: float
    mean: float
    high: float


def assumed(plan: Plan, met: Collection[int]) -> dict[str, tuple[Assumed, ...]]:
    """What each scenario assumes, by its name, over the draws that were `met`; nothing of one that assumes nothing."""
    found: dict[str, list[Assumed]] = {}
    draws = [plan.draws[draw] for draw in sorted(set(met))]
    for key in draws[0] if draws else ():
        name, of, path = key.partition(OF)
        if of:
            found.setdefault(name, []).append(_over(path, [float(str(draw[key])) for draw in draws]))
    return {name: tuple(each) for name, each in found.items()}


def _over(path: str, values: list[float]) -> Assumed:
    meaning, unit = field_of(path)
    return Assumed(path, meaning, unit, min(values), sum(values) / len(values), max(values))


@cache
def field_of(path: str) -> tuple[str, str]:
    """What the field of a lever means and its unit; of a number inside a law, what the law means."""
    within = (field for lever, field in levers() if f"{path}.".startswith(f"{lever}."))
    field = next(within)
    return str(field.description).rstrip("."), str(field.json_schema_extra["unit"])
