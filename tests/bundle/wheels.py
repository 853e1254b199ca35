"""Wheels made by hand, and a stand-in for pip that puts two of them where it is told to: no index is asked."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from sim.bundle import making

StandIn = list[tuple[str, ...]]
"""What pip was asked for, in order."""


def wheel(folder: Path, name: str, *lines: str, code: str = "") -> Path:
    """A wheel of one module that says these lines of itself."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    information = f"{name}-1.0.dist-info"
    with ZipFile(path, "w") as file:
        file.writestr(f"{name}/__init__.py", "")
        file.writestr(f"{name}/__main__.py", code)
        said = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *lines])
        file.writestr(f"{information}/METADATA", said)
        file.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{information}/RECORD", "")
    return path


def stand_in_for_pip(patch: pytest.MonkeyPatch) -> StandIn:
    """In place of pip: what it was asked for, and two wheels where it was told to put them."""
    asked: StandIn = []

    def run(command: str, *arguments: str, tools: str = "") -> None:
        asked.append((command, *arguments, *([f"with {tools}"] if tools else [])))
        if command == "wheel":
            folder = Path(arguments[arguments.index("--wheel-dir") + 1])
            wheel(folder, "sim", "Requires-Dist: other", code="print('started')")
        elif command == "download":
            wheel(Path(arguments[arguments.index("--dest") + 1]), "other", "License-Expression: MIT")

    patch.setattr(making, "_pip", run)
    return asked
