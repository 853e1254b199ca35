"""The arguments of `frontdoor init`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_machinery, whole
from sim.experiment.planning import DEFAULT_SEED

YEARS_SETTING = "FRONTDOOR_FIT_YEARS"
FEWEST_YEARS = 40


def add_init(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "init",
        help="write a baseline for any authority, fitted to what the DfE publishes of it",
        description="Write a baseline for an authority and year from the DfE's tables as downloaded. What published "
        "figures give by arithmetic is set (demand, routes, posts in proportion to work); what they do not is fitted "
        "to them by simulation, as many plausible sets of numbers rather than one best. Beside the scenario stand its "
        "sources, its targets with a picture of them against the model, its sets, and what was learned of each number. "
        "No statistic holds days from contact to a child being seen: its levels are an illustration, not records.",
    )
    _add_whose(command)
    add_fit(command)
    return command


def _add_whose(command: Parser) -> None:
    """Of whom, from what, and where to."""
    command.add_argument(
        "--published",
        nargs="+",
        type=Path,
        required=True,
        metavar="DIR",
        help="a folder of the files as downloaded, the zip of a release, or single files",
    )
    command.add_argument("--authority", metavar="NAME", help="its name or code")
    command.add_argument(
        "--all",
        action="store_true",
        help="every authority of the year, each with files of its own in the folder --out; what is there already and "
        "would be made the same is not run again",
    )
    command.add_argument(
        "--year",
        type=whole,
        required=True,
        metavar="YEAR",
        help="the March that the reporting year ends in: 2019 is 2018-19",
    )
    command.add_argument(
        "--also",
        type=Path,
        metavar="FILE.toml",
        help="what else is known of the one authority: targets as a .targets.toml has them, and words for its summary",
    )
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.toml",
        help="the scenario; the others are written beside it (with --all a folder)",
    )


def add_fit(command: Parser) -> None:
    """How much is run, by what chance, on what."""
    command.add_argument(
        "--years",
        type=_enough_years,
        metavar="N",
        help=f"simulated years in all (default: the environment setting {YEARS_SETTING}, or some 300)",
    )
    command.add_argument(
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="where simulated years are kept: a fit that was stopped goes on (default: results/init/<baseline>)",
    )
    add_machinery(command)


def _enough_years(text: str) -> int:
    number = whole(text)
    if number < FEWEST_YEARS:
        raise argparse.ArgumentTypeError(f"{number}: must be {FEWEST_YEARS} or more")
    return number
