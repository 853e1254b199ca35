"""The lists of Annex A: what they are called, and their columns that are read, with the headings really seen.

Headings without spaces are those of the script that makes the lists from the Standard Safeguarding Dataset.
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from sim.history.fields import DATE, ID, TEXT, YES_NO, Field, Kind, plain
from sim.history.sources import LOCAL, SOURCE

CONTACTS, EARLY_HELP, REFERRALS, ASSESSMENTS, ENQUIRIES, CASES, PLANS = range(1, 8)


def _support(cells: pl.Series) -> pl.Series:
    told = YES_NO.read(cells)
    return told.set(told.is_null() & cells.is_not_null(), LOCAL)


_SUPPORT = Kind("must be text", _support)
"""Whether an assessed child needs support: yes, no, unknown, or an outcome of the authority's own."""


def _reason(cells: pl.Series) -> pl.Series:
    told = cells.str.to_uppercase().str.extract(r"^(?:[A-Z]\)\s*)?RC\s?([1-9])\b").cast(pl.Int8)
    return told.set(told.is_null() & cells.is_not_null(), LOCAL)


_REASON = Kind("must be text", _reason)
"""The number of a reason for closure, 8 for `RC8 - Case closed after assessment, no further action`."""

_STATUSES = ("looked after child", "child protection plan", "child in need plan", "open assessment", "closed episode")
CLOSED = _STATUSES.index("closed episode")
"""The status of a case that has ended."""


def _status(cells: pl.Series) -> pl.Series:
    letters = {
        f"{letter}) {words}": place for place, (letter, words) in enumerate(zip("abcde", _STATUSES, strict=True))
    }
    told = {**letters, **{words: place for place, words in enumerate(_STATUSES)}}
    places = {cell: told.get(plain(cell), LOCAL) for cell in cells.drop_nulls().unique().to_list()}
    return cells.replace_strict(places, default=None, return_dtype=pl.Int8)


_STATUS = Kind("must be text", _status)
"""What a case of a child in need has come to: the place in `_STATUSES`."""

_CHILD = Field(
    "child_id",
    ID,
    ("Child Unique ID", "Child ID", "Unique Child ID", "Child's Unique ID", "ChildUniqueID"),
    must_hold=True,
)
_TEAM = Field("team", TEXT, ("Allocated Team", "AllocatedTeam"))
_WORKER = Field("worker", TEXT, ("Allocated Worker", "Allocated Social Worker", "AllocatedWorker"))


class List(NamedTuple):
    """A list of Annex A: what it is called, the names its sheet or file may have, its columns that are wanted.

    A list is known by its child and by `date`, the column it goes by. `is_beside` says that journeys are told without
    it: where its date has no column it is named and left unread, and a row without that date is named and not used.
    """

    title: str
    names: tuple[str, ...]
    date: str
    fields: tuple[Field, ...]
    is_beside: bool = False

    @property
    def known_by(self) -> tuple[Field, ...]:
        """The columns by which the list is known, under the headings of Annex A alone."""
        wanted = (field for field in self.fields if field.name in (_CHILD.name, self.date))
        return tuple(field._replace(name=field.headings[0]) for field in wanted)


LISTS: Mapping[int, List] = {
    CONTACTS: List(
        "contacts",
        ("contacts",),
        "contact_date",
        (
            _CHILD,
            Field("contact_date", DATE, ("Date of Contact", "Contact Date", "DateOfContact"), must_hold=True),
            Field("source", SOURCE, ("Contact Source", "Source of Contact", "ContactSource")),
        ),
    ),
    EARLY_HELP: List(
        "early help",
        ("early help", "early help assessments"),
        "help_began",
        (
            _CHILD,
            Field(
                "help_began",
                DATE,
                ("Assessment start date", "Early Help Assessment Start Date", "AssessmentStartDate"),
            ),
        ),
        is_beside=True,
    ),
    REFERRALS: List(
        "referrals",
        ("referrals",),
        "referral_date",
        (
            _CHILD,
            Field("referral_date", DATE, ("Date of Referral", "Referral Date", "ReferralDate"), must_hold=True),
            Field("referral_source", SOURCE, ("Referral Source", "Source of Referral", "ReferralSource")),
            Field("no_action", YES_NO, ("Referral NFA?", "Referral NFA", "ReferralNFA")),
            _TEAM,
            _WORKER,
        ),
    ),
    ASSESSMENTS: List(
        "assessments",
        ("assessments", "continuous assessments"),
        "assessment_started",
        (
            _CHILD,
            Field(
                "assessment_started",
                DATE,
                ("Continuous Assessment Start Date", "ContinuousAssessmentStart"),
                must_hold=True,
            ),
            Field(
                "authorised",
                DATE,
                (
                    "Continuous Assessment Date of Authorisation",
                    "Continuous Assessment Authorisation Date",
                    "ContinuousAssessmentAuthDate",
                ),
            ),
            Field(
                "support",
                _SUPPORT,
                (
                    "Was the child assessed as requiring LA children's social care support?",
                    "Was the child assessed as requiring LA children's social care support",
                    "CSCSupportRequired",
                ),
            ),
            _TEAM,
            _WORKER,
        ),
    ),
    ENQUIRIES: List(
        "section 47 enquiries",
        ("sec47 and icpc", "section 47 and icpc", "s47 and icpc", "section 47", "s47", "s47 & icpc"),
        "strategy_held",
        (
            _CHILD,
            Field(
                "strategy_held",
                DATE,
                (
                    "Strategy discussion initiating Section 47 Enquiry Start Date",
                    "Section 47 Enquiry Start Date",
                    "Strategy discussion initiating Section 47 Enquiry",
                    "StratDiscussionDate",
                ),
                must_hold=True,
            ),
            Field(
                "not_needed",
                YES_NO,
                (
                    "Was an Initial Child Protection Conference deemed unnecessary?",
                    "Was an Initial Child Protection Conference deemed unnecessary",
                    "InitialCPConfUnnecessary",
                ),
            ),
            Field("conference_held", DATE, ("Date of Initial Child Protection Conference", "InitialCPConfDate")),
            _TEAM,
            _WORKER,
        ),
    ),
    CASES: List(
        "children in need",
        ("children in need", "child in need"),
        "case_began",
        (
            _CHILD,
            Field("case_began", DATE, ("CIN Start Date", "CIN Episode Start Date", "CINStartDate")),
            Field("case_closed", DATE, ("CIN Closure Date", "CIN End Date", "CINClosureDate")),
            Field("reason", _REASON, ("Reason for Closure", "ReasonForClosure")),
            Field("status", _STATUS, ("Case Status", "CaseStatus")),
        ),
        is_beside=True,
    ),
    PLANS: List(
        "child protection plans",
        ("child protection", "child protection plans"),
        "plan_began",
        (
            _CHILD,
            Field(
                "plan_began",
                DATE,
                ("Child Protection Plan Start Date", "CP Plan Start Date", "ChildProtectionPlanStartDate"),
            ),
        ),
        is_beside=True,
    ),
}
"""The lists that are read.

Birth dates, gender, ethnicity and disability are in every list and are not read; a worker's name becomes a pseudonym.
"""

BEYOND: Mapping[int, tuple[str, tuple[str, ...]]] = {
    8: ("children in care", ("children in care", "looked after children", "cla", "lac")),
    9: ("care leavers", ("care leavers",)),
    10: ("children for adoption", ("adoption",)),
    11: ("adopters", ("adopters", "prospective adopters")),
}
"""The lists that no step of a contact's journey stands in, with the names of their sheets; never read."""


def by_name(place: str) -> int | None:
    """The list of a name such as `List_1`, `list 3.csv`, `Contacts` or `List 4 - Assessments`."""
    name = plain(place.removesuffix(".csv").removesuffix(".CSV"))
    names = {**{number: one.names for number, one in LISTS.items()}, **{n: others for n, (_, others) in BEYOND.items()}}
    for number, known in names.items():
        forms = (f"list {number}", f"list{number}", *known)
        if any(name == form or name.startswith((f"{form} ", f"{form}-", f"{form}.")) for form in forms):
            return number
    return None
