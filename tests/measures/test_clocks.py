from typing import Any

import numpy as np
import pytest
from hypothesis import given

from sim.events import EVERY_CHILD, EventKind, EventLog, Need, Outcome, Rating
from sim.measures import GROUPS, End, clocks, cohort
from sim.measures.clocks import Clock, members, seen_by
from sim.measures.index import NEVER, LogIndex
from sim.measures.measure import ALL, IMMEDIATE, NOT_IMMEDIATE, Group
from sim.scenario import Source
from tests.measures.logs import at, closed, contact, decided, event, histories, log, seen

Rows = list[tuple[int, ...]]


@pytest.mark.parametrize(
    ("events", "end", "ended"),
    [
        ([decided(at(1)), seen(at(3))], End.SEEN, at(3)),
        ([event(at(0), EventKind.SCREENED), seen(at(1)), decided(at(2))], End.SEEN, at(1)),
        ([decided(at(1), outcome=Outcome.ADVICE), closed(at(1))], End.NOT_ASSESSED, at(1)),
        ([decided(at(1), outcome=Outcome.REFERRAL_NO_ACTION)], End.NOT_ASSESSED, at(1)),
        ([seen(at(1)), event(at(1), EventKind.SCREENED), decided(at(2), outcome=Outcome.ADVICE)],
         End.NOT_ASSESSED, at(2)),
        ([seen(at(1))], End.SEEN, at(1)),
        ([decided(at(1)), closed(at(9))], End.CLOSED_UNSEEN, at(9)),
        ([decided(at(1)), seen(at(8)), closed(at(9))], End.SEEN, at(8)),
        ([decided(at(1))], End.STILL_WAITING, at(150)),
        ([], End.STILL_WAITING, at(150)),
    ],
    ids=[
        "seen", "seen out of hours, then referred", "advice", "referral without action",
        "seen out of hours, then advice", "seen and undecided", "closed unseen", "closed after being seen",
        "referred and waiting", "undecided",
    ],
)  # fmt: skip
def test_a_clock_stops_at_whichever_end_comes(events: Rows, end: End, ended: int) -> None:
    found = clocks(log([contact(1, at(0))], events))

    assert (found.end.tolist(), found.ended.tolist()) == ([end], [ended])


def test_each_child_of_a_family_has_its_own_clock() -> None:
    found = clocks(log([contact(1, at(0), children=3)], [decided(at(1)), seen(at(2), child=2), seen(at(5), child=0)]))

    assert found.child.tolist() == [0, 1, 2]
    assert found.seen.tolist() == [at(5), NEVER, at(2)]
    assert found.end.tolist() == [End.SEEN, End.STILL_WAITING, End.SEEN]


def test_a_record_that_names_no_child_saw_them_all() -> None:
    together = event(at(4), EventKind.SEEN, 2, child=EVERY_CHILD)
    written = log(
        [contact(1, at(0)), contact(2, at(0), children=2)], [decided(at(1), 2), seen(at(3), 2, child=1), together]
    )

    assert clocks(written).seen.tolist() == [NEVER, at(4), at(3)]


def test_contacts_on_open_cases_and_those_outside_the_window_have_no_clock() -> None:
    contacts = [contact(1, at(0)), contact(2, at(7), open_case=1), contact(3, at(9)), contact(4, at(14))]

    assert clocks(log(contacts, window_days=(7, 14))).contact.tolist() == [3]


@pytest.mark.parametrize(
    ("need", "rating", "immediate"),
    [
        (Need.IMMEDIATE_RISK, Rating.GREEN, True),
        (Need.IN_NEED, Rating.RED, False),
        (Need.UNKNOWN, Rating.RED, True),
        (Need.UNKNOWN, Rating.AMBER, False),
        (Need.UNKNOWN, None, False),
    ],
)
def test_risk_is_as_later_found_or_else_as_rated(need: Need, rating: Rating | None, *, immediate: bool) -> None:
    events = [] if rating is None else [event(at(0), EventKind.SCREENED, detail=rating)]
    index = LogIndex(log([contact(1, at(0), need=need)], events))

    assert members(index, IMMEDIATE).tolist() == [immediate]
    assert members(index, NOT_IMMEDIATE).tolist() == [not immediate]


def test_each_source_is_its_own_group() -> None:
    index = LogIndex(log([contact(n, at(0), source=source) for n, source in enumerate(Source, start=1)]))
    by_source = [group for group in GROUPS if group.id.startswith("from_")]

    assert [group.id for group in by_source] == [f"from_{source.value}" for source in Source]
    assert np.array_equal([members(index, group) for group in by_source], np.eye(len(Source), dtype=bool))


def chain(*gaps_days: int, outcomes: tuple[Outcome, ...]) -> EventLog:
    """Contacts 1, 2, 3 ... of a family, each the return of the one before it, all decided a day after they came."""
    days = np.cumsum([0, *gaps_days]).tolist()
    contacts = [contact(n, at(day), parent=n - 1 if n > 1 else -1) for n, day in enumerate(days, start=1)]
    events = [decided(at(day + 1), n, outcome) for n, (day, outcome) in enumerate(zip(days, outcomes, strict=True), 1)]
    return log(contacts, events, window_days=(0, 900), watched_days=1000)


@pytest.mark.parametrize(
    ("gaps", "outcomes", "first"),
    [
        ((30, 40), (Outcome.ADVICE, Outcome.EARLY_HELP, Outcome.REFERRAL), [1, 1, 1]),
        ((30, 40), (Outcome.REFERRAL, Outcome.ADVICE, Outcome.REFERRAL), [1, 2, 2]),
        ((30, 366), (Outcome.ADVICE, Outcome.ADVICE, Outcome.REFERRAL), [1, 1, 3]),
        ((365, 1), (Outcome.ADVICE, Outcome.ADVICE, Outcome.REFERRAL), [1, 1, 1]),
    ],
    ids=["turned back twice", "assessed before", "too long ago", "just within 12 months"],
)
def test_a_child_turned_back_is_traced_to_the_first_of_its_contacts(
    gaps: tuple[int, ...], outcomes: tuple[Outcome, ...], first: list[int]
) -> None:
    assert clocks(chain(*gaps, outcomes=outcomes)).first_contact.tolist() == first


def test_a_contact_on_an_open_case_turned_nobody_back() -> None:
    contacts = [contact(1, 0, open_case=1), contact(2, at(9), parent=1)]
    events = [decided(at(1), 1, Outcome.OPEN_CASE), decided(at(10), 2)]

    assert clocks(log(contacts, events)).first_contact.tolist() == [2]


def test_an_undecided_contact_turned_nobody_back() -> None:
    contacts = [contact(1, 0), contact(2, at(9), parent=1)]

    assert clocks(log(contacts, [decided(at(10), 2)])).first_contact.tolist() == [1, 2]


def test_a_long_chain_of_returns_is_followed_to_its_beginning() -> None:
    found = clocks(chain(*[10] * 6, outcomes=(Outcome.ADVICE,) * 7))

    assert found.first_contact.tolist() == [1] * 7
    assert found.first_received.tolist() == [0] * 7


def test_the_cohort_is_the_referred_children_with_their_groups() -> None:
    written = log(
        [
            contact(8, at(0), children=2, domestic_abuse=1, need=Need.IMMEDIATE_RISK),
            contact(5, at(1)),
            contact(6, at(2), parent=5, source=Source.OTHER),
        ],
        [
            decided(at(1), 8, Outcome.STRATEGY_DISCUSSION),
            decided(at(2), 5, Outcome.ADVICE),
            seen(at(2), 8, child=1),
            decided(at(3), 6),
            closed(at(4), 6),
        ],
    )

    found = cohort(written)
    by_child = [{group.id for bit, group in enumerate(GROUPS) if bits >> bit & 1} for bits in found.groups.tolist()]

    assert list(zip(found.contact.tolist(), found.child.tolist(), strict=True)) == [(8, 0), (8, 1), (6, 0)]
    assert found.seen_minutes.tolist() == [-1, at(2), -1]
    assert found.end.tolist() == [End.STILL_WAITING, End.SEEN, End.CLOSED_UNSEEN]
    assert found.first_contact.tolist() == [8, 8, 5]
    assert found.earlier_minutes.tolist() == [0, 0, at(1)]
    assert by_child[0] == by_child[1] == {"all", "immediate", "section_47", "domestic_abuse", "from_police"}
    assert by_child[2] == {"all", "not_immediate", "section_17", "not_domestic_abuse", "from_other"}


def in_cohort(written: EventLog, group: Group) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    found = clocks(written)
    return np.logical_and(found.referred, members(LogIndex(written), group)[found.row])


@given(histories(watched_days=60))
def test_where_everybodys_clock_has_ended_the_estimate_is_the_plain_share_of_the_cohort(written: EventLog) -> None:
    found = clocks(written)
    days = found.ended // at(1) - found.received // at(1)

    for group in GROUPS:
        of_group = in_cohort(written, group)
        among = members(LogIndex(written), group)[found.row]
        if of_group.any() and not (found.end[among] == End.STILL_WAITING).any():
            quick = of_group & (found.end == End.SEEN) & (days <= 5)
            estimate = seen_by(LogIndex(written), group, Clock.DATES).within(5)
            assert estimate == pytest.approx(quick.sum() / of_group.sum())


@given(histories(watched_days=6))
def test_every_child_of_the_window_has_one_clock_and_every_referred_one_is_in_the_cohort(written: EventLog) -> None:
    counted = (written.contact_column("received") < written.window_end) & (written.contact_column("open_case") == 0)
    found = clocks(written)

    assert len(found.contact) == written.contact_column("children")[counted].sum()
    assert len(cohort(written).contact) == np.count_nonzero(in_cohort(written, ALL))
    assert (found.ended >= found.received).all()
    assert (found.ended <= written.watched_until).all()
