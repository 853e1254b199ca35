"""The arguments of `frontdoor sensitivity`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_machinery, from_one
from sim.cli.compare_arguments import add_start

MOST, SCREENED = 8, 2


def add_sensitivity(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "sensitivity",
        help="find which unknown numbers move a result's change most, and where it breaks even",
        description="Move the numbers that nobody knows one at a time under a scenario of a result, in the worlds and "
        "the sets of numbers of its record, and look for the values at which it is as good as the baseline and as the "
        "other scenarios. What is found is kept beside the result, which stays as it is; frontdoor report shows it.",
    )
    command.add_argument("result", type=Path, metavar="RESULTS", help="a results folder, or its run.json")
    command.add_argument(
        "--scenario", metavar="NAME", help="the scenario (default: the one compared, or the one that leads)"
    )
    _add_how_much(command)
    command.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="PATH=VALUES",
        help="look for a break-even over this number, as PATH=LOW:HIGH:STEP, PATH=LOW:HIGH or PATH=A,B,C; may be "
        "repeated (default: over what the scenario assumes, and over numbers that turn the change)",
    )
    add_start(command, "the extract that the result started from, where it started from one")
    add_machinery(command)
    return command


def _add_how_much(command: Parser) -> None:
    command.add_argument(
        "--replications",
        type=from_one,
        metavar="N",
        help="simulated years at each end of each number (default: as many as the result has)",
    )
    command.add_argument(
        "--most",
        type=from_one,
        default=MOST,
        metavar="M",
        help="how many numbers: what the scenario assumes, and those that move the change most in a first pass over "
        "all (default: %(default)s)",
    )
    command.add_argument(
        "--screen",
        type=from_one,
        default=SCREENED,
        metavar="Y",
        help="simulated years of that first pass (default: %(default)s)",
    )
