"""Unit costs as they stand in an address: pounds a year of one post of each role, typed in by whoever asks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sim.events import Role
from sim.report.costs import ROLES

START: Final = "cost-"
MOST_POUNDS: Final = 500_000
_NAMES: Final = {f"{START}{words.replace(' ', '-')}": role for role, words in ROLES.items()}
_NUMBER: Final = re.compile(r"£?(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Priced:
    """What was typed in by field, the prices it comes to, and what is wrong with it: name, label and rule."""

    typed: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[Role, float] = field(default_factory=dict)
    wrong: tuple[tuple[str, str, str], ...] = ()


def prices_of(fields: Iterable[tuple[str, str]]) -> Priced:
    """The unit costs among the fields of an address; others are not looked at."""
    typed = {name: text.strip() for name, text in fields if name in _NAMES and text.strip()}
    prices: dict[Role, float] = {}
    wrong: list[tuple[str, str, str]] = []
    for name, text in typed.items():
        found = _pounds(text)
        if found is None:
            rule = f"must be pounds a year from 1 to {MOST_POUNDS:,}, such as 52000; you typed {text[:20]}"
            wrong.append((name, _label(_NAMES[name]), rule))
        else:
            prices[_NAMES[name]] = found
    return Priced(typed, prices, tuple(wrong))


def without_costs(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields of an address that are the question."""
    return [(name, text) for name, text in fields if name not in _NAMES]


def cost_fields(roles: Sequence[Role], priced: Priced) -> list[dict[str, str]]:
    """The fields of the form for these roles: name, label, what was typed in, and the rule that it breaks."""
    rules = {name: rule for name, _, rule in priced.wrong}
    return [
        {"name": name, "label": _label(role), "typed": priced.typed.get(name, ""), "wrong": rules.get(name, "")}
        for name, role in _NAMES.items()
        if role in roles
    ]


def _label(role: Role) -> str:
    words = ROLES[role]
    return f"One {words}, a year"


def _pounds(text: str) -> float | None:
    """Pounds as people type them: `52000`, `52,000` or `£52,000`; None of anything else."""
    found = _NUMBER.fullmatch(text)
    amount = float(text.removeprefix("£").replace(",", "")) if found else 0.0
    return amount if 1 <= amount <= MOST_POUNDS else None
