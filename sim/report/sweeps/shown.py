"""The measure that a sweep's table leads with and its picture draws, and the level of it that is aimed at."""

from dataclasses import dataclass

from sim.report.headline import ALL, GROUP_LABEL, MEASURE, NINE_IN_TEN
from sim.scenario import ScenarioError


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure of a group, and a target for it in the measure's own unit where one is given."""

    measure: str
    group: str
    target: float | None = None

    @property
    def label(self) -> str:
        """The measure and the group in words."""
        return f"{MEASURE[self.measure].label}: {GROUP_LABEL[self.group]}"

    @property
    def unit(self) -> str:
        """The measure's unit."""
        return MEASURE[self.measure].unit


def shown_of(text: str | None, target: float | None) -> Shown:
    """A measure as `--measure MEASURE:GROUP` gives it (all children where no group is); raises `ScenarioError`."""
    name, _, group = (text or NINE_IN_TEN).partition(":")
    group = group or ALL
    if name not in MEASURE:
        raise ScenarioError(f"--measure {name}: there is no such measure; there are {', '.join(sorted(MEASURE))}")
    groups = [each.id for each in MEASURE[name].groups]
    if group not in groups:
        raise ScenarioError(f"--measure {name}:{group}: the measure is read for {', '.join(groups)}")
    return Shown(name, group, target)
