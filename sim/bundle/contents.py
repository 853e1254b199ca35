"""What lies in a folder of wheels: each with its version, its licence and its hash."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEADINGS: Final = ("file", "name", "version", "licence", "bytes", "sha256")
NOT_SAID: Final = "not said in the package: see its own files"
_CLASSIFIER: Final = "License :: OSI Approved :: "
_LONGEST: Final = 80
_PIECE: Final = 1 << 20


class Item(NamedTuple):
    """A wheel."""

    file: str
    name: str
    version: str
    licence: str
    size: int
    sha256: str


def contents(folder: Path) -> tuple[Item, ...]:
    """Every wheel of a folder, by name."""
    return tuple(_item(path) for path in sorted(folder.glob("*.whl"), key=lambda path: path.name.lower()))


def as_csv(items: Sequence[Item]) -> str:
    """The items as a table for whoever must approve them."""
    found = io.StringIO()
    writer = csv.writer(found, lineterminator="\r\n")
    writer.writerows([HEADINGS, *items])
    return found.getvalue()


def sha256(path: Path) -> str:
    """The hash of a file, as 64 digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def missing(folder: Path, environment: Mapping[str, str]) -> set[str]:
    """What the packages of a folder need on a machine and is not among them; extras are not asked for."""
    told = [_told(path) for path in folder.glob("*.whl")]
    needed: set[str] = {
        canonicalize_name(requirement.name)
        for one in told
        for requirement in map(Requirement, one.get_all("Requires-Dist", []))
        if requirement.marker is None or requirement.marker.evaluate({**environment, "extra": ""})
    }
    return {*needed} - {canonicalize_name(one["Name"]) for one in told}


def _told(path: Path) -> Message:
    """What a wheel says of itself."""
    with ZipFile(path) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(wheel.read(name).decode("utf-8", errors="replace"))


def _item(path: Path) -> Item:
    told = _told(path)
    return Item(path.name, told["Name"], told["Version"], _licence(told), path.stat().st_size, sha256(path))


def _licence(told: Message) -> str:
    """As the package states it: an expression, else its classifiers, else the words of an old field if they are few."""
    if told["License-Expression"]:
        return str(told["License-Expression"])
    classified = [c.removeprefix(_CLASSIFIER) for c in told.get_all("Classifier", []) if c.startswith(_CLASSIFIER)]
    if classified:
        return "; ".join(classified)
    words = " ".join(str(told["License"] or "").split())
    return words if 0 < len(words) <= _LONGEST else NOT_SAID
