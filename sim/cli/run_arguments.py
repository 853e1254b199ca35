"""The arguments of `frontdoor run`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_machinery, whole
from sim.experiment.planning import DEFAULT_SEED


def add_run(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "run",
        help="simulate one year and write its event log for other tools",
        description="Simulate one year of a scenario and write everything that happened in it: tidy tables as CSV and "
        "Parquet, the columns of vidigi, XES for process mining, and a data dictionary. Nobody in it exists. It is the "
        "year of the same number of frontdoor compare with the same seed, event for event.",
    )
    command.add_argument("scenario", metavar="SCENARIO.toml", help="a baseline, or a scenario that extends one")
    command.add_argument(
        "--replication", type=whole, default=0, metavar="R", help="which year of a comparison, from 0 (default: 0)"
    )
    command.add_argument(
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the log (default: results/log-NAME-REPLICATION)"
    )
    add_machinery(command)
    return command
