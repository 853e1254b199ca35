"""What happened against what a run said of it: open work month by month, inside or outside what single years gave.

The run's range is what 8 in 10 of its single years gave, luck and what is not known together: were the model right,
about two months in ten would lie outside it. Months are set against it only where the record covers all their nights,
and begins early enough before them to hold what was open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from sim.experiment.estimates import Range
from sim.experiment.months import MonthOfWork
from sim.facts import Fact
from sim.measures import OpenWork, open_work
from sim.provenance import RecordError
from sim.report.observed.hiding import HIDDEN, is_small
from sim.report.observed.reading import Reading
from sim.report.observed.tables import NOT_IN_RECORD
from sim.report.result_file import Result
from sim.report.starts import month_in_words
from sim.report.tables import Cell, Row, Table
from sim.report.wording import Number, sentence
from sim.working_time import MINUTES_PER_DAY

NAME: Final = "against"
BOTH: Final = "observed against simulated"
INSIDE, ABOVE, BELOW = "inside", "outside, above", "outside, below"
NO_VERDICT: Final = "no month can be told, for what was open is hidden or not recorded, or too few years were run"
LEAD_DAYS: Final = 91
"""How long before a month the record must begin: by then nearly all that was open before it has ended."""
LABEL: Final = (
    "Planning evidence, not evidence of impact: a month inside the range does not show that an action worked."
)

_NEEDS: Final = {
    # Families in the model: of a record with a contact for each child they would be another thing.
    "open_contacts": (frozenset({Fact.RECEIPT, Fact.DECISION, Fact.FAMILY}), "contacts (families) open and undecided"),
    # Those whose case closed without it would add up, where it is not told when cases closed.
    "unallocated_children": (
        frozenset({Fact.REFERRAL, Fact.ALLOCATION, Fact.CLOSURE}),
        "children referred and without a worker",
    ),
    "unseen_children": (frozenset({Fact.REFERRAL, Fact.SEEN, Fact.CLOSURE}), "children referred and not yet seen"),
    "open_assessments": (
        frozenset({Fact.ASSESSMENT_START, Fact.AUTHORISATION}),
        "children with an open assessment",
    ),
}
HEADINGS: Final = (
    "what is open", "month", "observed, average night", "scenario", "simulated, 8 in 10 years from", "simulated, to",
    "verdict", "basis",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nights:
    """What was open at each midnight of a record: its dates, and the counts."""

    first: date
    work: OpenWork

    def mean(self, count: str, month: MonthOfWork) -> float:
        """On an average night of a month."""
        days = self.work.times // MINUTES_PER_DAY
        start = (month.first - self.first).days
        here = (days >= start) & (days < start + month.days)
        return float(np.mean(getattr(self.work, count)[here]))


def against(reading: Reading, result: Result) -> Table:
    """The months that can be set against a run; raises `RecordError` where none can."""
    nights = Nights(reading.index.log.first_day, open_work(reading.index))
    scenarios = result.comparison.scenarios
    told = [month for month in scenarios[0].months if _is_covered(reading, month)]
    if not told:
        raise RecordError(f"--against {result.folder}: {_why_none(reading, scenarios[0].months)}")
    rows = [
        row
        for count, (facts, label) in _NEEDS.items()
        for month in told
        for row in _rows(reading, result, count, label, month, nights if reading.knows(*facts) else None)
    ]
    return Table(NAME, f"What happened, against run {result.record.run_id}", _meaning(rows), HEADINGS, tuple(rows))


def _rows(
    reading: Reading, result: Result, count: str, label: str, month: MonthOfWork, nights: Nights | None
) -> Iterator[Row]:
    value = None if nights is None else nights.mean(count, month)
    titles = [scenario.title for scenario in result.comparison.scenarios]
    for scenario in result.comparison.scenarios:
        title = scenario.title if titles.count(scenario.title) == 1 else f"{scenario.title} ({scenario.name})"
        theirs = next(each for each in scenario.months if each.first == month.first)
        year = theirs.levels[count].year
        ends: tuple[Cell, Cell] = ("", "") if year is None else (_children(year.low), _children(year.high))
        yield (
            sentence(label), month_in_words(month), _observed(reading, value), title, *ends,
            _verdict(reading, value, year), BOTH,
        )  # fmt: skip


def _observed(reading: Reading, value: float | None) -> Cell:
    if value is None:
        return NOT_IN_RECORD
    return HIDDEN if _is_hidden(reading, value) else _children(value)


def _verdict(reading: Reading, value: float | None, year: Range | None) -> str:
    """Of the numbers as they are shown: what stands in a row never contradicts it."""
    if value is None or year is None or _is_hidden(reading, value):
        return ""
    shown, low, high = (_children(each).value for each in (value, year.low, year.high))
    if low <= shown <= high:
        return INSIDE
    return ABOVE if shown > high else BELOW


def _is_hidden(reading: Reading, value: float) -> bool:
    """Whether an average is of few; one of less than half a child is, and not of none."""
    return is_small(max(round(value), int(value > 0)), reading.rules.small_count)


def _children(value: float) -> Number:
    return Number(float(round(value)), "children")


def _is_covered(reading: Reading, month: MonthOfWork) -> bool:
    first, after = _window(reading)
    lead = (month.first - first).days >= LEAD_DAYS
    return lead and month.first + timedelta(days=month.days) <= after


def _window(reading: Reading) -> tuple[date, date]:
    """The first day of the record's window, and the day after its last."""
    log = reading.index.log
    return tuple(  # type: ignore[return-value]  # two of them
        log.first_day + timedelta(days=minute // MINUTES_PER_DAY) for minute in (log.window_start, log.window_end)
    )


def _why_none(reading: Reading, months: Sequence[MonthOfWork]) -> str:
    if not months:
        return "holds no months of open work; run the comparison again"
    first, after = _window(reading)
    last = months[-1].first + timedelta(days=months[-1].days)
    return (
        f"its months run from {months[0].first} to {last - timedelta(days=1)} and the record from {first} to "
        f"{after - timedelta(days=1)}: no month of the run lies in it, {LEAD_DAYS} days or more after it begins"
    )


def _meaning(rows: Sequence[Row]) -> str:
    """How many months lie inside, scenario by scenario, and what that is worth."""
    place = HEADINGS.index("verdict")
    parts = []
    for title in dict.fromkeys(str(row[3]) for row in rows):
        verdicts = [row[place] for row in rows if row[3] == title and row[place]]
        inside = f"{verdicts.count(INSIDE)} of {len(verdicts)} months and counts inside" if verdicts else NO_VERDICT
        parts.append(f"{title}: {inside}")
    return (
        f"{'; '.join(parts)}. A range is what 8 in 10 single simulated years gave, so about two in ten lie outside "
        f"even of a right model, and months beside one another go together. {LABEL}"
    )
