"""A report as one web page that needs nothing but itself: headings, captions, header cells and words for pictures."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from markupsafe import Markup

from sim.report.document.blocks import Block, Document, Drawing, Heading
from sim.report.page import environment, inline

TEMPLATE: Final = "report.html.j2"


class Part(NamedTuple):
    """A block as the template takes it: its kind, its number among its like, a name to point to, and its drawing."""

    kind: str
    block: Block
    number: int
    id: str
    drawn: Markup


def hypertext(document: Document) -> bytes:
    """The bytes of the page; the same each time for the same report."""
    parts = tuple(_parts(document))
    contents = [
        (part.id, part.block.text) for part in parts if isinstance(part.block, Heading) and part.block.level == 1
    ]
    made = environment().get_template(TEMPLATE).render(document=document, parts=parts, contents=contents)
    return f"{made}\n".encode()


def _parts(document: Document) -> Iterator[Part]:
    numbers: Counter[str] = Counter()
    for block in document.blocks:
        kind = type(block).__name__
        numbers[kind] += 1
        drawn = inline(block.picture) if isinstance(block, Drawing) else ""
        yield Part(kind, block, numbers[kind], f"{kind.lower()}-{numbers[kind]}", Markup(drawn))  # noqa: S704  (ours)
