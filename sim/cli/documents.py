"""A report as a Word file, a PDF or a web page: what was asked for, whether it can be written, and writing it whole."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sim.provenance import RecordError, write_whole
from sim.report.document.blocks import Document
from sim.report.document.hypertext import hypertext
from sim.report.document.portable import is_there, portable
from sim.report.document.word import word

_WRITERS: Final[Mapping[str, Callable[[Document], bytes]]] = {"docx": word, "pdf": portable, "html": hypertext}


def asked_for(options: argparse.Namespace) -> Mapping[str, Path]:
    """The files to write, by their endings. Raise `RecordError` where one cannot be."""
    wanted = {name: path for name in _WRITERS if (path := getattr(options, name, None)) is not None}
    for name, path in wanted.items():
        if path.suffix.lower() != f".{name}":
            raise RecordError(f"--{name} {path}: must end in .{name}")
        if path.is_dir():
            raise RecordError(f"--{name} {path}: is a folder; name a file")
        above = next((folder for folder in path.absolute().parents if folder.exists()), path.parent)
        if not above.is_dir():
            raise RecordError(f"--{name} {path}: cannot be written ({above} is a file)")
    if "pdf" in wanted and not is_there():
        raise RecordError('--pdf: what writes it is not installed; python -m pip install "frontdoor[pdf]" installs it')
    return wanted


def made(document: Document, wanted: Mapping[str, Path]) -> Mapping[str, bytes]:
    """Their content, by their endings."""
    return {name: _WRITERS[name](document) for name in wanted}


def write(name: str, path: Path, content: bytes) -> None:
    """The file whole, or as it was before; raises `RecordError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise RecordError(
            f"--{name} {path}: cannot be written ({error.strerror}); it was not changed. Is it open in another program?"
        ) from None
