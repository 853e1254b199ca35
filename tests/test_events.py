from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events import (
    AFTER_CLOSING,
    COLUMNS,
    LIFECYCLE,
    Activity,
    Ending,
    EventKind,
    EventLog,
    Guide,
    Need,
    Outcome,
    Rating,
    Role,
    SeenBy,
    UnlawfulEventError,
    WaitingOn,
    check_lifecycle,
)
from tests.worlds import a_contact, at, told

E = EventKind
STORY = told([a_contact(1, at(0, "09:00"))])
CONTACT = int(STORY.contact_column("contact")[0])


def log_of(events: Iterable[tuple[int, EventKind, int, int]]) -> EventLog:
    """A log of these events: time, kind, contact, child."""
    rows = [(time, kind, contact, child) + (0,) * (len(COLUMNS) - 4) for time, kind, contact, child in events]
    return replace(STORY, events=np.array(rows, dtype=np.int64).reshape(-1, len(COLUMNS)))


def one_after_another(*kinds: EventKind) -> EventLog:
    """A log in which these happen to one contact, a minute apart."""
    return log_of((minute, kind, 1, -1) for minute, kind in enumerate(kinds))


class TestLifecycle:
    def test_a_lawful_log_passes(self) -> None:
        check_lifecycle(STORY)

    def test_an_empty_log_passes(self) -> None:
        check_lifecycle(log_of([]))

    def test_a_contact_is_first_received(self) -> None:
        with pytest.raises(UnlawfulEventError, match="contact 1, minute 0: SCREENED needs one of RECEIVED before it"):
            check_lifecycle(one_after_another(E.SCREENED))

    def test_nothing_comes_before_receipt(self) -> None:
        with pytest.raises(UnlawfulEventError, match="minute 1: RECEIVED must come first"):
            check_lifecycle(one_after_another(E.RECEIVED, E.RECEIVED))

    def test_what_happens_once_does_not_happen_twice(self) -> None:
        with pytest.raises(UnlawfulEventError, match="minute 2: SCREENED happened twice"):
            check_lifecycle(one_after_another(E.RECEIVED, E.SCREENED, E.SCREENED))

    def test_what_may_repeat_may(self) -> None:
        check_lifecycle(one_after_another(E.RECEIVED, E.SCREENED, E.INFORMATION_ASKED, E.INFORMATION_ASKED))

    def test_each_child_is_seen_once(self) -> None:
        check_lifecycle(log_of([(0, E.RECEIVED, 1, -1), (1, E.SEEN, 1, 0), (2, E.SEEN, 1, 1)]))
        with pytest.raises(UnlawfulEventError, match="minute 3: SEEN happened twice"):
            check_lifecycle(log_of([(0, E.RECEIVED, 1, -1), (1, E.SEEN, 1, 0), (3, E.SEEN, 1, 0)]))

    def test_contacts_do_not_answer_for_one_another(self) -> None:
        with pytest.raises(UnlawfulEventError, match="contact 2, minute 1: SCREENED needs"):
            check_lifecycle(log_of([(0, E.RECEIVED, 1, -1), (1, E.SCREENED, 2, -1)]))

    @pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not E.RECEIVED])
    def test_only_what_others_finish_comes_after_closing(self, kind: EventKind) -> None:
        lead = (E.RECEIVED, E.SCREENED, E.DECIDED, *needed(kind))
        log = one_after_another(*lead, *((E.CLOSED,) if E.CLOSED not in lead else ()), kind)

        if kind in AFTER_CLOSING:
            check_lifecycle(log)
        else:
            with pytest.raises(UnlawfulEventError, match=f"{kind.name} "):
                check_lifecycle(log)

    def test_events_are_in_order_of_time(self) -> None:
        with pytest.raises(UnlawfulEventError, match="not in order of time"):
            check_lifecycle(log_of([(5, E.RECEIVED, 1, -1), (4, E.SCREENED, 1, -1)]))

    @given(st.integers(0, len(STORY.events) - 1))
    def test_no_event_of_a_story_may_be_told_before_it_begins(self, place: int) -> None:
        events = STORY.events.copy()
        moved = np.concatenate([events[place : place + 1], np.delete(events, place, axis=0)])
        moved[:, 0] = np.arange(len(moved))

        if place == 0:
            check_lifecycle(replace(STORY, events=moved))
        else:
            with pytest.raises(UnlawfulEventError):
                check_lifecycle(replace(STORY, events=moved))


def needed(kind: EventKind) -> tuple[EventKind, ...]:
    """What must come before a kind, beyond a decision."""
    had = {E.RECEIVED, E.SCREENED, E.DECIDED}
    if LIFECYCLE[kind].after & had or not LIFECYCLE[kind].after:
        return ()
    before = min(LIFECYCLE[kind].after)
    return (*needed(before), before)


class TestTable:
    def test_has_a_rule_for_every_kind(self) -> None:
        assert set(LIFECYCLE) == set(EventKind)

    def test_only_receipt_needs_nothing_before_it(self) -> None:
        assert [kind for kind, rule in LIFECYCLE.items() if not rule.after] == [E.RECEIVED]

    def test_every_kind_can_be_reached_from_receipt(self) -> None:
        reached = {E.RECEIVED}
        while more := {kind for kind, rule in LIFECYCLE.items() if rule.after & reached} - reached:
            reached |= more

        assert reached == set(EventKind)


PINNED = {
    EventKind: "RECEIVED HANDED_OVER SCREENED INFORMATION_ASKED INFORMATION_READY SECOND_LOOK_ASKED DECIDED "
    "HELP_STARTED STRATEGY_ASKED STRATEGY_HELD SECTION_47_STARTED SECTION_47_ENDED CONFERENCE_HELD "
    "ALLOCATED HOLDER_LEFT VISIT_ARRANGED VISIT_FAILED SEEN ASSESSMENT_STARTED REVIEW_DUE REVIEWED "
    "ASSESSMENT_AUTHORISED PLACE_ASKED TRANSFERRED ACTION_SET ACTION_DONE CLOSED "
    "WORK_QUEUED WORK_STARTED WORK_ENDED OUTSIDE_WAIT",
    Activity: "SCREENING DECIDING ASKING CHASING SEEKING_CONSENT SECOND_LOOK STRATEGY_DISCUSSION ALLOCATING ARRANGING "
    "VISITING ASSESSING ENQUIRING CONFERENCE REVIEWING SUPERVISING SIGNING_OFF REWORKING HANDING_OVER TAKING_OVER "
    "FAMILY_SUPPORT OUT_OF_HOURS_SCREENING OUT_OF_HOURS_VISIT MORNING_HANDOVER WAITING_VISIT",
    Need: "UNKNOWN BELOW_THRESHOLD EARLY_HELP IN_NEED SIGNIFICANT_HARM IMMEDIATE_RISK",
    Rating: "GREEN AMBER RED",
    Outcome: "NO_FURTHER_ACTION ADVICE EARLY_HELP REFERRAL STRATEGY_DISCUSSION OPEN_CASE OTHER_TEAM OTHER_AUTHORITY "
    "REFERRAL_NO_ACTION CONSENT_REFUSED",
    Ending: "AT_CONTACT NO_FURTHER_ACTION STEP_DOWN TRANSFER TRANSFER_AFTER_CONFERENCE UNSEEN",
    Guide: "WITHIN OVER_FOR_SECTION_47 OVER_AFTER_WAITING LARGE_FAMILY_ALONE",
    SeenBy: "HOLDER DUTY OUT_OF_HOURS",
    Role: "FRONT_DOOR_MANAGER SENIOR_PRACTITIONER FIRST_RESPONSE_WORKER OUT_OF_HOURS_WORKER TEAM_MANAGER "
    "EXPERIENCED_SOCIAL_WORKER NEWLY_QUALIFIED_SOCIAL_WORKER AGENCY_SOCIAL_WORKER FAMILY_SUPPORT_WORKER",
    WaitingOn: "UNCHANGED OUR_STAFF OUT_OF_HOURS_STAFF OTHERS NOBODY",
}
STARTS = {EventKind: 1, Activity: 1, Need: -1}


@pytest.mark.parametrize("closed_set", list(PINNED))
def test_numbers_written_in_files_keep_their_meaning(closed_set: type[EventKind]) -> None:
    names = PINNED[closed_set].split()
    start = STARTS.get(closed_set, 0)

    assert {name: number for number, name in enumerate(names, start)}.items() <= {
        member.name: member.value for member in closed_set
    }.items()


class TestLog:
    def test_gives_its_columns_by_name(self) -> None:
        assert STORY.column("time").tolist() == STORY.events[:, 0].tolist()
        assert STORY.contact_column("children").tolist() == [1]
        assert STORY.people_column("role").tolist() == [person[1] for person in STORY.people.tolist()]

    def test_gives_the_events_of_some_kinds_in_order(self) -> None:
        found = STORY.of_kind(E.SEEN, E.RECEIVED, E.DECIDED)

        assert [EventKind(row[1]) for row in found.tolist()] == [E.RECEIVED, E.DECIDED, E.SEEN]

    def test_refuses_a_column_there_is_not(self) -> None:
        with pytest.raises(ValueError, match="not in tuple"):
            STORY.column("colour")
