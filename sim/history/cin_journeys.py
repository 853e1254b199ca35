"""From the returns of the CIN census to journeys: one for each referral, and for each further assessment or enquiry."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from sim.events import Ending
from sim.facts import Fact
from sim.history.cin_findings import SAID_AS, findings_of
from sim.history.cin_returns import Census, Courses, stacked
from sim.history.following import days_of_their_own
from sim.history.history import Finding, History, Inference, journeys
from sim.history.practice import decided_as, strategy_inference
from sim.history.pseudonyms import Pseudonyms

FORMAT = "CIN census"

TOO_RECENT_DAYS = 30
"""An assessment authorised so shortly before the end, its case still open, may yet close as needing nothing."""

_UNFINISHED_DAYS = 31
_ABUSE = r"\b3[ABC]\b"
_AFTER_ASSESSMENT = {8: Ending.NO_FURTHER_ACTION, 9: Ending.STEP_DOWN}

_ENDED = "the reason RC8 or RC9 of its case is that of the last assessment; any other case went on"
_FOUND = "the factors 3A, 3B and 3C of its first assessment; not known where there are none"

_NO_CONTACTS = "the CIN census begins at the referral; it holds no contacts"
_BEYOND: Mapping[Fact, str] = {
    Fact.RECEIPT: _NO_CONTACTS,
    Fact.DECISION: _NO_CONTACTS,
    Fact.OPEN_CASE: _NO_CONTACTS,
    Fact.HELP: "the CIN census ends with the case; early help after it is not in it",
    Fact.ALLOCATION: "the CIN census names no worker",
    Fact.SEEN: "the CIN census does not say when a child was seen",
    Fact.HOURS: "the CIN census holds dates alone",
    Fact.FAMILY: "the CIN census does not say which children are of one family",
    Fact.STRATEGY_ASKED: "the CIN census has the date of the discussion, not of the request",
}


def history_of(returns: Sequence[Census], pseudonyms: Pseudonyms) -> History:
    """The history that some returns tell, the earliest first."""
    courses = stacked(returns)
    since = pl.Series([returns[0].year_ends]).dt.offset_by("-1y").item() + timedelta(days=1)
    known_to, late = _known_to(courses, returns[-1])
    built = _journeys(courses, known_to)
    facts = frozenset(fact for fact, column in _TELLS.items() if (built[column].is_not_null()).any())
    return History(
        format=FORMAT,
        journeys=journeys(_with_numbers(built, pseudonyms)),
        facts=facts,
        why_not={fact: _BEYOND.get(fact, _absent(fact)) for fact in Fact if fact not in facts},
        tallies=tuple(found.tally for found in returns),
        refused=tuple(refusal for found in returns for refusal in found.refused),
        findings=(
            *late,
            *(one for found in returns for one in found.placeholders),
            *findings_of(returns, courses, built, known_to),
        ),
        inferred=(*(one for census in returns for one in census.inferred), *_inferred(built)),
        since=since,
        known_to=known_to,
        said_as=SAID_AS,
    )


_TELLS: Mapping[Fact, str] = {
    Fact.SOURCE: "source",
    Fact.DOMESTIC_ABUSE: "domestic_abuse",
    Fact.REFERRAL: "decided",
    Fact.NO_ACTION: "no_action",
    Fact.STRATEGY: "strategy_held",
    Fact.SECTION_47: "strategy_held",
    Fact.CONFERENCE: "conference_held",
    Fact.ASSESSMENT_START: "assessment_started",
    Fact.AUTHORISATION: "authorised",
    Fact.ENDING: "ending",
    Fact.CLOSURE: "closed",
}
"""The column that tells each fact.

Domestic abuse is known of assessed children alone. The measures of contacts that ask for it need receipt too, so they
stay unknown; only the share of assessments is told.
"""


def _absent(fact: Fact) -> str:
    return "these returns hold none" if fact in _TELLS else "the CIN census has no place for it"


def _known_to(courses: Courses, last: Census) -> tuple[date, tuple[Finding, ...]]:
    """The day up to which the returns tell all: their end, or the last date in them where that is long before."""
    dates = (courses.referrals["received"], courses.referrals["closed"], courses.assessments["assessment_started"])
    every = pl.concat([*dates, courses.assessments["authorised"], courses.enquiries["strategy_held"]]).dt.date()
    latest = every.filter(every <= last.year_ends).max()
    if not isinstance(latest, date) or (last.year_ends - latest).days <= _UNFINISHED_DAYS:
        return last.year_ends, ()
    what = (
        f"nothing is dated in the last {(last.year_ends - latest).days} days of the return: it was made before its end"
    )
    done = "read as known to its last date"
    return latest, (
        Finding("return_unfinished", what, last.tally.name, (), last.tally.read, "what is still open", done),
    )


def _journeys(courses: Courses, known_to: date) -> pl.DataFrame:
    """A row for each referral with its first assessment and enquiry, and a row for each further pair of them."""
    assessments = _ended(courses, known_to)
    begun = courses.referrals.select("referral", "child", "row", "table", "received")
    pairs = _in_turn(assessments, "assessment_started", begun).join(
        _in_turn(courses.enquiries, "strategy_held", begun), on=["referral", "place"], how="full", coalesce=True
    )
    first = courses.referrals.rename({"conference_held": "stated"})
    referred = first.join(pairs.filter(pl.col("place") == 0), on="referral", how="left", maintain_order="left")
    referred = referred.with_columns(
        pl.col("received").alias("decided"),
        pl.coalesce("conference_held", "stated").alias("conference_held"),
        pl.col("source").fill_null(-1),
        pl.lit(0).alias("place"),
        _closed_as().alias("closed_as"),
    )
    further = pairs.filter(pl.col("place") > 0).join(begun.drop("received"), on="referral")
    own = days_of_their_own(pl.min_horizontal("assessment_started", "strategy_held").dt.date())
    known = referred.with_columns(decided_as(referred, "decided"))
    built = pl.concat([known, further.with_columns(own.alias("received"))], how="diagonal_relaxed")
    return built.with_columns(pl.col("strategy_held").alias("section_47_started"), _abuse().alias("domestic_abuse"))


def _ended(courses: Courses, known_to: date) -> pl.DataFrame:
    """The assessments and how each ended: the last of a case that closed after assessment as that says."""
    closing = courses.referrals.select("referral", "closed", "reason")
    every = courses.assessments.join(closing, on="referral", how="left", maintain_order="left")
    authorised = pl.when(pl.col("authorised").is_not_null()).then("assessment_started")
    is_last = pl.col("assessment_started") == authorised.max().over("referral")
    recent = pl.col("authorised").dt.date() > known_to - timedelta(days=TOO_RECENT_DAYS)
    untold = pl.when(pl.col("closed").is_null()).then(recent).otherwise(pl.col("reason").fill_null(-1) < 1)
    as_closed = pl.col("reason").replace_strict(_AFTER_ASSESSMENT, default=Ending.TRANSFER, return_dtype=pl.Int8)
    ending = pl.when(~is_last).then(Ending.TRANSFER).when(~untold).then(as_closed)
    told = pl.when(pl.col("authorised").is_not_null()).then(ending)
    return every.with_columns(told.cast(pl.Int8).alias("ending")).drop("closed", "reason")


def _in_turn(rows: pl.DataFrame, date_of: str, begun: pl.DataFrame) -> pl.DataFrame:
    """Rows with `place`, their number in their referral from 0; of those begun before the referral the first alone.

    The first shows that the referral contradicts itself, for which it is set aside.
    """
    every = rows.join(begun.select("referral", "received"), on="referral", how="inner", maintain_order="left")
    place = pl.int_range(pl.len()).over("referral")
    kept = every.filter((pl.col(date_of) >= pl.col("received")) | (place == 0))
    return kept.with_columns(place.alias("place")).drop("received")


def _closed_as() -> pl.Expr:
    """How a case closed: one that was more than assessed went on to services first."""
    as_told = pl.col("reason").replace_strict(_AFTER_ASSESSMENT, default=Ending.TRANSFER, return_dtype=pl.Int8)
    told = pl.when(pl.col("no_action") == 1).then(Ending.NO_FURTHER_ACTION).otherwise(as_told)
    return pl.when(pl.col("closed").is_not_null()).then(told).cast(pl.Int8)


def _abuse() -> pl.Expr:
    """Whether an assessment found domestic abuse: the child, a parent or another of the household subject to it."""
    return pl.col("factors").str.contains(_ABUSE).cast(pl.Int8)


def _with_numbers(built: pl.DataFrame, pseudonyms: Pseudonyms) -> pl.DataFrame:
    keys = built.select(pl.format("cin|{}|{}|{}", "child", pl.col("received").dt.date(), "place")).to_series()
    return built.with_columns(pseudonyms.of(keys, "contact").alias("contact"))


def _inferred(built: pl.DataFrame) -> tuple[Inference, ...]:
    authorised = built.filter(pl.col("authorised").is_not_null())
    told = authorised["ending"].drop_nulls()
    referred = built.filter(pl.col("decided").is_not_null())
    assessed = referred["factors"].drop_nulls()
    return (
        Inference("how each assessment ended", _ENDED, len(told), len(authorised) - len(told)),
        Inference("which referrals are about domestic abuse", _FOUND, len(assessed), len(referred) - len(assessed)),
        strategy_inference(built),
    )
