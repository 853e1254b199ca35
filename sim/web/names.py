"""The names of an answer's files that are made of its record: Word reports, and the record itself."""

import re
from typing import Final

from sim.provenance import RECORD_NAME

_REPORT: Final = re.compile(r"report-([1-9]\d?)\.docx")


def number_of(name: str) -> int | None:
    """The number of the scenario that a report is about; None of another file."""
    found = _REPORT.fullmatch(name)
    return None if found is None else int(found[1])


def is_of_record(name: str) -> bool:
    """Whether a name is that of a report, or of the record."""
    return name == RECORD_NAME or number_of(name) is not None
