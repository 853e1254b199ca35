"""When police and health can join a strategy discussion: so many times a working day, each for one discussion."""

from bisect import bisect_left
from collections.abc import Iterator

from sim.model.service import Service, Story
from sim.working_time import MINUTES_PER_DAY


class Slots:
    """The times of police and health over the run, each taken by the discussion that has been ready for longest.

    When each slot is was settled before the run: those of the baseline's days, and from the levers' start those of the
    scenario's. So a discussion that is ready takes the first that is left, and nobody ready later ever has an earlier.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._times = sorted(_times(service))
        self._first_left = 0
        self._ready: list[int] = []
        self._given: dict[int, int] = {}

    def wait(self, contact: int) -> Story:
        """Wait for the slot of a contact's discussion, ready now: of those ready in one minute, by contact."""
        service = self._service
        self._ready.append(contact)
        yield service.last_at(service.now)
        for ready in sorted(self._ready):
            self._given[ready] = self._take()
        self._ready = []
        yield service.others(self._given.pop(contact) - service.now)

    def _take(self) -> int:
        """The minute of the first slot left from now on; the end of the run where none is."""
        place = max(self._first_left, bisect_left(self._times, self._service.now))
        self._first_left = place + 1
        return self._times[place] if place < len(self._times) else self._service.world.span.end


def _times(service: Service) -> Iterator[int]:
    """The minute of every slot of the run: a day's are where equal parts of the office's hours begin."""
    opens_minute, length = service.hours.opens_minute, service.hours.closes_minute - service.hours.opens_minute
    for start, end, scenario in service.in_force:
        slots = scenario.strategy.slots_per_day
        for day in range(start // MINUTES_PER_DAY, -(-end // MINUTES_PER_DAY)):
            if service.working_days.is_working_day(day):
                opens = day * MINUTES_PER_DAY + opens_minute
                yield from (m for k in range(slots) if start <= (m := opens + k * length // slots) < end)
