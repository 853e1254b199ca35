"""The queues of the pathway as they are told: their names, what is measured of each, and what is open in it."""

from typing import Final, NamedTuple

from sim.experiment.queueing import QueueName
from sim.report.headline import NINE_IN_TEN
from sim.world.opening import OpenStage


class Spot(NamedTuple):
    """A queue of the pathway: in words, for what its children wait, what is measured of it and what is open in it."""

    name: str
    wait: str = ""
    queue: QueueName | None = None
    measure: str = ""
    phrase: str = ""
    work: str = ""
    unit: str = ""
    stage: OpenStage | None = None


MAIN: Final = (
    Spot(
        "Screening and decision",
        "for screening and a decision at the front door",
        QueueName.DECISION,
        "decision_days_q90",
        "9 in 10 contacts are decided within {} of contact",
        "open_contacts",
        "contacts undecided",
        OpenStage.UNDECIDED,
    ),
    Spot(
        "Information and consent",
        "for information and consent",
        QueueName.INFORMATION,
        "further_work_days_q95",
        "19 in 20 contacts that need it are decided within {} of being asked about",
    ),
    Spot(
        "Allocation to a worker",
        "for a worker to be allocated",
        QueueName.ALLOCATION,
        work="unallocated_children",
        unit="children without a worker",
        stage=OpenStage.UNALLOCATED,
    ),
    Spot(
        "First visit, once allocated",
        "for the first visit once a worker is allocated",
        QueueName.VISIT,
        NINE_IN_TEN,
        "9 in 10 children are seen within {} of contact",
        "unseen_children",
        "children referred and unseen",
        OpenStage.UNSEEN,
    ),
)
BESIDE: Final = (
    Spot(
        "Out of hours",
        measure="out_of_hours_days_to_seen_q90",
        phrase="9 in 10 children of its contacts are seen within {} of contact",
    ),
    Spot(
        "Strategy discussion",
        measure="strategy_hours_q90",
        phrase="9 in 10 are held within {} of being asked for",
        stage=OpenStage.TO_BE_DISCUSSED,
    ),
    Spot(
        "Visit by duty staff, before a worker is allocated",
        "for a visit by duty staff before a worker is allocated",
        QueueName.DUTY_VISIT,
        "section_47_seen_within_1_working_day_share",
        "{} of children in section 47 enquiries are seen within 1 working day of the discussion",
    ),
)
ON_THE_WAY: Final = {spot.queue: spot for spot in (*MAIN, *BESIDE) if spot.queue is not None}
