"""The arguments of `frontdoor sweep`."""

import argparse
from pathlib import Path

from sim.cli.arguments import (
    DEFAULT_RESULTS,
    Parser,
    add_format,
    add_machinery,
    add_scheduler,
    add_years,
    from_one,
)

DEFAULT_STORE = DEFAULT_RESULTS / "store"
DESIGNS = ("grid", "sobol", "lhs")
DEFAULT_POINTS = 64
"""As `sim.sweep` has them, told again: to import it takes a quarter of a second, in every command."""


def add_sweep(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "sweep",
        help="vary levers over ranges and see days from contact to child seen at every point",
        description="Run a baseline and many changes of it in the same simulated worlds, keep every run, and show the "
        "measures at each point. Runs are kept as they are done: the same command goes on where it was stopped, and "
        "more replications or points add to what is there.",
    )
    command.add_argument("base", nargs="?", metavar="BASE.toml", help="the baseline; default: the shipped county")
    command.add_argument(
        "--vary",
        action="append",
        required=True,
        metavar="PATH=VALUES",
        help="a lever and its values: PATH=LOW:HIGH:STEP, PATH=A,B,C, or PATH=LOW:HIGH for a design that chooses "
        "values itself; may be repeated",
    )
    _add_design(command)
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        dest="settings",
        help="change a lever of the baseline, and so of every point; may be repeated",
    )
    _add_what_is_shown(command)
    _add_how_much(command)
    command.set_defaults(scenario=[], all=False, start=[], as_at=None)
    return command


def _add_design(command: Parser) -> None:
    command.add_argument(
        "--design",
        choices=DESIGNS,
        default=DESIGNS[0],
        help="grid: every combination; sobol or lhs: --points spread evenly over the ranges (default: %(default)s)",
    )
    command.add_argument(
        "--points", type=from_one, metavar="N", help=f"how many points sobol or lhs spread (default: {DEFAULT_POINTS})"
    )


def _add_how_much(command: Parser) -> None:
    add_years(command, "point")
    command.add_argument("--out", type=Path, metavar="DIR", help="results folder (default: results/sweep-BASELINE-RUN)")
    command.add_argument(
        "--store", type=Path, default=DEFAULT_STORE, metavar="DIR", help="where runs are kept (default: results/store)"
    )
    add_machinery(command)
    add_scheduler(command)


def _add_what_is_shown(command: Parser) -> None:
    command.add_argument(
        "--measure",
        metavar="MEASURE[:GROUP]",
        help="what the table leads with and the picture draws (default: days_to_seen_q90:all); all measures are "
        "written",
    )
    command.add_argument(
        "--target",
        type=float,
        metavar="VALUE",
        help="the level of the measure that is aimed at, drawn as a line; shares as fractions of 1",
    )
    add_format(command)
