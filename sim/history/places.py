"""Where an extract lies: in a file, in a folder, or in several files that are given together and read like a folder."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from sim.history.tables import ExtractError


@dataclass(frozen=True, slots=True)
class Several:
    """Files that are one extract: tables, lists, returns or months."""

    files: tuple[Path, ...]

    @property
    def name(self) -> str:
        """What they are called together: the first by name and how many more."""
        first, more = files_in(self)[0].name, len(self.files) - 1
        return f"{first} and {more} more"


Place = Path | Several


def files_in(place: Place) -> list[Path]:
    """The files of several or of a folder, by name; a file itself."""
    if isinstance(place, Several):
        return sorted(place.files, key=lambda path: (path.name, path))
    if place.is_dir():
        return sorted(path for path in place.iterdir() if path.is_file())
    return [place]


def together(paths: Sequence[Path]) -> Place:
    """One extract of the paths that were given, at least one.

    Raise `ExtractError` where they cannot be one: where one is missing, is a folder among several, or is there twice.
    """
    for path in paths:
        if not path.exists():
            raise ExtractError(f"{path}: there is no such file or folder")
    if len(paths) == 1:
        return paths[0]
    for path in paths:
        if path.is_dir():
            raise ExtractError(f"{path}: is a folder: give one folder alone, or the files of one extract")
    for one, other in combinations(paths, 2):
        _apart(one, other)
    return Several(tuple(paths))


def _apart(one: Path, other: Path) -> None:
    """Refuse two files that are one, or that could not be told apart where a row is named."""
    if one.resolve() == other.resolve():
        raise ExtractError(f"{one}: is given twice")
    if one.stat().st_size == other.stat().st_size and _digest(one) == _digest(other):
        raise ExtractError(f"{one} and {other}: are the same, byte for byte: give one of them")
    if one.name.casefold() == other.name.casefold():
        raise ExtractError(f"{one} and {other}: are called the same: rename one, so that its rows can be named")


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
