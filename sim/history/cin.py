"""The children in need census: referrals and what came of them, a year to each 31 March, in XML.

It begins at the referral and holds no contacts, workers or visits. Several years in one folder are one extract; a
referral that is in several of them is taken once.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.history.cin_journeys import history_of
from sim.history.cin_returns import Census, refuse_other_ids
from sim.history.cin_xml import ASSESSMENT, DETAILS, SECTION_47, Cells, Return, read_return
from sim.history.fields import DATE, ID, TEXT, YES_NO, Field, Kind
from sim.history.history import History, Tally, oddly_read
from sim.history.ids import Column, without_noughts
from sim.history.places import Place, files_in
from sim.history.pseudonyms import Pseudonyms
from sim.history.sources import LOCAL, NATIONAL_SOURCE, sources_by_words
from sim.history.tables import ExtractError, Refusal, Rows, Table, read

_YEARS = range(2000, 2100)
"""The census began in this century; a year beyond it is a slip."""

_TRUE_FALSE = Kind("must be true or false, or 1 or 0", YES_NO.read)


def _reasons(cells: pl.Series) -> pl.Series:
    """The number of a reason, 8 for RC8."""
    told = cells.str.to_uppercase().str.extract(r"^RC(\d)$").cast(pl.Int8)
    return told.set(told.is_null() & cells.is_not_null(), LOCAL)


_REASON = Kind("must be a reason for closure", _reasons)

_DETAILS = (
    Field("child", ID, ("LAchildID",), must_hold=True),
    Field("received", DATE, ("CINreferralDate",), must_hold=True),
    Field("source", NATIONAL_SOURCE, ("ReferralSource",)),
    Field("no_action", _TRUE_FALSE, ("ReferralNFA",)),
    Field("closed", DATE, ("CINclosureDate",)),
    Field("reason", _REASON, ("ReasonForClosure",)),
    Field("conference_held", DATE, ("DateOfInitialCPC",)),
)
_ASSESSMENT = (
    Field("assessment_started", DATE, ("AssessmentActualStartDate",), must_hold=True),
    Field("authorised", DATE, ("AssessmentAuthorisationDate",)),
    Field("factors", TEXT, ("AssessmentFactors",)),
)
_ENQUIRY = (
    Field("strategy_held", DATE, ("S47ActualStartDate",), must_hold=True),
    Field("conference_held", DATE, ("DateOfInitialCPC",)),
    Field("not_needed", _TRUE_FALSE, ("ICPCnotRequired",)),
)


class _Part(NamedTuple):
    """One kind of element of a CINdetails: its name there, none for the CINdetails' own, and its fields."""

    name: str
    headings: Sequence[str]
    fields: Sequence[Field]


_PARTS = (
    _Part("", ("LAchildID", *DETAILS), _DETAILS),
    _Part("Assessments/", (*ASSESSMENT, "AssessmentFactors"), _ASSESSMENT),
    _Part("Section47/", SECTION_47, _ENQUIRY),
)


def recognises(path: Place) -> bool:
    """Whether a path is an XML file, or a folder with some."""
    return bool(_files(path))


def _files(path: Place) -> list[Path]:
    return [file for file in files_in(path) if file.suffix.lower() == ".xml"]


def read_cin(path: Place, pseudonyms: Pseudonyms) -> History:
    """A return, or a folder of the returns of several years.

    Raise `ExtractError` where one cannot be read as a whole. A CINdetails that cannot be is refused with all that is in
    it: the row is the number of its Child in the file, and its field says which CINdetails of the Child it is.
    """
    returns = sorted((read_return(file) for file in _files(path)), key=_year_ends)
    if len({found.header.get("LEA") for found in returns}) > 1:
        raise ExtractError(f"{path.name}: its returns are of several authorities: give those of one")
    if not any(found.places for found in returns):
        raise ExtractError(f"{path.name}: it holds no CINdetails")
    shortened = tuple(without_noughts([_ids(found) for found in returns]))
    every = [_typed(found, pseudonyms) for found in returns]
    refuse_other_ids(every)
    history = history_of(every, pseudonyms)
    return replace(history, findings=(*shortened, *history.findings))


def _ids(found: Return) -> Column:
    """The children's ids as text, each with the number of its Child in the file."""
    table = read(Rows(found.name, _PARTS[0].headings, _numbered(list(enumerate(found.details)))), _DETAILS[:1])
    where = pl.Series("row", [place.child for place in found.places], dtype=pl.UInt32).gather(table.frame["row"] - 1)
    return Column(table._replace(frame=table.frame.with_columns(where)), "child", "LAchildID")


def _year_ends(found: Return) -> date:
    """The day the return is about, up to the end of which it goes."""
    stated, year = found.header.get("ReferenceDate", ""), found.header.get("Year", "")
    for text in (stated[:10], f"{year}-03-31"):
        with suppress(ValueError):
            day = date.fromisoformat(text)
            if day.year in _YEARS:
                return day
    raise ExtractError(f"{found.name}: its header has no ReferenceDate, so its year is not known")


def _typed(found: Return, pseudonyms: Pseudonyms) -> Census:
    """A return as what it is, each row with `details`, the place of its CINdetails; refused ones are left out."""
    rows: tuple[Iterable[tuple[int, Cells]], ...] = (enumerate(found.details), found.assessments, found.enquiries)
    tables = [
        (read(Rows(found.name, part.headings, _numbered(cells)), part.fields), [place for place, _ in cells], part)
        for cells, part in zip(map(list, rows), _PARTS, strict=True)
    ]
    refused: dict[int, Refusal] = {}
    for table, places, part in tables:
        for refusal in table.refused:
            refused.setdefault(places[refusal.row - 1], _located(refusal, found, places[refusal.row - 1], part))
    details, assessments, enquiries = (_placed(table, places, refused) for table, places, _ in tables)
    where = pl.Series("row", [place.child for place in found.places], dtype=pl.UInt32)
    return Census(
        details=details.with_columns(
            pseudonyms.of(details["child"], "child"),
            where.gather(details["details"]),
            pl.lit(found.name).alias("table"),
        ),
        assessments=assessments,
        enquiries=enquiries,
        tally=Tally(found.name, len(found.places), len(details), len(refused)),
        refused=tuple(sorted(refused.values())),
        year_ends=_year_ends(found),
        without_details=tuple(found.without_details),
        placeholders=tuple(
            one for table, places, _ in tables for one in oddly_read(_as_children(table, found, places))
        ),
        inferred=sources_by_words(table for table, _, _ in tables),
    )


def _as_children(table: Table, found: Return, places: Sequence[int]) -> Table:
    """The table with its placeholders by the number of the Child that each stands in, of all CINdetails."""
    rows = {
        name: tuple(found.places[places[row - 1]].child for row in rows) for name, rows in table.placeholders.items()
    }
    return table._replace(placeholders=rows, in_file=len(found.places))


def _numbered(cells: Sequence[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    return ((number, row) for number, (_, row) in enumerate(cells, start=1))


def _located(refusal: Refusal, found: Return, details: int, part: _Part) -> Refusal:
    """A refusal where it is in the XML, by the name that the field has there."""
    place = found.places[details]
    heading = next(field.headings[0] for field in part.fields if field.name == refusal.field)
    return Refusal(found.name, place.child, f"CINdetails[{place.details}]/{part.name}{heading}", refusal.rule)


def _placed(table: Table, places: Sequence[int], refused: dict[int, Refusal]) -> pl.DataFrame:
    """The rows read of CINdetails that are not refused."""
    where = pl.Series("details", places, dtype=pl.UInt32).gather(table.frame["row"] - 1)
    frame = table.frame.drop("row").with_columns(where)
    return frame.filter(~pl.col("details").is_in(list(refused)))
