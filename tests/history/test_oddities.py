"""What is odd in an extract: said with its rows, and silent about a plain year."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from sim.facts import Fact
from sim.history import Observed
from sim.measures import measure
from tests.history.files import a_csv, a_year, found_ids, observed, the_finding

Rows = list[dict[str, str]]
END = date(2024, 4, 12)


def seen_in(rows: Rows, tmp_path: Path) -> Observed:
    return observed(a_csv(tmp_path / "j.csv", rows), END)


def numbers(rows: Rows, wanted: Callable[[dict[str, str]], bool]) -> tuple[int, ...]:
    """The row numbers of those rows, as a spreadsheet has them."""
    return tuple(place + 2 for place, row in enumerate(rows) if wanted(row))


def test_a_plain_year_has_nothing_odd(tmp_path: Path) -> None:
    # What lies after the extract is not yet done, as at any extract.
    assert [name for name in found_ids(seen_in(a_year(), tmp_path)) if not name.endswith("_after_extract")] == []


def test_decisions_that_copy_the_date_of_contact_tell_no_wait(tmp_path: Path) -> None:
    rows = a_year(days=120)
    for row in rows:
        row["decided"] = row["received"][:10]
    rows[5]["decided"] = str(date.fromisoformat(rows[5]["received"][:10]) + timedelta(days=2))
    found = seen_in(rows, tmp_path)

    one = the_finding(found, "decided_with_contact")
    assert one.rows == numbers(rows, lambda row: row["decided"] == row["received"][:10])
    assert len(one.rows) == len(rows) - 1
    assert Fact.DECISION not in found.log.facts
    assert found.history.why_not[Fact.DECISION].startswith("nearly every decision bears the date of its contact")
    read = measure(found.log)
    assert read["decision_days_q50", "all"] != read["decision_days_q50", "all"]
    assert read["days_to_seen_q50", "all"] == 6


def test_only_referrals_that_copy_the_date_of_contact_are_found_too(tmp_path: Path) -> None:
    rows = a_year(days=120)
    for row in rows:
        if row["outcome"] == "referral":
            row["decided"] = row["received"]
    found = seen_in(rows, tmp_path)

    copied = numbers(rows, lambda row: row["outcome"] == "referral")
    assert the_finding(found, "decided_with_contact").rows == copied
    assert Fact.DECISION not in found.log.facts


def test_decisions_of_the_same_day_with_a_time_of_their_own_are_quick_not_copied(tmp_path: Path) -> None:
    rows = a_year(days=120)
    for row in rows:
        row["decided"] = row["received"][:10] + " 16:45"
    found = seen_in(rows, tmp_path)

    assert found_ids(found) == []
    assert Fact.DECISION in found.log.facts


def test_a_few_decisions_on_the_day_prove_nothing(tmp_path: Path) -> None:
    rows = a_year(days=9)
    for row in rows:
        row["decided"] = row["received"][:10]

    assert Fact.DECISION in seen_in(rows, tmp_path).log.facts


@pytest.mark.parametrize(("every", "known"), [(5, True), (4, False)])
def test_sources_are_not_told_where_more_than_a_fifth_are_unknown(every: int, *, known: bool, tmp_path: Path) -> None:
    rows = a_year(days=7 * 8)[:160]
    for row in rows[::every]:
        row["source"] = "Front desk 7b" if row["contact_id"][-1] in "05" else "10: Unknown"
    found = seen_in(rows, tmp_path)

    assert (Fact.SOURCE in found.log.facts) is known
    assert the_finding(found, "local_source").rows == numbers(rows, lambda row: row["source"] == "Front desk 7b")
    if not known:
        assert len(the_finding(found, "source_unknown").rows) == 40
        assert found.history.why_not[Fact.SOURCE] == "for 25% of contacts nobody knows who made them"


def test_dates_entered_in_bulk_are_found(tmp_path: Path) -> None:
    rows = a_year()
    bulk = date(2023, 11, 8)
    swept = [row for row in rows if row["outcome"] == "advice" and "2023-10" <= row["received"] < "2023-11"]
    for row in swept:
        row["closed"] = str(bulk)
    found = seen_in(rows, tmp_path)

    assert [name for name in found_ids(found) if "after_extract" not in name] == ["closed_bulk"]
    assert the_finding(found, "closed_bulk").rows == numbers(rows, lambda row: row["closed"] == str(bulk))


def test_the_day_after_a_long_weekend_is_no_bulk_entry(tmp_path: Path) -> None:
    rows = a_year(per_day=40, days=200)
    for row in rows:
        if row["decided"] in ("2023-08-26", "2023-08-27", "2023-08-28", "2023-08-29"):
            row["decided"] = "2023-08-29"

    assert "decided_bulk" not in found_ids(seen_in(rows, tmp_path))


def test_the_day_after_a_bank_holiday_may_have_a_mondays_work_and_more(tmp_path: Path) -> None:
    """Handed over are the contacts of nights and days off: few after a night, three times as many after a weekend."""
    rows = [row | {"decided": "", "outcome": ""} for row in a_year(per_day=60, days=200)]
    handed = {"2023-08-29": 50}
    for day in (date(2023, 4, 3) + timedelta(days=ahead) for ahead in range(200)):
        many = handed.get(str(day), (40 if day.weekday() == 0 else 12) if day.weekday() < 5 else 0)
        for row in [row for row in rows if row["received"].startswith(str(day))][:many]:
            row["handed_over"] = f"{day} 23:00"

    assert "handed_over_bulk" not in found_ids(seen_in(rows, tmp_path))


def test_the_children_of_one_contact_are_one_entry(tmp_path: Path) -> None:
    rows = a_year(per_day=8, days=200)
    one = next(row for row in rows if row["received"].startswith("2023-06-14"))
    rows += [one | {"child_id": f"sibling {number}"} for number in range(40)]

    assert "received_bulk" not in found_ids(seen_in(rows, tmp_path))


def test_work_authorised_at_month_ends_is_found(tmp_path: Path) -> None:
    rows = a_year(per_day=24, days=220)
    ends = {4: 28, 5: 31, 6: 30, 7: 31, 8: 31, 9: 29, 10: 31, 11: 30, 12: 29}
    for row in rows:
        done = row["authorised"]
        if done and int(done[8:]) > 19 and done[:4] == "2023" and int(done[5:7]) in ends:
            end = f"{done[:8]}{ends[int(done[5:7])]:02}"
            row["authorised"] = row["closed"] = max(end, done) if max(end, done) == end else done
    found = seen_in(rows, tmp_path)

    assert "authorised_month_end" in found_ids(found)
    one = the_finding(found, "authorised_month_end")
    assert set(one.rows) <= set(numbers(rows, lambda row: row["authorised"][8:] in ("28", "29", "30", "31")))
    assert "received_month_end" not in found_ids(found)


def test_first_of_january_in_every_year_is_a_date_nobody_knew(tmp_path: Path) -> None:
    rows = a_year()
    for place, row in enumerate(rows[100:130]):
        year = 2015 + place % 8
        row.update(dict.fromkeys(("allocated", "seen", "assessment_started", "authorised", "ending", "closed"), ""))
        row.update(received=f"{year}-01-01", decided=f"{year}-03-04", outcome="advice")
    found = seen_in(rows, tmp_path)

    assert the_finding(found, "received_first_of_january").rows == tuple(range(102, 132))


def test_conferences_on_closed_days_are_found(tmp_path: Path) -> None:
    rows = a_year(days=40)
    days = {4: "2023-05-06", 8: "2023-05-08", 12: "2023-05-09", 16: "2023-05-29"}
    for place, day in days.items():
        rows[place]["conference_held"] = day
        rows[place]["authorised"] = rows[place]["closed"] = "2023-06-01"
    found = seen_in(rows, tmp_path)

    # A Saturday, the coronation's bank holiday, and the spring bank holiday; the Tuesday is nothing.
    assert the_finding(found, "conference_on_closed_day").rows == (6, 10, 18)


def test_overlapping_assessments_of_one_child_are_found(tmp_path: Path) -> None:
    rows = a_year(days=40)
    assessed = [row for row in rows if row["outcome"] == "referral"]
    assessed[1]["child_id"] = assessed[0]["child_id"]  # begun while the first was open
    assessed[9]["child_id"] = assessed[3]["child_id"]
    assessed[9] |= {"assessment_started": assessed[3]["authorised"], "allocated": "", "seen": ""}  # begun as one ended
    found = seen_in(rows, tmp_path)

    assert the_finding(found, "overlapping_assessments").rows == (rows.index(assessed[1]) + 2,)


def test_open_work_in_which_nothing_happened_for_a_year_is_found(tmp_path: Path) -> None:
    rows = a_year(days=400, first=date(2022, 4, 4))
    gone = dict.fromkeys(("authorised", "ending", "closed"), "")
    rows[4] |= gone  # last seen in April 2022
    rows[5] |= dict.fromkeys(("decided", "outcome", "closed"), "")  # never decided
    rows[6] |= {"closed": ""}  # advice, decided: nothing is open
    rows[4 * 250] |= gone  # not a year yet
    found = observed(a_csv(tmp_path / "j.csv", rows), date(2023, 6, 30))

    assert the_finding(found, "old_open_work").rows == (6, 7)
    assert "old_open_work" not in found_ids(observed(tmp_path / "j.csv", date(2022, 12, 30)))


def test_too_few_contacts_of_late_are_found(tmp_path: Path) -> None:
    rows = a_year()
    late = [row for row in rows if row["received"] < "2024-03-11" or row["contact_id"][-1] == "0"]
    found = observed(a_csv(tmp_path / "j.csv", late), date(2024, 4, 1))

    expected = numbers(late, lambda row: "2024-03-05" <= row["received"] < "2024-04-02")
    assert the_finding(found, "received_fewer_of_late").rows == expected
    whole = observed(a_csv(tmp_path / "whole.csv", rows), date(2024, 4, 1))
    assert "received_fewer_of_late" not in found_ids(whole)


def an_assessed_year(undated: int) -> list[dict[str, str]]:
    """A plain year in which nobody noted when so many of the hundred last children referred were seen."""
    rows = [row for row in a_year(per_day=2) if row["authorised"] and row["authorised"] <= "2024-03-31"][-100:]
    return [row | {"seen": ""} if place < undated else row for place, row in enumerate(rows)]


MOSTLY_UNDATED = "of 51% of the children seen or assessed nobody noted when they were seen"


@pytest.mark.parametrize(("undated", "why"), [(0, ""), (50, ""), (51, MOSTLY_UNDATED)])
def test_days_to_seen_are_not_told_where_most_of_the_children_assessed_have_no_date_of_it(
    undated: int, why: str, tmp_path: Path
) -> None:
    found = observed(a_csv(tmp_path / "j.csv", an_assessed_year(undated)))
    rows = [len(one.rows) for one in found.findings if one.id == "assessed_without_seen"]

    assert rows == ([undated] if undated else [])
    assert (Fact.SEEN in found.log.facts) == (why == "")
    assert found.history.why_not.get(Fact.SEEN, "") == why
