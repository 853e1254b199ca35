"""What contradicts itself in an extract: found, counted and said, and what cannot be used set aside by name.

A date that contradicts the contact is left out alone where no wait ends with it. Where one does, the journey is set
aside whole: without the date the child would look as if it still waited. What is merely odd is used, and said; see
`oddities`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from sim.events import AFTER_CLOSING
from sim.facts import Fact
from sim.history.duplicates import duplicates
from sim.history.history import STEPS, Finding, History, finding, happened
from sim.history.sources import LOCAL, UNKNOWN

EVERY_MEASURE = "every measure"
SET_ASIDE = "set aside: these rows are in no measure"

OLDEST_DAYS = 25 * 365
"""A contact longer ago than this was not about anyone who is a child now: its year is a slip."""

SPARE = ("handed_over", "information_received", "section_47_ended", "conference_held")
"""Steps that end no wait: without their date nobody looks as if they still waited."""

_PAIRS = (
    ("assessment_started", "authorised", frozenset({Fact.AUTHORISATION, Fact.ENDING})),
    ("section_47_started", "section_47_ended", frozenset[Fact]()),
)


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """The journeys that are used, what was found in all of them, and how many are not used, which the findings name.

    `unsaid` are facts that the extract seemed to tell and does not, each with the reason.
    """

    journeys: pl.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    set_aside: int
    unsaid: Mapping[Fact, str]


Left = tuple[pl.DataFrame, list[Finding]]
Repaired = tuple[pl.DataFrame, list[Finding], dict[Fact, str]]
Repair = Callable[[History, pl.DataFrame, date], Repaired]
Contradiction = tuple[str, str, str, pl.Expr]
"""The id of a finding, what it is, what it touches, and which journeys it concerns."""


def check(history: History, as_at: date) -> Checked:
    """Look through the journeys of a history, as known at the end of `as_at`."""
    every, findings, unsaid = history.journeys, list(history.findings), dict[Fact, str]()
    for repair in (_not_yet, _undated, _without_start, _spare, _unknown_sources, _closed_early):
        every, found, lost = repair(history, every, as_at)
        findings += found
        unsaid |= lost
    contradicted = pl.repeat(value=False, n=len(every), eager=True)
    for name, what, touches, where in _contradictions(every, as_at):
        bad = every.select(where.fill_null(value=False)).to_series()
        contradicted |= bad
        findings += finding(history, every.filter(bad), (name, what, touches, SET_ASIDE))
    sound = every.filter(~contradicted)
    # Of what is sound: where one of two rows contradicts itself, the other is the contact.
    again = duplicates(sound)
    for kind, (what, which) in again.items():
        findings += finding(history, sound.filter(which), (kind, what, EVERY_MEASURE, SET_ASIDE))
    used = sound.filter(~pl.any_horizontal(*(which for _, which in again.values())))
    return Checked(used, tuple(findings), len(every) - len(used), unsaid)


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.date()


def _contradictions(every: pl.DataFrame, as_at: date) -> Iterator[Contradiction]:
    received = _day("received")
    yield "received_after_extract", "received after the date of the extract", EVERY_MEASURE, received > as_at
    long_ago = received < as_at - timedelta(days=OLDEST_DAYS)
    yield "received_long_ago", "received more than 25 years before the extract", EVERY_MEASURE, long_ago
    for step in happened(every)[1:]:
        words = step.column.replace("_", " ")
        if step.column in SPARE:
            continue
        before = _day(step.column) < received
        yield f"{step.column}_before_contact", f"{words} before the contact", f"waits for {words}", before
    if every["outcome"].null_count() < len(every):
        unsaid = pl.col("decided").is_not_null() & pl.col("outcome").is_null()
        yield "decided_without_outcome", "decided, and nobody knows how", EVERY_MEASURE, unsaid
    unbegun = _day("authorised").is_not_null() & _day("assessment_started").is_null()
    which = (_day("authorised") < _day("assessment_started")) | unbegun
    yield "authorised_before_start", "authorised before, or without, its start", "durations of assessments", which


def _left_out(history: History, every: pl.DataFrame, column: str, which: pl.Expr, said: tuple[str, str]) -> Left:
    """A date that is not used, the rest of its journey being so; `said` are the id of the finding and what it is."""
    bad = which.fill_null(value=False)
    words = column.replace("_", " ")
    found = list(finding(history, every.filter(bad), (*said, words, f"the date of {words} is not used")))
    return every.with_columns(pl.when(~bad).then(column).alias(column)), found


def _not_yet(history: History, every: pl.DataFrame, as_at: date) -> Repaired:
    """Steps dated after the extract, or after the date it is looked at for, have not happened by then.

    Most are planned, and their children do still wait: to set them aside would hide those who wait longest.
    """
    findings = list[Finding]()
    for step in happened(every)[1:]:
        later = (_day(step.column) > as_at).fill_null(value=False)
        words = step.column.replace("_", " ")
        said = (f"{step.column}_after_extract", f"{words} after the date of the extract", words, "read as not yet done")
        findings += finding(history, every.filter(later), said)
        gone = [name for name in (step.column, step.detail) if name]
        every = every.with_columns(pl.when(~later).then(name).alias(name) for name in gone)
    return every, findings, {}


def _undated(history: History, every: pl.DataFrame, _: date) -> Repaired:
    """What is said of a step that has no date: an outcome of a contact that was never decided."""
    findings = list[Finding]()
    for step in (step for step in STEPS if step.detail and every[step.detail].null_count() < len(every)):
        undated = pl.col(step.detail).is_not_null() & pl.col(step.column).is_null()
        words = step.detail.replace("_", " ")
        said = (f"{step.detail}_without_date", f"{words} of a step without a date", words, f"the {words} is not used")
        findings += finding(history, every.filter(undated), said)
        every = every.with_columns(pl.when(~undated).then(step.detail).alias(step.detail))
    return every, findings, {}


def _spare(history: History, every: pl.DataFrame, _: date) -> Repaired:
    """Contradictory dates that end no wait, left out alone."""
    findings = list[Finding]()
    start, end = _day("section_47_started"), _day("section_47_ended")
    wrong = [("section_47_ended", "before_start", "before, or without, its start", (end < start) | start.is_null())]
    wrong += [(name, "before_contact", "before the contact", _day(name) < _day("received")) for name in SPARE]
    known = {step.column for step in happened(every)}
    for column, when, sentence, which in (one for one in wrong if one[0] in known):
        said = (f"{column}_{when}", f"{column.replace('_', ' ')} {sentence}")
        every, found = _left_out(history, every, column, which & _day(column).is_not_null(), said)
        findings += found
    return every, findings, {}


def _without_start(history: History, every: pl.DataFrame, _as_at: date) -> Repaired:
    """Ends in an extract that knows no start at all: there is nothing that they could be the end of."""
    findings, unsaid = list[Finding](), dict[Fact, str]()
    for start, end, facts in _PAIRS:
        if every[start].null_count() == len(every) > every[end].null_count():
            words = (end.replace("_", " "), start.replace("_", " "))
            said = (f"{end}_without_{start}", f"{words[0]} in an extract without any {words[1]}")
            every, found = _left_out(history, every, end, pl.col(end).is_not_null(), said)
            findings += found
            unsaid |= dict.fromkeys(facts, f"{words[0]} is there, and {words[1]} nowhere")
    return every, findings, unsaid


def _unknown_sources(history: History, every: pl.DataFrame, _: date) -> Repaired:
    """A local code whose meaning nobody has told stands for no source."""
    what = "a local code for who made contact, or a number that nothing in its column shows to be a national code"
    said = ("local_source", what, "everything by source", "read as source not known")
    found = list(finding(history, every.filter(pl.col("source") == LOCAL), said))
    known = pl.when(pl.col("source") == LOCAL).then(UNKNOWN).otherwise("source").cast(pl.Int8)
    return every.with_columns(known.alias("source")), found, {}


def _closed_early(history: History, every: pl.DataFrame, _: date) -> Repaired:
    """Steps after the case closed: it was open again, so the closing date is not that of this journey's end."""
    steps = [step.column for step in STEPS if step.column not in ("closed", "help_started")]
    beside = history.more.filter(~pl.col("kind").is_in([kind.value for kind in AFTER_CLOSING]))
    every = every.join(beside.group_by("contact").agg(pl.max("at")), on="contact", how="left", maintain_order="left")
    last = pl.max_horizontal(_day(column) for column in (*steps, "at"))
    early = (_day("closed") < last).fill_null(value=False)
    said = (
        "closed_before_last_step",
        "closed before a later step",
        "closed unseen, re-referrals",
        "the closing date is not used",
    )
    found = list(finding(history, every.filter(early), said))
    return every.with_columns(pl.when(~early).then("closed").alias("closed")).drop("at"), found, {}
