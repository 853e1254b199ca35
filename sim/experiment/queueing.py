"""The queues of the pathway: how long children stand in each and how many, and what changes of that against now."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.estimates import Estimate, estimate
from sim.experiment.runs import CellResult
from sim.measures import Stage, WaitFor

Values = NDArray[np.float64]


class QueueName(StrEnum):
    """A queue in which children stand before they are seen; together they hold all days from contact to seen."""

    DECISION = "decision"
    INFORMATION = "information"
    ALLOCATION = "allocation"
    VISIT = "visit"
    DUTY_VISIT = "duty_visit"


_OURS: Final = (WaitFor.OUR_STAFF, WaitFor.CLOSED_HOURS)
CELLS: Final[Mapping[QueueName, tuple[Stage, tuple[WaitFor, ...]]]] = {
    QueueName.DECISION: (Stage.RECEIPT_TO_DECISION, _OURS),
    QueueName.INFORMATION: (Stage.RECEIPT_TO_DECISION, (WaitFor.OTHERS,)),
    QueueName.ALLOCATION: (Stage.DECISION_TO_ALLOCATION, tuple(WaitFor)),
    QueueName.VISIT: (Stage.ALLOCATION_TO_SEEN, tuple(WaitFor)),
    QueueName.DUTY_VISIT: (Stage.SEEN_BEFORE_ALLOCATION, tuple(WaitFor)),
}
"""The stage of a wait that is spent in a queue, and whom it is for."""
WORK: Final = ("open_contacts", "unallocated_children", "unseen_children")
"""What is open in them at midnight."""


def queue_estimates(
    results: Sequence[CellResult],
    number: int,
    draws: NDArray[np.int64],
    confidence: tuple[float, float],
    hidden: int = 0,
) -> tuple[dict[str, Estimate], dict[str, Estimate]]:
    """The levels of a scenario, by its number, and its changes, which are empty for the baseline.

    By `QueueName`, mean days of the children seen, those whom a queue does not concern counting nothing; by the names
    of `WORK`, how many are open on an average night after the `hidden` first ones. `confidence` is that of a level and
    that of a change.
    """
    base, here = (dict(_of_worlds(results, of, hidden)) for of in (0, number))
    levels = {name: estimate(values, draws, confidence=confidence[0]) for name, values in here.items()}
    changes = {name: estimate(here[name] - base[name], draws, confidence=confidence[1]) for name in here if number}
    return levels, changes


def _of_worlds(results: Sequence[CellResult], number: int, hidden: int) -> Iterator[tuple[str, Values]]:
    """The value of each world, by name."""
    days = np.array([result.readings[number].stages["all"].mean_days for result in results])
    for name, (stage, waits) in CELLS.items():
        yield name.value, days[:, stage, list(waits)].sum(axis=1)
    for work in WORK:
        nights = np.array([getattr(r.readings[number].open_work, work) for r in results], dtype=np.float64)
        yield work, nights[:, hidden:].mean(axis=1)
