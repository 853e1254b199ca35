"""The arguments of `frontdoor backcast`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_machinery
from sim.cli.calibrate_arguments import add_extract, add_runs
from sim.cli.observe_arguments import day


def add_backcast(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "backcast",
        help="test a calibration against past months: fit to what came before a date, hold it against what came after",
        description="Fit a baseline to an extract as it was known at a date, as frontdoor calibrate does, and predict "
        "the months after it: once from their real contacts and posts, and once from forecast contacts and the posts "
        "of the date. Says month by month whether the ranges held what came, whether the errors are smaller than "
        "those of a forecast without a model, and, by a mark fixed beforehand, whether it passes; the exit code is 1 "
        "where it does not. Nothing leaves this machine.",
    )
    add_extract(command)
    command.add_argument("--fit-to", type=day, required=True, metavar="DATE", help="the last day that is fitted")
    command.add_argument(
        "--format", choices=("table", "json"), default="table", help="what is printed (default: table)"
    )
    command.add_argument(
        "--beside",
        type=Path,
        metavar="OURS.toml",
        help="a baseline calibrated on this record: put the verdict beside it, for every page and report of it",
    )
    add_runs(command, "results/backcast-DATE")
    add_machinery(command)
    return command
