"""A folder of Parquet parts that only grows: each part is whole or not there, and is named after its content.

Parts are written under another name, flushed to the disk and then named: whatever stops a process leaves every part
whole or absent. Two processes write parts of their own. The name is a hash of the content, so that a part whose bytes
were changed later, which Parquet alone may not notice, is never read as a result.
"""

import errno
import hashlib
import io
import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

import polars as pl

from sim.provenance import FolderError

_NAME_LENGTH: Final = 32
_LEFT_BEHIND_SECONDS: Final = 24 * 3600.0
"""After so long a file that never was moved in belongs to no process that still writes it."""
_STORED_EVERY_SECONDS: Final = 5.0
_MOST_WAITING: Final = 256

Row = TypeVar("Row")


class StoreError(FolderError):
    """A store that cannot be written or read."""


class Parts:
    """The parts in a folder of a store, which is made where there is none. Raises `StoreError`."""

    def __init__(self, store: Path, name: str) -> None:
        self._store, self._folder = store, store / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{store}: cannot be written ({error.strerror}); choose another folder") from None
        self._sweep_away_what_was_left()

    def refuse_unwritable(self) -> None:
        """Raise `StoreError` where nothing could be added, which is better known before hours of work."""
        self._put(b"", None)

    def add(self, table: pl.DataFrame) -> None:
        """Add a table, all of it or nothing. Raises `StoreError` where the disk is full or cannot be written."""
        file = io.BytesIO()
        table.write_parquet(file)
        content = file.getvalue()
        self._put(content, f"{_name_of(content)}.parquet")

    def tables(self, columns: list[str] | None = None) -> Iterator[pl.DataFrame]:
        """Every part, or these columns of it. Raises `StoreError` naming one that is damaged or cannot be read."""
        for path in sorted(self._folder.glob("*.parquet")):
            try:
                content = path.read_bytes()
            except OSError as error:
                raise StoreError(f"{path}: cannot be read ({error.strerror})") from None
            try:
                # The name first: what was changed may still be a table.
                if path.stem != _name_of(content):
                    raise pl.exceptions.ComputeError
                yield pl.read_parquet(io.BytesIO(content), columns=columns)
            except pl.exceptions.PolarsError:
                raise StoreError(f"{path}: is damaged; remove it, and its runs are run again") from None

    def _put(self, content: bytes, name: str | None) -> None:
        """Write a file whole under its name; without one, only try to."""
        partial = self._folder / f".{uuid.uuid4().hex}.partial"
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if name is not None:
                partial.replace(self._folder / name)
        except OSError as error:
            said = "the disk is full" if error.errno in _FULL else f"cannot be written ({error.strerror})"
            raise StoreError(
                f"{self._store}: {said}; the runs stored before are whole, and are not run again"
            ) from None
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def _sweep_away_what_was_left(self) -> None:
        for path in self._folder.glob(".*.partial"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                    path.unlink()


_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""The disk is full, or what this user may have of it."""


def _name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_NAME_LENGTH]


class Kept(Generic[Row]):
    """Finished work that goes to a store every few seconds, and at the end in any case: stopped, failed or done."""

    def __init__(self, add: Callable[[Sequence[Row]], None]) -> None:
        self._add, self._waiting, self._since = add, list[Row](), time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store()

    def take(self, rows: Sequence[Row]) -> None:
        """Take what has just been done."""
        self._waiting += rows
        if len(self._waiting) >= _MOST_WAITING or time.monotonic() - self._since >= _STORED_EVERY_SECONDS:
            self._store()

    def _store(self) -> None:
        # What could not be stored is not lost by trying: it is tried once more at the end.
        if self._waiting:
            self._add(self._waiting)
        self._waiting, self._since = [], time.monotonic()
