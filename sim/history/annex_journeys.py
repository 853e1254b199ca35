"""From the lists of Annex A to journeys: what followed from what, by child and date."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from sim.events import Outcome
from sim.facts import Fact
from sim.history.annex_beside import (
    PLAN_DAYS,
    closed_as,
    ending,
    on_open_cases,
    with_cases,
    with_help,
    with_plans,
)
from sim.history.annex_findings import Frames, Lists, findings_of, undated, unmatched, without_repeats
from sim.history.annex_lists import (
    ASSESSMENTS,
    CASES,
    CONTACTS,
    EARLY_HELP,
    ENQUIRIES,
    LISTS,
    PLANS,
    REFERRALS,
)
from sim.history.fields import STAMP
from sim.history.following import LINK_DAYS, attach, days_of_their_own
from sim.history.history import Finding, History, Inference, Tally, journeys, oddly_read
from sim.history.practice import ONE_DATE, decided_as, strategy_inference
from sim.history.pseudonyms import Pseudonyms
from sim.history.sources import sources_by_words
from sim.history.tables import ExtractError, Table, first_of_refused

FORMAT = "Ofsted Annex A"

_WINDOW_MONTHS = 6
_FEW = 0.01

_UNREFERRED = f"no referral of the child within {LINK_DAYS} days; decided on its own date, and later ones undecided"
_ENDED = (
    "support needed reads as a case that went on; not needed as no further action, or as a step-down where early help "
    "followed; where the assessment does not say, as its case closed or goes on"
)

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
    Fact.HELP: (EARLY_HELP, "help_began"),
    Fact.CLOSURE: (CASES, "case_closed"),
    Fact.OPEN_CASE: (CASES, "case_began"),
}
"""The list and the column that tell each fact; how an assessment ended may be in two."""

_BEYOND: Mapping[Fact, str] = {
    Fact.ALLOCATION: "Annex A has the worker's name but no date of allocation",
    Fact.SEEN: "Annex A says whether a child was seen in the assessment, and when last, but not when first",
    Fact.DECISION: "Annex A has no date of decision for contacts that led to no referral",
    Fact.HOURS: "Annex A holds dates alone",
    Fact.FAMILY: "Annex A has a row for each child and does not say which belong to one contact",
    Fact.DOMESTIC_ABUSE: "Annex A does not say what a contact is about",
}


def history_of(lists: Lists, pseudonyms: Pseudonyms, found: tuple[Finding, ...] = ()) -> History:
    """The history that these lists tell; the list of contacts must be among them. `found` was found before."""
    dated = {number: _dated(lists, number) for number in LISTS}
    single, repeats = without_repeats(lists, dated)
    since = _first_day(lists[CONTACTS], single[CONTACTS]["on"])
    contacts, referred, alone = _courses(single)
    loose = unmatched(lists, single, since)
    known_to = None if REFERRALS in loose else _known_to(single)
    built, unhelped = _journeys(single, contacts, alone, (since, known_to))
    facts = _facts(lists, built) - {fact for number in loose for fact in _told_by(number)}
    return History(
        format=FORMAT,
        journeys=journeys(_numbered(built, lists, pseudonyms)),
        facts=facts,
        why_not={fact: _why_not(fact, lists, loose) for fact in Fact if fact not in facts},
        tallies=tuple(Tally(t.name, t.in_file, len(t.frame), len(t.refused)) for t in lists.values()),
        refused=tuple(refusal for table in lists.values() for refusal in table.refused),
        findings=(
            *found,
            *undated(lists),
            *repeats,
            *loose.values(),
            *(one for table in lists.values() for one in oddly_read(table)),
            *findings_of(lists, single, referred, built, since),
        ),
        inferred=(*sources_by_words(lists.values()), *_inferred(single, built, {**alone, EARLY_HELP: unhelped})),
        since=since,
        said_as=ONE_DATE,
    )


def _facts(lists: Lists, built: pl.DataFrame) -> frozenset[Fact]:
    told = {fact for fact, (number, column) in _TELLS.items() if _holds(lists, number, column)}
    return frozenset(told | ({Fact.ENDING} if built["ending"].null_count() < len(built) else set()))


def _told_by(number: int) -> set[Fact]:
    """The facts that need a list to be linked; what every referral led to needs all of its links."""
    own = {fact for fact, (taken, _) in _TELLS.items() if taken == number}
    return own | ({Fact.ENDING} if number == ASSESSMENTS else {Fact.OPEN_CASE} if number == REFERRALS else set())


def _holds(lists: Lists, number: int, column: str) -> bool:
    """Whether a list has anything in a column; unknown, and outcomes of the authority's own, are nothing."""
    if number not in lists or column not in lists[number].has:
        return False
    cells = lists[number].frame[column].drop_nulls()
    return bool((cells >= 0).any()) if cells.dtype == pl.Int8 else len(cells) > 0


def _why_not(fact: Fact, lists: Lists, loose: Collection[int]) -> str:
    for number in (number for number in loose if fact in _told_by(number)):
        return f"most children of list {number} are in no list before it: the ids do not match"
    if fact is Fact.ENDING:
        return "neither list 4 nor list 6 of Annex A says it"
    if fact not in _TELLS:
        return _BEYOND.get(fact, "Annex A has no place for it")
    number, _ = _TELLS[fact]
    if number not in lists:
        return f"list {number} of Annex A is not there"
    return f"list {number} of Annex A does not hold it" if len(lists[number].frame) else f"list {number} is empty"


def _dated(lists: Lists, number: int) -> pl.DataFrame:
    """The rows of a list that have the date it goes by, `on`, with all columns; none if the list is not there."""
    kinds = {"row": pl.UInt32, "child": pl.Int64, **_COLUMNS[number]}
    frame = lists[number].frame if number in lists else pl.DataFrame(schema=kinds)
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in kinds.items() if name not in frame.columns]
    on = pl.col(LISTS[number].date).cast(pl.Date).alias("on")
    return frame.with_columns(missing).select(*kinds).with_columns(on).filter(pl.col("on").is_not_null())


_HELD_BY = {"team": pl.String, "worker": pl.Int64}
_COLUMNS: Mapping[int, Mapping[str, pl.DataType | type[pl.DataType]]] = {
    CONTACTS: {"contact_date": STAMP, "source": pl.Int8},
    REFERRALS: {"referral_date": STAMP, "referral_source": pl.Int8, "no_action": pl.Int8, **_HELD_BY},
    ASSESSMENTS: {"assessment_started": STAMP, "authorised": STAMP, "support": pl.Int8, **_HELD_BY},
    ENQUIRIES: {"strategy_held": STAMP, "conference_held": STAMP, "not_needed": pl.Int8, **_HELD_BY},
    EARLY_HELP: {"help_began": STAMP},
    CASES: {"case_began": STAMP, "case_closed": STAMP, "reason": pl.Int8, "status": pl.Int8},
    PLANS: {"plan_began": STAMP},
}


def _first_day(table: Table, contacts: pl.Series) -> date:
    """The first day of the list of contacts.

    A few that are far older than the others are slips of the keyboard and do not make the list longer.
    """
    last = contacts.max()
    if not isinstance(last, date):
        shown = first_of_refused(table.refused)
        raise ExtractError(f"{table.name}: no row of the list of contacts can be read{shown}")
    usual: date = pl.Series([last]).dt.offset_by(f"-{_WINDOW_MONTHS}mo").item()
    recent = contacts.filter(contacts >= usual)
    first = (recent if len(contacts) - len(recent) <= _FEW * len(contacts) else contacts).min()
    return first if isinstance(first, date) else last


def _courses(of: Frames) -> tuple[pl.DataFrame, pl.DataFrame, dict[int, pl.DataFrame]]:
    """The contacts and the referrals with what followed each; and, by list, the rows that followed nothing."""
    planned, plans = with_plans(of[ENQUIRIES], of[PLANS])
    assessed, assessments = attach(of[REFERRALS], of[ASSESSMENTS])
    enquired, enquiries = attach(assessed, planned)
    referred, cases = with_cases(enquired, of[CASES])
    contacts, referrals = attach(of[CONTACTS], referred, alike=("source", "referral_source"))
    alone = {REFERRALS: referrals, ASSESSMENTS: assessments, ENQUIRIES: enquiries, CASES: cases, PLANS: plans}
    return contacts, referred, alone


def _journeys(
    of: Frames, contacts: pl.DataFrame, alone: Frames, covered: tuple[date, date | None]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row for each contact and for each later step that no contact led to; and the early help that followed none.

    `covered` are the first day of the contacts, and the last on which a referral would be on its list, if it is there.
    """
    since, known_to = covered
    own = (REFERRALS, ASSESSMENTS, ENQUIRIES)
    parts = [alone[number].with_columns(pl.lit(number).alias("list")) for number in own]
    elsewhere = pl.concat(parts, how="diagonal").with_columns(
        # Received before the list begins, so that no count or wait of contacts holds them.
        days_of_their_own(pl.min_horizontal("on", pl.lit(since - timedelta(days=1)))).alias("received"),
        pl.col("referral_source").alias("source"),
    )
    is_open = pl.col("row").is_in(on_open_cases(contacts, of[CASES]).implode())
    known = pl.when(pl.lit(len(of[CASES]) > 0)).then(is_open.cast(pl.Int8))
    heard = contacts.with_columns(
        pl.lit(CONTACTS).alias("list"),
        pl.col("contact_date").alias("received"),
        known.alias("open_case"),
    )
    built, unhelped = with_help(pl.concat([heard, elsewhere], how="diagonal"), of[EARLY_HELP])
    return _decided(built, known_to), unhelped


def _known_to(of: Frames) -> date | None:
    """The date up to which a referral would be on its list; none if the list is not there."""
    last = pl.concat([of[CONTACTS]["on"], of[REFERRALS]["on"]]).max()
    return last if len(of[REFERRALS]) and isinstance(last, date) else None


def _decided(built: pl.DataFrame, known_to: date | None) -> pl.DataFrame:
    """With what was decided on each contact and when, and how its assessment and its case ended."""
    known = built.with_columns(decided_as(built, "referral_date"))
    long_ago = pl.col("on") <= (known_to - timedelta(days=LINK_DAYS) if known_to else date.min)
    elsewhere = pl.col("outcome").is_null() & (pl.col("list") == CONTACTS)
    helped = pl.col("help_began").is_not_null()
    other = (
        pl.when(pl.col("open_case") == 1)
        .then(Outcome.OPEN_CASE)
        .when(helped)
        .then(Outcome.EARLY_HELP)
        .when(long_ago)
        .then(Outcome.NO_FURTHER_ACTION)
    )
    outcome = pl.when(elsewhere).then(other).otherwise("outcome")
    return known.with_columns(
        outcome.alias("outcome"),
        pl.coalesce("referral_date", pl.when(elsewhere & other.is_not_null()).then("received")).alias("decided"),
        pl.col("strategy_held").alias("section_47_started"),
        pl.when(pl.col("authorised").is_not_null()).then(ending()).alias("ending"),
        pl.col("help_began").alias("help_started"),
        closed_as().alias("closed_as"),
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
        *_beside(of, built, alone),
        Inference("which contacts led to no referral", _UNREFERRED, count["ended"], count["undecided"]),
        strategy_inference(built),
        Inference("how each assessment ended", _ENDED, count["told"], count["untold"]),
    )


_HELPED = (
    f"the child's nearest contact without a referral, or assessment that ended so, in the {LINK_DAYS} days before; "
    "the nearest to it alone"
)
_CASE = f"the child's nearest referral in the {LINK_DAYS} days before it began; the nearest to it alone"
_PLAN = f"the child's nearest enquiry in the {PLAN_DAYS} days before it began; the nearest to it alone"
_MADE = "on the day the child protection plan began that came of the enquiry"
_OPEN = "no referral of the child followed, and a case begun on a day before had not closed by then"


def _beside(of: Frames, built: pl.DataFrame, alone: Frames) -> Iterator[Inference]:
    """What lists 2, 6 and 7 were linked to, of those that are there."""
    for what, number, rule in (
        ("which contact or assessment led to each early help assessment", EARLY_HELP, _HELPED),
        ("which referral began each case of a child in need", CASES, _CASE),
        ("which enquiry led to each child protection plan", PLANS, _PLAN),
    ):
        if len(of[number]):
            yield Inference(what, rule, len(of[number]) - len(alone[number]), len(alone[number]))
    dated = built.select((pl.col("by_plan") & pl.col("conference_held").is_not_null()).sum()).item()
    if dated:
        yield Inference("conferences without a date", _MADE, dated, 0)
    if len(of[CASES]):
        about = int((built["open_case"] == 1).sum())
        yield Inference("contacts about a case already open", _OPEN, about, 0)


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
