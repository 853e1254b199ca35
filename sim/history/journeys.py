"""Journeys CSV: our own format, one row for each child and contact with the times an authority can give.

Only `contact_id`, `child_id` and `received` must be there. Any later column may be absent, or empty where a step has
not happened or is not known.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.events import Ending, Outcome, Rating, SeenBy
from sim.facts import Fact
from sim.history.fields import DATE, TEXT, YES_NO, Field, one_of
from sim.history.history import History, Tally, journeys, placeholders
from sim.history.pseudonyms import Pseudonyms
from sim.history.sources import SOURCE
from sim.history.tables import Rows, csv_rows, find_columns, read

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
    Field("contact_id", TEXT, (), must_hold=True),
    Field("child_id", TEXT, (), must_hold=True),
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
    Field("worker_id", TEXT, ()),
    Field("seen", DATE, ("first_seen", "child_seen")),
    Field("seen_by", _SEEN_BY, ()),
    Field("assessment_started", DATE, ("assessment_start",)),
    Field("authorised", DATE, ("assessment_authorised", "assessment_end")),
    Field("ending", _ENDING, ("assessment_outcome",)),
    Field("transferred", DATE, ()),
    Field("closed", DATE, ("closure_date",)),
)

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


def read_journeys(path: Path, pseudonyms: Pseudonyms) -> History:
    """A journeys CSV. Raise `ExtractError` where it cannot be read at all; rows that cannot be are in `refused`."""
    table = read(csv_rows(path), FIELDS)
    frame = table.frame.with_columns(
        pseudonyms.of(table.frame["contact_id"], "contact").alias("contact"),
        pseudonyms.of(table.frame["child_id"], "child").alias("child"),
        *((pseudonyms.of(table.frame["worker_id"], "worker").alias("worker"),) if "worker_id" in table.has else ()),
    )
    held = {name for name in table.has if frame[name].null_count() < len(frame)}
    facts = frozenset(fact for fact, columns in _TELLS.items() if held.issuperset(columns))
    return History(
        format=FORMAT,
        journeys=journeys(frame),
        facts=facts,
        why_not={fact: _why_not(fact, table.has) for fact in Fact if fact not in facts},
        tallies=(Tally(table.name, table.in_file, len(frame), len(table.refused)),),
        refused=table.refused,
        findings=placeholders(table),
    )


def _why_not(fact: Fact, has: frozenset[str]) -> str:
    columns = _TELLS.get(fact, ())
    if not columns:
        return "a journeys file has no place for it"
    absent = [name for name in columns if name not in has]
    return f"there is no column {', '.join(absent)}" if absent else f"the column {', '.join(columns)} is empty"
