"""Everything that is read from an observed log, before anything is hidden: only the tables are for others to see."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from sim.facts import Fact
from sim.history import OTHER_TEAMS, Observed
from sim.measures import (
    LogIndex,
    Month,
    Readings,
    Waiting,
    WaitingStage,
    by_month,
    last_team,
    measure,
    waiting_now,
)

NO_TEAM = "no team recorded"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is hidden: counts of 1 to `small_count`, and teams with fewer than `smallest_team` children."""

    small_count: int = 5
    smallest_team: int = 10


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What an extract holds: `teams` are those large enough with the rest together, each with who waits, as indices."""

    name: str
    observed: Observed
    rules: Rules
    index: LogIndex
    waiting: Waiting
    months: tuple[Month, ...]
    measures: Readings
    teams: dict[str, tuple[int, ...]]

    def knows(self, *facts: Fact) -> bool:
        """Whether the record tells all of these."""
        return self.index.knows(frozenset(facts))

    def waiting_counts(self) -> dict[tuple[WaitingStage, int], int]:
        """Children waiting at each stage that is known, by the place of their age in `AGE_BANDS`."""
        table = self.waiting.counts()
        return {
            (stage, band): int(table[stage, band]) for stage in self.waiting.known for band in range(table.shape[1])
        }


def read(name: str, observed: Observed, rules: Rules) -> Reading:
    """Measure an observed log; `name` is what the extract is called."""
    index = LogIndex(observed.log)
    waiting = waiting_now(index)
    return Reading(
        name, observed, rules, index, waiting, by_month(index), measure(index), _teams(index, waiting, rules)
    )


def _teams(index: LogIndex, waiting: Waiting, rules: Rules) -> dict[str, tuple[int, ...]]:
    """The places in `waiting` of each team's children; teams are in order of their names, those pooled last."""
    team = last_team(index)
    sizes = Counter(dict(enumerate(np.bincount(team[team >= 0], index.children[team >= 0]).astype(int).tolist())))
    shown = shown_teams({number: size for number, size in sizes.items() if size}, rules.smallest_team)
    if not sizes:
        return {}
    names = {number: _team_name(index, number) for number in shown}
    groups: dict[str, list[int]] = {name: [] for name in sorted(names.values())}
    if len(shown) < sum(size > 0 for size in sizes.values()):
        groups[OTHER_TEAMS] = []
    for place, number in enumerate(waiting.team.tolist()):
        groups.setdefault(NO_TEAM if number < 0 else names.get(number, OTHER_TEAMS), []).append(place)
    return {name: tuple(places) for name, places in groups.items()}


def shown_teams(sizes: dict[int, int], smallest: int) -> set[int]:
    """The teams that stand under their own names; of the others there are none, or enough not to tell one apart."""
    by_size = sorted(sizes, key=lambda number: (sizes[number], number))
    pooled = [number for number in by_size if sizes[number] < smallest]
    for number in by_size[len(pooled) :]:
        if not pooled or (len(pooled) > 1 and sum(sizes[one] for one in pooled) >= smallest):
            break
        pooled.append(number)
    return set(sizes) - set(pooled)


def _team_name(index: LogIndex, number: int) -> str:
    names = index.log.teams
    return names[number] if number < len(names) else f"team {number}"
