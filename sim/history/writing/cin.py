"""Journeys as the CIN census would have them: a return in XML for each year to 31 March, of the shape since 2025.

A return begins at the referral and says what was known on the last day of its year. A case that went on to another team
is open still. A strategy discussion that led to no section 47 enquiry is not in it.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import polars as pl

from sim.events import Outcome
from sim.history.history import STEPS
from sim.history.writing.cells import closing_reason
from sim.history.writing.invented import (
    ETHNICITIES,
    GOES_ON,
    REFERRED,
    dates_alone,
    first_and_last,
    person,
    source_code,
)

Journey = Mapping[str, object]

_AUTHORITY = "999"
"""The number of no authority."""

_YEAR_BEGINS = (4, 1)
_DOMESTIC_ABUSE, _NO_ABUSE = "3A", "21"
_ABUSE_OR_NEGLECT, _NOT_STATED = "N1", "N0"


def write(told: pl.DataFrame, folder: Path) -> None:
    """Write journeys, with the columns of `synthesis.journeys_told`, as returns in a folder that exists."""
    first, last = first_and_last(told)
    days = dates_alone(told)
    referred = days.filter(pl.col("decided").is_not_null() & pl.col("outcome").is_in([o.value for o in REFERRED]))
    for year in range(_year(first), _year(last) + 1):
        message = Element("Message")
        _header(message, year)
        _children(SubElement(message, "Children"), _of_year(referred, year), first)
        indent(message)
        path = folder / f"cin-{year}.xml"
        ElementTree(message).write(path, encoding="utf-8", xml_declaration=True)


def _year(day: date) -> int:
    """The year in which the census year of a day ends."""
    return day.year + ((day.month, day.day) >= _YEAR_BEGINS)


def _of_year(referred: pl.DataFrame, year: int) -> pl.DataFrame:
    """The referrals of a return, in order of child and date, with what was known at its end."""
    begins, ends = date(year - 1, *_YEAR_BEGINS), date(year, 3, 31)
    goes_on = pl.col("closed_as").is_in([ending.value for ending in GOES_ON])
    closed = referred.with_columns(pl.when(~goes_on.fill_null(value=False)).then("closed").alias("closed"))
    open_in_it = pl.col("closed").is_null() | (pl.col("closed") >= begins)
    known = closed.filter((pl.col("decided") <= ends) & open_in_it).with_columns(
        pl.when(pl.col(step.column) <= ends).then(step.column).alias(step.column) for step in STEPS
    )
    return known.sort("child", "decided", maintain_order=True)


def _told(parent: Element, name: str, value: object) -> None:
    """An element with a text, where there is any."""
    if value is not None:
        SubElement(parent, name).text = value.isoformat() if isinstance(value, date) else str(value)


def _header(message: Element, year: int) -> None:
    header = SubElement(message, "Header")
    collection = SubElement(header, "CollectionDetails")
    _told(collection, "Collection", "CIN")
    _told(collection, "Year", year)
    _told(collection, "ReferenceDate", date(year, 3, 31))
    source = SubElement(header, "Source")
    for name, value in (
        ("SourceLevel", "L"),
        ("LEA", _AUTHORITY),
        ("SoftwareCode", "Front Door, synthetic"),
        ("Release", "synthetic"),
        ("SerialNo", "001"),
        ("DateTime", f"{year}-04-01T00:00:00"),
    ):
        _told(source, name, value)
    levels = SubElement(SubElement(header, "Content"), "CBDSLevels")
    _told(levels, "CBDSLevel", "Child")


def _children(parent: Element, referrals: pl.DataFrame, first: date) -> None:
    for (child,), rows in referrals.group_by("child", maintain_order=True):
        element = SubElement(parent, "Child")
        _identify(element, str(child), first)
        for row in rows.iter_rows(named=True):
            _details(SubElement(element, "CINdetails"), row)


def _identify(element: Element, child: str, first: date) -> None:
    whom = person(child, first)
    identifiers = SubElement(element, "ChildIdentifiers")
    _told(identifiers, "LAchildID", child)
    _told(identifiers, "UPN", whom.pupil_number)
    _told(identifiers, "PersonBirthDate", whom.born)
    _told(identifiers, "Sex", "F" if whom.is_girl else "M")
    _told(SubElement(element, "ChildCharacteristics"), "Ethnicity", ETHNICITIES[whom.ethnicity])


def _details(element: Element, row: Journey) -> None:
    """A referral, its elements in the order of the schema."""
    source = row["source"]
    _told(element, "CINreferralDate", row["decided"])
    _told(element, "ReferralSource", source_code(source if isinstance(source, int) else None))
    _told(element, "PrimaryNeedCode", _NOT_STATED if row["authorised"] is None else _ABUSE_OR_NEGLECT)
    _told(element, "CINclosureDate", row["closed"])
    _told(element, "ReasonForClosure", None if row["closed"] is None else closing_reason(row["closed_as"]))
    if row["assessment_started"] is not None:
        _assessment(SubElement(element, "Assessments"), row)
    if row["section_47_started"] is not None and row["strategy_held"] is not None:
        _enquiry(SubElement(element, "Section47"), row)
    _told(element, "ReferralNFA", _true(is_so=row["outcome"] == Outcome.REFERRAL_NO_ACTION))


def _assessment(element: Element, row: Journey) -> None:
    _told(element, "AssessmentActualStartDate", row["assessment_started"])
    _told(element, "AssessmentAuthorisationDate", row["authorised"])
    if row["authorised"] is not None:
        factors = SubElement(element, "FactorsIdentifiedAtAssessment")
        _told(factors, "AssessmentFactors", _DOMESTIC_ABUSE if row["domestic_abuse"] == 1 else _NO_ABUSE)


def _enquiry(element: Element, row: Journey) -> None:
    is_over = row["section_47_ended"] is not None and row["authorised"] is not None
    _told(element, "S47ActualStartDate", row["strategy_held"])
    _told(element, "DateOfInitialCPC", row["conference_held"])
    _told(element, "ICPCnotRequired", _true(is_so=is_over and row["conference_held"] is None))


def _true(*, is_so: bool) -> str:
    return "true" if is_so else "false"
