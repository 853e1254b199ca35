"""What is kept of extracts that are given to the page: the open work of each, and nothing else.

The files themselves are removed as soon as they are read. What is kept is what a comparison starts from: of each family
whose work is open its steps, as minutes, and codes; no id and no pseudonym. It is of children all the same, so it lies
in a folder of its own that says so, with whatever was run from it, and goes whole.
"""

import json
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from filelock import FileLock, Timeout

from sim.provenance import FolderError, write_whole
from sim.scenario import ScenarioError
from sim.web.kept import OPEN_WORK, OPEN_WORK_FILE, START_LENGTH
from sim.world.opening import OpenWork
from sim.world.opening_file import as_plain, content_hash, forget_hashes, work_of

MOST_KEPT: Final = 12
_ID: Final = re.compile(rf"[0-9a-f]{{{START_LENGTH}}}")
_FORM: Final = 1
_COMING: Final = ".coming-"
_README: Final = """Open work of children, kept by Front Door's page
=================================================

Each folder here is what the page keeps of one extract that somebody gave it: of each family whose work was open its
steps, as minutes before the date of the extract, and codes (open-work.json), with the simulated years that started from
it (readings). No name, no id and no pseudonym is in it. It is personal data of children all the same: a course of dates
can be somebody's. Treat it as you treat the extract.

To remove it, use the button "Remove" on the page, or delete the folder. It is read again whenever the same files are
given.
"""


class NotKeptError(ScenarioError):
    """A question starts from the open work of an extract that is not kept here, or not any more."""


class Kept(NamedTuple):
    """The open work of an extract that is kept, its id, and for which baselines it was given."""

    id: str
    work: OpenWork
    bases: tuple[str, ...]


class Extracts:
    """What is kept of extracts, in a folder of the page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / OPEN_WORK
        self._known: dict[str, Kept] = {}
        self._lock = threading.Lock()
        self._sweep()

    def __iter__(self) -> Iterator[Kept]:
        """All that is kept, that of the latest date first."""
        found = [self.get(path.parent.name) for path in sorted(self.folder.glob(f"[!.]*/{OPEN_WORK_FILE}"))]
        return iter(
            sorted((each for each in found if each is not None), key=lambda each: each.work.as_at, reverse=True)
        )

    def get(self, start: str) -> Kept | None:
        """The open work of an id; None where it is not kept here, or not any more."""
        path = self.folder / start / OPEN_WORK_FILE
        with self._lock:
            if not _ID.fullmatch(start) or not path.is_file():
                self._known.pop(start, None)
                return None
            if start not in self._known and (read := _read(path)) is not None:
                self._known[start] = read
            return self._known.get(start)

    def work(self, start: str) -> OpenWork | None:
        """The open work that a question starts from, None where it starts from none. Raises `NotKeptError`."""
        if not start:
            return None
        kept = self.get(start)
        if kept is None:
            raise NotKeptError(f"start, {start[:START_LENGTH]}: the open work of that extract is not kept here")
        return kept.work

    @contextmanager
    def coming(self) -> Iterator[Path]:
        """An empty folder for files on their way, which is gone with all that is in it when they have been read.

        Raises `FolderError`.
        """
        try:
            self._made()
            folder = Path(tempfile.mkdtemp(prefix=_COMING, dir=self.folder))
        except OSError as error:
            raise FolderError(f"{self.folder}: cannot be written ({error.strerror})") from None
        lock = FileLock(_lock_of(folder), thread_local=False)
        try:
            with lock:
                yield folder
        finally:
            _remove(folder)
            _lock_of(folder).unlink(missing_ok=True)

    def keep(self, work: OpenWork, base: str) -> Kept:
        """Keep the open work of an extract that was given for a baseline. Raises `FolderError`, and `ScenarioError`."""
        start = content_hash(work)[:START_LENGTH]
        known = self.get(start)
        if known is None and sum(1 for _ in self) >= MOST_KEPT:
            raise ScenarioError(f"{MOST_KEPT} extracts are kept here, which is the most: remove one")
        kept = Kept(start, work, tuple(dict.fromkeys((*(known.bases if known else ()), base))))
        path = self.folder / start / OPEN_WORK_FILE
        told = {"holds": "open work of real children", "form": _FORM, "bases": kept.bases, "work": as_plain(work)}
        try:
            self._made()
            path.parent.mkdir(exist_ok=True, mode=0o700)
            write_whole(path, json.dumps(told).encode())
        except OSError as error:
            raise FolderError(f"{path.parent}: cannot be written ({error.strerror})") from None
        with self._lock:
            self._known[start] = kept
        return kept

    def remove(self, start: str) -> None:
        """Remove what is kept of an extract, and all that was run from it. Raises `FolderError`."""
        with self._lock:
            self._known.pop(start, None)
        forget_hashes()
        if _ID.fullmatch(start):
            _remove(self.folder / start)

    def _made(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (readme := self.folder / "README.txt").exists():
            write_whole(readme, _README.encode())

    def _sweep(self) -> None:
        """Remove what a server that ended in the middle left on its way, and what is without its open work."""
        for folder in self.folder.glob("*/"):
            is_coming = folder.name.startswith(_COMING)
            with suppress(FolderError, Timeout, OSError):
                if is_coming:
                    with FileLock(_lock_of(folder), timeout=0):
                        _remove(folder)
                    _lock_of(folder).unlink(missing_ok=True)
                elif not (folder / OPEN_WORK_FILE).exists():
                    _remove(folder)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _remove(folder: Path) -> None:
    """Remove a folder whole; raises `FolderError` where it cannot be, for nobody may believe it gone."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise FolderError(
            f"{folder}: holds records of children and cannot be removed ({error.strerror}): delete it"
        ) from None


def _read(path: Path) -> Kept | None:
    """What is kept in a file; None of one that is damaged, or of another version."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["form"] != _FORM:
            return None
        work = work_of(told["work"])
        # What was changed since is another work, whatever it says.
        is_same = content_hash(work)[:START_LENGTH] == path.parent.name
        return Kept(path.parent.name, work, tuple(map(str, told["bases"]))) if is_same else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
