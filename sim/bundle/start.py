"""Starts Front Door from this folder: the first time it is installed here from `wheels`, then its page opens.

Nothing is fetched, nothing outside this folder is changed but where programs keep their results, and nobody need be an
administrator. It runs by itself, on whatever Python a machine has: only the standard library is asked of it.
"""

from __future__ import annotations  # so that a Python too old says so itself

import hashlib
import json
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WHEELS = HERE / "wheels"
INSTALLED = HERE / "installed"
BAD_INPUT = 2
WHOLE = INSTALLED / "whole.txt"


def main(arguments: list[str]) -> int:
    """Install where that is still to be done, and open the page or run another command."""
    told = json.loads((HERE / "bundle.json").read_text(encoding="utf-8"))
    mistake = unfit(told) or (not_whole(told) if not is_installed(told) else "")
    if mistake:
        sys.stderr.write(f"Front Door: {mistake}\n")
        return BAD_INPUT
    if not is_installed(told):
        sys.stderr.write("Front Door is being installed in this folder, once. It takes a minute or two.\n")
        install(told)
    # Isolated: what lies in the folder it is called from, or in another Python's path, is not taken for ours.
    return subprocess.call([str(python()), "-I", "-m", "sim", *(arguments or ["serve"])])  # noqa: S603  (what lies here)


def unfit(told: dict[str, Any]) -> str:
    """Why this machine cannot use the folder, as a sentence; nothing where it can."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version != told["python"]:
        return f"this folder needs Python {told['python']}, and this is Python {version}"
    if (sys.platform, platform.machine().lower()) != (told["system"], told["machine"].lower()):
        return f"this folder was made for {told['words']}; make one for this machine with: frontdoor bundle"
    return ""


def not_whole(told: dict[str, Any]) -> str:
    """Which file of the folder is missing or another than it was, as a sentence; nothing where all are as they were."""
    for name, expected in told["files"].items():
        path = WHEELS / name
        if not path.is_file():
            return f"wheels/{name} is missing; copy the whole folder again"
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            return f"wheels/{name} is not the file that was put there; copy the whole folder again"
    return ""


def is_installed(told: dict[str, Any]) -> bool:
    """Whether all of this very folder was installed, here and not where it was copied from."""
    return WHOLE.is_file() and WHOLE.read_text(encoding="utf-8") == mark(told)


def mark(told: dict[str, Any]) -> str:
    """What tells this folder's contents and place from others."""
    return f"{told['made_from']} {INSTALLED}"


def install(told: dict[str, Any]) -> None:
    """Install anew; what an attempt that was stopped left is taken away first."""
    shutil.rmtree(INSTALLED, ignore_errors=True)
    venv.create(INSTALLED, with_pip=True)
    names = [str(WHEELS / name) for name in told["files"]]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-warn-script-location"]
    subprocess.check_call([str(python()), "-I", "-m", "pip", "install", *quiet, *names])  # noqa: S603  (what lies here)
    WHOLE.write_text(mark(told), encoding="utf-8")


def python() -> Path:
    """The Python that was installed here."""
    return INSTALLED / "Scripts" / "python.exe" if sys.platform == "win32" else INSTALLED / "bin" / "python"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
