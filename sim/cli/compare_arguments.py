"""The arguments of `frontdoor compare` and of `frontdoor replay`."""

import argparse
from datetime import date
from pathlib import Path

from sim.cli.arguments import (
    Parser,
    add_format,
    add_machinery,
    add_scheduler,
    add_years,
)


def add_compare(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "compare",
        help="compare scenarios on days from contact to child seen",
        description="Run a baseline and scenarios in the same simulated worlds, and show how days from contact to "
        "child seen would change. Without files: the shipped county against the shipped scenarios that matter most.",
    )
    command.add_argument("base", nargs="?", metavar="BASE.toml", help="the baseline; default: the shipped county")
    command.add_argument("scenario", nargs="*", metavar="SCENARIO.toml", help="scenarios that extend it")
    command.add_argument("--all", action="store_true", help="every shipped scenario, with whatever baseline")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        dest="settings",
        help="change a lever of the baseline, and so of every scenario compared with it; may be repeated (frontdoor "
        "levers lists them)",
    )
    command.add_argument(
        "--targets",
        action="store_true",
        help="check the baseline alone against its published targets instead, and write no files; exit code 1 if any "
        "is not met",
    )
    add_start(command, "start every scenario from the real open work of an extract, in any format that is observed")
    command.add_argument(
        "--as-at",
        type=_date,
        metavar="DATE",
        help="the date of the extract of --start, as 2024-03-31 (default: the one it gives, or its last date)",
    )
    _add_run_options(command)
    return command


def add_start(command: Parser, meaning: str) -> None:
    """The files of an extract, in any format."""
    command.add_argument(
        "--start",
        type=Path,
        action="append",
        default=[],
        metavar="EXTRACT",
        help=f"{meaning}; once for each of several files of it",
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: must be a date such as 2024-03-31") from None


def _add_run_options(command: Parser) -> None:
    """How much is run, and where it goes."""
    add_years(command, "scenario")
    command.add_argument("--out", type=Path, metavar="DIR", help="results folder (default: results/BASELINE-RUN)")
    add_format(command)
    add_machinery(command)
    add_scheduler(command)
    command.add_argument(
        "--store",
        type=Path,
        metavar="DIR",
        help="keep what each simulated year gave in this folder, and run none again that is there: more replications "
        "or scenarios then take only their own time (default: nothing is kept)",
    )


def add_replay(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "replay",
        help="run a recorded comparison again and say whether the result is identical",
        description="Run a recorded comparison again from its run.json alone. Exit code 1 if anything differs.",
    )
    command.add_argument("record", metavar="RESULTS", help="a results folder, or its run.json")
    add_start(command, "the extract it started from, where it started from one")
    add_machinery(command)
    return command
