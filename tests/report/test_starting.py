"""What a comparison says of the open work it starts from: how much, what was drawn, and no small count."""

from dataclasses import replace
from datetime import date

import pytest

from sim.events import EventKind, Outcome
from sim.experiment import Comparison, Started
from sim.facts import ALL_FACTS, Fact
from sim.measures.inherited import INHERITED
from sim.report import as_json, text
from sim.report.starting import NOT_IN_EXTRACT, stage_counts, starting_sentences, waiting
from sim.report.tables import tables
from sim.world.opening import OpenJourney, OpenWork
from tests.report.comparisons import an_estimate, three_scenarios

E = EventKind
UNDECIDED = OpenJourney(1, 0, 0, 0, 0, -1, -1, -1, {E.RECEIVED: -900}, (), -1)
UNALLOCATED = UNDECIDED._replace(outcome=Outcome.REFERRAL, at={E.RECEIVED: -900, E.DECIDED: -800})


def some_work(undecided: int = 20, unallocated: int = 10) -> OpenWork:
    """So many children at two stages, in an extract that tells everything."""
    return OpenWork(
        journeys=(UNDECIDED,) * undecided + (UNALLOCATED,) * unallocated,
        as_at=date(2024, 3, 31),
        format="journeys",
        fingerprint="ab" * 32,
        facts=ALL_FACTS,
        stale=0,
        unusable=0,
        holders=7,
        seen_undated=0,
        tells_undecided=True,
        tells_unbegun=True,
        tells_after=True,
    )


def said(work: OpenWork, borrowed: float = 0.0, *, unlike: bool = False) -> str:
    """All paragraphs on a start."""
    return " ".join(starting_sentences(Started(work, unlike, borrowed)))


def a_started_comparison() -> Comparison:
    """Three scenarios that start from open work, each with the same figures of what becomes of it."""
    levels = {measure.id: an_estimate(12.0) for measure in INHERITED}
    before = three_scenarios()
    base, *others = before.scenarios
    changed = [replace(one, inherited=levels, inherited_changes=levels) for one in others]
    scenarios = (replace(base, inherited=levels), *changed)
    return replace(before, scenarios=scenarios, started=Started(some_work(), unlike=False, borrowed=0.0))


def test_the_date_and_the_children_of_each_stage_are_told() -> None:
    words = said(some_work())

    assert "at the end of 31 March 2024" in words
    assert "30 children, 20 contacts not yet decided and 10 referred and without a worker" in words


@pytest.mark.parametrize(("undecided", "unallocated"), [(20, 1), (5, 10), (3, 3)])
def test_a_small_count_is_hidden_with_what_would_give_it_away(undecided: int, unallocated: int) -> None:
    counts = stage_counts(some_work(undecided, unallocated))
    shown = [count for count in counts.values() if count != "0"]

    assert not any(count.isdigit() and 1 <= int(count) <= 5 for count in shown)
    assert shown.count("[c]") >= 2
    assert "stands for a count that is hidden" in said(some_work(undecided, unallocated))


@pytest.mark.parametrize(
    ("children", "words"), [(0, ""), (3, "A few children are recorded"), (9, "9 children are recorded")]
)
def test_children_seen_on_no_known_day_are_said(children: int, words: str) -> None:
    found = said(replace(some_work(), seen_undated=children))

    assert words in found
    assert ("count as seen when their assessment began" in found) == bool(children)


def test_what_the_extract_does_not_tell_is_named_and_what_stands_in_its_place() -> None:
    work = replace(some_work(), facts=ALL_FACTS - {Fact.SEEN, Fact.FAMILY}, tells_undecided=False, holders=0)
    words = said(work, borrowed=41.0, unlike=True)

    assert "does not tell which children belong to one contact and when each child was first seen" in words
    assert "Each child counts as a family of its own" in words
    assert "tells nothing: contacts not yet decided; in their place" in words
    assert "41 families" in words
    assert "the nearest was taken" in words
    assert "names no workers" in words


def test_records_left_out_are_counted_and_a_few_are_not_numbered() -> None:
    assert "28 families open for more than 365 days" in said(replace(some_work(), stale=28))
    few = said(replace(some_work(), stale=3))
    assert "A few families" in few
    assert " 3 families" not in few


def test_what_could_not_be_read_is_said_to_be_missing() -> None:
    assert "could not be used" not in said(some_work())
    assert "41 rows or journeys of the extract could not be used" in said(replace(some_work(), unusable=41))
    assert "A few rows or journeys" in said(replace(some_work(), unusable=2))


def test_terminal_tables_and_data_show_what_becomes_of_it_and_only_where_there_is_a_start() -> None:
    found = a_started_comparison()
    without = three_scenarios()

    assert "what becomes of it" in text(found)
    assert '"fingerprint": "abab' in as_json(found)
    assert "Published figures, not your records" not in text(found)
    assert "inherited" in [table.name for table in tables(found)]
    assert "inherited" not in [table.name for table in tables(without)]
    assert "what becomes of it" not in text(without)
    assert '"start"' not in as_json(without)


def test_the_children_waiting_are_shown_by_stage_with_their_date() -> None:
    found = waiting(some_work())

    assert found.title == "Children in your extract at the end of 31 March 2024"
    assert found.first.startswith("30 children's work was open at the end of 31 March 2024; 30 of them were waiting")
    assert dict(found.rows)["contacts not yet decided"] == "20"
    assert dict(found.rows)["with a worker and not yet seen"] == "0"


def test_what_waits_is_not_added_up_beside_a_hidden_count_nor_told_where_all_is_few() -> None:
    assert waiting(some_work(20, 3)).first == "23 children's work was open at the end of 31 March 2024."
    assert "is hidden, for they are few" in waiting(some_work(3, 1)).first


def test_a_stage_of_which_an_extract_can_tell_nothing_has_no_nought() -> None:
    told = some_work(20, 0).facts
    facts = told - {Fact.ALLOCATION, Fact.SEEN, Fact.STRATEGY_ASKED, Fact.DECISION}
    found = dict(waiting(replace(some_work(20, 10), facts=facts, tells_after=False)).rows)
    silent = dict(waiting(replace(some_work(20, 0), tells_unbegun=False)).rows)

    assert found["waiting for a strategy discussion"] == found["with a worker, assessment not begun"] == NOT_IN_EXTRACT
    assert found["assessment authorised, case not yet closed"] == NOT_IN_EXTRACT
    assert found["referred, assessment not begun"] == "10"
    assert silent["referred and without a worker"] == silent["with a worker and not yet seen"] == NOT_IN_EXTRACT
    assert silent["contacts not yet decided"] == "20"
    assert NOT_IN_EXTRACT not in said(replace(some_work(), facts=facts))


def test_children_who_wait_are_added_up_though_strategy_discussions_are_not_told_apart() -> None:
    facts = some_work().facts - {Fact.STRATEGY_ASKED, Fact.DECISION}
    found = waiting(replace(some_work(), facts=facts))

    assert dict(found.rows)["waiting for a strategy discussion"] == NOT_IN_EXTRACT
    assert "; 30 of them were waiting to be decided on or to be seen." in found.first
