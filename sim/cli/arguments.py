"""Arguments of the `frontdoor` command: what its commands have in common."""

import argparse
import os
from pathlib import Path
from typing import NoReturn

from sim.experiment import planning
from sim.experiment.planning import DEFAULT_REPLICATIONS, DEFAULT_SEED
from sim.model import ENGINE_SETTING, ENGINES

BAD_INPUT = 2
NOT_MET = 1
INTERRUPTED = 130
REPLICATIONS_SETTING = planning.REPLICATIONS_SETTING
DEFAULT_RESULTS = Path("results")
DEFAULT_YEARS = 2000


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        """Stop with exit code 2."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}. See {self.prog} --help\n")


def whole(text: str) -> int:
    """A whole number as an option gives it."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def from_one(text: str) -> int:
    """A whole number of at least 1."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number}: must be 1 or more")
    return number


def add_years(command: Parser, each: str) -> None:
    """How many simulated years of `each` of what is run, and by what chance."""
    command.add_argument(
        "--replications",
        type=whole,
        metavar="N",
        help=f"simulated years of each {each} (default: the environment setting {REPLICATIONS_SETTING}, or "
        f"{DEFAULT_REPLICATIONS})",
    )
    command.add_argument(
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )


def add_format(command: Parser) -> None:
    """What is printed."""
    command.add_argument(
        "--format", choices=("table", "json", "csv"), default="table", help="what is printed (default: table)"
    )


def add_documents(command: Parser) -> None:
    """What a report is written as."""
    command.add_argument("--docx", type=Path, metavar="OUT", help="the Word file to write")
    command.add_argument(
        "--pdf", type=Path, metavar="OUT", help="the PDF to write, tagged to PDF/UA-1 (needs the extra: frontdoor[pdf])"
    )


def add_machinery(command: Parser) -> None:
    """In what years are run, and on how many cores; no result depends on either."""
    command.add_argument(
        "--engine",
        choices=ENGINES,
        help="what runs the simulated years: simpy, the model of record; compiled, the same rules and result many "
        "times faster; or auto, which is compiled where it can be (default: the environment setting "
        f"{ENGINE_SETTING}, or auto)",
    )
    command.add_argument(
        "--processes", type=from_one, default=os.cpu_count() or 1, metavar="P", help="cores to use (default: all)"
    )


def add_scheduler(command: Parser) -> None:
    """On whose machines years are run; no result depends on it either."""
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run the simulated years on the workers of a Dask cluster instead of this machine's cores, with the same "
        "result: its scheduler's address, as tcp://10.0.0.1:8786 (docs/cluster.md)",
    )
