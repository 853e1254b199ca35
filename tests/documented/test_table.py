"""Every command that a document shows stands in the table, and the table holds nothing else."""

import argparse
import re
import tomllib

import pytest

from sim import cli
from tests.documented.reading import COMMAND, ROOT, Shown, options_named, shown, shown_in
from tests.documented.table import COMMANDS
from tests.documented.ways import Elsewhere, Means, PartOf, Run

RUN = {command: row for command, row in COMMANDS.items() if isinstance(row, Run)}


def test_every_documented_command_stands_in_the_table() -> None:
    assert [one for one in shown() if one.command not in COMMANDS] == []


def test_the_table_holds_only_what_a_document_shows() -> None:
    assert sorted(set(COMMANDS) - {one.command for one in shown()}) == []


def test_commands_are_found_wherever_they_stand() -> None:
    text = (
        "Type `frontdoor levers` or `--set`, or `frontdoor\ncite X`; `frontdoor` alone is its name.\n\n"
        "```\nfrontdoor a --b \\\n  c   # why\npip install x && frontdoor d\n```\n\n    python -m e\n\n"
        "```text\nno\n```\n\n## Nor this\n\n```text\nno\n```\n"
    )

    assert set(shown_in(text)) == {
        "frontdoor levers", "frontdoor cite X", "frontdoor a --b c", "pip install x", "frontdoor d", "python -m e",
    }  # fmt: skip


def test_a_line_of_a_block_is_a_command() -> None:
    assert [one for one in shown() if not COMMAND.fullmatch(one.command)] == []


@pytest.mark.parametrize("command", [command for command, row in RUN.items() if command.startswith("frontdoor")])
def test_a_documented_command_is_one_with_those_options(command: str) -> None:
    words = [word.replace("{port}", "8000") for word in RUN[command].words(command)]
    try:
        cli._options(words[1:])
    except SystemExit as refused:
        pytest.fail(f"{command} is refused with code {refused.code}")


def test_what_is_only_named_is_part_of_a_command_that_is_run() -> None:
    parts = {command: row.command for command, row in COMMANDS.items() if isinstance(row, PartOf)}

    assert [named for named, whole in parts.items() if whole not in RUN] == []
    assert [
        (named, whole)
        for named, whole in parts.items()
        if not {word.removesuffix("...") for word in named.split()} - {""}
        <= {word.removesuffix("...") for word in whole.replace("BASE.toml", "").split()} | {"BASE.toml"}
    ] == []


def test_what_is_run_elsewhere_is_run_by_a_test_that_there_is() -> None:
    for row in COMMANDS.values():
        if isinstance(row, Elsewhere):
            file, _, name = row.test.partition("::")
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_what_a_command_uses_is_made_by_a_command_that_is_run() -> None:
    assert [need for row in RUN.values() for need in row.needs if need not in RUN] == []
    assert not [command for command, row in RUN.items() if row.is_quick and row.means is Means.IN_REPOSITORY]


def options(parser: argparse.ArgumentParser) -> set[str]:
    """Every option of a parser and of its commands."""
    found = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                found |= options(command)
    return found


OTHERS_OPTIONS = {
    Shown("CONTRIBUTING.md", "--upgrade"),
    Shown("docs/backcast.md", "--from"),
    Shown("docs/backcast.md", "--to"),
    Shown("docs/cluster.md", "--host"),
    Shown("docs/cluster.md", "--no-dashboard"),
    Shown("benchmarks/README.md", "--dataset"),
    Shown("benchmarks/README.md", "--every"),
}
"""Options of uv, of Dask and of the benchmarks."""


def test_an_option_that_a_document_names_is_one_of_ours() -> None:
    ours = options(cli._parser())

    assert sorted(one for one in options_named() - OTHERS_OPTIONS if one.command not in ours) == []


def test_an_extra_that_a_document_installs_is_one_there_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {extra for one in shown() for extra in re.findall(r'"\.\[(\w+)\]"', one.command)}

    assert named
    assert named <= set(project["optional-dependencies"])
