"""What has been compiled, kept on disk: for as long as every source that it was compiled from is as it was.

Numba would look at the source of the entry alone, and trust what it finds. So the folder is named by a hash over all
sources, a seal tells a whole file from a damaged one, and where nothing can be kept the twin is compiled all the same.
"""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, TypeVarTuple, cast

import numba
from numba import njit
from numba.core import config as _config

PACKAGE: Final = Path(__file__).parents[2]
SOURCES: Final = ("model", "scenario", "world", "policies.py", "events.py", "working_time.py")
FOLDER: Final = PACKAGE / "model" / "compiled" / "__pycache__"
# What is in it depends on the environment, and no type says it.
_CONFIG: Final[Any] = _config
_OURS: Final = f"twin-{sys.implementation.cache_tag}-"
_SEAL: Final = "seal"

Given = TypeVarTuple("Given")
Found = TypeVar("Found")


def hash_of(package: Path) -> str:
    """One hash over the sources from which the twin is compiled, and what compiles it."""
    found = hashlib.sha256(f"{sys.version} {numba.__version__}".encode())
    for source in SOURCES:
        path = package / source
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            found.update(file.relative_to(package).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def kept_in(folder: Path, key: str) -> Path | None:
    """Where what has been compiled lies, empty if what lay there was damaged; None where nothing can be written."""
    place = folder / f"{_OURS}{key[:16]}"
    try:
        if place.exists() and _seal_of(place) != _seal_on(place):
            shutil.rmtree(place)
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError:
        return None
    return place


def _seal_of(place: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(place.rglob("*.nb?")):
        found.update(file.name.encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def _seal_on(place: Path) -> str:
    seal = place / _SEAL
    return seal.read_text(encoding="utf-8") if seal.exists() else ""


def seal(place: Path) -> None:
    """Say that what lies here is whole; what earlier sources left beside it goes."""
    with suppress(OSError):
        written = place / f"{_SEAL}.new"
        written.write_text(_seal_of(place), encoding="utf-8")
        written.replace(place / _SEAL)
        for other in place.parent.glob(f"{_OURS}*"):
            if other != place:
                shutil.rmtree(other)


def entry(folder: Path, key: str) -> Callable[[Callable[[*Given], Found]], Callable[[*Given], Found]]:
    """What Python calls: compiled when it first is, or taken from the folder where it lies there whole."""

    def decorate(part: Callable[[*Given], Found]) -> Callable[[*Given], Found]:
        place = None if _CONFIG.DISABLE_JIT else kept_in(folder, key)
        return njit(nogil=True)(part) if place is None else _Kept(part, place).run

    return decorate


@contextmanager
def _numba_keeps_in(place: Path) -> Iterator[None]:
    before, _CONFIG.CACHE_DIR = _CONFIG.CACHE_DIR, str(place)
    try:
        yield
    finally:
        _CONFIG.CACHE_DIR = before


class _Kept(Generic[*Given, Found]):
    """A function that is kept in a place, whose seal is renewed once it has been compiled there."""

    def __init__(self, part: Callable[[*Given], Found], place: Path) -> None:
        self._part, self._place = part, place
        with _numba_keeps_in(place):
            self.compiled: Any = njit(cache=True, nogil=True)(part)

    def run(self, *args: *Given) -> Found:
        """Run it, compiled before or now; what cannot be read or kept after all is compiled for this process alone."""
        if self.compiled.signatures:
            return cast("Found", self.compiled(*args))
        try:
            found: Found = self.compiled(*args)
        except OSError:
            if not self.compiled.signatures:
                self.compiled = njit(nogil=True)(self._part)
            return cast("Found", self.compiled(*args))
        if _seal_of(self._place) != _seal_on(self._place):
            seal(self._place)
        return found
