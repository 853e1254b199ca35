"""What is kept of answers: each made once, none waiting for another's, and no more of them than so many."""

import threading
from collections.abc import Callable

import pytest

from sim.web.answers import Latest
from sim.web.catalogue import OF_THE_USER, Catalogue
from sim.web.question import if_nothing_speeds_up

SECONDS = 10.0


class Making:
    """Something that is being made in a thread of its own until it may end."""

    def __init__(self, latest: Latest[str], key: str) -> None:
        self.begun, self.may_end, self.times, self.found = threading.Event(), threading.Event(), 0, list[str]()
        self._latest, self._key = latest, key
        self.threads = [threading.Thread(target=self._get)]
        self.threads[0].start()
        assert self.begun.wait(SECONDS)

    def again(self) -> None:
        """Somebody else asks for it."""
        self.threads.append(threading.Thread(target=self._get))
        self.threads[-1].start()

    def end(self) -> None:
        self.may_end.set()
        for thread in self.threads:
            thread.join(SECONDS)

    def _get(self) -> None:
        self.found.append(self._latest.get(self._key, self._make))

    def _make(self) -> str:
        self.times += 1
        self.begun.set()
        assert self.may_end.wait(SECONDS)
        return self._key


def once(value: str) -> Callable[[], str]:
    return lambda: value


def test_what_takes_long_keeps_nobody_waiting_for_what_is_there_or_is_made_beside_it() -> None:
    latest = Latest[str](3)
    latest.get("there", once("there"))
    long = Making(latest, "long")

    assert latest.get("there", lambda: pytest.fail("is there")) == "there"
    assert latest.get("short", once("short")) == "short"
    long.end()


def test_who_asks_for_what_is_being_made_gets_that_one() -> None:
    long = Making(Latest[str](3), "long")
    long.again()
    long.end()

    assert (long.times, long.found) == (1, ["long", "long"])


def test_no_more_are_made_at_a_time_than_there_is_room_for() -> None:
    latest, other = Latest[str](3, at_once=1), list[str]()
    long = Making(latest, "long")
    waiting = threading.Thread(target=lambda: other.append(latest.get("short", once("short"))))
    waiting.start()
    waiting.join(0.05)

    assert not other
    long.end()
    waiting.join(SECONDS)
    assert other == ["short"]


def test_what_failed_is_made_again_and_what_was_asked_for_least_lately_is_forgotten() -> None:
    latest = Latest[str](2)
    with pytest.raises(ZeroDivisionError):
        latest.get("one", lambda: str(1 / 0))
    for key in ("one", "two", "one", "three"):
        assert latest.get(key, once(key)) == key

    assert latest.get("one", lambda: pytest.fail("was asked for lately")) == "one"
    assert latest.get("two", once("made again")) == "made again"


def test_a_change_rests_on_the_file_it_came_with_and_else_on_whoever_entered_it() -> None:
    shipped = next(iter(Catalogue()))
    filed = {asked.title: shipped.evidence(asked.differences) for asked in shipped.scenarios}
    slower = [each for asked in shipped.scenarios for each in if_nothing_speeds_up(asked)]
    entered = shipped.evidence({"front_door.managers": "+2", "workforce.absence_share": 0.1})

    assert all(filed.values())
    assert slower
    for each in (*filed.values(), *(shipped.evidence(asked.differences) for asked in slower)):
        assert OF_THE_USER not in {evidence.source for evidence in each}
    assert [(each.path, each.grade, each.source) for each in entered] == [
        ("front_door.managers", "D", OF_THE_USER),
        ("workforce.absence_share", "D", OF_THE_USER),
    ]
