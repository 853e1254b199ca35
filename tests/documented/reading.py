"""What the documents tell people to type: lines of blocks, and commands that stand in a sentence or a table."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "results" / "example" / "README.md",
    ROOT / "benchmarks" / "README.md",
)
# A block with a word behind its ticks is something else than commands.
_BLOCK: Final = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_OTHER_BLOCK: Final = re.compile(r"^```\S+\n.*?^```$", re.DOTALL | re.MULTILINE)
_INDENTED: Final = re.compile(r"^    (\S.*)$", re.MULTILINE)
_WITHIN: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_ALONE: Final = r"pytest|mypy|start\.bat"
_WITH_MORE: Final = r"frontdoor|python|pip|uv|jupytext|jupyter|bash|ruff|dask|\.venv/bin/python"
COMMAND: Final = re.compile(rf"(?:[A-Z_]+=\S+ )*(?:(?:{_ALONE})(?: .*)?|(?:{_WITH_MORE}) .*)")


class Shown(NamedTuple):
    """A command as a document shows it: the document, and the words to type, one space between them."""

    document: str
    command: str


def shown_in(text: str) -> Iterator[str]:
    """Every command of a text, those joined by && apart; a line of a block is one whatever it is."""
    ours = _OTHER_BLOCK.sub("", text)
    for block in _BLOCK.findall(ours):
        for line in block.replace("\\\n", " ").splitlines():
            yield from _apart(line.removeprefix("$ "))
    rest = _BLOCK.sub("", ours)
    for found in (*_WITHIN.findall(rest), *_INDENTED.findall(rest)):
        if COMMAND.fullmatch(words := " ".join(found.split())):
            yield from _apart(words)


def _apart(line: str) -> Iterator[str]:
    for part in re.sub(r"\s+# .*", "", line).split("&&"):
        if part.strip():
            yield " ".join(part.split())


def shown() -> list[Shown]:
    """Every command of every document, once for each document that shows it."""
    found = {
        Shown(document.relative_to(ROOT).as_posix(), command)
        for document in DOCUMENTS
        for command in shown_in(document.read_text(encoding="utf-8"))
    }
    return sorted(found)


def options_named() -> set[Shown]:
    """Every option that stands by itself in a sentence, without its value."""
    return {
        Shown(document.relative_to(ROOT).as_posix(), found.split()[0].partition("=")[0])
        for document in DOCUMENTS
        for found in _WITHIN.findall(_BLOCK.sub("", _OTHER_BLOCK.sub("", document.read_text(encoding="utf-8"))))
        if re.match(r"--[a-z]", found)
    }
