"""What has been compiled, kept on disk: for as long as every source that it was compiled from is as it was.

Numba would look at the source of the entry alone, and trust what it finds. So the folder is named by a hash over all
sources and what compiles them, and a seal tells a whole one from a damaged one or from one that is being written. Of
processes that find nothing one compiles and the others wait. Where nothing can be kept each compiles for itself.
"""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, TypeVarTuple, cast

import numba
from filelock import FileLock
from numba import njit
from numba.core import config as _config
from numba.core.registry import cpu_target
from platformdirs import user_cache_path

PACKAGE: Final = Path(__file__).parent
_CONFIG: Final[Any] = _config  # what is in it depends on the environment, and no type says it
_SEAL: Final = "seal"
_LOCK: Final = "compiling.lock"

Given = TypeVarTuple("Given")
Found = TypeVar("Found")


def folders() -> tuple[Path, Path]:
    """Where what is compiled may be kept: beside its sources, or else with what else this user's programs keep."""
    installation = hashlib.sha256(str(PACKAGE).encode()).hexdigest()[:12]
    mine = user_cache_path("frontdoor", appauthor=False) / installation
    return PACKAGE / "__pycache__", mine


def hash_of(package: Path, sources: Sequence[str]) -> str:
    """One hash over sources of a package, files and folders of them, and what compiles them."""
    found = hashlib.sha256(f"{sys.version} {numba.__version__} {_CONFIG.OPT}".encode())
    for source in sources:
        path = package / source
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            found.update(file.relative_to(package).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def _processor() -> str:
    """What tells this computer's processor from others that share its disk."""
    name = cpu_target.target_context.codegen().magic_tuple()
    return hashlib.sha256(repr(name).encode()).hexdigest()[:8]


def _seal_of(place: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(place.rglob("*.nb?")):
        found.update(file.name.encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def _is_whole(place: Path) -> bool:
    try:
        return (place / _SEAL).read_text(encoding="utf-8") == _seal_of(place)
    except (OSError, UnicodeDecodeError):
        return False


def _seal(place: Path) -> None:
    """Say that what lies here is whole; what earlier sources left beside it goes."""
    with suppress(OSError):
        written = place / f"{_SEAL}.new"
        written.write_text(_seal_of(place), encoding="utf-8")
        written.replace(place / _SEAL)
        for other in place.parent.glob(f"{place.name.rpartition('-')[0]}-*"):
            if other != place:
                shutil.rmtree(other)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


@contextmanager
def _numba_keeps_in(place: Path) -> Iterator[None]:
    before, _CONFIG.CACHE_DIR = _CONFIG.CACHE_DIR, str(place)
    try:
        yield
    finally:
        _CONFIG.CACHE_DIR = before


def entry(
    signature: str, among: Sequence[Path], key: str, *, name: str
) -> Callable[[Callable[[*Given], Found]], "Kept[*Given, Found]"]:
    """What Python calls: compiled for a signature, and kept in the first of some folders that can be written.

    `key` says from what it is compiled. What was kept under the same `name` for other keys goes.
    """
    return lambda part: Kept(part, signature, among, key, name)


class Kept(Generic[*Given, Found]):
    """A function that is compiled once for an installation; each process that calls it loads it before the first call.

    Where Numba is told to compile nothing it is the function as it stands.
    """

    def __init__(
        self, part: Callable[[*Given], Found], signature: str, among: Sequence[Path], key: str, name: str
    ) -> None:
        self._part, self._signature, self._among, self._key = part, signature, among, key
        self._name = f"{name}-{sys.implementation.cache_tag}"
        self.compiled: Any = part if _CONFIG.DISABLE_JIT else None

    def __call__(self, *args: *Given) -> Found:
        """Run it, made ready if it is not yet."""
        self.make_ready()
        return cast("Found", self.compiled(*args))

    @property
    def is_interpreted(self) -> bool:
        """Whether Numba is told to compile nothing."""
        return self.compiled is self._part

    @cached_property
    def place(self) -> Path | None:
        """Where it is kept, or can be; None where nothing can be written."""
        found = hashlib.sha256(f"{self._key} {self._stamp()}".encode()).hexdigest()[:16]
        name = f"{self._name}-{_processor()}-{found}"
        return next((folder / name for folder in self._among if _is_writable(folder)), None)

    def _stamp(self) -> str:
        """What Numba too must find as it was: which file the function is in, and since when."""
        file = Path(self._part.__code__.co_filename)
        return f"{file} {file.stat().st_mtime_ns}"

    @property
    def is_ready(self) -> bool:
        """Whether this process need not compile it."""
        return self.compiled is not None or (self.place is not None and _is_whole(self.place))

    def make_ready(self) -> None:
        """Load it; where it is not kept compile it and keep it, unless another process is at that: then wait for it."""
        if self.compiled is None:
            self.compiled = self._kept_in(self.place) if self.place and _is_whole(self.place) else self._made()

    def _made(self) -> object:
        if self.place is None:
            return self._for_this_process()
        lock = FileLock(self.place.parent / _LOCK)
        try:
            lock.acquire()
        except (OSError, NotImplementedError):
            return self._for_this_process()
        try:
            return self._kept_in(self.place)
        finally:
            lock.release()

    def _kept_in(self, place: Path) -> object:
        """Loaded from a place that is whole, or else compiled into it; compiled all the same where that fails."""
        is_whole = _is_whole(place)
        try:
            if not is_whole and place.exists():
                shutil.rmtree(place)
            place.mkdir(exist_ok=True)
            with _numba_keeps_in(place):
                found: Any = njit(cache=True, nogil=True)(self._part)
        except OSError:
            return self._for_this_process()
        with suppress(OSError):
            found.compile(self._signature)
        if not found.signatures:
            return self._for_this_process()
        if not is_whole:
            _seal(place)
        found.disable_compile()  # a call of another kind is a mistake, not something to compile for minutes
        return found

    def _for_this_process(self) -> object:
        return njit(self._signature, nogil=True)(self._part)
