"""The CIN census as it should not be."""

from pathlib import Path

from sim.history import Observed, observe
from sim.history.pseudonyms import Pseudonyms
from tests.history.annex import found_rows, journeys_told
from tests.history.census import a_child, a_return, an_enquiry, details
from tests.history.files import HOURS, SALT

LAST = a_child("last", details("2024-03-28", no_action="1"))


def seen(path: Path) -> Observed:
    return observe(path, Pseudonyms(SALT), HOURS, None, 1.0)


def test_a_conference_in_the_enquiry_and_in_the_details_is_found_and_the_enquiry_s_is_used(tmp_path: Path) -> None:
    stated = "<DateOfInitialCPC>2023-06-14</DateOfInitialCPC>"
    both = a_child("twice", details("2023-06-01", an_enquiry("2023-06-02", "2023-06-12"), stated))
    apart = a_child("once", details("2023-06-01", an_enquiry("2023-06-02"), stated))
    enquired = a_child("of the enquiry alone", details("2023-06-01", an_enquiry("2023-06-02", "2023-06-12")))
    found = seen(a_return(tmp_path / "cin.xml", apart, both, enquired, LAST))

    assert found_rows(found)["conference_in_both"] == (2,)
    assert journeys_told(found, "conference_held")[:2] == [(1, "14 Jun"), (2, "12 Jun")]


def test_midnight_in_a_time_zone_is_a_date_and_any_other_time_in_one_is_refused(tmp_path: Path) -> None:
    when = ("2023-06-01Z", "2023-06-01T00:00:00Z", "2023-06-01T00:00:00.000+01:00", "2023-06-01T23:00:00Z")
    children = [a_child(f"c{place}", details(day)) for place, day in enumerate(when)]
    found = seen(a_return(tmp_path / "cin.xml", *children, LAST))

    assert journeys_told(found, "received")[:3] == [(1, "01 Jun"), (2, "01 Jun"), (3, "01 Jun")]
    (refusal,) = found.history.refused
    assert refusal.row == 4
    assert refusal.rule.endswith("and a time in no time zone")
