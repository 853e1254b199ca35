"""`frontdoor cite`: a number of a result, with all that it may be quoted with."""

import argparse
import sys
from typing import Final

from sim.provenance import RecordError
from sim.report import result_file
from sim.report.assurance import Assurance, Status
from sim.report.citing import cards

ASSURING = (Status.ANALYST_CHECKED, Status.ASSURED, Status.APPROVED)

_LONGEST_NAME: Final = 200


def cite(options: argparse.Namespace) -> int:
    """Read the result and print the cards; bad input is one sentence and exit code 2."""
    given = assurance_of(options)
    found = cards(result_file.read(options.result), options.measure, options.group, options.scenario, given)
    sys.stdout.write("\n\n---\n\n".join("\n\n".join(card.lines()) for card in found) + "\n")
    return 0


def assurance_of(options: argparse.Namespace) -> Assurance:
    """What the options say of who answers for a result; raises `RecordError` where that is half said."""
    status = None if options.status is None else Status(options.status)
    if status is None and (options.by is not None or options.on is not None):
        raise RecordError("--by and --on say who gave a status, and when: give --status with them")
    if status in ASSURING and not ((options.by or "").strip() and options.on is not None):
        raise RecordError(f"--status {status}: say who gave it, and when, with --by NAME and --on DATE")
    by = (options.by or "").strip()
    if not by.isprintable() or len(by) > _LONGEST_NAME:
        raise RecordError(f"--by: must be one line of at most {_LONGEST_NAME} characters")
    if None not in (options.on, options.review_by) and options.review_by < options.on:
        raise RecordError(f"--review-by {options.review_by}: lies before --on {options.on}, when the status was given")
    return Assurance(status, by, options.on, options.review_by)
