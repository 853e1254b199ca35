"""Invented returns of the CIN census."""

from collections.abc import Sequence
from pathlib import Path

PERSON = "<UPN>A123456789123</UPN><PersonBirthDate>2015-05-17</PersonBirthDate><Sex>M</Sex>"


CHARACTERISTICS = "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>"


def a_header(year: int = 2024, authority: str = "855", collection: str = "CIN", ends: str = "-03-31") -> str:
    """A header of a year, without its day where `ends` is empty."""
    ends = f"<ReferenceDate>{year}{ends}</ReferenceDate>"
    return (
        f"<Header><CollectionDetails><Collection>{collection}</Collection><Year>{year}</Year>{ends}"
        f"</CollectionDetails><Source><LEA>{authority}</LEA></Source></Header>"
    )


def a_child(number: str, *details: str) -> str:
    """A Child with its CINdetails."""
    identity = f"<ChildIdentifiers><LAchildID>{number}</LAchildID>{PERSON}</ChildIdentifiers>"
    return f"<Child>{identity}{CHARACTERISTICS}{''.join(details)}</Child>"


def details(referred: str, *courses: str, source: str = "6", no_action: str = "false", closed: str = "") -> str:
    """A CINdetails; `closed` is a date and a reason."""
    day, _, reason = closed.partition(" ")
    ending = f"<CINclosureDate>{day}</CINclosureDate><ReasonForClosure>{reason}</ReasonForClosure>" if closed else ""
    begun = f"<CINreferralDate>{referred}</CINreferralDate><ReferralSource>{source}</ReferralSource>"
    return f"<CINdetails>{begun}{ending}{''.join(courses)}<ReferralNFA>{no_action}</ReferralNFA></CINdetails>"


def an_assessment(start: str, end: str = "", *factors: str) -> str:
    """An assessment with its factors."""
    ended = f"<AssessmentAuthorisationDate>{end}</AssessmentAuthorisationDate>" if end else ""
    codes = "".join(f"<AssessmentFactors>{code}</AssessmentFactors>" for code in factors)
    found = f"<FactorsIdentifiedAtAssessment>{codes}</FactorsIdentifiedAtAssessment>" if factors else ""
    return f"<Assessments><AssessmentActualStartDate>{start}</AssessmentActualStartDate>{ended}{found}</Assessments>"


def an_enquiry(start: str, conference: str = "", not_required: str = "false") -> str:
    """A section 47 enquiry."""
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    ended = f"{held}<ICPCnotRequired>{not_required}</ICPCnotRequired>"
    return f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>{ended}</Section47>"


def a_return(path: Path, *children: str, header: str = "") -> Path:
    """A whole return."""
    message = f"<Message>{header or a_header()}<Children>{''.join(children)}</Children></Message>"
    path.write_text(message, encoding="utf-8")
    return path


def returns(folder: Path, **years: Sequence[str]) -> Path:
    """A folder with a return for each year, such as `y2023`."""
    folder.mkdir()
    for year, children in years.items():
        a_return(folder / f"cin-{year}.xml", *children, header=a_header(int(year[1:])))
    return folder
