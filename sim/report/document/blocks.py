"""What a report is made of, whatever it is written as."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sim.report.figures.style import Picture

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a part of the report, and no level is left out below it."""

    text: str
    level: int = 1
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text, with words before it that stand out where it begins with a name."""

    text: str
    opening: str = ""
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """Lines of a list."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under its caption. `widths` are shares of the page; `alt` says in words what it holds.

    A line break in a cell is one in the table; long tables of words `is_small`.
    """

    caption: str
    headings: tuple[str, ...]
    rows: Rows
    widths: tuple[float, ...]
    alt: str = ""
    note: str = ""
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure under its caption, over a `share` of the width; its own words say what it shows."""

    caption: str
    picture: Picture
    share: float = 1.0


Block = Heading | Paragraph | Items | Grid | Drawing


SIMULATED: Final = (
    "Simulated figures: planning evidence. No number on this page describes a real child, family or worker."
)


@dataclass(frozen=True, slots=True)
class Document:
    """A report: its title, what stands at the foot of each page and above a web page, and its parts in order."""

    title: str
    subject: str
    foot: str
    made: datetime
    blocks: tuple[Block, ...]
    banner: str = SIMULATED
    keywords: str = "simulated; planning evidence"

    def headings(self) -> Iterator[tuple[int, str]]:
        """The level and text of every heading, in order."""
        return ((block.level, block.text) for block in self.blocks if isinstance(block, Heading))
