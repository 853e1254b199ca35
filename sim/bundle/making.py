"""Makes the folder: the locked wheels of one kind of machine, our own, what starts them, and a list of it all."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sim import __version__
from sim.bundle.contents import Item, as_csv, contents, missing
from sim.bundle.lock import locked_for
from sim.bundle.platforms import Target

MARK: Final = "bundle.json"
ROOT: Final = Path(__file__).parents[2]
LOCK: Final = ROOT / "requirements" / "runtime.txt"
TOOLS: Final = ROOT / "requirements" / "build.txt"
"""What packs Front Door, with hashes; it is not in the folder."""
_STRICT: Final = ("--no-deps", "--require-hashes", "--only-binary", ":all:")

_BAT: Final = """@echo off
rem Double-click this file. It needs Python {python}, and neither a network nor an administrator.
rem Not cd, which cannot go to a folder of a server.
pushd "%~dp0"
where py >nul 2>nul
if not errorlevel 1 (
  py -{python} start.py %*
  goto ended
)
where python >nul 2>nul
if not errorlevel 1 (
  python start.py %*
  goto ended
)
echo Front Door: Python {python} was not found on this machine. Ask for it to be installed, for you alone will do.
:ended
if errorlevel 1 pause
popd
"""
_SH: Final = """#!/bin/sh
# Start this file. It needs Python {python}, and neither a network nor an administrator.
cd "$(dirname "$0")" || exit 1
for python in python{python} python3 python; do
  if command -v "$python" >/dev/null 2>&1; then exec "$python" start.py "$@"; fi
done
echo "Front Door: Python {python} was not found on this machine." >&2
exit 2
"""
_README: Final = """Front Door {version}, for {words} with Python {python}

To start it, open {starts_with}. The first time it is installed in this folder, which takes a minute or two; then its
page opens in the browser. Closing the window that it opened ends it. Another command is given behind it, as in:
{starts_with} compare --help

It needs Python {python} on the machine, for this user or for all. It needs no administrator and no network, and calls
no other machine.

contents.csv lists every package with its licence and its hash, for whoever must approve them. start.py checks the
hashes before it installs anything. "installed" is made by it and may be deleted at any time.

To be rid of all of it, delete this folder. Results of the page lie where your programs keep what is theirs; the page's
--folder says where else.

What was tried: see docs/council-laptop.md in the project. A folder for Windows or a Mac has not been started there yet.
"""


class BundleError(ValueError):
    """A folder that cannot be made."""


def bundle(folder: Path, target: Target, python: str, told: Callable[[str], None]) -> tuple[Item, ...]:
    """Fill an empty folder for a kind of machine and its Python, such as 3.12; gives what it holds.

    The packages are fetched from the index that pip is set to; `told` hears what is being done. Raises `BundleError`.
    """
    if not (LOCK.is_file() and TOOLS.is_file()):
        raise BundleError(
            "a folder is made from a copy of the repository, installed as its README says: there is no lock"
        )
    wheels = folder / "wheels"
    wheels.mkdir()
    lines = locked_for(LOCK, target.environment(python))
    wanted = folder / "locked.txt"
    wanted.write_text(lines, encoding="utf-8")
    told("fetching packages")
    _pip("download", *_fetching(target, python, wanted, wheels))
    told("packing Front Door")
    _pack(wheels)
    items = contents(wheels)
    lacking = sorted(missing(wheels, target.environment(python)))
    if lacking:
        raise BundleError(f"the lock lacks what others need there: {', '.join(lacking)}")
    _write(folder, target, python, items)
    return items


def _pack(wheels: Path) -> None:
    """Our own wheel, made by tools as they are locked: left to itself pip fetches whatever is newest, unchecked."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as tools:
        _pip("install", *_STRICT, "--target", tools, "--requirement", str(TOOLS))
        here = ["--no-deps", "--no-build-isolation", "--no-index"]
        _pip("wheel", *here, "--wheel-dir", str(wheels), str(ROOT), tools=tools)


def _fetching(target: Target, python: str, wanted: Path, wheels: Path) -> Sequence[str]:
    tags = [part for tag in target.tags for part in ("--platform", tag)]
    interpreter = ["--python-version", python, "--implementation", "cp"]
    return [*_STRICT, *tags, *interpreter, "--dest", str(wheels), "--requirement", str(wanted)]


def _pip(command: str, *arguments: str, tools: str = "") -> None:
    """Run pip, with a folder of `tools` to build with; its own words are told only where it fails."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    ran = subprocess.run(  # noqa: S603  (our own Python)
        [sys.executable, "-m", "pip", command, *quiet, *arguments],
        env={**os.environ, "PYTHONPATH": tools} if tools else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        lines = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")]
        said = (lines or ran.stderr.splitlines() or ["it said nothing"])[-1].removeprefix("ERROR: ")
        raise BundleError(f"pip {command}: {said}")


def _write(folder: Path, target: Target, python: str, items: Sequence[Item]) -> None:
    """All but the wheels."""
    known = {item.file: item.sha256 for item in items}
    told = {
        "frontdoor": __version__,
        "python": python,
        "system": target.system,
        "machine": target.machine,
        "words": target.words,
        "made_from": hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest(),
        "files": known,
    }
    (folder / MARK).write_text(json.dumps(told, indent=1), encoding="utf-8")
    (folder / "contents.csv").write_text(as_csv(items), encoding="utf-8-sig", newline="")
    (folder / "start.py").write_text(files("sim.bundle").joinpath("start.py").read_text("utf-8"), encoding="utf-8")
    on_windows = target.starts_with.endswith(".bat")
    starter = folder / target.starts_with
    ending = "\r\n" if on_windows else "\n"
    starter.write_text((_BAT if on_windows else _SH).format(python=python), encoding="utf-8", newline=ending)
    starter.chmod(0o755)
    words = _README.format(version=__version__, words=target.words, python=python, starts_with=target.starts_with)
    (folder / "README.txt").write_text(words, encoding="utf-8", newline="\r\n")
