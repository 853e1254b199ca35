"""What a baseline that was fitted rests on: what was learned from which data, and what was not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.files import read_toml
from sim.scenario.scenario import ScenarioError

ENDING = ".basis.toml"
_NUMBERS = ("low", "high", "after_low", "after_middle", "after_high", "contraction")


class LearnedNumber(NamedTuple):
    """A number that was fitted: its range before, the 5th, 50th and 95th percentile after, and what that took away.

    `contraction` is the part of the variance that the data took away; `told` says in words how much that is.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    after_low: float
    after_middle: float
    after_high: float
    contraction: float
    told: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a baseline rests on, in sentences, with every number that was fitted.

    `heading` stands first on everything that shows the baseline; `limits` say what the data cannot tell, and `sharper`
    what would tell more. `made_from` is another whenever the same data might make another baseline.
    """

    heading: str
    rests_on: str
    limits: tuple[str, ...]
    sharper: tuple[str, ...]
    learned: tuple[LearnedNumber, ...]
    made_from: str = ""


def basis_of(baseline: str | Path) -> Basis | None:
    """What a baseline rests on, from the `.basis.toml` beside it; None without one. Raises `ScenarioError`."""
    path = Path(baseline).with_suffix(ENDING)
    if not path.exists():
        return None
    tree = read_toml(path)
    try:
        return Basis(
            str(tree["heading"]),
            str(tree["rests_on"]),
            tuple(map(str, tree["limits"])),
            tuple(map(str, tree["sharper"])),
            tuple(_learned(entry) for entry in tree["learned"]),
            str(tree.get("made_from", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"{path}: lacks or misstates {error}") from None


def _learned(entry: dict[str, Any]) -> LearnedNumber:
    name, label, unit, told = (str(entry[field]) for field in ("name", "label", "unit", "told"))
    low, high, after_low, after_middle, after_high, contraction = (float(entry[field]) for field in _NUMBERS)
    return LearnedNumber(name, label, unit, low, high, after_low, after_middle, after_high, contraction, told)
