"""What was open at the date of an extract, and what tells one extract from another."""

from datetime import date
from pathlib import Path

import pytest

from sim.events import EventKind, Outcome
from sim.history import ExtractError, fingerprint, open_work
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS, extract_in
from sim.working_time import MINUTES_PER_DAY
from sim.world.opening import OpenJourney, OpenStage, OpenWork
from tests.history.cutting import last_day
from tests.history.files import AS_AT, a_csv, observed
from tests.history.synthetic import a_simulated_year

E = EventKind
DAY = MINUTES_PER_DAY

CLOSED_LONG_AGO = {
    "contact_id": "C0",
    "child_id": "P0",
    "received": "2023-11-06 09:00",
    "source": "6: Police",
    "decided": "2023-11-07",
    "outcome": "referral",
    "allocated": "2023-11-08",
    "worker_id": "W1",
    "seen": "2023-11-09",
    "assessment_started": "2023-11-08",
    "authorised": "2023-12-04",
    "transferred": "2023-12-20",
    "closed": "2023-12-21",
}
"""A journey with every step that says what is open, so that a blank elsewhere means that it has not happened."""


def an_extract(tmp_path: Path, *rows: dict[str, str], without: tuple[str, ...] = ()) -> OpenWork:
    """The open work of a journeys file of these rows after one that has closed."""
    kept = [{name: cell for name, cell in row.items() if name not in without} for row in (CLOSED_LONG_AGO, *rows)]
    path = a_csv(tmp_path / "journeys.csv", kept)
    return open_work(observed(path), fingerprint(path))


def a_row(contact: str, received: str, **more: str) -> dict[str, str]:
    """A journey of one child."""
    return {"contact_id": contact, "child_id": f"P{contact}", "received": received, "source": "6: Police", **more}


def only(work: OpenWork) -> OpenJourney:
    """The one journey that is open."""
    (journey,) = work.journeys
    return journey


def test_what_closed_or_was_turned_back_is_not_open(tmp_path: Path) -> None:
    turned_back = a_row("C1", "2024-03-28 10:00", decided="2024-03-28", outcome="advice")

    assert an_extract(tmp_path, turned_back).journeys == ()


@pytest.mark.parametrize(
    ("more", "stage"),
    [
        ({}, OpenStage.UNDECIDED),
        ({"decided": "2024-03-28", "outcome": "strategy_discussion"}, OpenStage.TO_BE_DISCUSSED),
        ({"decided": "2024-03-28", "outcome": "referral"}, OpenStage.UNALLOCATED),
        (
            {"decided": "2024-03-28", "outcome": "referral", "allocated": "2024-03-29", "worker_id": "W1"},
            OpenStage.UNSEEN,
        ),
        (
            {
                "decided": "2024-03-27",
                "outcome": "referral",
                "allocated": "2024-03-28",
                "assessment_started": "2024-03-28",
                "seen": "2024-03-29",
            },
            OpenStage.IN_ASSESSMENT,
        ),
        (
            {
                "decided": "2024-03-27",
                "outcome": "referral",
                "allocated": "2024-03-27",
                "assessment_started": "2024-03-27",
                "seen": "2024-03-28",
                "authorised": "2024-03-29",
            },
            OpenStage.AFTER_ASSESSMENT,
        ),
    ],
)
def test_each_open_family_is_at_the_stage_its_last_step_tells(
    tmp_path: Path, more: dict[str, str], stage: OpenStage
) -> None:
    work = an_extract(tmp_path, a_row("C1", "2024-03-27 10:00", **more))

    assert {name: count for name, count in work.children_by_stage().items() if count} == {stage: 1}


def test_times_count_back_from_the_midnight_after_the_extract(tmp_path: Path) -> None:
    row = a_row("C1", "2024-03-30 10:00", decided="2024-03-31", outcome="referral")
    journey = only(an_extract(tmp_path, row))

    assert journey.at == {E.RECEIVED: -2 * DAY + 600, E.DECIDED: -DAY}
    assert journey.outcome == Outcome.REFERRAL


def test_siblings_are_one_family_and_each_is_seen_for_itself(tmp_path: Path) -> None:
    steps = {"decided": "2024-03-26", "outcome": "referral", "allocated": "2024-03-27", "worker_id": "W1"}
    first = a_row("C1", "2024-03-26 10:00", **steps, seen="2024-03-28")
    second = {**first, "child_id": "P9", "seen": ""}
    journey = only(an_extract(tmp_path, first, second))

    assert (journey.children, len(journey.seen)) == (2, 1)


def test_of_a_family_of_which_one_child_was_seen_the_other_alone_waits(tmp_path: Path) -> None:
    steps = {"decided": "2024-03-26", "outcome": "referral", "allocated": "2024-03-27", "worker_id": "W1"}
    first = a_row("C1", "2024-03-26 10:00", **steps, seen="2024-03-28")
    work = an_extract(tmp_path, first, {**first, "child_id": "P8", "seen": ""}, {**first, "child_id": "P9", "seen": ""})
    counts = work.children_by_stage()

    assert (counts[OpenStage.UNSEEN], counts[OpenStage.IN_ASSESSMENT], sum(counts.values())) == (2, 1, 3)


def test_a_child_assessed_and_seen_on_no_known_day_counts_as_seen_when_its_assessment_began(tmp_path: Path) -> None:
    steps = {"decided": "2024-03-26", "outcome": "referral", "allocated": "2024-03-27", "worker_id": "W1"}
    assessed = a_row("C1", "2024-03-26 10:00", **steps, assessment_started="2024-03-28", authorised="2024-03-30")
    work = an_extract(tmp_path, assessed)

    assert (only(work).seen, work.seen_undated) == (((0, -4 * DAY),), 1)


def test_what_nobody_ended_is_counted_and_left_out(tmp_path: Path) -> None:
    undecided = a_row("C1", "2023-11-20 10:00")
    fresh = a_row("C2", "2024-03-28 10:00")
    work = an_extract(tmp_path, undecided, fresh)

    assert (len(work.journeys), work.stale) == (1, 1)


def test_what_contradicts_itself_is_counted_among_what_is_missing(tmp_path: Path) -> None:
    contradiction = a_row("C1", "2024-03-28 10:00", decided="2024-03-20", outcome="referral")
    work = an_extract(tmp_path, contradiction, a_row("C2", "2024-03-28 10:00"))

    assert (len(work.journeys), work.unusable) == (1, 1)


def test_an_earlier_date_gives_what_was_open_then(tmp_path: Path) -> None:
    steps = {"decided": "2024-03-05", "outcome": "referral", "allocated": "2024-03-06", "worker_id": "W1"}
    later = a_row("C1", "2024-03-04 10:00", **steps, assessment_started="2024-03-06", seen="2024-03-12")
    path = a_csv(tmp_path / "journeys.csv", [CLOSED_LONG_AGO, later, a_row("C2", "2024-03-20 10:00")])
    work = open_work(observed(path, date(2024, 3, 10)), fingerprint(path))

    assert {name: count for name, count in work.children_by_stage().items() if count} == {OpenStage.UNSEEN: 1}


def test_workers_are_numbered_and_no_pseudonym_is_kept(tmp_path: Path) -> None:
    steps = {"decided": "2024-03-26", "outcome": "referral", "allocated": "2024-03-27"}
    rows = [a_row(f"C{n}", f"2024-03-26 1{n}:00", **steps, worker_id=f"W{n % 2}") for n in range(1, 4)]
    work = an_extract(tmp_path, *rows)

    assert [journey.holder for journey in work.journeys] == [0, 1, 0]
    assert work.holders == 2


def test_an_extract_without_closures_does_not_say_which_referrals_wait(tmp_path: Path) -> None:
    waits = a_row("C1", "2024-03-26 10:00", decided="2024-03-26", outcome="referral")
    begun = a_row("C2", "2024-03-26 11:00", decided="2024-03-26", outcome="referral", assessment_started="2024-03-27")
    work = an_extract(tmp_path, waits, begun, without=("closed", "transferred"))

    assert not work.tells_unbegun
    assert work.children_by_stage()[OpenStage.IN_ASSESSMENT] + work.children_by_stage()[OpenStage.UNSEEN] == 1
    assert len(work.journeys) == 1


def test_an_extract_without_decisions_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="which contacts became referrals"):
        an_extract(tmp_path, a_row("C1", "2024-03-28 10:00"), without=("decided", "outcome"))


def test_rows_are_not_shown(tmp_path: Path) -> None:
    assert "OpenJourney" not in repr(an_extract(tmp_path, a_row("C1", "2024-03-28 10:00")))


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_open_assessments_are_those_of_the_year_in_every_format(form: str, tmp_path: Path) -> None:
    year = a_simulated_year()
    WRITERS[form](journeys_told(year), tmp_path)
    path = extract_in(tmp_path)
    work = open_work(observed(path, last_day(year)), fingerprint(path))
    started, over = set[int](), set[int]()
    for time, kind, contact, *_ in year.events.tolist():
        if time < year.window_end and kind == E.ASSESSMENT_STARTED:
            started.add(contact)
        if time < year.window_end and kind in {E.ASSESSMENT_AUTHORISED, E.CLOSED}:
            over.add(contact)
    told = {row[0]: row[4] for row in year.contacts.tolist() if row[1] >= year.window_start}
    children = sum(told.get(contact, 0) for contact in started - over)
    found = sum(
        journey.children
        for journey in work.journeys
        if E.ASSESSMENT_STARTED in journey.at and E.ASSESSMENT_AUTHORISED not in journey.at
    )

    assert found == children > 0
    assert work.as_at == last_day(year)


def test_the_fingerprint_is_of_contents_and_not_of_names_or_order(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, names in ((one, ("a.csv", "b.csv")), (other, ("z.csv", "c.csv"))):
        folder.mkdir()
        for name, text in zip(names, ("first", "second"), strict=True):
            (folder / name).write_text(text, encoding="utf-8")
    before = fingerprint(one)

    assert fingerprint(other) == before
    (one / "Thumbs.db").write_text("left by the system", encoding="utf-8")
    assert fingerprint(one) == before
    (one / "b.csv").write_text("Second", encoding="utf-8")
    assert fingerprint(one) != before
    assert len(before) == 64


def test_a_fingerprint_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="cannot be read"):
        fingerprint(tmp_path / "nothing.csv")


def test_the_date_of_the_extract_is_the_start(tmp_path: Path) -> None:
    assert an_extract(tmp_path, a_row("C1", "2024-03-28 10:00")).as_at == AS_AT == date(2024, 3, 31)
