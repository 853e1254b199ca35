"""`frontdoor cite`: a number of a result, with all that it may be quoted with."""

import argparse
import sys

from sim.provenance import RecordError
from sim.report import result_file
from sim.report.assurance import Assurance, Status
from sim.report.citing import cards

ASSURING = (Status.ANALYST_CHECKED, Status.ASSURED, Status.APPROVED)


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
    return Assurance(status, (options.by or "").strip(), options.on, options.review_by)
