"""From the lists of Annex A to journeys: what followed from what, by child and date."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from sim.events import Ending, Outcome
from sim.facts import Fact
from sim.history.annex_findings import (
    ASSESSMENTS,
    CONTACTS,
    DATED,
    ENQUIRIES,
    REFERRALS,
    Frames,
    Lists,
    findings_of,
    without_repeats,
)
from sim.history.fields import STAMP
from sim.history.following import LINK_DAYS, attach, days_of_their_own
from sim.history.history import History, Inference, Tally, journeys, placeholders
from sim.history.practice import ONE_DATE, decided_as, strategy_inference
from sim.history.pseudonyms import Pseudonyms
from sim.history.tables import ExtractError

FORMAT = "Ofsted Annex A"

_WINDOW_MONTHS = 6
_FEW = 0.01

_UNREFERRED = f"no referral of the child within {LINK_DAYS} days; decided on its own date, and later ones undecided"
_ENDED = "support needed reads as a case that went on, not needed as no further action"

_TELLS: Mapping[Fact, tuple[int, str]] = {
    Fact.RECEIPT: (CONTACTS, "contact_date"),
    Fact.SOURCE: (CONTACTS, "source"),
    Fact.REFERRAL: (REFERRALS, "referral_date"),
    Fact.NO_ACTION: (REFERRALS, "no_action"),
    Fact.STRATEGY: (ENQUIRIES, "strategy_held"),
    Fact.SECTION_47: (ENQUIRIES, "strategy_held"),
    Fact.CONFERENCE: (ENQUIRIES, "conference_held"),
    Fact.ASSESSMENT_START: (ASSESSMENTS, "assessment_started"),
    Fact.AUTHORISATION: (ASSESSMENTS, "authorised"),
    Fact.ENDING: (ASSESSMENTS, "support"),
}
"""The list and the column that tell each fact."""

_BEYOND: Mapping[Fact, str] = {
    Fact.ALLOCATION: "Annex A has the worker's name but no date of allocation",
    Fact.SEEN: "Annex A says whether a child was seen in the assessment but not when",
    Fact.DECISION: "Annex A has no date of decision for contacts that led to no referral",
    Fact.HOURS: "Annex A holds dates alone",
    Fact.FAMILY: "Annex A has a row for each child and does not say which belong to one contact",
    Fact.OPEN_CASE: "Annex A does not say which contacts are about a case already open",
    Fact.DOMESTIC_ABUSE: "Annex A does not say what a contact is about",
    Fact.HELP: "Annex A lists early help (list 2) but not which contact led to it",
    Fact.CLOSURE: "Annex A lists open and closed cases (list 6) but not which contact led to each",
}


def history_of(lists: Lists, pseudonyms: Pseudonyms) -> History:
    """The history that these lists tell; the list of contacts must be among them."""
    single, repeats = without_repeats(lists, {number: _dated(lists, number) for number in DATED})
    since = _first_day(lists[CONTACTS].name, single[CONTACTS]["on"])
    contacts, referred, alone = _courses(single)
    built = _journeys(single, contacts, alone, since)
    facts = frozenset(fact for fact, (number, column) in _TELLS.items() if _holds(lists, number, column))
    return History(
        format=FORMAT,
        journeys=journeys(_numbered(built, lists, pseudonyms)),
        facts=facts,
        why_not={fact: _why_not(fact, lists) for fact in Fact if fact not in facts},
        tallies=tuple(Tally(t.name, t.in_file, len(t.frame), len(t.refused)) for t in lists.values()),
        refused=tuple(refusal for table in lists.values() for refusal in table.refused),
        findings=(
            *repeats,
            *(one for table in lists.values() for one in placeholders(table)),
            *findings_of(lists, single, referred, built, since),
        ),
        inferred=_inferred(single, built, alone),
        since=since,
        said_as=ONE_DATE,
    )


def _holds(lists: Lists, number: int, column: str) -> bool:
    """Whether a list has anything in a column; unknown, and outcomes of the authority's own, are nothing."""
    if number not in lists or column not in lists[number].has:
        return False
    cells = lists[number].frame[column].drop_nulls()
    return bool((cells >= 0).any()) if cells.dtype == pl.Int8 else len(cells) > 0


def _why_not(fact: Fact, lists: Lists) -> str:
    if fact not in _TELLS:
        return _BEYOND.get(fact, "Annex A has no place for it")
    number, _ = _TELLS[fact]
    if number not in lists:
        return f"list {number} of Annex A is not there"
    return f"list {number} of Annex A does not hold it" if len(lists[number].frame) else f"list {number} is empty"


def _dated(lists: Lists, number: int) -> pl.DataFrame:
    """A list with all its columns and `on`, the date that it goes by; empty if it is not there."""
    kinds = {"row": pl.UInt32, "child": pl.Int64, **_COLUMNS[number]}
    frame = lists[number].frame if number in lists else pl.DataFrame(schema=kinds)
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in kinds.items() if name not in frame.columns]
    on = pl.col(DATED[number]).cast(pl.Date).alias("on")
    return frame.with_columns(missing).select(*kinds).with_columns(on)


_HELD_BY = {"team": pl.String, "worker": pl.Int64}
_COLUMNS: Mapping[int, Mapping[str, pl.DataType | type[pl.DataType]]] = {
    CONTACTS: {"contact_date": STAMP, "source": pl.Int8},
    REFERRALS: {"referral_date": STAMP, "referral_source": pl.Int8, "no_action": pl.Int8, **_HELD_BY},
    ASSESSMENTS: {"assessment_started": STAMP, "authorised": STAMP, "support": pl.Int8, **_HELD_BY},
    ENQUIRIES: {"strategy_held": STAMP, "conference_held": STAMP, "not_needed": pl.Int8, **_HELD_BY},
}


def _first_day(name: str, contacts: pl.Series) -> date:
    """The first day of the list of contacts.

    A few that are far older than the others are slips of the keyboard and do not make the list longer.
    """
    last = contacts.max()
    if not isinstance(last, date):
        raise ExtractError(f"{name}: no row of the list of contacts can be read")
    usual: date = pl.Series([last]).dt.offset_by(f"-{_WINDOW_MONTHS}mo").item()
    recent = contacts.filter(contacts >= usual)
    first = (recent if len(contacts) - len(recent) <= _FEW * len(contacts) else contacts).min()
    return first if isinstance(first, date) else last


def _courses(of: Frames) -> tuple[pl.DataFrame, pl.DataFrame, dict[int, pl.DataFrame]]:
    """The contacts and the referrals with what followed each; and, by list, the rows that followed nothing."""
    assessed, assessments = attach(of[REFERRALS], of[ASSESSMENTS])
    referred, enquiries = attach(assessed, of[ENQUIRIES])
    contacts, referrals = attach(of[CONTACTS], referred, alike=("source", "referral_source"))
    return contacts, referred, {REFERRALS: referrals, ASSESSMENTS: assessments, ENQUIRIES: enquiries}


def _journeys(of: Frames, contacts: pl.DataFrame, alone: Frames, since: date) -> pl.DataFrame:
    """A row for each contact, and for each later step that no contact on the list led to."""
    parts = [frame.with_columns(pl.lit(number).alias("list")) for number, frame in alone.items()]
    elsewhere = pl.concat(parts, how="diagonal").with_columns(
        # Received before the list begins, so that no count or wait of contacts holds them.
        days_of_their_own(pl.min_horizontal("on", pl.lit(since - timedelta(days=1)))).alias("received"),
        pl.col("referral_source").alias("source"),
    )
    heard = contacts.with_columns(pl.lit(CONTACTS).alias("list"), pl.col("contact_date").alias("received"))
    return _decided(pl.concat([heard, elsewhere], how="diagonal"), _known_to(of))


def _known_to(of: Frames) -> date | None:
    """The date up to which a referral would be on its list; none if the list is not there."""
    last = pl.concat([of[CONTACTS]["on"], of[REFERRALS]["on"]]).max()
    return last if len(of[REFERRALS]) and isinstance(last, date) else None


def _decided(built: pl.DataFrame, known_to: date | None) -> pl.DataFrame:
    """With what was decided on each contact and when, and how its assessment ended."""
    known = built.with_columns(decided_as(built, "referral_date"))
    long_ago = pl.col("on") <= (known_to - timedelta(days=LINK_DAYS) if known_to else date.min)
    ended_there = pl.col("outcome").is_null() & (pl.col("list") == CONTACTS) & long_ago
    ending = pl.when(pl.col("support") == 1).then(Ending.TRANSFER).when(pl.col("support") == 0)
    return known.with_columns(
        pl.when(ended_there).then(Outcome.NO_FURTHER_ACTION).otherwise("outcome").alias("outcome"),
        pl.coalesce("referral_date", pl.when(ended_there).then("received")).alias("decided"),
        pl.col("strategy_held").alias("section_47_started"),
        pl.when(pl.col("authorised").is_not_null()).then(ending.then(Ending.NO_FURTHER_ACTION)).alias("ending"),
    )


def _inferred(of: Frames, built: pl.DataFrame, alone: Frames) -> tuple[Inference, ...]:
    near = f"the nearest of the child on or before its date, at most {LINK_DAYS} days; the nearest to it alone"
    links = (
        ("which contact led to each referral", REFERRALS),
        ("which referral led to each assessment", ASSESSMENTS),
        ("which referral led to each section 47 enquiry", ENQUIRIES),
    )
    count = built.select(
        (pl.col("outcome") == Outcome.NO_FURTHER_ACTION).sum().alias("ended"),
        ((pl.col("list") == CONTACTS) & pl.col("decided").is_null()).sum().alias("undecided"),
        pl.col("ending").is_not_null().sum().alias("told"),
        (pl.col("authorised").is_not_null() & pl.col("ending").is_null()).sum().alias("untold"),
    ).row(0, named=True)
    return (
        *(Inference(what, near, len(of[n]) - len(alone[n]), len(alone[n])) for what, n in links),
        Inference("which contacts led to no referral", _UNREFERRED, count["ended"], count["undecided"]),
        strategy_inference(built),
        Inference("how each assessment ended", _ENDED, count["told"], count["untold"]),
    )


def _numbered(built: pl.DataFrame, lists: Lists, pseudonyms: Pseudonyms) -> pl.DataFrame:
    """With a number for each contact that is the same whenever the same list is read under the same salt."""
    same = ("list", "child", "on", "source")
    again = pl.int_range(pl.len()).over(same, order_by="row")
    keys = built.select(
        pl.concat_str(*(pl.col(name).cast(pl.String) for name in same), again, separator="|", ignore_nulls=True)
    )
    names = {number: table.name for number, table in lists.items()}
    return built.with_columns(
        pseudonyms.of(keys.to_series(), "contact").alias("contact"),
        pl.col("list").replace_strict(names, return_dtype=pl.String).alias("table"),
    )
