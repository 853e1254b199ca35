from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sim.events import Need, Rating
from sim.policies import (
    cannot_wait,
    has_history,
    may_be_section_47,
    must_seek_consent,
    next_batch,
    replied_by,
    rounds_of_further_work,
)
from sim.working_time import WorkingDays
from sim.world import NOT_ASKED, Contact
from tests.strategies import CONTACTS
from tests.worlds import A_ROUND, DAY, HOUR, REFERRAL, at, office, plain

YEAR = WorkingDays(date(2018, 6, 4), 365)
MINUTES = st.integers(0, 400_000)
ASKED = at(0, "10:00")


class TestFurtherWork:
    def test_all_replies_are_waited_for_or_all_but_the_slowest(self) -> None:
        some = {"further_work.all_replies_needed": False}

        assert replied_by(plain(), A_ROUND, ASKED, office()) == ASKED + 3 * DAY
        assert replied_by(plain(some), A_ROUND, ASKED, office()) == ASKED + DAY

    def test_the_only_reply_is_waited_for_in_either_case(self) -> None:
        one = A_ROUND._replace(police_reply=NOT_ASKED)

        some = plain({"further_work.all_replies_needed": False})
        assert replied_by(some, one, ASKED, office()) == ASKED + 3 * DAY

    def test_nobody_asked_is_nobody_waited_for(self) -> None:
        nobody = A_ROUND._replace(police_reply=NOT_ASKED, health_reply=NOT_ASKED)

        assert replied_by(plain(), nobody, ASKED, office()) == ASKED

    @given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 20 * DAY), st.booleans())
    def test_only_police_reply_while_the_office_is_closed(
        self,
        police: int,
        health: int,
        education: int,
        asked: int,
        needed: bool,  # noqa: FBT001  (drawn)
    ) -> None:
        scenario = plain({"further_work.all_replies_needed": needed})
        each = A_ROUND._replace(police_reply=police, health_reply=health, education_reply=education)
        ready = replied_by(scenario, each, asked, office())

        assert ready == asked + police or office().is_open(ready)

    def test_a_reply_ready_at_night_comes_when_the_office_opens(self) -> None:
        health = A_ROUND._replace(police_reply=NOT_ASKED, health_reply=12 * HOUR)

        assert replied_by(plain(), health, at(4, "09:00"), office()) == at(7, "09:00")
        assert replied_by(plain(), health._replace(health_reply=8 * HOUR - 1), at(4, "09:00"), office()) == at(
            4, "16:59"
        )

    def test_red_contacts_and_open_cases_have_no_rounds(self) -> None:
        unclear = REFERRAL._replace(rounds=(A_ROUND,))

        assert rounds_of_further_work(unclear) == (A_ROUND,)
        assert rounds_of_further_work(unclear._replace(rating=Rating.RED)) == ()
        assert rounds_of_further_work(unclear._replace(open_case=1)) == ()

    @given(CONTACTS)
    def test_nothing_is_asked_where_section_47_is_in_view(self, contact: Contact) -> None:
        asked = contact._replace(rounds=(A_ROUND,))

        assert (rounds_of_further_work(asked) == ()) == bool(may_be_section_47(contact) or contact.open_case)

    @given(CONTACTS)
    def test_consent_is_sought_only_for_early_help_or_section_17_and_where_it_is_not_dispensed_with(
        self, contact: Contact
    ) -> None:
        if must_seek_consent(contact):
            assert contact.consent_missing
            assert not contact.consent_dispensed
            assert Need.EARLY_HELP <= contact.need <= Need.IN_NEED or contact.misdirected

    @given(CONTACTS)
    def test_what_cannot_wait_is_what_was_rated_so_and_not_what_is_found_later(self, contact: Contact) -> None:
        assert cannot_wait(contact) == (contact.rating is Rating.RED)

    def test_there_is_a_history_of_families_who_have_been_in_contact_before(self) -> None:
        known = [REFERRAL, REFERRAL._replace(return_number=1), REFERRAL._replace(seeded_return=1)]
        assert [has_history(contact) for contact in known] == [False, True, True]

    @given(MINUTES, st.integers(0, 28), st.integers(0, 1439))
    def test_a_batch_is_released_at_opening_time_within_its_period(self, ready: int, days: int, opens: int) -> None:
        released = next_batch(ready, days, opens)

        if days == 0:
            assert released == ready
        else:
            assert ready <= released < ready + days * DAY
            assert released % (days * DAY) == opens

    def test_what_is_ready_as_the_batch_goes_out_goes_with_it(self) -> None:
        assert next_batch(at(7, "09:00"), 7, 540) == at(7, "09:00")
        assert next_batch(at(7, "09:01"), 7, 540) == at(14, "09:00")
