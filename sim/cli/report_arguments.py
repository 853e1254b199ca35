"""The arguments of `frontdoor report`."""

import argparse
from pathlib import Path

from sim.cli.arguments import Parser, add_documents
from sim.cli.cite_arguments import add_assurance


def add_report(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "report",
        help="write a result as a Word report, a PDF or a web page",
        description="Write what a comparison found as a Word file that a plan can take from and an inspector "
        "can check: a first page with the question and the answer, then what it rests on. Nothing is simulated.",
    )
    command.add_argument("result", type=Path, metavar="RESULTS", help="a results folder, or its run.json")
    add_documents(command)
    command.add_argument("--html", type=Path, metavar="OUT", help="the web page to write, one file that needs no other")
    command.add_argument(
        "--scenario", metavar="NAME", help="the scenario it is about (default: the one compared, or the one that leads)"
    )
    command.add_argument("--question", metavar="TEXT", help="the question it answers, in your words")
    add_assurance(command)
    return command
