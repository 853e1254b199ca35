"""The tables of an observed record as rows that may be shown: files, page, terminal and figures read nothing else."""

from calendar import month_name
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sim.events import EventKind, Outcome
from sim.facts import FACTS, Fact
from sim.history import Staff
from sim.measures import (
    AGE_BANDS,
    MEASURES,
    WAITING_NEEDS,
    Group,
    Measure,
    Passage,
    WaitingStage,
    missing,
    passages,
)
from sim.measures.contacts import MODEL_MEASURES
from sim.measures.measure import SOURCES
from sim.report.headline import DAYS
from sim.report.observed.counted import Counted
from sim.report.observed.hiding import HIDDEN, Key
from sim.report.observed.map import OTHERWISE, boxes, links
from sim.report.observed.reading import Reading
from sim.report.observed.sets import UNDATED
from sim.report.observed.staffing import HEADINGS, inferred_note, staff_rows
from sim.report.tables import Cell, Row, Table
from sim.report.wording import SHARE, Number, sentence, shown

OBSERVED = "observed"
NOT_IN_RECORD = "not in this record"
NOT_REACHED = "not reached"
ALL_STAGES = "all not yet seen"
REFERRED_STAGES = "all referred and not yet seen"
"""The total, in a record that does not tell who is not decided."""

NOT_SEEN_YET = "referred, not yet seen"
NOT_DECIDED_YET = "not yet decided"
"""The columns of the months that the rows of those who wait add up to."""

SEEN_UNDATED = "recorded as seen or assessed, date not known"
"""Children who do not wait, and of whose wait nothing is known."""

WHOLE_WINDOW = "whole window"
UNCERTAIN = "uncertain"
PART = "part of the month"

STAGE_WORDS = {
    WaitingStage.NOT_DECIDED: "not decided",
    WaitingStage.UNALLOCATED: "decided, no worker yet",
    WaitingStage.UNSEEN: "has a worker, not seen",
}
UNSPLIT = "decided, not seen"
"""The last two stages together, in a record that does not tell allocations."""

FIRST_DAYS = 6
"""The first column of the months that tells days, or shares, of children seen; all after it do but the last two."""

NINE_IN_TEN = 2
"""How many times as many children 9 in 10 needs as half: of ten or fewer it is one of the two longest waits."""

WITHIN = ("seen within 1 day", "seen within 5 days", "seen within 10 days", "seen within 20 days")
SOURCE_WORDS = (*(group.label.removeprefix("children in contacts from ") for group in SOURCES), "not known")


def band_label(band: tuple[int, int | None]) -> str:
    """`2 to 5 days`."""
    first, last = band
    return f"over {first - 1} days" if last is None else f"{first} to {last} day{'' if last == 1 else 's'}"


def waiting(reading: Reading, counted: Counted) -> Table:
    """Children not yet seen, by stage and by age."""
    bands = range(len(AGE_BANDS))
    rows: list[Row] = []
    for stage in WaitingStage:
        label = stage_label(reading, stage)
        if stage not in reading.waiting.known:
            rows.append((label, *((NOT_IN_RECORD,) * (len(bands) + 2))))
        elif label != UNSPLIT or stage is WaitingStage.UNSEEN:
            days = reading.waiting.days[reading.waiting.stage == stage].tolist()
            cells = (counted.cell(("waiting", stage, band)) for band in bands)
            rows.append((label, *cells, *_and_oldest(counted, ("waiting", stage, None), days)))
    cells = (counted.cell(("waiting", None, band)) for band in bands)
    whole = _and_oldest(counted, ("waiting", None, None), reading.waiting.days.tolist())
    every = (*cells, *whole) if tells_unseen(reading) else (NOT_IN_RECORD,) * (len(bands) + 2)
    rows.append((ALL_STAGES if tells_undecided(reading) else REFERRED_STAGES, *every))
    if tells_unseen(reading) and reading.waiting.seen_undated:
        rows.append((SEEN_UNDATED, *("" for _ in bands), counted.cell(UNDATED), None))
    who = "Children not yet seen" if tells_unseen(reading) else "How far children's contacts had come"
    return a_table(
        "waiting",
        f"{who} at the end of {in_words(reading.observed.as_at)}",
        "By stage, and by whole days since the contact was received, that day being day 0. Contacts on open cases are "
        f"left out.{doubts(reading)}",
        ("stage", *map(band_label, AGE_BANDS), "all", "oldest (days)"),
        rows,
    )


def stage_label(reading: Reading, stage: WaitingStage) -> str:
    """What a stage is called in this record."""
    unsplit = stage is WaitingStage.UNSEEN and not reading.knows(*WAITING_NEEDS[WaitingStage.UNALLOCATED])
    return UNSPLIT if unsplit else STAGE_WORDS[stage]


def is_stage(row: Row) -> bool:
    """Whether a row of `waiting` is of the children at one stage, and no total."""
    return row[0] in {*STAGE_WORDS.values(), UNSPLIT}


def tells_unseen(reading: Reading) -> bool:
    """Whether the record tells who is referred and not seen; without it no count is one of children not seen."""
    return WaitingStage.UNSEEN in reading.waiting.known


def tells_undecided(reading: Reading) -> bool:
    """Whether the record tells whose contact is not decided."""
    return WaitingStage.NOT_DECIDED in reading.waiting.known


def doubts(reading: Reading) -> str:
    """What makes the children who wait look more, or fewer, than they are."""
    found = ""
    if not reading.knows(Fact.SEEN):
        found += " This record does not say when children were seen, so some of these have been."
    elif not tells_undecided(reading):
        why = reading.observed.history.why_not.get(Fact.DECISION, "")
        found += f" Children whose contact was not decided are not among them{f': {why}' if why else ''}."
    if not reading.knows(Fact.CLOSURE):
        found += " It does not say when cases closed: children whose case closed unseen are among them."
    return found


def _and_oldest(counted: Counted, key: Key, days: list[int]) -> tuple[Cell, Cell]:
    """A count and the longest wait among it: shown beside a hidden count, this would say that it is no small one."""
    count = counted.cell(key)
    return count, HIDDEN if count == HIDDEN else max(days, default=None)


def teams(reading: Reading, counted: Counted) -> Table:
    """Children not yet seen, by team and stage."""
    stages = reading.waiting.known
    rows = []
    for name, places in reading.teams.items():
        days = reading.waiting.days[list(places)].tolist()
        cells = (counted.cell(("team", name, stage)) for stage in stages)
        rows.append((name, *cells, *_and_oldest(counted, ("team", name, None), days)))
    smallest = reading.rules.smallest_team
    return a_table(
        "teams",
        f"Children {'not yet seen' if tells_unseen(reading) else 'without a decision or a worker'}, by team",
        f"The team last named for the contact. Teams with fewer than {smallest} children in the window stand together.",
        ("team", *(stage_label(reading, stage) for stage in stages), "all", "oldest (days)"),
        rows,
    )


def month_label(first: date) -> str:
    """`January 2024`."""
    return f"{month_name[first.month]} {first.year}"


def in_words(day: date) -> str:
    """`31 March 2024`."""
    return f"{day.day} {month_label(day)}"


def each_contact(reading: Reading) -> str:
    """Whether a contact about several children is one, in words."""
    if reading.knows(Fact.FAMILY):
        return "families, not children"
    return "one for each child, since this record does not say who belongs to one contact"


def contacts_by_source(reading: Reading, counted: Counted) -> Table:
    """Contacts a month by who made them."""
    keys = [*(month.first for month in reading.months), None]
    return a_table(
        "contacts_by_source",
        "Contacts received, by who made them",
        f"Every contact of the window, those on open cases too; {each_contact(reading)}.",
        ("month", *SOURCE_WORDS, "all"),
        (
            (
                WHOLE_WINDOW if month is None else month_label(month),
                *(counted.cell(("contacts", month, source)) for source in range(len(SOURCE_WORDS))),
                counted.cell(("contacts", month, None)),
            )
            for month in keys
        ),
    )


def staff(reading: Reading, counted: Counted, told: Staff) -> Table:
    """Staff in post by team and role, with the caseload of a social worker where the record tells it."""
    caseload = next(m for m in MEASURES if m.id == "caseload_mean")
    mean = measured(reading, counted, caseload, caseload.groups[0])
    known = f" {caseload.label}: {shown(mean)}." if isinstance(mean, Number) else ""
    return a_table(
        "staff",
        "Staff in post, by team and role",
        f"Full-time equivalents, over the window and on its last day. Teams with fewer than "
        f"{reading.rules.smallest_team} posts stand together.{known}{inferred_note(told)}",
        HEADINGS,
        staff_rows(reading, counted, told, NOT_IN_RECORD),
    )


def measures(reading: Reading, counted: Counted) -> Table:
    """Every measure of every group, the unknown ones with why."""
    rows = (
        (
            measure.id,
            measure.label,
            group.id,
            group.label,
            "%" if measure.unit == SHARE else measure.unit,
            str(measure.better),
            measured(reading, counted, measure, group),
            why_unknown(reading, missing(reading.index, measure.id, group)),
        )
        for measure in MEASURES
        if measure not in MODEL_MEASURES
        for group in measure.groups
    )
    return a_table(
        "measures",
        "Every measure",
        "One row a measure and group, as a comparison has them. Shares are per cent.",
        ("measure", "label", "group", "children", "unit", "better when", "value", "why not"),
        rows,
    )


def measured(reading: Reading, counted: Counted, measure: Measure, group: Group) -> Cell:
    """One measure of one group as it may be shown."""
    if missing(reading.index, measure.id, group):
        return NOT_IN_RECORD
    return (
        HIDDEN
        if counted.is_hidden(measure.id, group.id)
        else Number(reading.measures[measure.id, group.id], measure.unit)
    )


def why_unknown(reading: Reading, facts: Iterable[Fact]) -> str:
    """Why what needs these facts is unknown: `this record does not say who made the contact (there is no column)`."""
    why = reading.observed.history.why_not
    said = [f"{FACTS[fact]}{f' ({why[fact]})' if why.get(fact) else ''}" for fact in sorted(facts)]
    return sentence(f"this record does not say {'; nor '.join(said)}") if said else ""


def steps(reading: Reading, counted: Counted) -> Table:
    """How many children reach each step, and how long it takes from step to step: what the process map shows."""
    shown = boxes(reading.index)
    rows: list[Row] = [(step_label(kind), "", counted.cell(("step", kind)), None, None) for kind in shown]
    if EventKind.DECIDED in shown:
        found = ((outcome, counted.cell(("outcome", outcome))) for outcome in OTHERWISE)
        rows += [(step_label(EventKind.DECIDED), outcome_label(one), cell, None, None) for one, cell in found if cell]
    rows += [_step(reading, counted, passage) for passage in passages(reading.index, links(shown))]
    return a_table(
        "steps",
        "From step to step",
        "Children of contacts received in the window. Days are elapsed days from the one step to the other, of all who "
        f"go that way, those still on their way estimated from the others.{_enough(reading)}",
        ("from", "to", "children", "half within (days)", "9 in 10 within (days)"),
        rows,
    )


def _step(reading: Reading, counted: Counted, passage: Passage) -> Row:
    few, key = passage.children, ("way", passage.before, passage.after)
    of_few = counted.of_few(passage.days_q50, DAYS, few), counted.of_few(passage.days_q90, DAYS, few, NINE_IN_TEN)
    cells: tuple[Cell, ...] = tuple(counted.beside(key, cell) for cell in of_few)
    if passage.after is EventKind.DECIDED and not reading.knows(Fact.DECISION):
        cells = (NOT_IN_RECORD, NOT_IN_RECORD)
    return (step_label(passage.before), step_label(passage.after), counted.cell(key), *cells)


def _enough(reading: Reading) -> str:
    small = reading.rules.small_count
    return f" Half is shown of more than {small} children, 9 in 10 of more than {NINE_IN_TEN * small}." if small else ""


def step_label(kind: EventKind) -> str:
    """An event's name in words."""
    return kind.name.replace("_", " ").capitalize()


def outcome_label(outcome: Outcome) -> str:
    """An outcome's name in words."""
    return outcome.name.replace("_", " ").lower()


def known_columns(table: Table) -> Table:
    """A table without the columns of which the record says nothing in any row, for those who read and do not compute.

    Nor is there one of children without a date of being seen, where there are none.
    The first column names the rows and the last says that they are observed.
    """
    last = len(table.headings) - 1
    kept = [
        place
        for place in range(len(table.headings))
        if place in {0, last} or any(row[place] not in _says_nothing(table.headings[place]) for row in table.rows)
    ]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return replace(table, headings=tuple(table.headings[place] for place in kept), rows=rows)


def _says_nothing(heading: str) -> set[Cell]:
    return {NOT_IN_RECORD, "", 0} if heading == SEEN_UNDATED else {NOT_IN_RECORD, ""}


def a_table(name: str, title: str, meaning: str, headings: tuple[str, ...], rows: Iterable[Row]) -> Table:
    """A table each of whose rows says that it is observed."""
    return Table(name, title, meaning, (*headings, "basis"), tuple((*row, OBSERVED) for row in rows))
