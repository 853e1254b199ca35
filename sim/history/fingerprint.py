"""What tells one extract from another: a hash of its files, whatever they are called and in whatever order."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sim.history.places import Place, Several, files_in
from sim.history.tables import ExtractError

_LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})


def fingerprint(place: Place) -> str:
    """SHA-256 over the hashes of an extract's files, sorted, as 64 hexadecimal digits: one for a folder and its files.

    Files that a system leaves in a folder unasked are passed over. Raise `ExtractError` where one cannot be read.
    """
    try:
        hashes = sorted(_of_file(file) for file in _files(place))
    except OSError as error:
        raise ExtractError(f"{error.filename or place.name}: cannot be read ({error.strerror})") from error
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _files(place: Place) -> Iterator[Path]:
    if isinstance(place, Several) or not place.is_dir():
        yield from files_in(place)
        return
    for file in place.rglob("*"):
        is_stray = file.name.startswith((".", "~$")) or file.name.lower() in _LEFT_BY_SYSTEMS
        if file.is_file() and not is_stray:
            yield file


def _of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
