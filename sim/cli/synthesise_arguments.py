"""The arguments of `frontdoor synthesise`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, whole
from sim.experiment.planning import DEFAULT_SEED

MESS_LEVELS = (0, 1, 2)


def add_synthesise(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "synthesise",
        help="write a simulated year as an authority would have recorded it",
        description="Simulate one year of a scenario and write it as an authority would have recorded it, for trying "
        "out frontdoor observe and anything else that reads such extracts. Nobody in it exists. Says how many of the "
        "links that the format does not hold are inferred as they were.",
    )
    command.add_argument("scenario", metavar="SCENARIO.toml", help="a baseline, or a scenario that extends one")
    command.add_argument(
        "--format", required=True, metavar="FORMAT", help="ssd, annex-a, cin, mosaic or journeys (the simplest)"
    )
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the extract")
    command.add_argument(
        "--mess",
        type=whole,
        choices=MESS_LEVELS,
        default=0,
        help="what goes wrong in real records, planted in known numbers: 0 none, 1 some, 2 a lot (default: 0)",
    )
    command.add_argument(
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    return command
