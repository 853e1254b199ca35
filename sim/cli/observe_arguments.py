"""The arguments of `frontdoor observe`."""

import argparse
from datetime import date
from pathlib import Path

from sim.cli.arguments import Parser, whole

DEFAULT_SMALL_COUNT = 5
DEFAULT_SMALLEST_TEAM = 10
DEFAULT_MOST_REFUSED = 0.05


def add_observe(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "observe",
        help="read an authority's own extract and show days from contact to child seen as they were",
        description="Read an authority's own extract: who is waiting to be seen at its date, days from contact to "
        "child seen month by month, and the measures a comparison shows. Nothing leaves this machine; small counts are "
        "hidden in everything that is shown.",
    )
    command.add_argument(
        "extract",
        nargs="*",
        type=Path,
        metavar="EXTRACT",
        help="the extract: a file, a folder of its tables, or several files of one (months, returns, lists, tables)",
    )
    command.add_argument(
        "--template", type=Path, metavar="FILE", help="write an empty journeys CSV, the simplest format, and stop"
    )
    command.add_argument(
        "--staff",
        type=Path,
        metavar="POSTS",
        help="CSV of posts (team, kind, FTE, start, end) of those who worked on it",
    )
    command.add_argument("--absence", type=Path, metavar="DAYS", help="CSV of days on which they were absent")
    command.add_argument("--out", type=Path, metavar="DIR", help="results folder (default: results/observed-NAME-DATE)")
    command.add_argument(
        "--as-at",
        type=day,
        metavar="DATE",
        help="date of the extract, up to the end of which everything is known (default: the last date in it)",
    )
    command.add_argument(
        "--format", choices=("table", "json"), default="table", help="what is printed (default: table)"
    )
    _add_against(command)
    _add_privacy(command)
    return command


def _add_against(command: Parser) -> None:
    """What was said before it happened."""
    command.add_argument(
        "--against",
        type=Path,
        metavar="RUN",
        help="results folder of a comparison: set what was open, month by month, against what it said",
    )


def _add_privacy(command: Parser) -> None:
    """What is refused, and what is hidden."""
    command.add_argument(
        "--most-refused",
        type=share,
        default=DEFAULT_MOST_REFUSED,
        metavar="SHARE",
        help="share of rows that cannot be read beyond which nothing is computed (default: %(default)s)",
    )
    command.add_argument(
        "--small-count",
        type=_from_nought,
        default=DEFAULT_SMALL_COUNT,
        metavar="N",
        help="hide counts of 1 to N and what would give them away (default: %(default)s; 0 hides nothing)",
    )
    command.add_argument(
        "--smallest-team",
        type=_from_nought,
        default=DEFAULT_SMALLEST_TEAM,
        metavar="N",
        help="show teams with fewer children together (default: %(default)s)",
    )
    command.add_argument(
        "--keep-salt",
        type=Path,
        metavar="FILE",
        help="make pseudonyms with the salt in this file, made if it is not there, so that later extracts have the "
        "same; keep it apart from the results (default: a salt that is forgotten)",
    )


def day(text: str) -> date:
    """A date as an option gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as 2024-03-31") from None


def share(text: str) -> float:
    """A share as an option gives it."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share; write it as 0.05") from None
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text}: must be from 0 to 1")
    return number


def _from_nought(text: str) -> int:
    number = whole(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number}: must be 0 or more")
    return number
