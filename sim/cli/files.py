"""Files of a command, written whole or not at all."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sim.scenario import ScenarioError


def write_all(contents: Mapping[Path, bytes], made: str, command: str) -> None:
    """All files or none, the first of them marked as `made`; another's file of its name is not replaced."""
    first = next(iter(contents))
    refuse_anothers(first, made, command)
    partial = {path: path.with_name(f".{path.name}.partial-{os.getpid()}") for path in contents}
    try:
        first.parent.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            partial[path].write_bytes(content)
        for path, written in partial.items():
            written.replace(path)
    except OSError as error:
        raise ScenarioError(f"--out {first}: cannot be written ({error.strerror}); nothing was changed") from None
    finally:
        for written in partial.values():
            with suppress(OSError):
                written.unlink()


def refuse_anothers(file: Path, made: str, command: str) -> None:
    """Raise `ScenarioError` where a file is there that is not marked as `made`, or where no folder can be."""
    above = next((folder for folder in file.absolute().parents if folder.exists()), None)
    if above is not None and not above.is_dir():
        raise ScenarioError(f"--out {file}: cannot be written ({above} is a file); nothing was changed")
    if file.exists() and not _is_ours(file, made):
        raise ScenarioError(
            f"--out {file}: is there already and was not made by frontdoor {command}; choose another name"
        )


def _is_ours(file: Path, made: str) -> bool:
    try:
        return made in file.read_text(encoding="utf-8")[:400]
    except (OSError, UnicodeDecodeError):
        return False
