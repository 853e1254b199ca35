"""`frontdoor report`: a result as a Word file."""

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from sim.cli.citing import assurance_of
from sim.provenance import RecordError
from sim.report import result_file
from sim.report.document.about import about
from sim.report.document.assembling import report
from sim.report.document.word import word

_LONGEST_QUESTION = 400


def report_of(options: argparse.Namespace) -> int:
    """Read the result and write the report; bad input is one sentence and exit code 2, and nothing is written."""
    _refuse_odd(options)
    asked = about(result_file.read(options.result), options.scenario, options.question, assurance_of(options))
    _write(options.docx, word(report(asked)))
    sys.stderr.write(f"Report: {options.docx}\n")
    return 0


def _refuse_odd(options: argparse.Namespace) -> None:
    if options.docx.suffix.lower() != ".docx":
        raise RecordError(f"--docx {options.docx}: must end in .docx")
    if options.docx.is_dir():
        raise RecordError(f"--docx {options.docx}: is a folder; name a file")
    question = options.question
    if question is not None and not (question.isprintable() and 0 < len(question.strip()) <= _LONGEST_QUESTION):
        raise RecordError(f"--question: must be one line of at most {_LONGEST_QUESTION} characters")


def _write(path: Path, content: bytes) -> None:
    """The file whole, or as it was before."""
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise RecordError(
            f"--docx {path}: cannot be written ({error.strerror}); nothing was changed. Is it open in Word?"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
