"""When police and health can join a strategy discussion: so many times a working day, each for one discussion."""

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from sim.model.service import Service, Story
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY, WorkingDays
from sim.world import Span


class Slots:
    """The slots of the run, each taken by the discussion that has been ready for longest and would end that day.

    When each slot is was settled before the run: those of the baseline's days, and from the levers' start those of the
    scenario's. So a discussion that is ready takes the first that is left and long enough: nobody ready later is given
    one that it could have had.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        # From when each is left, and by when a discussion must have ended: plain pairs, for most runs have thousands.
        self._left: list[list[int]] = slots_of(*service.rules, service.world.span, service.working_days).tolist()
        self._ready: list[tuple[int, int]] = []
        self._given: dict[int, int] = {}

    def wait(self, contact: int, minutes: int) -> Story:
        """Wait for the slot of a contact's discussion, ready now: of those ready in one minute, by contact."""
        service = self._service
        self._ready.append((contact, minutes))
        yield service.last_at(service.now)
        for ready, its_minutes in sorted(self._ready):
            self._given[ready] = self._take(its_minutes)
        self._ready = []
        yield service.others(self._given.pop(contact) - service.now)

    def _take(self, minutes: int) -> int:
        """The minute of the first slot left from now on that is long enough; the end of the run where none is."""
        first = bisect_left(self._left, [self._service.now, 0])
        for place in range(first, len(self._left)):
            begins, closes = self._left[place]
            if closes - begins >= minutes:
                del self._left[place], self._left[:first]
                return begins
        return self._service.world.span.end


def slots_of(baseline: Scenario, scenario: Scenario, span: Span, working_days: WorkingDays) -> NDArray[np.int64]:
    """Every slot of the run in order, (slots, 2): a day's begin where equal parts of the office's hours do."""
    calendar = scenario.calendar
    opens_minute, length = calendar.office_opens_minute, calendar.office_closes_minute - calendar.office_opens_minute
    levers, last, found = min(span.levers_start, span.end), span.end, []
    for start, end, in_force in ((0, levers, baseline), (levers, last, scenario)):
        slots = in_force.strategy.slots_per_day
        days = working_days.numbers
        days = days[(days >= start // MINUTES_PER_DAY) & (days < -(-end // MINUTES_PER_DAY))]
        opens = np.repeat(days * MINUTES_PER_DAY + opens_minute, slots)
        begins = opens + np.tile(np.arange(slots) * length // max(slots, 1), len(days))
        found.append(np.stack([begins, opens + length], axis=1)[(start <= begins) & (begins < end)])
    return np.concatenate(found)
