"""`frontdoor report`: a result as a Word file, as a PDF, as a web page, or as several of them."""

import argparse
import sys
from dataclasses import replace
from typing import Final

from sim.cli.citing import assurance_of
from sim.cli.documents import asked_for, made, write
from sim.provenance import RecordError
from sim.report import moved, result_file
from sim.report.document.about import about
from sim.report.document.assembling import report

_LONGEST_QUESTION: Final = 400


def report_of(options: argparse.Namespace) -> int:
    """Read the result and write the report; bad input is one sentence and exit code 2, and nothing is written."""
    wanted = asked_for(options)
    if not wanted:
        raise RecordError("report: say what to write, with --docx OUT, --pdf OUT or --html OUT, or several of them")
    question: str | None = options.question
    if question is not None and not (question.isprintable() and 0 < len(question.strip()) <= _LONGEST_QUESTION):
        raise RecordError(f"--question: must be one line of at most {_LONGEST_QUESTION} characters")
    result = result_file.read(options.result)
    asked = about(result, options.scenario, question, assurance_of(options))
    kept = moved.read(result.folder, asked.scenario.name, result.record.run_id)
    contents = made(report(replace(asked, moved=kept)), wanted)
    for name, path in wanted.items():
        write(name, path, contents[name])
        sys.stderr.write(f"Report: {path}\n")
    return 0
