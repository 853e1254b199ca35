"""What an extract of the Standard Safeguarding Dataset can tell, and for what it cannot, why."""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from sim.facts import Fact
from sim.history.fields import STAMP
from sim.history.ids import strangers
from sim.history.notes import Notes
from sim.history.ssd_referrals import LINK_DAYS
from sim.history.ssd_steps import share_seen_without_visit
from sim.history.ssd_tables import CONTACTS, Extract
from sim.history.ssd_workers import ALLOCATED_ROLES

MOST_UNDATED_SHARE = 0.5
"""Where more than this share of children seen in their assessment have no visit, visits cannot tell who was seen."""

LEAST_ENDINGS_SHARE = 0.95
"""How an assessment ended is told where at least this share of those authorised say so; ours."""

_TELLS: Mapping[Fact, tuple[str, tuple[str, ...], str]] = {
    Fact.RECEIPT: (CONTACTS, ("received",), "received"),
    Fact.REFERRAL: ("cin_episodes", ("referred",), "referral"),
    Fact.HELP: ("early_help_episodes", ("started",), "help_started"),
    Fact.STRATEGY: ("s47_enquiry", ("referral", "started"), "strategy_held"),
    Fact.SECTION_47: ("s47_enquiry", ("referral", "started"), "section_47_started"),
    Fact.CONFERENCE: ("initial_cp_conference", ("held",), "conference_held"),
    Fact.ALLOCATION: ("involvements", ("started",), "allocated"),
    Fact.SEEN: ("cin_visits", ("visited", "seen"), "seen"),
    Fact.ASSESSMENT_START: ("cin_assessments", ("referral", "started"), "assessment_started"),
    Fact.AUTHORISATION: ("cin_assessments", ("referral", "authorised"), "authorised"),
    Fact.CLOSURE: ("cin_episodes", ("closed",), "closed"),
}
"""The table and columns that each fact takes, and the column of the journeys that it fills."""

_NEVER = {
    Fact.DECISION: "the dataset dates no decision on a contact that became no referral",
    Fact.DOMESTIC_ABUSE: "domestic abuse is recorded only when an assessment ends, so other contacts cannot be told",
}
_AFTER_REFERRALS = ("cin_assessments", "s47_enquiry", "involvements", "cin_visits")
_DATED = {"cin_episodes": "referred", "cin_visits": "visited", **dict.fromkeys(_AFTER_REFERRALS[:-1], "started")}
"""The date by which a row of each table goes."""

_MISMATCH = "most children of {} are in no table before it: the ids do not match"
_NO_PLACE = "the dataset has no place for it"


def why_not(frame: pl.DataFrame, extract: Extract) -> dict[Fact, str]:
    """For every fact that the extract cannot tell, why."""
    loose = unmatched(frame, extract)
    checks = {fact: _why_no_step(frame, extract, *taken) for fact, taken in _TELLS.items()}
    checks |= {fact: _MISMATCH.format(table) for fact, (table, _, _) in _TELLS.items() if table in loose}
    checks[Fact.SOURCE] = "" if (frame["source"] >= 0).any() else "no contact has a source that is known"
    shared = frame["contact"].n_unique() < len(frame)
    checks[Fact.FAMILY] = "" if shared else "every child has a contact with a number of its own"
    lacks = [extract.lacks(CONTACTS, "outcome"), extract.lacks("cin_episodes", "closed")]
    mismatch = _MISMATCH.format("cin_episodes") if "cin_episodes" in loose else ""
    checks[Fact.OPEN_CASE] = mismatch or ("; ".join(lacks) if all(lacks) else "")
    lacks = [extract.lacks("cin_episodes", column) for column in ("no_action", "outcome")]
    checks[Fact.NO_ACTION] = checks[Fact.REFERRAL] or ("; ".join(lacks) if all(lacks) else "")
    checks[Fact.ALLOCATION] = _why_no_role(extract) or checks[Fact.ALLOCATION]
    checks[Fact.SEEN] = _why_nobodys(extract) or checks[Fact.SEEN] or _why_unseen(frame)
    checks[Fact.ENDING] = checks[Fact.AUTHORISATION] or _why_no_ending(frame)
    told = {fact for fact, reason in checks.items() if not reason}
    return {fact: _NEVER.get(fact) or checks.get(fact) or _NO_PLACE for fact in Fact if fact not in told}


def unmatched(frame: pl.DataFrame, extract: Extract) -> dict[str, pl.DataFrame]:
    """The tables most of whose children are in no table before them, with their rows: the ids do not match.

    What is dated before a referral could have followed one of the contacts is not looked at.
    """
    heard = frame["child"]
    since = pl.lit(frame["received"].min(), STAMP) + timedelta(days=LINK_DAYS)
    known = pl.concat([heard, extract.frame("cin_episodes")["child"]])
    after = {"cin_episodes": heard, **dict.fromkeys(_AFTER_REFERRALS, known)}
    rows = {name: extract.frame(name).drop_nulls("child").filter(pl.col(_DATED[name]) > since) for name in after}
    held = pl.col("role").str.to_uppercase().is_in(ALLOCATED_ROLES)
    rows["involvements"] = rows["involvements"].filter(held)
    loose = {name: strangers(rows[name], children) for name, children in after.items()}
    return {name: found for name, found in loose.items() if len(found)}


def say_unmatched(frame: pl.DataFrame, extract: Extract, notes: Notes) -> None:
    """The rows of those tables, as findings."""
    for name, rows in unmatched(frame, extract).items():
        before = "contacts" if name == "cin_episodes" else "contacts or cin_episodes"
        what = f"a child of {name} who is not in {before}, as most are not: the ids do not match"
        said = (f"what {name} tells of contacts", f"what takes {name} is not told")
        notes.found("children_do_not_match", what, rows, (name, len(extract.frame(name))), said)


def _why_no_step(frame: pl.DataFrame, extract: Extract, table: str, columns: tuple[str, ...], step: str) -> str:
    if reason := next(filter(None, (extract.lacks(table, column) for column in columns)), ""):
        return reason
    if frame[step].null_count() < len(frame):
        return ""
    return extract.absent.get("cin_episodes", f"no row of the table {table} could be linked to a contact")


def _why_no_role(extract: Extract) -> str:
    roles = extract.frame("involvements")["role"]
    if len(roles) and not roles.str.to_uppercase().is_in(ALLOCATED_ROLES).any():
        return "no involvement has the role of allocated case worker"
    return ""


def _why_nobodys(extract: Extract) -> str:
    visits = extract.frame("cin_visits")
    plans_only = len(visits) and visits["child"].null_count() == len(visits)
    if plans_only and (reason := extract.lacks("cin_plans", "child")):
        return f"cin_visits names plans and not children, and {reason}"
    return ""


def _why_unseen(frame: pl.DataFrame) -> str:
    share = share_seen_without_visit(frame)
    return (
        f"{share:.0%} of children seen in their assessment have no visit in cin_visits"
        if share > MOST_UNDATED_SHARE
        else ""
    )


def _why_no_ending(frame: pl.DataFrame) -> str:
    authorised = frame.filter(pl.col("authorised").is_not_null())
    told = len(authorised) - authorised["ending"].null_count()
    return "" if told >= LEAST_ENDINGS_SHARE * len(authorised) else "the outcome of most assessments is not recorded"
