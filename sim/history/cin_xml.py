"""The CIN census as it lies in its XML: streamed child by child, and only what is wanted of each.

Birth dates, pupil numbers, ethnicity and the rest stay in the file. A file with a document type or entities is refused:
a census has none, and they can make a small file fill a computer.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.parsers import expat

from sim.history.tables import ExtractError

_BLOCK_BYTES = 1 << 16
_MOST_BESIDE = 200_000
"""Elements that are held in memory at once: those of one child, and of what is no child."""

Cells = tuple[str | None, ...]

DETAILS = ("CINreferralDate", "ReferralSource", "ReferralNFA", "CINclosureDate", "ReasonForClosure", "DateOfInitialCPC")
ASSESSMENT = ("AssessmentActualStartDate", "AssessmentAuthorisationDate")
SECTION_47 = ("S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired")
FACTORS = "FactorsIdentifiedAtAssessment"
_HEADER = ("Collection", "Year", "ReferenceDate", "LEA")


class Place(NamedTuple):
    """Where a CINdetails is: the number of its Child in the file, and its own in the Child, both from 1."""

    child: int
    details: int


@dataclass(slots=True)
class Return:
    """What is wanted of one file, as text. Assessments and enquiries name their CINdetails by its place in `details`.

    `details` are the child's id and `DETAILS`; `assessments` that place, `ASSESSMENT` and the factors joined by spaces;
    `enquiries` that place and `SECTION_47`. `without_details` are the numbers of children that have none.
    """

    name: str
    header: dict[str, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    details: list[Cells] = field(default_factory=list)
    assessments: list[tuple[int, Cells]] = field(default_factory=list)
    enquiries: list[tuple[int, Cells]] = field(default_factory=list)
    without_details: list[int] = field(default_factory=list)


def read_return(path: Path) -> Return:
    """One file of the census. Raise `ExtractError` where it cannot be read to its end, or is another return."""
    found = Return(path.name)
    try:
        _refuse_document_type(path)
        with path.open("rb") as file:
            _stream(file, found)
    except (ParseError, expat.ExpatError) as error:
        line = error.position[0] if isinstance(error, ParseError) else error.lineno
        message = f"{path.name}, line {line}: the XML is broken there ({expat.ErrorString(error.code)})"
        raise ExtractError(message) from None
    except LookupError:
        raise ExtractError(f"{path.name}: its characters are in a code that is not known: save it as UTF-8") from None
    if found.header.get("Collection", "").upper() != "CIN":
        raise ExtractError(f"{path.name}: its header does not say that it is a CIN census (Collection must be CIN)")
    return found


class _RootReachedError(Exception):
    """The first element has begun: no document type can follow."""


def _refuse_document_type(path: Path) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ExtractError(
            f"{path.name}: it has a document type (DOCTYPE) or entities, which a census has not: not read"
        )

    def stop(*_: object) -> None:
        raise _RootReachedError

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    with path.open("rb") as file, suppress(_RootReachedError):
        while block := file.read(_BLOCK_BYTES):
            parser.Parse(block)
        parser.Parse(b"", True)  # noqa: FBT003  (expat takes no names)


def _stream(file: BinaryIO, found: Return) -> None:
    """The header, which comes first, and each child as soon as it ends."""
    number, beside = 0, 0
    for _, element in iterparse(file, ("end",)):  # noqa: S314  (see `_refuse_document_type`)
        beside += 1
        if beside > _MOST_BESIDE:
            raise ExtractError(
                f"{found.name}: holds {_MOST_BESIDE} elements in or beside one child, which no census does"
            )
        if element.tag.endswith("Child") and _name(element) == "Child":
            number, beside = number + 1, 0
            _child(element, number, found)
            element.clear()
        elif not number and _name(element) in _HEADER and element.text:
            found.header.setdefault(_name(element), element.text.strip())


def _name(element: Element) -> str:
    """The name of an element without its namespace, which some systems write."""
    return element.tag.rpartition("}")[2]


def _child(child: Element, number: int, found: Return) -> None:
    identity = next((_text(part, "LAchildID") for part in child if _name(part) == "ChildIdentifiers"), None)
    every = [part for part in child if _name(part) == "CINdetails"]
    for count, part in enumerate(every, start=1):
        _details(part, Place(number, count), identity, found)
    if not every:
        found.without_details.append(number)


def _text(parent: Element, name: str) -> str | None:
    for part in parent:
        if _name(part) == name:
            return part.text
    return None


def _cells(parent: Element, names: Sequence[str]) -> Cells:
    told = {_name(part): part.text for part in reversed(parent)}
    return tuple(told.get(name) for name in names)


def _details(part: Element, place: Place, identity: str | None, found: Return) -> None:
    index = len(found.places)
    found.places.append(place)
    found.details.append((identity, *_cells(part, DETAILS)))
    for course in part:
        name = _name(course)
        if name == "Assessments":
            found.assessments.append((index, (*_cells(course, ASSESSMENT), _factors(course))))
        elif name == "Section47":
            found.enquiries.append((index, _cells(course, SECTION_47)))


def _factors(assessment: Element) -> str | None:
    codes = [code for part in assessment if _name(part) == FACTORS for code in _codes(part)]
    return " ".join(codes) or None


def _codes(factors: Element) -> Iterator[str]:
    return (code.text.strip().upper() for code in factors if code.text)
