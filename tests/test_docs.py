"""What the documents point to is there, and the commands they show are commands that there are."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import cli
from tests.assumptions_page import PAGE, page

ROOT = Path(__file__).parents[1]
DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks" / "README.md")
LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
EXAMPLES = {"N": "2", "S": "1", "K": "1", "P": "1", "R": "0", "YEAR": "2019", "DATE": "2018-09-30"}
"""What stands for a number or a date where a document only names it."""


def links() -> Iterator[tuple[str, str]]:
    """Every link to a file of the repository: the document, and what it points to."""
    for document in DOCUMENTS:
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|#", target):
                yield document.relative_to(ROOT).as_posix(), target


def commands() -> Iterator[tuple[str, str]]:
    """Every `frontdoor` command that stands in a block: the document, and the command."""
    for document in DOCUMENTS:
        for block in BLOCK.findall(document.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                command = line.rpartition("&& ")[2].strip().removeprefix("$ ")
                if command.startswith("frontdoor "):
                    yield document.relative_to(ROOT).as_posix(), command


def arguments(command: str) -> list[str]:
    """A command's arguments, with an example in place of a name for a number, and the first of several answers."""
    _, *given = shlex.split(command, comments=True)
    given = [text.removesuffix("...") for text in given]
    return [EXAMPLES.get(text, text.split("|")[0] if re.fullmatch(r"[a-z|]+", text) else text) for text in given]


@pytest.mark.parametrize(("document", "target"), sorted(set(links())))
def test_a_link_leads_somewhere(document: str, target: str) -> None:
    path, _, heading = target.partition("#")
    found = (ROOT / document).parent / path if path else ROOT / document

    assert found.exists()
    if heading:
        words = [re.sub(r"[^\w\s-]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
                 for line in found.read_text(encoding="utf-8").splitlines() if line.startswith("#")]  # fmt: skip
        assert heading in words


@pytest.mark.parametrize(("document", "command"), sorted(set(commands())))
def test_a_command_that_a_document_shows_is_one(document: str, command: str) -> None:
    try:
        cli._options(arguments(command))
    except SystemExit as refused:
        pytest.fail(f"{document}: {command} is refused with code {refused.code}")


def test_the_page_of_assumptions_is_what_the_shipped_files_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.assumptions_page"


def test_every_document_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"<([a-z-]+)>", index))

    assert listed == {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}


@pytest.mark.slow
def test_the_documents_become_pages_that_fetch_nothing(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the documents are built with the extra docs")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "docs", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  (our own)
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html")]

    assert len(pages) > len(list((ROOT / "docs").glob("*.md")))
    assert not [found for page in pages for found in re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//[^"]*"', page)]
