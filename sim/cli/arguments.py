"""Arguments of the `frontdoor` command: what its commands have in common."""

import argparse
from pathlib import Path
from typing import NoReturn

BAD_INPUT = 2
NOT_MET = 1
INTERRUPTED = 130
DEFAULT_SEED = 20181010
DEFAULT_REPLICATIONS = 20
REPLICATIONS_SETTING = "FRONTDOOR_REPLICATIONS"
DEFAULT_RESULTS = Path("results")
LONGEST_TITLE, LONGEST_SUMMARY = 100, 2000
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
