"""Standard Safeguarding Dataset: a folder of CSVs, dates alone, the outcomes as flags in JSON.

As in the dataset, nothing links a contact to its referral, a visit to its case or early help to what led to it; only
contacts that became a referral, were advised, concerned an open case or needed nothing have an outcome of their own.
The strategy discussion is the start of its enquiry. An enquiry about a case that was open before the year names no
referral, for that is older than the extract. A case that is passed on is closed here on that day.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sim.events import Ending, Outcome, Role
from sim.history.synthesis import MARK
from sim.history.writing.cells import a_date, source_code, source_words
from sim.history.writing.invented import FOR_EARLY_HELP

_REFERRALS = {
    Outcome.REFERRAL: "SINGLE_ASSESSMENT",
    Outcome.STRATEGY_DISCUSSION: "STRATEGY_DISCUSSION",
    Outcome.OTHER_TEAM: "CLA_REQUEST",
    Outcome.REFERRAL_NO_ACTION: "NFA",
}
"""The outcomes that make a contact a referral, each with the flag that the referral then has."""

_CONTACTS = dict.fromkeys(_REFERRALS, "NEW_REFERRAL") | {
    Outcome.NO_FURTHER_ACTION: "NFA",
    Outcome.CONSENT_REFUSED: "NFA",
    Outcome.OTHER_AUTHORITY: "NFA",
    Outcome.ADVICE: "ADVICE",
    Outcome.OPEN_CASE: "EXISTING_REFERRAL",
    Outcome.EARLY_HELP: "OTHER_OUTCOMES_EXIST",
}
_ASSESSMENTS = {
    Ending.NO_FURTHER_ACTION: "NFA",
    Ending.UNSEEN: "NFA",
    Ending.STEP_DOWN: "REFERRAL_TO_OTHER_AGENCY",
    Ending.TRANSFER: "PROV_OF_SERVICES",
    Ending.TRANSFER_AFTER_CONFERENCE: "PROV_OF_SERVICES",
}
_CLOSED = {Ending.NO_FURTHER_ACTION: "RC8", Ending.STEP_DOWN: "RC9"}
_ANY_OTHER_REASON = "RC7"

_TITLES = {
    Role.EXPERIENCED_SOCIAL_WORKER: "Social worker",
    Role.NEWLY_QUALIFIED_SOCIAL_WORKER: "Newly qualified social worker",
    Role.AGENCY_SOCIAL_WORKER: "Agency social worker",
}

REFERRED = tuple(outcome.value for outcome in _REFERRALS)


def write(told: pl.DataFrame, folder: Path) -> None:
    """Write every table that has a row."""
    rows = told.with_columns(pl.when(pl.col("outcome").is_in(REFERRED)).then(_id("R")).alias("referral"))
    referrals = rows.filter(pl.col("referral").is_not_null())
    tables = {
        "contacts": _contacts(rows),
        "cin_episodes": _episodes(referrals),
        "cin_assessments": _assessments(referrals),
        "assessment_factors": _factors(referrals),
        "s47_enquiry": _enquiries(rows),
        "initial_cp_conference": _conferences(rows),
        "involvements": _involvements(referrals),
        "professionals": _professionals(referrals),
        "department": _departments(referrals),
        "cin_visits": _visits(rows),
        "early_help_episodes": _early_help(rows),
    }
    for name, table in tables.items():
        if len(table):
            table.write_csv(folder / f"ssd_{name}.csv")


def _id(letter: str) -> pl.Expr:
    """An id made from that of the contact."""
    return pl.col("contact").str.replace(f"^{MARK}-C", f"{MARK}-{letter}")


def _id_of_child(letter: str) -> pl.Expr:
    return pl.format("{}-{}", _id(letter), pl.col("number"))


def _flags(flags: Mapping[Outcome, str] | Mapping[Ending, str], number: str) -> pl.Expr:
    """The flag of an outcome as JSON; empty where there is none yet."""
    cells = [f'{{"{flag}_FLAG":"Y"}}' for flag in flags.values()]
    return pl.col(number).replace_strict([int(key) for key in flags], cells, default=None, return_dtype=pl.String)


def _contacts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.col("contact").alias("cont_contact_id"),
        pl.col("child").alias("cont_person_id"),
        a_date(pl.col("received")).alias("cont_contact_date"),
        source_code(pl.col("source")).alias("cont_contact_source_code"),
        source_words(pl.col("source")).alias("cont_contact_source_desc"),
        _flags(_CONTACTS, "outcome").alias("cont_contact_outcome_json"),
    )


def _episodes(referrals: pl.DataFrame) -> pl.DataFrame:
    reason = pl.col("closed_as").replace_strict(_CLOSED, default=_ANY_OTHER_REASON, return_dtype=pl.String)
    return referrals.select(
        pl.col("referral").alias("cine_referral_id"),
        pl.col("child").alias("cine_person_id"),
        a_date(pl.col("decided")).alias("cine_referral_date"),
        _flags(_REFERRALS, "outcome").alias("cine_referral_outcome_json"),
        _yes_or_no(pl.col("outcome") == Outcome.REFERRAL_NO_ACTION).alias("cine_referral_nfa"),
        pl.when(pl.col("closed").is_not_null()).then(reason).alias("cine_close_reason"),
        a_date(pl.col("closed")).alias("cine_close_date"),
        pl.col("team").alias("cine_referral_team"),
    )


def _yes_or_no(so: pl.Expr) -> pl.Expr:
    return pl.when(so).then(pl.lit("Y")).otherwise(pl.lit("N"))


def _assessments(referrals: pl.DataFrame) -> pl.DataFrame:
    ended_so = pl.col("ending").is_in([Ending.NO_FURTHER_ACTION.value, Ending.UNSEEN.value])
    return referrals.filter(pl.col("assessment_started").is_not_null()).select(
        _id_of_child("A").alias("cina_assessment_id"),
        pl.col("child").alias("cina_person_id"),
        pl.col("referral").alias("cina_referral_id"),
        a_date(pl.col("assessment_started")).alias("cina_assessment_start_date"),
        _yes_or_no(pl.col("seen").is_not_null()).alias("cina_assessment_child_seen"),
        a_date(pl.col("authorised")).alias("cina_assessment_auth_date"),
        _flags(_ASSESSMENTS, "ending").alias("cina_assessment_outcome_json"),
        pl.when(pl.col("ending").is_not_null()).then(_yes_or_no(ended_so)).alias("cina_assessment_outcome_nfa"),
    )


def _factors(referrals: pl.DataFrame) -> pl.DataFrame:
    """Domestic abuse is recorded when an assessment ends."""
    about = pl.when(pl.col("domestic_abuse") == 1).then(pl.lit('["3B"]')).otherwise(pl.lit('["21"]'))
    return referrals.filter(pl.col("authorised").is_not_null()).select(
        _id_of_child("A").alias("cinf_assessment_id"), about.alias("cinf_assessment_factors_json")
    )


def _enquiries(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("section_47_started").is_not_null()).select(
        _id_of_child("E").alias("s47e_s47_enquiry_id"),
        pl.col("referral").alias("s47e_referral_id"),
        pl.col("child").alias("s47e_person_id"),
        a_date(pl.col("strategy_held")).alias("s47e_s47_start_date"),
        a_date(pl.col("section_47_ended")).alias("s47e_s47_end_date"),
    )


def _conferences(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("conference_held").is_not_null()).select(
        _id_of_child("E").alias("icpc_s47_enquiry_id"),
        pl.col("child").alias("icpc_person_id"),
        pl.col("referral").alias("icpc_referral_id"),
        pl.lit("N").alias("icpc_icpc_transfer_in"),
        a_date(pl.col("conference_held")).alias("icpc_icpc_date"),
    )


def _held(referrals: pl.DataFrame) -> pl.DataFrame:
    """Everybody who held each referral, from one to the next."""
    held = referrals.filter(pl.col("holders").list.len() > 0).explode("holders")
    return held.select("child", "referral", pl.col("holders").struct.unnest())


def _involvements(referrals: pl.DataFrame) -> pl.DataFrame:
    return _held(referrals).select(
        pl.col("holder").alias("invo_professional_id"),
        pl.lit("Allocated Case Worker").alias("invo_professional_role_id"),
        pl.col("team").alias("invo_professional_team"),
        pl.col("child").alias("invo_person_id"),
        a_date(pl.col("from")).alias("invo_involvement_start_date"),
        a_date(pl.col("until")).alias("invo_involvement_end_date"),
        pl.col("referral").alias("invo_referral_id"),
    )


def _professionals(referrals: pl.DataFrame) -> pl.DataFrame:
    """Those who held a referral: the dataset names no others here, neither managers nor who takes no case."""
    everybody = _held(referrals).drop_nulls("holder").unique("holder", keep="last", maintain_order=True).sort("holder")
    title = pl.col("role").replace_strict(_TITLES, default="Practitioner", return_dtype=pl.String)
    number = pl.col("holder").str.extract(r"(\d+)$")
    return everybody.select(
        pl.col("holder").alias("prof_professional_id"),
        pl.format("{}-S{}", pl.lit(MARK), number).alias("prof_staff_id"),
        pl.format("{} Worker {}", pl.lit(MARK.title()), number).alias("prof_professional_name"),
        pl.format("{}-SW{}", pl.lit(MARK), number).alias("prof_social_worker_registration_no"),
        title.alias("prof_professional_job_title"),
        pl.col("team").alias("prof_professional_department"),
        pl.col("fte").alias("prof_full_time_equivalency"),
    )


def _departments(referrals: pl.DataFrame) -> pl.DataFrame:
    every = pl.concat([referrals["team"], _held(referrals)["team"]]).drop_nulls().unique().sort()
    teams = every.to_frame("team")
    return teams.select(pl.col("team").alias("dept_team_id"), pl.col("team").alias("dept_team_name"))


def _visits(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("seen").is_not_null()).select(
        pl.col("child").alias("cinv_person_id"),
        a_date(pl.col("seen")).alias("cinv_cin_visit_date"),
        pl.lit("Y").alias("cinv_cin_visit_seen"),
    )


def _early_help(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(FOR_EARLY_HELP & pl.col("help_started").is_not_null()).select(
        pl.col("child").alias("earl_person_id"),
        a_date(pl.col("help_started")).alias("earl_episode_start_date"),
    )
