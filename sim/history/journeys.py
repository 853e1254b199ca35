"""Journeys CSV: our own format, one row for each child and contact with the times an authority can give.

Only `contact_id`, `child_id` and `received` must be there. Any later column may be absent, or empty where a step has
not happened or is not known.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from sim.events import Ending, Outcome, Rating, SeenBy
from sim.facts import Fact
from sim.history.columns import find_columns
from sim.history.fields import DATE, ID, TEXT, YES_NO, Field, one_of
from sim.history.history import History, Tally, journeys, oddly_read
from sim.history.ids import Column, without_noughts
from sim.history.places import Place, files_in
from sim.history.pseudonyms import Pseudonyms
from sim.history.sources import SOURCE, sources_by_words
from sim.history.tables import ExtractError, Rows, Table, csv_rows, read

FORMAT = "journeys"

_OUTCOMES = {outcome.name.lower(): outcome.value for outcome in Outcome}
_ENDINGS = {ending.name.lower(): ending.value for ending in Ending}
_WHO = {who.name.lower(): who.value for who in SeenBy}


def _names(told: Mapping[str, int]) -> str:
    return "must be one of " + ", ".join(told)


_RATING = one_of(
    {"red": Rating.RED, "amber": Rating.AMBER, "green": Rating.GREEN, "immediate": Rating.RED},
    "must be red, amber or green",
)
_OUTCOME = one_of(_OUTCOMES, _names(_OUTCOMES))
_ENDING = one_of(_ENDINGS, _names(_ENDINGS))
_SEEN_BY = one_of(_WHO, _names(_WHO))

FIELDS: Sequence[Field] = (
    Field("contact_id", ID, (), must_hold=True),
    Field("child_id", ID, (), must_hold=True),
    Field("received", DATE, ("contact_date", "contact_received"), must_hold=True),
    Field("source", SOURCE, ("contact_source",)),
    Field("domestic_abuse", YES_NO, ()),
    Field("open_case", YES_NO, ()),
    Field("handed_over", DATE, ()),
    Field("screened", DATE, ()),
    Field("rating", _RATING, ()),
    Field("information_asked", DATE, ()),
    Field("information_received", DATE, ()),
    Field("decided", DATE, ("decision_date",)),
    Field("outcome", _OUTCOME, ("decision",)),
    Field("team", TEXT, ()),
    Field("help_started", DATE, ()),
    Field("strategy_asked", DATE, ()),
    Field("strategy_held", DATE, ("strategy_discussion",)),
    Field("section_47_started", DATE, ("s47_started",)),
    Field("section_47_ended", DATE, ("s47_ended",)),
    Field("conference_held", DATE, ("icpc_date",)),
    Field("allocated", DATE, ("allocation_date",)),
    Field("worker_id", ID, ()),
    Field("seen", DATE, ("first_seen", "child_seen")),
    Field("seen_by", _SEEN_BY, ()),
    Field("assessment_started", DATE, ("assessment_start",)),
    Field("authorised", DATE, ("assessment_authorised", "assessment_end")),
    Field("ending", _ENDING, ("assessment_outcome",)),
    Field("transferred", DATE, ()),
    Field("closed", DATE, ("closure_date",)),
)

_IDS = {"contact": "contact_id", "child": "child_id", "worker": "worker_id"}

TEMPLATE = tuple(field.name for field in FIELDS)
"""The headings of an empty journeys file."""

_TELLS: Mapping[Fact, tuple[str, ...]] = {
    Fact.RECEIPT: ("received",),
    Fact.FAMILY: ("contact_id",),
    Fact.SOURCE: ("source",),
    Fact.DOMESTIC_ABUSE: ("domestic_abuse",),
    Fact.OPEN_CASE: ("open_case",),
    Fact.HANDOVER: ("handed_over",),
    Fact.RATING: ("screened", "rating"),
    Fact.FURTHER_WORK: ("information_asked",),
    Fact.DECISION: ("decided", "outcome"),
    Fact.REFERRAL: ("decided", "outcome"),
    Fact.NO_ACTION: ("decided", "outcome"),
    Fact.HELP: ("help_started",),
    Fact.STRATEGY_ASKED: ("strategy_asked",),
    Fact.STRATEGY: ("strategy_held",),
    Fact.SECTION_47: ("section_47_started",),
    Fact.CONFERENCE: ("conference_held",),
    Fact.ALLOCATION: ("allocated",),
    Fact.SEEN: ("seen",),
    Fact.ASSESSMENT_START: ("assessment_started",),
    Fact.AUTHORISATION: ("authorised",),
    Fact.ENDING: ("ending",),
    Fact.CLOSURE: ("closed",),
}
"""The columns that each fact takes; the facts that no column tells are beyond this format."""


def recognises(rows: Rows) -> bool:
    """Whether a table's headings are those of a journeys file."""
    must = [field for field in FIELDS if field.must_hold]
    return len(find_columns(rows.headings, must)) == len(must)


def read_journeys(place: Place, pseudonyms: Pseudonyms) -> History:
    """A journeys CSV, or those of several months, a contact that is in two of them counting once.

    Raise `ExtractError` where it cannot be read at all; rows that cannot be are in `refused`.
    """
    tables = [read(csv_rows(file), FIELDS) for file in files_in(place)]
    has = _columns(tables)
    mismatched = [one for name in _IDS.values() for one in without_noughts(Column(t, name, name) for t in tables)]
    frame = pl.concat([_pseudonymous(table, pseudonyms) for table in tables])
    held = {name for name in has if name not in frame.columns or frame[name].null_count() < len(frame)}
    facts = frozenset(fact for fact, columns in _TELLS.items() if held.issuperset(columns))
    return History(
        format=FORMAT,
        journeys=journeys(frame),
        facts=facts,
        why_not={fact: _why_not(fact, has) for fact in Fact if fact not in facts},
        tallies=tuple(Tally(table.name, table.in_file, len(table.frame), len(table.refused)) for table in tables),
        refused=tuple(refusal for table in tables for refusal in table.refused),
        findings=(*mismatched, *(one for table in tables for one in oddly_read(table))),
        inferred=sources_by_words(tables),
    )


def _columns(tables: Sequence[Table]) -> frozenset[str]:
    """The columns of all the files. One that a file lacks would make its children look as if they still waited."""
    first = tables[0]
    for other in tables[1:]:
        for has, lacks in ((first, other), (other, first)):
            for name in TEMPLATE:
                if name in has.has - lacks.has:
                    raise ExtractError(f'{lacks.name}: there is no column "{name}", and {has.name} has one')
    return first.has


def _pseudonymous(table: Table, pseudonyms: Pseudonyms) -> pl.DataFrame:
    """The rows of a file, its ids made pseudonymous, each with the name of the file."""
    ids = {kind: name for kind, name in _IDS.items() if name in table.has}
    made = [pseudonyms.of(table.frame[name], kind).alias(kind) for kind, name in ids.items()]
    order = [name for name in TEMPLATE if name in table.has and name not in _IDS.values()]
    return table.frame.with_columns(*made, pl.lit(table.name).alias("table")).select("row", "table", *ids, *order)


def _why_not(fact: Fact, has: frozenset[str]) -> str:
    columns = _TELLS.get(fact, ())
    if not columns:
        return "a journeys file has no place for it"
    absent = [name for name in columns if name not in has]
    return f"there is no column {', '.join(absent)}" if absent else f"the column {', '.join(columns)} is empty"
