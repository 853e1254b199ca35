"""What is true of the slots of police and health, whatever the scenario."""

from collections import Counter
from typing import NamedTuple

from sim.events import Activity, EventKind
from sim.working_time import MINUTES_PER_DAY
from tests.model.jobs import Told


class Discussion(NamedTuple):
    """When a discussion that is not urgent was ready for a slot, whose it is, how long it is, and when it had one."""

    ready: int
    contact: int
    minutes: int
    begun: int | None


def no_two_discussions_share_a_slot_and_none_waits_while_one_passes(told: Told) -> None:
    """Each slot has one discussion, and while one waits each slot that passes is taken by who was ready before it.

    But for a slot too late in the day for the discussion to end that day; and what is rated red has no slot and waits
    for none.
    """
    slots, found = Counter(_slots(told)), _discussions(told)
    taken: dict[int, list[Discussion]] = {}
    for discussion in found:
        if discussion.begun is not None:
            taken.setdefault(discussion.begun, []).append(discussion)
    for minute, here in taken.items():
        assert len(here) <= slots[minute], f"{here} share {slots[minute]} slots"
        for discussion in here:
            assert minute + discussion.minutes <= told.office.next_change(minute), f"{discussion} ends after hours"
    for discussion in found:
        until = told.log.watched_until if discussion.begun is None else discussion.begun
        for minute in (slot for slot in slots if discussion.ready <= slot < until):
            if minute + discussion.minutes > told.office.next_change(minute):
                continue
            before = [other for other in taken.get(minute, []) if other[:2] < discussion[:2]]
            assert len(before) == slots[minute], f"{discussion} waits while the slot of {minute} passes"


def _slots(told: Told) -> list[int]:
    """The minute of every slot: on each working day, under the scenario in force, where equal parts of it begin."""
    hours = told.scenario.calendar
    opens, length = hours.office_opens_minute, hours.office_closes_minute - hours.office_opens_minute
    found = []
    for day in filter(told.working_days.is_working_day, range(told.world.span.days)):
        midnight = day * MINUTES_PER_DAY
        slots = told.in_force(midnight).strategy.slots_per_day
        found += [midnight + opens + number * length // slots for number in range(slots)]
    return found


def _discussions(told: Told) -> list[Discussion]:
    """Every discussion that is not urgent and has been ready for a slot, or would have been by the end of the run."""
    begun = {job.contact: job.queued for job in told.jobs if job.activity is Activity.STRATEGY_DISCUSSION}
    found = []
    for contact, asked in told.first(EventKind.STRATEGY_ASKED).items():
        if told.is_discussed_at_once(contact):
            continue
        (delay,) = {fate.strategy_delay for fate in told.fates[contact]}
        minutes = max(fate.strategy_minutes for fate in told.fates[contact])
        ready = told.office.after(asked, delay) if delay else asked
        ready = told.world.span.end if ready is None else ready
        found.append(Discussion(ready, contact, minutes, begun.get(contact)))
    return found
