"""When a calendar next opens or closes."""

from hypothesis import given
from hypothesis import strategies as st

from sim.working_time import NEVER, Calendar

CALENDAR = Calendar([(10, 20), (25, 40), (60, 61)])


@given(st.integers(0, 70))
def test_nothing_changes_before_the_next_change_and_then_it_does(t: int) -> None:
    change = CALENDAR.next_change(t)
    before = CALENDAR.is_open(t)

    assert all(CALENDAR.is_open(minute) == before for minute in range(t, min(change, 80)))
    assert change == NEVER or CALENDAR.is_open(change) != before


def test_a_calendar_that_has_closed_for_good_changes_no_more() -> None:
    assert (CALENDAR.next_change(61), Calendar().next_change(0)) == (NEVER, NEVER)
