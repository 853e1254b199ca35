"""An observed record as it may be shown: its tables, and what they say in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sim.events import EventKind
from sim.facts import FACTS, Fact
from sim.history import Observed
from sim.measures import MEASURES, Measure, WaitingStage, missing
from sim.measures.assessments import ASSESSMENT_MEASURES, LIMIT_WORKING_DAYS
from sim.measures.contacts import CONTACT_MEASURES, MODEL_MEASURES
from sim.measures.flow import FLOW_MEASURES
from sim.measures.measure import GROUPS
from sim.measures.section_47 import SECTION_47_MEASURES
from sim.measures.seen import SEEN_MEASURES
from sim.measures.waiting import ASSESSING_NEEDS
from sim.measures.work import WORK_MEASURES
from sim.report.headline import GROUP_LABEL, LEVELS, MEASURE, SHOWN_GROUPS
from sim.report.observed.counted import Counted
from sim.report.observed.every import tables
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.reading import Reading, Rules, read
from sim.report.observed.sets import ASSESSING, ASSESSING_LATE, UNDATED
from sim.report.observed.tables import (
    ALL_STAGES,
    NOT_IN_RECORD,
    NOT_REACHED,
    OBSERVED,
    REFERRED_STAGES,
    doubts,
    in_words,
    measured,
    tells_undecided,
    tells_unseen,
)
from sim.report.tables import Cell, Table
from sim.report.views import LEVEL_HEADINGS, Heading
from sim.report.wording import NOT_KNOWN, SHARE, Number, listed, shown
from sim.working_time import MINUTES_PER_DAY

FAMILIES: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("days from contact to child seen", SEEN_MEASURES),
    ("contacts and decisions", CONTACT_MEASURES),
    ("section 47 and conferences", SECTION_47_MEASURES),
    ("assessments", ASSESSMENT_MEASURES),
    ("referrals and open work", FLOW_MEASURES),
    ("staff and their work", WORK_MEASURES),
)
"""Every measure, by what it is about."""

_NEAREST_ROWS = 10

MOST_SET_ASIDE_SHARE = 0.05
"""With a larger share of journeys left out, whatever is said of the rest begins with that."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something a record does not tell: why not, and the measures that are unknown for want of it."""

    fact: str
    why: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """What is shown of an extract. Nothing in `tables` or in any sentence tells a count that is hidden."""

    reading: Reading
    counted: Counted
    tables: dict[str, Table]

    @property
    def observed(self) -> Observed:
        """The extract as read."""
        return self.reading.observed


def account(name: str, observed: Observed, rules: Rules) -> Account:
    """The account of an extract that is called `name`."""
    reading = read(name, observed, rules)
    counted = Counted(reading)
    return Account(reading, counted, tables(reading, counted))


def said(cell: Cell) -> str:
    """A cell in words and figures."""
    if isinstance(cell, int):
        return f"{cell:,}"
    return shown(cell) if isinstance(cell, Number) else cell or ""


def lead(told: Account) -> str:
    """What the inspectors missed, in a sentence or two, and what it may leave out."""
    reading = told.reading
    untold = [_UNTOLD, _undecided(told)]
    sentences = [_unseen(told), _undated(told), doubts(reading).strip()] if tells_unseen(reading) else untold
    return " ".join(filter(None, (*sentences, unallocated(told), being_assessed(told), *_left_out(told))))


_UNTOLD = "This record does not say when children were seen, so who still waits to be seen is not known."


def _unseen(told: Account) -> str:
    """How many children are not yet seen, of those whose wait the record tells."""
    row = next(row for row in told.tables["waiting"].rows if row[0] in {ALL_STAGES, REFERRED_STAGES})
    count, oldest, day = row[-3], row[-2], in_words(told.observed.as_at)
    referred = "" if tells_undecided(told.reading) else " who had been referred"
    if count == 0:
        return f"At the end of {day} no child of this record{referred} was waiting to be seen."
    long = f" The oldest had waited {said(oldest)} days." if isinstance(oldest, int) else ""
    return f"At the end of {day}, {_children(count)}{referred} had not yet been seen.{long}"


def _undated(told: Account) -> str:
    if not told.reading.waiting.seen_undated:
        return ""
    count = told.counted.cell(UNDATED)
    return f"Beside these, recorded as seen or assessed and on a day that is not known: {_children(count)}."


def _undecided(told: Account) -> str:
    if not tells_undecided(told.reading):
        return ""
    count = told.counted.cell(("waiting", WaitingStage.NOT_DECIDED, None))
    return f"Their contact not yet decided at the end of {in_words(told.observed.as_at)}: {_children(count)}."


def _left_out(told: Account) -> Iterator[str]:
    """What of the extract is in no figure: a visit that cannot be read leaves a child looking unseen."""
    number = _number(told)
    unread = [
        f"{number(tally.refused)} of {number(tally.in_file)} rows of {tally.name}"
        for tally in told.observed.history.tallies
        if tally.refused
    ]
    if unread:
        yield f"Not read, and missing here with what they say, that a child was seen for instance: {listed(unread)}."
    used, aside = told.observed.used, told.observed.set_aside
    if aside > MOST_SET_ASIDE_SHARE * (used + aside):
        yield (
            f"Left out because they contradict themselves: {number(aside)} of {number(used + aside)} journeys of a "
            "child, as quality.html says."
        )


def unallocated(told: Account) -> str:
    """How many children are without a worker, seen or not."""
    if "without worker" not in told.counted.counts:
        return "This record does not say who had no worker."
    tells_left = told.reading.index.records(EventKind.HOLDER_LEFT)
    left = "" if tells_left else "; whose worker left and was not followed by another, this record does not say"
    return f"Referred and without a worker, seen or not: {_children(told.counted.cell('without worker'))}{left}."


def being_assessed(told: Account) -> str:
    """How many children have an open assessment, and how many of them past the time for it."""
    if not told.reading.index.knows(ASSESSING_NEEDS):
        return ""
    late = f"{said(told.counted.cell(ASSESSING_LATE))} of them begun more than {LIMIT_WORKING_DAYS} working days before"
    doubt = "" if told.reading.knows(Fact.CLOSURE) else "; those whose case closed without it may be among them"
    return f"Assessment begun and not authorised: {_children(told.counted.cell(ASSESSING))}, {late}{doubt}."


def _children(count: Cell) -> str:
    return f"{said(count)} child{'' if count == 1 else 'ren'}"


def found(told: Account, *, exact: bool = False) -> Iterator[tuple[str, str]]:
    """What the extract is and holds: names and values. `exact` numbers of rows are for those who keep it.

    A table's rows may be a count of children, of those who had a conference for instance.
    """
    history, log = told.observed.history, told.observed.log
    number = _exactly if exact else _number(told)
    # Of the window: a stray date before it may be anybody's, a birth date in the wrong column for instance.
    first, last = (
        log.first_day + timedelta(days=at // MINUTES_PER_DAY) for at in (log.window_start, log.window_end - 1)
    )
    yield "Format", history.format
    staff = told.observed.staff
    for tally in (*history.tallies, *(staff.tallies if staff else ())):
        read, refused = number(tally.read), number(tally.refused)
        yield tally.name, f"{number(tally.in_file)} rows in the file = {read} read + {refused} refused"
    used, aside = number(told.observed.used), number(told.observed.set_aside)
    each = "contact" if Fact.RECEIPT in log.facts else "referral, and for each further assessment or enquiry of it"
    yield "Used", f"{used} journeys of a child, one for each {each}; {aside} set aside, as quality.html says"
    kinds = len(told.observed.findings)
    yield "Found odd", f"{kinds} kind{'' if kinds == 1 else 's'} of thing, each with its rows in quality.html"
    yield (
        ("Contacts" if Fact.RECEIPT in log.facts else "Referrals"),
        f"from {in_words(first)} to {in_words(last)}, known to the end of the last day",
    )
    yield "Times", "with times of day" if Fact.HOURS in log.facts else "dates alone, no times of day"
    yield "Teams", f"{len(log.teams):,}" if log.teams else "none named"
    for inference in history.inferred:
        made = f"{number(inference.made)} made, {number(inference.not_made)} not"
        yield "Inferred", f"{inference.what}: {inference.rule}; {made}"


def _number(told: Account) -> Callable[[int], str]:
    """Numbers of rows as they may be passed on."""
    small = told.reading.rules.small_count
    return _about(small) if small else _exactly


def _exactly(count: int) -> str:
    return f"{count:,}"


def _about(small_count: int) -> Callable[[int], str]:
    """Numbers of rows to the nearest ten, or to twice a threshold that is larger than five."""
    nearest = max(_NEAREST_ROWS, 2 * small_count)

    def words(count: int) -> str:
        if count < nearest:
            return f"fewer than {nearest}" if count else "0"
        return f"about {round(count / nearest) * nearest:,}"

    return words


def computed(told: Account) -> list[str]:
    """What can be computed, by what it is about."""
    words = []
    for about, family in FAMILIES:
        known = sum(not missing(told.reading.index, m.id) for m in family)
        words.append(f"{about}: {'all' if known == len(family) else known or 'none'} of {len(family)} measures")
    return words


def lacks(told: Account) -> list[Lack]:
    """What cannot be computed, by what the record does not say; facts that no measure wants are left out."""
    history = told.observed.history
    wanting: dict[Fact, list[str]] = {}
    for measure in (m for m in MEASURES if m not in MODEL_MEASURES):
        for fact in missing(told.reading.index, measure.id):
            wanting.setdefault(fact, []).append(measure.label)
    for group in GROUPS:
        for fact in group.needs - history.facts:
            wanting.setdefault(fact, []).append(f"everything for {group.label}")
    return [Lack(FACTS[fact], history.why_not.get(fact, ""), tuple(wanting[fact])) for fact in sorted(wanting)]


def lack_in_words(lack: Lack, most: int = 2) -> str:
    """One line for a lack: what, why, and the first of the measures."""
    why = f" ({lack.why})" if lack.why else ""
    labels = [f'"{label}"' for label in lack.measures[:most]]
    if len(lack.measures) > most:
        labels.append(f"{len(lack.measures) - most} more")
    return f"{lack.fact}{why}: so not {listed(labels)}"


def levels(told: Account) -> tuple[tuple[Heading, ...], list[tuple[str, tuple[str, ...]]]]:
    """The table a comparison leads with: its headings, and a row for each group of children it shows."""
    rows = []
    for name in SHOWN_GROUPS:
        cells = (
            said(measured(told.reading, told.counted, MEASURE[level], group))
            for level in LEVELS
            for group in MEASURE[level].groups
            if group.id == name
        )
        rows.append((GROUP_LABEL[name], tuple(cells)))
    return tuple(LEVEL_HEADINGS[level] for level in LEVELS), rows


def says_seen(told: Account) -> bool:
    """Whether any of that table is known."""
    return any(text != NOT_IN_RECORD for _, texts in levels(told)[1] for text in texts)


def others(told: Account) -> list[tuple[str, tuple[str, str]]]:
    """The measures of all children that are known beside days to seen and staff: each with its value and unit."""
    families = (CONTACT_MEASURES, SECTION_47_MEASURES, ASSESSMENT_MEASURES, FLOW_MEASURES)
    known = [
        (one.label, measured(told.reading, told.counted, one, one.groups[0]), one.unit)
        for family in families
        for one in family
        if one not in MODEL_MEASURES
    ]
    return [
        (label, (said(cell), "" if unit == SHARE else unit)) for label, cell, unit in known if cell != NOT_IN_RECORD
    ]


def page_title(told: Account) -> str:
    """What an observed record shows, which is days to seen only where it tells them."""
    begins = "contact" if told.reading.knows(Fact.RECEIPT) else "referral"
    about = "Days from contact to child seen" if says_seen(told) else f"From {begins} to assessment"
    return f"{about}: what {told.reading.name} shows"


def signs(told: Account) -> str:
    """What the signs in the tables mean."""
    small = told.reading.rules.small_count
    hiding = (
        f"{HIDDEN}: hidden, a count of 1 to {small}, a number that rests on so few, or one from which such a count "
        "could be worked out. "
        if small
        else ""
    )
    return (
        f'{hiding}"{NOT_IN_RECORD}": the record does not say. "{NOT_KNOWN}": there is nothing to read it from, or '
        f'(as "{NOT_REACHED}") so many children were closed unseen or still wait that so many are never seen.'
    )


def basis(told: Account) -> str:
    """What every figure and page says of itself."""
    return f"{OBSERVED.capitalize()}: from the extract {told.reading.name}, as at {in_words(told.observed.as_at)}."


def privacy(told: Account) -> str:
    """Whether what is shown can be passed on."""
    if told.reading.rules.small_count:
        return "Small counts are hidden; no child, family or worker is shown."
    return "Nothing is hidden: counts of one child stand here. Not to be passed on."
