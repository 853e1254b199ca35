"""A desk at which documented commands are typed: the files they name, under the names that the documents give them."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.commands import Command
from tests.documented.reading import ROOT
from tests.documented.table import COMMANDS
from tests.documented.ways import Means, Run
from tests.notebooks.counties import short_county
from tests.published import dfe

_RECORD: Final[dict[str, object]] = {
    "demand.family_contacts_per_year": 2000.0,
    "calendar.warm_up_days": 30,
    "calendar.horizon_days": 210,
    "calendar.follow_up_days": 0,
}
_SCENARIO: Final = 'extends = "BASE.toml"\nname = "more"\ntitle = "More"\nfront_door.managers = "+3"\n'
_POSTS: Final = """team,kind,fte,start,end
North,social worker,1,,
North,social worker,0.6,,
South,agency worker,1,,
South,social worker,1,,2018-05-01
Door,front door manager,1,,
"""
_STARTS_WITHIN_SECONDS: Final = 60


class Outcome(NamedTuple):
    """How a command ended, and what it said on both streams."""

    code: int
    said: str


class Desk:
    """A folder with a small county, a record's scenario, posts, published tables, and a copy of what a checkout has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._done: dict[str, Outcome] = {}
        self._county("BASE", {"demand.family_contacts_per_year": 300.0})
        self._county("RECORD", _RECORD)
        (folder / "SCENARIO.toml").write_text(_SCENARIO, encoding="utf-8")
        (folder / "POSTS.csv").write_text(_POSTS, encoding="utf-8")
        dfe.folder(folder / "published")
        for name in ("scenarios", "notebooks", "results/example"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "pyproject.toml", folder)

    def _county(self, name: str, changes: dict[str, object]) -> None:
        made = short_county(self.folder, **changes)
        for path in self.folder.glob(f"{made.stem}.*"):
            path.rename(path.with_name(path.name.replace(made.stem, name, 1)))

    def run(self, command: str, frontdoor: Command, patch: pytest.MonkeyPatch) -> Outcome:
        """Type a command, after those whose results it uses; what was typed before is not typed again."""
        row = COMMANDS[command]
        assert isinstance(row, Run)
        for needed in row.needs:
            assert self.run(needed, frontdoor, patch).code == 0, needed
        if command not in self._done:
            settings, words = row.settings(command)
            for name, value in settings.items():
                patch.setenv(name, value)
            self._done[command] = self._typed(row.means, [self._filled(word) for word in words], frontdoor, patch)
        return self._done[command]

    def _filled(self, word: str) -> str:
        return word.replace("{desk}", str(self.folder)).replace("{port}", str(_free_port()) if "{port}" in word else "")

    def _typed(self, means: Means, words: list[str], frontdoor: Command, patch: pytest.MonkeyPatch) -> Outcome:
        patch.chdir(self.folder)
        if "MOSAIC" in words and not (self.folder / "MOSAIC").exists():
            assert frontdoor("synthesise", "RECORD.toml", "--format=mosaic", "--out=MOSAIC")[0] == 0
        if means in {Means.HERE, Means.WITHOUT_PIP}:
            code, out, err = frontdoor(*words[1:])
            return Outcome(code, out + err)
        if means is Means.SERVED:
            return self._served(words)
        at = ROOT if means is Means.IN_REPOSITORY else self.folder
        ran = subprocess.run(  # noqa: S603  (our own documents' commands)
            _in_this_python(words, at), cwd=at, env=_environment(), capture_output=True, encoding="utf-8", check=False
        )
        return Outcome(ran.returncode, ran.stdout + ran.stderr)

    def _served(self, words: list[str]) -> Outcome:
        """Ask the page that a process serves, then end the process."""
        port = words[words.index("--port") + 1]
        with (self.folder / "serve.txt").open("wb") as said:
            command = [sys.executable, "-m", "sim", *words[1:]]
            process = subprocess.Popen(command, cwd=self.folder, env=_environment(), stdout=said, stderr=said)  # noqa: S603  (likewise)
        until = time.monotonic() + _STARTS_WITHIN_SECONDS
        try:
            while process.poll() is None and time.monotonic() < until:
                with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                    return Outcome(0, page.read().decode("utf-8"))
                time.sleep(0.2)
            return Outcome(process.poll() or 1, (self.folder / "serve.txt").read_text(encoding="utf-8"))
        finally:
            process.terminate()
            process.wait(timeout=_STARTS_WITHIN_SECONDS)


def _in_this_python(words: list[str], at: Path) -> list[str]:
    """A tool's words as this environment's Python runs them, with what a shell would make of a star."""
    first, *others = words
    tool = [sys.executable] if first == "python" else [sys.executable, "-m", first]
    given = [
        found
        for word in others
        for found in (sorted(p.relative_to(at).as_posix() for p in at.glob(word)) if "*" in word else [word])
    ]
    return [*tool, *given]


def _environment() -> dict[str, str]:
    """Ours, without what says that a test's process is running."""
    left_out = {name for name in os.environ if name.startswith("PYTEST_")}
    return {**{n: v for n, v in os.environ.items() if n not in left_out}, "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
