"""What is odd in the lists of Annex A, beyond what is looked for in any journeys."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain

import polars as pl

from sim.history.annex_beside import AFTER_ASSESSMENT
from sim.history.annex_lists import (
    ASSESSMENTS,
    CASES,
    CLOSED,
    CONTACTS,
    EARLY_HELP,
    ENQUIRIES,
    LISTS,
    PLANS,
    REFERRALS,
)
from sim.history.following import LINK_DAYS
from sim.history.history import Finding
from sim.history.ids import strangers
from sim.history.practice import Odd, assessments_odd, enquiries_odd, no_action_odd
from sim.history.quality import SET_ASIDE
from sim.history.sources import LOCAL
from sim.history.tables import Table

Lists = Mapping[int, Table]
"""The lists that are there, by their number, ids made pseudonymous."""

Frames = Mapping[int, pl.DataFrame]
"""The rows of each list, with `on`, the date it goes by."""

NEARLY_ALL = 0.9
"""A share of referrals dated on the day of their contact beyond which the one date was copied from the other."""

UPDATE_DAYS = 365
"""An assessment begun so long before the list is an old one, updated."""

LOOK_BACK_DAYS = 365
"""A referral so soon after the last is a re-referral."""

_ENOUGH = 10


def without_repeats(lists: Lists, frames: Frames) -> tuple[Frames, tuple[Finding, ...]]:
    """The rows of each list once, the fuller of two where they differ; contacts are looked at later, as any journeys.

    A row repeats another where child, date and source are the same, as the regions' own tools take it.
    """
    kept, found = {**frames}, list[Finding]()
    for number in (number for number in LISTS if number != CONTACTS):
        frame, keys = frames[number], ["referral_source"] if number == REFERRALS else []
        emptiness = pl.sum_horizontal(pl.all().is_null())
        kept[number] = frame.sort(emptiness, "row").unique(["child", "on", *keys], keep="first").sort("row")
        again = frame.join(kept[number], on="row", how="anti")
        what = (
            "the same child and date as another row" if not keys else "the same child, date and source as another row"
        )
        if number in lists:
            found += _found(again, "repeated_rows", what, lists[number], ("every measure of this list", SET_ASIDE))
    return kept, tuple(found)


def _found(rows: pl.DataFrame, name: str, what: str, table: Table, said: tuple[str, str]) -> Iterator[Finding]:
    """A finding about rows of one list, if there are any; `said` is what it touches and what was done."""
    if len(rows):
        yield Finding(name, what, table.name, tuple(rows["row"].sort().to_list()), len(table.frame), *said)


def undated(lists: Lists) -> Iterator[Finding]:
    """Rows of the lists beside that have no date to go by."""
    for number, table in lists.items():
        if LISTS[number].is_beside and LISTS[number].date in table.has:
            rows = table.frame.filter(pl.col(LISTS[number].date).is_null())
            what = f"a row without the date that list {number} goes by"
            yield from _found(rows, "undated_row", what, table, (LISTS[number].title, "not used"))


def findings_of(lists: Lists, of: Frames, referred: pl.DataFrame, built: pl.DataFrame, since: date) -> list[Finding]:
    """What is odd in the rows of the lists, in the referrals with what followed them, and in the journeys built."""
    last = pl.concat([of[number]["on"] for number in (CONTACTS, REFERRALS, ASSESSMENTS, ENQUIRIES)]).max()
    known_to = last if isinstance(last, date) else since
    odd: dict[int, Iterator[Odd]] = {
        CONTACTS: _odd_contacts(of[CONTACTS], built, since),
        REFERRALS: no_action_odd(referred),
        ASSESSMENTS: chain(_odd_assessments(of[ASSESSMENTS], since), assessments_odd(of[ASSESSMENTS], known_to)),
        ENQUIRIES: enquiries_odd(of[ENQUIRIES], known_to),
        CASES: _odd_cases(of[CASES], referred),
        EARLY_HELP: iter(()),
        PLANS: iter(()),
    }
    found: list[Finding] = []
    for number, table in lists.items():
        for name, what, rows, touches, done in odd[number]:
            found += _found(rows, name, what, table, (touches, done))
    return found + _short_look_back(lists, since, known_to)


_FOLLOWS = {REFERRALS: (CONTACTS,), ASSESSMENTS: (CONTACTS, REFERRALS), ENQUIRIES: (CONTACTS, REFERRALS)}
"""The lists whose children must be in others, but for what came so early that the list of contacts begins after it."""


def unmatched(lists: Lists, of: Frames, since: date) -> dict[int, Finding]:
    """The lists whose children are not in the lists before them: their ids do not match, and nothing can be linked."""
    found = {}
    for number in (number for number in _FOLLOWS if number in lists):
        known = pl.concat([of[before]["child"] for before in _FOLLOWS[number]])
        loose = strangers(of[number].filter(pl.col("on") > since + timedelta(days=LINK_DAYS)), known)
        before = " or ".join(str(one) for one in _FOLLOWS[number])
        what = f"a child of list {number} who is not in list {before}, as most are not: the ids do not match"
        touches, done = f"what list {number} tells of contacts", f"what takes list {number} is not told"
        for one in _found(loose, "children_do_not_match", what, lists[number], (touches, done)):
            found[number] = one
    return found


def _odd_contacts(contacts: pl.DataFrame, built: pl.DataFrame, since: date) -> Iterator[Odd]:
    early = contacts.filter(pl.col("on") < since)
    what, done = "a contact far older than nearly all others", "used, but not among the contacts received"
    yield "contact_before_list", what, early, "counts of contacts", done
    linked = built.filter((pl.col("list") == CONTACTS) & pl.col("referral_date").is_not_null())
    same_day = linked.filter(pl.col("referral_date") == pl.col("contact_date"))
    if len(linked) >= _ENOUGH and len(same_day) >= NEARLY_ALL * len(linked):
        what = "the referral has the date of its contact, as nearly all have: one was copied from the other"
        yield "referral_on_contact_date", what, same_day, "waits from contact to referral", "kept: they tell nothing"


def _odd_assessments(assessments: pl.DataFrame, since: date) -> Iterator[Odd]:
    old = assessments.filter(pl.col("on") < since - timedelta(days=UPDATE_DAYS))
    what = "an assessment begun more than a year before the list: an old one, updated"
    yield "assessment_updated", what, old, "durations of assessments", "used as it stands"
    local = assessments.filter(pl.col("support") == LOCAL)
    what = "an outcome of the authority's own where yes or no is asked"
    yield "local_outcome", what, local, "assessed and found not in need", "read as not known"


def _odd_cases(cases: pl.DataFrame, referred: pl.DataFrame) -> Iterator[Odd]:
    backwards = cases.filter(pl.col("case_closed").dt.date() < pl.col("on"))
    done = "the closing date is not used"
    yield "case_closed_before_start", "a case closed before it began", backwards, "closed cases", done
    is_closed = pl.col("status") == CLOSED
    undated = cases.filter(is_closed & pl.col("case_closed").is_null())
    yield "closed_without_date", "a case said to have closed, and not when", undated, "closed cases", "read as open"
    reopened = cases.filter((pl.col("status") >= 0) & ~is_closed & pl.col("case_closed").is_not_null())
    what = "a closing date of a case whose status is not closed"
    yield "closed_against_status", what, reopened, "closed cases", "closed on that date"
    local = cases.filter((pl.col("reason") == LOCAL) | (pl.col("status") == LOCAL))
    what = "a reason for closure that is not RC1 to RC9, or a case status of the authority's own"
    yield "local_case_code", what, local, "how assessments ended", "read as not known"
    both = referred.filter((pl.col("support") == 1) & pl.col("reason").is_in(list(AFTER_ASSESSMENT)))
    rows = cases.join(both.select("child", "case_began"), on=["child", "case_began"], how="semi")
    what = "a case closed after assessment as needing no support, of which the assessment says that it was needed"
    yield "support_against_closure", what, rows, "assessed and found not in need", "as the assessment says"


def _short_look_back(lists: Lists, since: date, known_to: date) -> list[Finding]:
    days = (known_to - since).days + 1
    if REFERRALS not in lists or days > LOOK_BACK_DAYS:
        return []
    table = lists[REFERRALS]
    what = f"the lists cover {days} days; a re-referral is one within 12 months of the last"
    return [
        Finding("short_look_back", what, table.name, (), len(table.frame), "re-referrals", "counted within the lists")
    ]
