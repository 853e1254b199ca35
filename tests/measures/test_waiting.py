"""Who is waiting at the end of a log, on logs of a few lines."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given

from sim.events import EventKind, EventLog, Outcome
from sim.facts import ALL_FACTS, Fact
from sim.measures import AGE_BANDS, WaitingStage, bands, open_work, waiting_now
from sim.measures.clocks import End, clocks
from tests.measures.logs import at, closed, contact, decided, event, histories, log, seen

DAYS = 30


def allocated(time: int, identity: int = 1) -> tuple[int, ...]:
    return event(time, EventKind.ALLOCATED, identity, person=7)


def a_log(contacts: Iterable[tuple[int, ...]], events: Iterable[tuple[int, ...]] = ()) -> EventLog:
    return log(contacts, events, watched_days=DAYS)


def found(written: EventLog) -> list[tuple[WaitingStage, int]]:
    waiting = waiting_now(written)
    return [(WaitingStage(stage), days) for stage, days in zip(waiting.stage, waiting.days, strict=True)]


def test_a_child_waits_for_a_decision_then_a_worker_then_to_be_seen() -> None:
    written = a_log(
        [contact(1, at(29)), contact(2, at(20)), contact(3, at(0))],
        [decided(at(21), 2), decided(at(1), 3), allocated(at(2), 3)],
    )

    assert found(written) == [
        (WaitingStage.NOT_DECIDED, 1),
        (WaitingStage.UNALLOCATED, 10),
        (WaitingStage.UNSEEN, 30),
    ]


@pytest.mark.parametrize(
    "events",
    [
        [decided(at(1)), seen(at(2))],
        [decided(at(1)), closed(at(2))],
        [decided(at(1), outcome=Outcome.ADVICE)],
        [seen(at(1))],
    ],
    ids=["seen", "closed unseen", "not for assessment", "seen before the decision"],
)
def test_whose_clock_has_ended_does_not_wait(events: list[tuple[int, ...]]) -> None:
    assert found(a_log([contact(1)], events)) == []


def test_a_contact_on_an_open_case_does_not_wait() -> None:
    assert found(a_log([contact(1, open_case=1)])) == []


def test_each_child_of_a_family_waits_for_itself() -> None:
    written = a_log([contact(1, children=3)], [decided(at(1)), allocated(at(2)), seen(at(3), child=1)])

    assert found(written) == [(WaitingStage.UNSEEN, 30), (WaitingStage.UNSEEN, 30)]


def test_a_case_whose_worker_left_is_unallocated_again() -> None:
    left = event(at(5), EventKind.HOLDER_LEFT)
    written = a_log([contact(1, children=2)], [decided(at(1)), allocated(at(2)), seen(at(3)), left])

    assert found(written) == [(WaitingStage.UNALLOCATED, 30)]
    assert waiting_now(written).without_worker == 2


def test_ages_fall_into_bands_by_whole_days() -> None:
    waiting = waiting_now(a_log([contact(n, at(DAYS - days)) for n, days in enumerate((0, 1, 2, 5, 6, 11, 21), 1)]))

    assert waiting.counts().tolist() == [[2, 2, 1, 1, 1], [0] * 5, [0] * 5]
    assert bands(waiting.days).tolist() == [0, 0, 1, 1, 2, 3, 4]
    assert len(AGE_BANDS) == 5


def test_what_the_record_does_not_know_is_not_guessed() -> None:
    written = a_log([contact(1), contact(2)], [decided(at(1), 2)])

    def known(*unknown: Fact) -> list[tuple[WaitingStage, int]]:
        return found(replace(written, facts=ALL_FACTS - set(unknown)))

    assert known(Fact.ALLOCATION) == [(WaitingStage.NOT_DECIDED, 30), (WaitingStage.UNSEEN, 30)]
    assert known(Fact.ALLOCATION, Fact.SEEN) == [(WaitingStage.NOT_DECIDED, 30)]
    assert known(Fact.DECISION) == [(WaitingStage.UNALLOCATED, 30)]


def test_teams_are_those_last_named() -> None:
    first, last = (list(row) for row in (allocated(at(2)), allocated(at(3))))
    first[5], last[5] = 4, 2
    written = a_log([contact(1), contact(2)], [decided(at(1)), tuple(first), tuple(last)])
    unteamed = written.events.copy()
    unteamed[unteamed[:, 2] == 2, 5] = -1

    assert waiting_now(replace(written, events=unteamed)).team.tolist() == [2, -1]


@given(histories(watched_days=30))
def test_children_wait_whose_clock_has_not_ended(written: EventLog) -> None:
    whole = replace(written, window_end=written.watched_until)
    ends = clocks(whole).end

    assert len(waiting_now(whole).stage) == int((ends == End.STILL_WAITING).sum())


@given(histories(watched_days=30))
def test_the_unallocated_and_the_allocated_are_those_of_open_work(written: EventLog) -> None:
    last_minute = replace(written, window_start=written.watched_until - 1, window_end=written.watched_until)
    waiting = waiting_now(written)

    assert waiting.without_worker == open_work(last_minute).unallocated_children[0]
    assert int((waiting.stage != WaitingStage.NOT_DECIDED).sum()) == open_work(last_minute).unseen_children[0]
