"""`frontdoor report`: a result as a Word file, as a PDF, as a web page, or as several of them."""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.cli.citing import assurance_of
from sim.provenance import RecordError, write_whole
from sim.report import moved, result_file
from sim.report.document.about import about
from sim.report.document.assembling import report
from sim.report.document.blocks import Document
from sim.report.document.hypertext import hypertext
from sim.report.document.portable import is_there, portable
from sim.report.document.word import word

WRITERS: Final[Mapping[str, Callable[[Document], bytes]]] = {"docx": word, "pdf": portable, "html": hypertext}
_LONGEST_QUESTION: Final = 400


def report_of(options: argparse.Namespace) -> int:
    """Read the result and write the report; bad input is one sentence and exit code 2, and nothing is written."""
    wanted = {name: path for name in WRITERS if (path := getattr(options, name)) is not None}
    _refuse_odd(wanted, options.question)
    result = result_file.read(options.result)
    asked = about(result, options.scenario, options.question, assurance_of(options))
    kept = moved.read(result.folder, asked.scenario.name, result.record.run_id)
    document = report(replace(asked, moved=kept))
    contents = {name: WRITERS[name](document) for name in wanted}
    for name, path in wanted.items():
        _write(name, path, contents[name])
        sys.stderr.write(f"Report: {path}\n")
    return 0


def _refuse_odd(wanted: Mapping[str, Path], question: str | None) -> None:
    if not wanted:
        raise RecordError("report: say what to write, with --docx OUT, --pdf OUT or --html OUT, or several of them")
    for name, path in wanted.items():
        if path.suffix.lower() != f".{name}":
            raise RecordError(f"--{name} {path}: must end in .{name}")
        if path.is_dir():
            raise RecordError(f"--{name} {path}: is a folder; name a file")
        above = next((folder for folder in path.absolute().parents if folder.exists()), path.parent)
        if not above.is_dir():
            raise RecordError(f"--{name} {path}: cannot be written ({above} is a file)")
    if "pdf" in wanted and not is_there():
        raise RecordError('--pdf: what writes it is not installed; python -m pip install "frontdoor[pdf]" installs it')
    if question is not None and not (question.isprintable() and 0 < len(question.strip()) <= _LONGEST_QUESTION):
        raise RecordError(f"--question: must be one line of at most {_LONGEST_QUESTION} characters")


def _write(name: str, path: Path, content: bytes) -> None:
    """The file whole, or as it was before."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise RecordError(
            f"--{name} {path}: cannot be written ({error.strerror}); it was not changed. Is it open in another program?"
        ) from None
