"""The arguments of `frontdoor serve`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_machinery, whole


def add_serve(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "serve",
        help="open the leaders' page in a browser, on this machine only",
        description="Open a page on which changes to staffing, practice and demand are tested: a first answer after 20 "
        "simulated years of each scenario, which grows sharper as more are run. It is served to this machine alone and "
        "calls no other. Results are kept, and found again by what was asked.",
    )
    command.add_argument("files", nargs="*", type=Path, metavar="BASE.toml", help="baselines beside the shipped county")
    command.add_argument(
        "--port", type=whole, default=0, metavar="N", help="the port to serve at (default: a free one)"
    )
    command.add_argument("--no-browser", action="store_true", help="open no browser; the address is printed")
    command.add_argument(
        "--folder", type=Path, metavar="DIR", help="where results are kept (default: with what else your programs keep)"
    )
    add_machinery(command)
    return command
