"""The ways in which a documented command is tried, and the reasons for which one cannot be."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

ORDINARY: Final[Mapping[str, str]] = {
    "N": "1", "S": "1", "K": "1", "R": "0", "YEAR": "2019", "NAME": "more", "G": "all",
    "MEASURE": "days_to_seen_q90", "TEXT": "What would three more managers change?",
    "DATE": "2026-12-01", "table|json|csv": "table",
}  # fmt: skip
"""What stands for a word in capitals unless a row says otherwise. Names of files stay: the desk has files so named."""


class Means(Enum):
    """What runs a command."""

    HERE = "the command's own main, in this process, at the desk"
    WITHOUT_PIP = "likewise, with a stand-in for pip"
    SERVED = "a process at the desk that is asked for a page and then ended"
    AT_DESK = "a process at the desk"
    IN_REPOSITORY = "a process in the repository"


class Reason(Enum):
    """Why a command cannot be run by a test: all the reasons there are."""

    FETCHES = "it fetches packages from an index, and a test calls no network"
    STAYS_OPEN = "it opens a program that stays until somebody closes it"
    ALL_TESTS = "it runs every test there is, this one among them"
    ON_WINDOWS = "it is a file of a folder made for Windows, where it has not been tried yet"
    OTHERS_PACKAGES = "it needs packages that the environment of the tests does not hold"
    NATIONAL = "it tells something of the Department's own tables of a whole country, which no test has"
    FULL_SIZE = "it measures at full size, for a quarter of an hour or with ten gigabytes"


@dataclass(frozen=True)
class Run:
    """Run as a user would: words filled in, arguments behind that make it small, and what must come of it."""

    more: str = ""
    fills: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    codes: tuple[int, ...] = (0,)
    needs: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    says: str = ""
    means: Means = Means.HERE
    is_quick: bool = False

    def words(self, command: str) -> list[str]:
        """The command's words with everything filled in; several answers to one word are taken in turn."""
        answers = {word: iter(to) for word, to in self.fills.items() if isinstance(to, tuple)}
        found = []
        for text in shlex.split(command):
            word = text.removesuffix("...")
            answer = next(answers[word]) if word in answers else self.fills.get(word, ORDINARY.get(word, word))
            found.append(str(answer))
        return [word for word in found if word] + shlex.split(self.more)

    def settings(self, command: str) -> tuple[dict[str, str], list[str]]:
        """The environment settings in front of a command, and its words."""
        words = self.words(command)
        named = [word for word in words if re.fullmatch(r"[A-Z_]+=\S*", word)]
        found = {name: value for name, _, value in (word.partition("=") for word in named)}
        return found, words[len(named) :]


@dataclass(frozen=True)
class PartOf:
    """Only named: all of its words are those of another row, which is run."""

    command: str


@dataclass(frozen=True)
class Elsewhere:
    """Run at a reduced size by a test that stands elsewhere: file::name."""

    test: str


@dataclass(frozen=True)
class NotRun:
    """Not run by any test."""

    reason: Reason


Way = Run | PartOf | Elsewhere | NotRun
