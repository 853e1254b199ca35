"""The kinds of machine a folder can be made for, in the words of pip and of those who will start it."""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
"""What the locked versions have wheels for."""


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of machine: what is said of it, pip's tags for it, best first, and how Python names it.

    `starts_with` is the file that is double-clicked.
    """

    words: str
    tags: tuple[str, ...]
    system: str
    machine: str
    starts_with: str

    def environment(self, python: str) -> dict[str, str]:
        """What a lock's markers ask of a machine with a Python such as 3.12."""
        return {
            "sys_platform": self.system,
            "platform_machine": self.machine,
            "platform_system": {"win32": "Windows", "darwin": "Darwin"}.get(self.system, "Linux"),
            "os_name": "nt" if self.system == "win32" else "posix",
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }


PLATFORMS: Final[Mapping[str, Target]] = {
    "windows": Target("Windows, 64 bits", ("win_amd64",), "win32", "AMD64", "start.bat"),
    "linux": Target(
        "Linux on 64-bit Intel or AMD",
        ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
        "linux",
        "x86_64",
        "start.sh",
    ),
    "mac": Target(
        "a Mac with an Apple processor, macOS 14 or later",
        tuple(f"macosx_{release}_0_arm64" for release in (14, 13, 12, 11)),
        "darwin",
        "arm64",
        "start.command",
    ),
}


def this_platform() -> str | None:
    """The name of this machine's kind; None of a kind that no folder is made for."""
    here = (sys.platform, platform.machine().lower())
    return next((name for name, one in PLATFORMS.items() if (one.system, one.machine.lower()) == here), None)
