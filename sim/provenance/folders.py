"""Results folders that are whole or not there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.provenance.record import RECORD_NAME


class FolderError(ValueError):
    """A results folder that cannot be written, or holds what is not ours to replace."""


def refuse_other_folder(path: Path, mark: str = RECORD_NAME) -> None:
    """Raise `FolderError` where `path` is neither free, nor empty, nor ours, which a file named `mark` in it tells."""
    path = path.resolve()
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path}: is a file; --out names a folder")
    if path.is_dir() and any(path.iterdir()) and not (path / mark).exists():
        raise FolderError(f"{path}: is not empty and holds no earlier run; choose another folder with --out")


@contextmanager
def whole_folder(path: Path, mark: str = RECORD_NAME) -> Iterator[Path]:
    """A folder to write into that becomes `path` when all went well, and vanishes when anything did not.

    An earlier run's folder, known by its file `mark`, is replaced; any other folder that is not empty is refused before
    anything is run. Raises `FolderError` with a clear sentence.
    """
    path = path.resolve()
    refuse_other_folder(path, mark)
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        _make(partial, path)
        yield partial
        _put(partial, path)
    except OSError as error:
        raise FolderError(f"{path}: cannot be written ({error.strerror}); nothing was changed") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """A file in a folder that exists, whole or as it was before, with nothing left beside it; raises `OSError`."""
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink()


def _make(partial: Path, path: Path) -> None:
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise FolderError(f"{path}: cannot be written ({error.strerror}); choose another folder with --out") from None


def _put(partial: Path, path: Path) -> None:
    """Move the finished folder to its place; an earlier one goes only once this one stands there."""
    earlier = partial.with_name(f"{partial.name}.earlier")
    if path.exists():
        path.replace(earlier)
    try:
        partial.replace(path)
    except BaseException:
        if earlier.exists():
            earlier.replace(path)
        raise
    shutil.rmtree(earlier, ignore_errors=True)
