"""What the documents point to is there. What they tell people to type is tried in tests/documented."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.assumptions_page import PAGE, page

ROOT = Path(__file__).parents[1]
DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks" / "README.md")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def links() -> Iterator[tuple[str, str]]:
    """Every link to a file of the repository: the document, and what it points to."""
    for document in DOCUMENTS:
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|#", target):
                yield document.relative_to(ROOT).as_posix(), target


@pytest.mark.parametrize(("document", "target"), sorted(set(links())))
def test_a_link_leads_somewhere(document: str, target: str) -> None:
    path, _, heading = target.partition("#")
    found = (ROOT / document).parent / path if path else ROOT / document

    assert found.exists()
    if heading:
        words = [re.sub(r"[^\w\s-]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
                 for line in found.read_text(encoding="utf-8").splitlines() if line.startswith("#")]  # fmt: skip
        assert heading in words


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
