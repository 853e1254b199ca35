"""What one cell of a published table says: a number with its rounding, or why there is none."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PublishedError(ValueError):
    """Published statistics cannot be used as asked; the message is one sentence that says why."""


class Code(StrEnum):
    """Why a cell holds no number. None of them is nought."""

    CONFIDENTIAL = "c"
    NOT_APPLICABLE = "z"
    UNRELIABLE = "u"
    NOT_AVAILABLE = "x"
    LOW = "low"
    BLANK = "blank"
    NOT_A_COLUMN = "no column"


MEANING: Final = {
    Code.CONFIDENTIAL: "suppressed: a count of 1 to 5, or one that would give such a count away",
    Code.NOT_APPLICABLE: "does not apply",
    Code.UNRELIABLE: "withheld as unreliable",
    Code.NOT_AVAILABLE: "not available",
    Code.LOW: "above nought, and rounds to it",
    Code.BLANK: "left blank",
    Code.NOT_A_COLUMN: "not in this release",
}

# As written in releases of Explore Education Statistics, and in the older releases before it (* . .. - and the dash).
_CODES: Final = {
    "c": Code.CONFIDENTIAL, "*": Code.CONFIDENTIAL,
    "z": Code.NOT_APPLICABLE, ".": Code.NOT_APPLICABLE,
    "u": Code.UNRELIABLE,
    "x": Code.NOT_AVAILABLE, ":": Code.NOT_AVAILABLE, "..": Code.NOT_AVAILABLE,
    "k": Code.LOW, "low": Code.LOW, "-": Code.LOW, "\N{EN DASH}": Code.LOW,
    "": Code.BLANK,
}  # fmt: skip
_NUMBER: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")


class Unit(StrEnum):
    """What a column counts."""

    COUNT = "children"
    PERCENT = "%"
    FTE = "full-time equivalents"
    WORKING_DAYS = "working days"
    CASES = "cases each"


_ROUNDED_TO: Final = {Unit.COUNT: 1.0, Unit.PERCENT: 0.1, Unit.FTE: 0.1, Unit.WORKING_DAYS: 1.0, Unit.CASES: 0.1}
COUNTS_OF_AREAS_ROUNDED_TO: Final = 10.0
"""England's and regions' counts are published to the nearest ten."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and what it was rounded to, or a code and no number."""

    value: float | None
    code: Code | None
    rounded_to: float

    @property
    def half_step(self) -> float:
        """How far rounding may have moved it; nought for a whole count of an authority."""
        return 0.0 if self.rounded_to == 1.0 else self.rounded_to / 2


def cell(text: str, unit: Unit, *, is_area: bool) -> Cell:
    """What a cell's text says; raises `ValueError` for what is neither a number nor a known code.

    Rounding is that of the column's kind, not of the digits shown: 21.0% is published as 21. `is_area` is a region or
    England, whose counts are rounded further.
    """
    said = text.strip()
    step = COUNTS_OF_AREAS_ROUNDED_TO if is_area and unit is Unit.COUNT else _ROUNDED_TO[unit]
    code = _CODES.get(said.casefold())
    if code is not None:
        return Cell(None, code, step)
    if not _NUMBER.fullmatch(said):
        raise ValueError(f"{said[:20]!r} is neither a number nor one of the codes c, z, u, x, k, low and :")
    return Cell(float(said.replace(",", "")), None, step)


NO_COLUMN: Final = Cell(None, Code.NOT_A_COLUMN, 1.0)
