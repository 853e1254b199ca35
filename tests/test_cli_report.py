"""`frontdoor report`: a result as a Word file, whole or not at all."""

from pathlib import Path

import docx
import pytest

from sim.cli import documents
from tests.commands import Command
from tests.report.results import a_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_result(tmp_path_factory.mktemp("run"))


def test_a_result_becomes_a_word_file_a_pdf_and_a_page_with_the_question_as_it_was_asked(
    frontdoor: Command, tmp_path: Path, result: Path
) -> None:
    out, other, third = (tmp_path / "plan" / f"report.{name}" for name in ("docx", "pdf", "html"))
    asked = ["--question=Are six more enough?", "--review-by=2027-04-01"]
    code, shown, error = frontdoor("report", result, "--docx", out, "--pdf", other, "--html", third, *asked)

    assert (code, shown, error) == (0, "", f"Report: {out}\nReport: {other}\nReport: {third}\n")
    assert other.read_bytes().startswith(b"%PDF-")
    assert "<strong>Question.</strong> Are six more enough?" in third.read_text(encoding="utf-8")
    texts = [paragraph.text for paragraph in docx.Document(str(out)).paragraphs]
    assert "Question. Are six more enough?" in texts
    assert any("To be reviewed by 1 April 2027." in text for text in texts)
    assert sorted(path.name for path in out.parent.iterdir()) == ["report.docx", "report.html", "report.pdf"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--docx=plan.doc"], "--docx plan.doc: must end in .docx"),
        (["--docx=plan.docx", "--scenario=none"], "holds no scenario none to report on; there is more-workers"),
        (["--docx=plan.docx", "--status=assured"], "say who gave it, and when"),
        (["--docx=plan.docx", "--question=a\nb"], "--question: must be one line"),
        (["--docx=plan.docx", "--question= "], "--question: must be one line"),
        (["--docx=taken/plan.docx"], "cannot be written"),
        (["--docx=plan.docx", "--pdf=plan.txt"], "--pdf plan.txt: must end in .pdf"),
        (["--docx=folder.docx"], "is a folder; name a file"),
        ([], "say what to write, with --docx OUT, --pdf OUT or --html OUT, or several of them"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2_and_nothing_is_written(
    frontdoor: Command,
    tmp_path: Path,
    result: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    (tmp_path / "folder.docx").mkdir()
    code, out, error = frontdoor("report", result, *arguments)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert sentence in error
    assert not (tmp_path / "plan.docx").exists()
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_what_writes_pdfs_it_says_what_to_install(
    frontdoor: Command, tmp_path: Path, result: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "is_there", lambda: False)
    code, _, error = frontdoor("report", result, "--pdf", tmp_path / "plan.pdf")

    assert (code, error.count("\n")) == (2, 1)
    assert 'pip install "frontdoor[pdf]"' in error
