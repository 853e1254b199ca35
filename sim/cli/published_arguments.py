"""The arguments of `frontdoor published`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_format, whole


def add_published(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "published",
        help="show what the DfE publishes of an authority and a year, and what no statistic tells",
        description="Read the DfE's tables as downloaded (children in need C1 to C6, children's social work "
        "workforce), known by their columns whatever their files are called, and show what they tell of one authority "
        "in one reporting year: every figure with its row, what stands in for what is missing, what is suppressed, and "
        "whether what counts as a referral changed. Nothing is downloaded.",
    )
    command.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="a folder of the files as downloaded, the zip of a release, or single files",
    )
    command.add_argument("--authority", metavar="NAME", help="its name, or its code of three or nine digits")
    command.add_argument(
        "--year", type=whole, metavar="YEAR", help="the March that the reporting year ends in: 2019 is 2018-19"
    )
    command.add_argument(
        "--all",
        action="store_true",
        help="every authority instead: usable, or declined and why; in every year, or in --year",
    )
    add_format(command)
    return command
