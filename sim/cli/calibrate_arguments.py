"""The arguments of `frontdoor calibrate`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_documents, add_machinery, from_one, whole
from sim.cli.observe_arguments import DEFAULT_MOST_REFUSED, day, share
from sim.experiment.planning import DEFAULT_SEED

DEFAULT_RUNS = 2000


def add_calibrate(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "calibrate",
        help="set a scenario's numbers from an authority's own extract, with ranges for what it does not tell exactly",
        description="Set a baseline's numbers from an authority's own extract. What the extract shows is taken from "
        "it: demand, shares, delays that are no queues, returns. How fast people work and how long others take is "
        "fitted by running the record again, thousands of times, with its own contacts, decisions and posts. What it "
        "does not tell stays the base's, and is listed. Beside the scenario are written the source of every number, "
        "the sets of numbers that comparisons run across, and the account as data and as a page. Nothing leaves this "
        "machine.",
    )
    add_extract(command)
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE.toml", help="the scenario; the others are written beside it"
    )
    add_documents(command)
    _add_seen(command)
    add_runs(command, "results/calibrated-NAME")
    add_machinery(command)
    return command


def add_extract(command: Parser) -> None:
    """The extract, who worked on it, and the baseline beside it."""
    command.add_argument(
        "extract", nargs="+", type=Path, metavar="EXTRACT", help="the extract, as frontdoor observe takes it"
    )
    command.add_argument(
        "--base",
        type=Path,
        required=True,
        metavar="BASE.toml",
        help="a baseline for all that the extract does not tell",
    )
    command.add_argument("--staff", type=Path, metavar="POSTS", help="CSV of posts (team, kind, FTE, start, end)")
    command.add_argument("--absence", type=Path, metavar="DAYS", help="CSV of days on which they were absent")
    command.add_argument("--as-at", type=day, metavar="DATE", help="date of the extract (default: the last date in it)")
    command.add_argument(
        "--most-refused",
        type=share,
        default=DEFAULT_MOST_REFUSED,
        metavar="SHARE",
        help="share of rows that cannot be read beyond which nothing is computed (default: %(default)s)",
    )


def _add_seen(command: Parser) -> None:
    command.add_argument(
        "--seen",
        action="store_true",
        help="take only what the extract shows by itself, in seconds, and run nothing again",
    )


def add_runs(command: Parser, kept: str) -> None:
    """How much is run, and where what is run is kept."""
    command.add_argument(
        "--runs",
        type=from_one,
        default=DEFAULT_RUNS,
        metavar="N",
        help="runs of the record in each of two waves (default: %(default)s)",
    )
    command.add_argument(
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help=f"where figures of runs are kept, from which the same command goes on after a stop (default: {kept})",
    )
