"""Contacts of the Standard Safeguarding Dataset, the referrals they became, and how each was decided.

The dataset links no contact to a referral and dates no decision. A referral is linked to the latest contact of its
child that may have led to it; what became no referral is read as not assessed once enough time has passed.
"""

import polars as pl

from sim.events import Outcome
from sim.history.fields import STAMP
from sim.history.links import latest_before
from sim.history.notes import Notes
from sim.history.sources import (
    LOCAL,
    SOURCE,
    UNKNOWN,
    as_national,
    has_own_list,
    is_unvouched,
    is_worded,
    made_out_from_words,
    settled,
)
from sim.history.ssd_outcomes import Says, said
from sim.history.ssd_tables import CONTACTS, Extract

LINK_DAYS = 30
"""How long after a contact a referral may be its own: as census tools count an assessment towards a referral.

Data to Insight and London's pipelines take 30 days from referral to assessment (`ref_assessment`); none says how long a
contact may take.
"""

BY_CONSTRUCTION_SHARE = 0.95
"""From this share of referrals dated on the day of their contact on, the one date was taken from the other."""

_FEWEST_TO_JUDGE = 20
_MOST_DIFFERENT_SHARE = 0.05
_EPISODES = "cin_episodes"
_LEADS_ON = (Says.REFERRAL, Says.ASSESSMENT, Says.STRATEGY)
_TOLD = (*_LEADS_ON, Says.OPEN_CASE, Says.NO_ACTION, Says.ADVICE, Says.EARLY_HELP)


def contacts(extract: Extract, notes: Notes) -> pl.DataFrame:
    """One row for each child and contact, `journey` numbering them: who, when, from whom, and what its outcome says."""
    frame = extract.frame(CONTACTS)
    frame = frame.with_columns(_sources(frame, notes), _own_contact(), says=pl.col("outcome").fill_null(0))
    about = (CONTACTS, len(frame))
    touches = "how contacts were decided"
    damaged, done = frame.filter(said("says", Says.DAMAGED)), "its flags were read one by one, its comments not at all"
    notes.found("damaged_outcome", "an outcome that is not valid JSON", damaged, about, (touches, done))
    local, done = frame.filter(said("says", Says.LOCAL)), "read as an outcome that is not told"
    notes.found("local_outcome", "an outcome in words that are not known", local, about, (touches, done))
    return frame.with_columns(pl.col("row").alias("journey")).drop("outcome", "source_code", "source_words")


def _own_contact() -> pl.Expr:
    """Rows that repeat a contact's id for the same child are contacts of their own."""
    repeated = pl.int_range(pl.len()).over("contact", "child") > 0
    return (
        pl.when(repeated).then(pl.col("contact") ^ pl.col("row").cast(pl.Int64)).otherwise("contact").alias("contact")
    )


def _sources(frame: pl.DataFrame, notes: Notes) -> pl.Series:
    """From the description; from the code where there is none and the code is a national one."""
    code = frame["source_code"]
    words_read, code_read = SOURCE.read(frame["source_words"]), SOURCE.read(code)
    number = code.str.contains(r"^\d+$").fill_null(value=False)
    name, what = _no_national_codes(code_read, as_national(code_read).filter(number), words_read.filter(number))
    done = ("everything by source", "read from the description, where there is one")
    notes.found(name, what, frame.filter(number & bool(name)), (CONTACTS, len(frame)), done)
    coded = as_national(code_read).set(number, None) if name else as_national(code_read)
    by_words = settled(words_read)[0] >= 0
    read = pl.DataFrame({"words": settled(words_read)[0], "code": settled(coded)[0], "by_words": by_words})
    chosen = read.select(pl.when("by_words").then("words").otherwise(pl.coalesce("code", "words")).alias("source"))
    source = chosen["source"].fill_null(LOCAL if name else UNKNOWN)
    made_out = (by_words & is_worded(words_read)) | (~by_words.fill_null(value=False) & is_worded(coded))
    notes.inferred += made_out_from_words(int(made_out.sum()), int((source == LOCAL).sum()))
    return source


def _no_national_codes(code_read: pl.Series, numbers: pl.Series, words_read: pl.Series) -> tuple[str, str]:
    """What to call the numbers of a column of codes that are not, or not surely, national ones; empty where they are.

    National codes say what the words beside them say, and a column of them has some with a letter.
    """
    words = settled(words_read)[0]
    both = ((numbers >= 0) & (words >= 0)).fill_null(value=False)
    other = (numbers != words).filter(both)
    if has_own_list(code_read) or other.sum() > _MOST_DIFFERENT_SHARE * len(other):
        return "source_list_number", "a number of the system's own list in place of a national code for the source"
    if is_unvouched(code_read) and not len(other):
        return "source_number_in_doubt", (
            "a number for the source that may be a national code or one of the system's own list: there is no code "
            "with a letter in its column and no description beside it"
        )
    return "", ""


def with_referrals(frame: pl.DataFrame, extract: Extract, notes: Notes) -> pl.DataFrame:
    """The contacts with the referral that each became, if it became one, and whether it was about an open case."""
    referrals = _named_teams(extract, notes)
    linked = _linked(frame, referrals)
    columns = {"referral": "referral", "referred": "referred", "says": "referral_says", "no_action": "no_action"}
    wanted = linked.select(
        "journey", *(pl.col(old).alias(new) for old, new in columns.items()), "closed", "close_reason", "team"
    )
    found = frame.join(wanted, on="journey", how="left", maintain_order="left")
    found = found.with_columns(_open_cases(found, extract, referrals, notes))
    _say_links(found, referrals, linked, notes)
    return found


def _named_teams(extract: Extract, notes: Notes) -> pl.DataFrame:
    """The referrals, each with the name of its team; a number of a team that no department names is left out."""
    every = extract.frame(_EPISODES).with_columns(pl.col("outcome").fill_null(0).alias("says")).drop("outcome")
    frame = every.unique(["referral", "child"], keep="first", maintain_order=True)
    again = every.join(frame, on="row", how="anti")
    said_so = ("referrals", "the first of its rows is used")
    notes.found(
        "referral_repeated",
        "the same referral of the same child as an earlier row",
        again,
        (_EPISODES, len(every)),
        said_so,
    )
    names = extract.frame("department").unique("team", keep="first", maintain_order=True).select("team", "name")
    named = frame.join(names, on="team", how="left", maintain_order="left")
    nameless = named.filter(pl.col("team").is_not_null() & pl.col("name").is_null())
    said_so = ("everything by team", "the team is left blank")
    notes.found(
        "team_without_name",
        "a team that the table department does not name",
        nameless,
        (_EPISODES, len(frame)),
        said_so,
    )
    return named.with_columns(pl.col("name").alias("team")).drop("name")


def _linked(frame: pl.DataFrame, referrals: pl.DataFrame) -> pl.DataFrame:
    """Each referral with `journey`, the contact it came of: at most one referral a contact, the nearest after it."""
    leads_on, silent = said("says", *_LEADS_ON), ~said("says", *_TOLD)
    candidates = frame.filter(leads_on | silent).sort(~leads_on, "row").select("child", "received", "journey")
    linked = latest_before(referrals, "referred", candidates, LINK_DAYS)
    return linked.sort("referred", "row").unique("journey", keep="first", maintain_order=True)


def _open_cases(found: pl.DataFrame, extract: Extract, referrals: pl.DataFrame, notes: Notes) -> pl.Series:
    """1 where the outcome says so or, where it says nothing, a referral before the contact had not closed; else 0."""
    flagged = said("says", Says.OPEN_CASE) & pl.col("referral").is_null()
    if extract.lacks(_EPISODES, "closed"):
        return found.select(flagged.cast(pl.Int8).alias("open_case"))["open_case"]
    untold = found.filter(~said("says", *_TOLD) & pl.col("referral").is_null()).select("row", "child", "received")
    # Of two referrals on one date the one that closed last says how long the case was open.
    before = referrals.sort("closed", descending=True, nulls_last=False).select(
        "child", "closed", received="referred", journey="row"
    )
    last = latest_before(untold, "received", before, same_day=False)
    was_open = pl.col("closed").is_null() | (pl.col("closed").dt.date() >= pl.col("received").dt.date())
    rows = last.filter(was_open)["row"]
    rule = "the outcome says nothing, and the child's referral before the contact had not closed by then"
    notes.links("contacts about a case already open", rule, len(rows), 0)
    return found.select((flagged | pl.col("row").is_in(rows.implode())).cast(pl.Int8).alias("open_case"))["open_case"]


def _say_links(found: pl.DataFrame, referrals: pl.DataFrame, linked: pl.DataFrame, notes: Notes) -> None:
    """How many referrals have a contact, which have none, and whether their dates were made from one another."""
    rule = (
        f"the child's latest contact at most {LINK_DAYS} days before the referral whose outcome allows it; "
        "one referral a contact"
    )
    notes.links("referral to contact", rule, len(linked), len(referrals) - len(linked))
    about = (_EPISODES, len(referrals))
    alone = referrals.join(linked, on="row", how="anti")
    is_early = (pl.col("referred") < pl.lit(found["received"].min(), STAMP)).fill_null(value=False)
    aside = ("referrals, and every wait of these children", "set aside: nobody knows when their contact was received")
    what = "a referral before the first contact of the extract"
    notes.found("referral_before_contacts", what, alone.filter(is_early), about, aside)
    what = f"a referral with no contact of its own in the {LINK_DAYS} days before"
    notes.found("referral_without_contact", what, alone.filter(~is_early), about, aside)
    on_the_day = linked.filter(pl.col("referred").dt.date() == pl.col("received").dt.date())
    if len(linked) >= _FEWEST_TO_JUDGE and len(on_the_day) >= BY_CONSTRUCTION_SHARE * len(linked):
        what = "referral date equal to contact date by construction"
        done = ("receipt to decision, and waits from the referral", "no time from contact to decision is told")
        notes.found("referral_date_by_construction", what, on_the_day, about, done)


def with_decisions(frame: pl.DataFrame, extract: Extract, notes: Notes) -> pl.DataFrame:
    """When and how each contact was decided, as far as can be told."""
    frame = frame.with_columns(_outcome(frame, extract).alias("outcome"))
    own_date = pl.col("received").dt.truncate("1d")
    referred = pl.col("referral").is_not_null()
    told = said("says", Says.NO_ACTION, Says.ADVICE, Says.EARLY_HELP) | (pl.col("open_case") == 1)
    dated = frame.with_columns(
        pl.when(referred).then("referred").when(pl.col("outcome").is_not_null()).then(own_date).alias("decided")
    )
    guessed = dated.filter(pl.col("decided").is_not_null() & ~referred & ~told)
    waiting = dated.filter(pl.col("decided").is_null())
    rule = f"no referral came within {LINK_DAYS} days; what is later than that before the last referral is undecided"
    notes.links("contacts read as not assessed", rule, len(guessed), len(waiting))
    undated = dated.filter(pl.col("decided").is_not_null() & ~referred)
    rule = "put at the contact's own date, as the dataset has none; no time from contact to decision is told"
    notes.links("date of decisions that led to no referral", rule, len(undated), len(waiting))
    _say_undecided(waiting, len(frame), extract, notes)
    return dated


def _say_undecided(waiting: pl.DataFrame, rows: int, extract: Extract, notes: Notes) -> None:
    """Contacts whose outcome says referral while none is theirs: of late it may yet come, earlier it is missing."""
    lost = waiting.filter(said("says", *_LEADS_ON))
    late = (_known_to(extract) - pl.col("received")).dt.total_days().fill_null(0) <= LINK_DAYS
    what, said_so = "the outcome says referral, and none is linked", ("referrals", "left undecided")
    notes.found("referral_not_found", what, lost.filter(late), (CONTACTS, rows), said_so)
    what = f"the outcome says referral, and none is linked {LINK_DAYS} days and more before the last referral"
    touches = (
        "children referred and days to seen of their months; whoever of these children waits today is missing there"
    )
    done = (
        "left undecided for good: in no count of children not yet seen, and in days to seen a wait that has not ended"
    )
    notes.found("referral_never_found", what, lost.filter(~late), (CONTACTS, rows), (touches, done))


def _known_to(extract: Extract) -> pl.Expr:
    """The date of the last referral."""
    return pl.lit(extract.frame(_EPISODES)["referred"].max(), STAMP)


def _outcome(frame: pl.DataFrame, extract: Extract) -> pl.Series:
    """The number of an `Outcome`; null for contacts that are undecided."""
    assessed = pl.col("assessment_started").is_not_null()
    referral = (
        pl.when(pl.col("no_action") == 1, ~assessed)
        .then(Outcome.REFERRAL_NO_ACTION.value)
        .when(said("referral_says", Says.STRATEGY) | pl.col("discussed_at_once"))
        .then(Outcome.STRATEGY_DISCUSSION.value)
        .when(said("referral_says", Says.ASSESSMENT) | assessed)
        .then(Outcome.REFERRAL.value)
        .when(said("referral_says", Says.NO_ACTION))
        .then(Outcome.REFERRAL_NO_ACTION.value)
        .when(said("referral_says", Says.OTHER_TEAM))
        .then(Outcome.OTHER_TEAM.value)
        .otherwise(Outcome.REFERRAL.value)
    )
    is_past = (_known_to(extract) - pl.col("received")).dt.total_days() > LINK_DAYS
    other = (
        pl.when(pl.col("open_case") == 1)
        .then(Outcome.OPEN_CASE.value)
        .when(pl.col("help_started").is_not_null() | said("says", Says.EARLY_HELP))
        .then(Outcome.EARLY_HELP.value)
        .when(said("says", Says.ADVICE))
        .then(Outcome.ADVICE.value)
        .when(said("says", Says.NO_ACTION) | (is_past & ~said("says", *_LEADS_ON)))
        .then(Outcome.NO_FURTHER_ACTION.value)
    )
    found = pl.when(pl.col("referral").is_not_null()).then(referral).otherwise(other)
    return frame.select(found.cast(pl.Int8).alias("outcome"))["outcome"]
