"""The arguments of `frontdoor init`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, whole


def add_init(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "init",
        help="write the beginning of a baseline for any authority, from what the DfE publishes of it",
        description="Write a baseline for an authority and year from the DfE's tables as downloaded: the scenario, "
        "where each of its numbers comes from, and the published figures it is to be held against, with a picture of "
        "those. What published figures give by arithmetic is set (demand, routes, posts in proportion to work); the "
        "rest is the shipped county's, and says so. It is not yet fitted by simulation: hold it against its targets "
        "with frontdoor compare --targets before reading anything of it.",
    )
    command.add_argument(
        "--published",
        nargs="+",
        type=Path,
        required=True,
        metavar="DIR",
        help="a folder of the files as downloaded, the zip of a release, or single files",
    )
    command.add_argument("--authority", required=True, metavar="NAME", help="its name or code")
    command.add_argument(
        "--year",
        type=whole,
        required=True,
        metavar="YEAR",
        help="the March that the reporting year ends in: 2019 is 2018-19",
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE.toml", help="the scenario; the others are written beside it"
    )
    return command
