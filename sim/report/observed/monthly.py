"""Days to seen month by month, with the children of each month whose wait is not over, or of whom it is not known."""

from collections.abc import Iterator
from datetime import date
from math import isnan

from sim.facts import Fact
from sim.measures import MEASURES, Month
from sim.report.headline import DAYS
from sim.report.observed.counted import Counted
from sim.report.observed.reading import Reading
from sim.report.observed.tables import (
    NOT_DECIDED_YET,
    NOT_IN_RECORD,
    NOT_REACHED,
    NOT_SEEN_YET,
    PART,
    SEEN_UNDATED,
    UNCERTAIN,
    WHOLE_WINDOW,
    WITHIN,
    a_table,
    measured,
    month_label,
    tells_undecided,
    tells_unseen,
)
from sim.report.tables import Cell, Table
from sim.report.wording import Number

_MONTHS = "Children by the month their contact, or what the record begins with, was received."
_MONTHS_SEEN = (
    " Days and shares are of those who went on to be assessed, with those not yet seen, and contacts without a "
    "decision, estimated from the others. Calendar days, the day of receipt being day 0. A month is uncertain while "
    "these are more than one for 20 children referred."
)
_UNDATED = (
    " Of children recorded as seen or assessed on a day that is not known no wait is known, and none is in days and "
    "shares; they are all such children of the month, and in the first table those whose case has not closed."
)
_FOR_EACH_CHILD = " Contacts are counted one for each child, since this record does not say who belongs to one contact."
_EARLIER = " Some who wait came before the first month and are not in this table."


def months(reading: Reading, counted: Counted) -> Table:
    """Days to seen month by month, and over the whole window."""
    found = reading.months
    timed = [month.referred - month.seen_undated for month in found]
    shares = [counted.shares([month.within[n] for month in found], timed) for n in range(len(WITHIN))]
    rows = [
        (
            month_label(month.first),
            *_month_counts(reading, counted, month.first),
            *(_quantile(counted, reading, days, month) for days in (month.days_q50, month.days_q90)),
            *(_known(reading, column[place]) for column in shares),
            _note(reading, month),
        )
        for place, month in enumerate(found)
    ]
    rows.append((WHOLE_WINDOW, *_month_counts(reading, counted, None), *_whole(reading, counted), ""))
    says_seen = reading.knows(Fact.RECEIPT, Fact.REFERRAL, Fact.SEEN)
    return a_table(
        "months",
        "Days from contact to child seen, month by month" if says_seen else "Children referred, month by month",
        _meaning(reading),
        (
            "month", "contacts", "children referred", NOT_SEEN_YET, SEEN_UNDATED, NOT_DECIDED_YET,
            "half seen within (days)", "9 in 10 seen within (days)", *(f"{label} (%)" for label in WITHIN), "note",
        ),
        rows,
    )  # fmt: skip


def _month_counts(reading: Reading, counted: Counted, month: date | None) -> Iterator[Cell]:
    yield counted.cell(("contacts", month, None)) if reading.knows(Fact.RECEIPT) else NOT_IN_RECORD
    yield counted.cell(("referred", month)) if reading.knows(Fact.REFERRAL) else NOT_IN_RECORD
    for name in ("still", "undated"):
        yield counted.cell((name, month)) if tells_unseen(reading) else NOT_IN_RECORD
    yield counted.cell(("undecided", month)) if tells_undecided(reading) else NOT_IN_RECORD


def _meaning(reading: Reading) -> str:
    told = {
        _FOR_EACH_CHILD: reading.knows(Fact.RECEIPT) and not reading.knows(Fact.FAMILY),
        _MONTHS_SEEN: reading.knows(Fact.RECEIPT, Fact.REFERRAL, Fact.SEEN),
        _UNDATED: tells_unseen(reading) and any(month.seen_undated for month in reading.months),
        _EARLIER: _wait_from_before(reading),
    }
    return _MONTHS + "".join(words for words, is_so in told.items() if is_so)


def _wait_from_before(reading: Reading) -> bool:
    """Whether a child waits whose contact came before the window, and so before the first month."""
    received = reading.index.received[reading.waiting.row]
    return bool((received < reading.index.log.window_start).any())


def _quantile(counted: Counted, reading: Reading, days: float, month: Month) -> Cell:
    return _known(reading, counted.beside(("referred", month.first), counted.of_few(days, DAYS, month.seen)))


def _known(reading: Reading, cell: Cell) -> Cell:
    """A cell about children seen, in a record that may not tell when they were."""
    if not reading.knows(Fact.RECEIPT, Fact.REFERRAL, Fact.SEEN):
        return NOT_IN_RECORD
    return NOT_REACHED if isinstance(cell, Number) and isnan(cell.value) else cell


def _whole(reading: Reading, counted: Counted) -> Iterator[Cell]:
    names = ("days_to_seen_q50", "days_to_seen_q90", *(f"seen_within_{days}_share" for days in _LIMITS))
    measure = {m.id: m for m in MEASURES}
    for name in names:
        yield measured(reading, counted, measure[name], measure[name].groups[0])


_LIMITS = ("1_day", "5_days", "10_days", "20_days")


def _note(reading: Reading, month: Month) -> str:
    uncertain = reading.knows(Fact.REFERRAL, Fact.SEEN) and month.is_uncertain
    return "; ".join([*([] if month.is_whole else [PART]), *([UNCERTAIN] if uncertain else [])])
