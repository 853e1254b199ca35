"""How far somebody answers for a result: a status that people give it, and never the software."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sim.report.starts import in_words
from sim.report.wording import sentence

NOT_ASSURED = "not assured"


class Status(StrEnum):
    """The steps by which a result comes to be relied on."""

    DRAFT = "draft"
    ANALYST_CHECKED = "analyst-checked"
    ASSURED = "assured"
    APPROVED = "approved"


_UNCHECKED: Final = ": no check by anybody independent of the analysis is recorded"
_DOUBTS: Final[Mapping[Status | None, str]] = {
    None: _UNCHECKED,
    Status.DRAFT: _UNCHECKED,
    Status.ANALYST_CHECKED: "; not independently assured",
}
"""What is said after a status that is less than assured."""


@dataclass(frozen=True, slots=True)
class Assurance:
    """The status that `by` gave a result `on` a day, none where nobody did; and when it is to be looked at again."""

    status: Status | None = None
    by: str = ""
    on: date | None = None
    review_by: date | None = None

    @property
    def in_words(self) -> str:
        """The status, who gave it and when: `assured by A. Name on 1 December 2026`."""
        if self.status is None:
            return NOT_ASSURED
        who = f" by {self.by}" if self.by else ""
        return f"{self.status}{who}" + ("" if self.on is None else f" on {in_words(self.on)}")

    @property
    def told(self) -> str:
        """One or two sentences, for a report or beside a number."""
        review = (
            "No date is set by which it is to be reviewed."
            if self.review_by is None
            else f"To be reviewed by {in_words(self.review_by)}."
        )
        return f"{sentence(self.in_words)}{_DOUBTS.get(self.status, '')}. {review}"
