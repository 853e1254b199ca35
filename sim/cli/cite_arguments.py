"""The arguments of `frontdoor cite`, and those that say how far somebody answers for a result."""

import argparse
from datetime import date
from pathlib import Path

from sim.cli.arguments import Parser

STATUSES = ("draft", "analyst-checked", "assured", "approved")


def add_cite(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "cite",
        help="print a number of a result with all that it may be quoted with",
        description="Print a measure of a comparison that was run, with its ranges, what they hold, what it rests on, "
        "and a reference with which anybody can make it again. Nothing is simulated.",
    )
    command.add_argument("result", type=Path, metavar="RESULTS", help="a results folder, or its run.json")
    command.add_argument("measure", metavar="MEASURE", help="such as days_to_seen_q90; measures.csv lists them")
    command.add_argument("--scenario", metavar="NAME", help="one scenario (default: each that was compared)")
    command.add_argument(
        "--group", default="all", metavar="G", help="the children it is of, such as not_immediate (default: all)"
    )
    add_assurance(command)
    return command


def add_assurance(command: Parser) -> None:
    """Who answers for the result, and until when."""
    command.add_argument(
        "--status",
        choices=STATUSES,
        help="the quality assurance that people have given it; without, it says that it is not assured",
    )
    command.add_argument("--by", metavar="NAME", help="who gave it that status")
    command.add_argument("--on", type=day, metavar="DATE", help="when, as 2026-12-01")
    command.add_argument("--review-by", type=day, metavar="DATE", help="when it is to be looked at again")


def day(text: str) -> date:
    """A date as an option gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: must be a date such as 2026-12-01") from None
