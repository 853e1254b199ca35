"""The arguments of `frontdoor bundle`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser


def add_bundle(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "bundle",
        help="make a folder that starts Front Door where there is no network and no administrator",
        description="Make a folder to carry to a machine without a network: every package as it is locked, for the "
        "kind of machine asked for, with a file to double-click that installs them in the folder and opens the page, "
        "and a list of them with licences and hashes. Made from a copy of the repository; this machine must reach a "
        "package index.",
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to make")
    command.add_argument(
        "--platform",
        choices=("windows", "linux", "mac"),
        help="the kind of machine it is for (default: this one's)",
    )
    command.add_argument("--python", metavar="X.Y", help="the Python on that machine (default: this one's)")
    return command
