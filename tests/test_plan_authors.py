"""The page for plan authors: its commands are run as they stand, on a result made by hand."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.cli import documents
from tests.commands import Command
from tests.report.results import a_result

PAGE = (Path(__file__).parents[1] / "docs" / "plan-authors.md").read_text(encoding="utf-8")


def commands() -> Iterator[str]:
    """Every command of its blocks."""
    for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL):
        yield from block.splitlines()


def test_there_are_commands_to_run() -> None:
    assert {command.split()[1] for command in commands()} == {"report", "cite", "sensitivity"}


# `sensitivity` simulates: it is run among all documented commands, on a result that was.
@pytest.mark.parametrize("command", [each for each in commands() if " sensitivity " not in each])
def test_a_documented_command_works(
    command: str, frontdoor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # How a report is written has tests of its own, and takes seconds to draw.
    monkeypatch.setattr(documents, "_WRITERS", {"docx": lambda _: b"a report"})
    given = {"results/RUN": a_result(tmp_path / "run").name, "NAME": "more-workers"}
    _, *arguments = (given.get(word, word) for word in shlex.split(command))
    code, _, error = frontdoor(*arguments)

    assert code == 0, error
