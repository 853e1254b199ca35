"""The arguments of `frontdoor plausible`."""

import argparse
from pathlib import Path

from sim.cli.arguments import DEFAULT_YEARS, Parser, add_machinery, from_one, whole
from sim.experiment.planning import DEFAULT_SEED


def add_plausible(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "plausible",
        help="search for sets of plausible numbers under which a baseline meets its targets",
        description="Search the plausible ranges of every number without an official source for sets under which the "
        "baseline meets all its targets, and write them as the .draws.csv that comparisons run across, with what part "
        "of each range they span.",
    )
    command.add_argument("base", metavar="BASE.toml", type=Path, help="a baseline with its sources and targets")
    command.add_argument(
        "--tune",
        action="store_true",
        help="find instead the set nearest to the baseline that meets every target with room to spare, on two seeds",
    )
    _add_size(command)
    command.add_argument(
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where years are kept and results written (default: results/plausible-<baseline>); "
        "a search that was stopped goes on from what is there",
    )
    add_machinery(command)
    return command


def _add_size(command: Parser) -> None:
    command.add_argument("--count", type=from_one, default=20, metavar="N", help="sets wanted (default: %(default)s)")
    command.add_argument(
        "--replications", type=from_one, default=4, metavar="N", help="simulated years a set (default: %(default)s)"
    )
    command.add_argument(
        "--years",
        type=from_one,
        default=DEFAULT_YEARS,
        metavar="N",
        help="simulated years in all, at most (default: %(default)s)",
    )
