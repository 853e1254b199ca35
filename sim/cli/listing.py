"""`frontdoor levers`: every lever with its value, unit and meaning."""

import argparse
import sys
from functools import reduce

from sim.cli.arguments import Parser
from sim.scenario import as_toml, levers, read, shipped


def add_levers(commands: "argparse._SubParsersAction[Parser]") -> Parser:
    """Add the command; gives it."""
    command = commands.add_parser(
        "levers",
        help="list every lever with its value, unit and meaning",
        description="List every lever with its value, unit and meaning. Values are written as a scenario file and "
        "--set PATH=VALUE write them.",
    )
    command.add_argument(
        "scenario", nargs="?", metavar="FILE.toml", help="whose values to show; default: the shipped county"
    )
    return command


def list_levers(options: argparse.Namespace) -> int:
    """Print the levers of a scenario as its file would write them."""
    scenario = read(options.scenario or shipped("leicestershire-2018-19.toml")).scenario
    values = scenario.model_dump(exclude_none=True)
    for path, field in levers():
        extra = field.json_schema_extra
        unit = extra.get("unit", "") if isinstance(extra, dict) else ""
        value = reduce(lambda part, name: part.get(name, {}), path.split("."), values)
        sys.stdout.write(f"{path} = {as_toml(value)} ({unit})\n    {field.description}\n")
    return 0
