"""Numbers moved one at a time, kept beside a result in a file of its own: the result itself stays as it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim import __version__
from sim.experiment.one_by_one import OneByOne
from sim.provenance import RecordError, write_whole
from sim.provenance.model import model_hash
from sim.report.values import plain, typed

FORMAT: Final = 1
_SHOWN_OF_HASH: Final = 10


@dataclass(frozen=True, slots=True)
class Moved:
    """What was found, and what made it: the command that makes it again, the version, and a hash of the model."""

    found: OneByOne
    run: str
    command: str
    frontdoor: str = __version__
    model: str = ""


def path_of(folder: Path, scenario: str) -> Path:
    """The file of a scenario in a results folder."""
    return folder / f"sensitivity-{scenario}.json"


def write(folder: Path, found: OneByOne, run: str, command: str) -> Path:
    """Put what was found beside the result of a run; gives the file, which is the same each time."""
    kept = Moved(found, run, command, model=model_hash()[:_SHOWN_OF_HASH])
    path = path_of(folder, found.scenario)
    text = json.dumps({"format": FORMAT, **plain(kept)}, ensure_ascii=False, allow_nan=False, indent=1)
    try:
        write_whole(path, f"{text}\n".encode())
    except OSError as error:
        raise RecordError(f"{path}: cannot be written ({error.strerror}); it was not changed") from None
    return path


def read(folder: Path, scenario: str, run: str) -> Moved | None:
    """What was kept of a scenario of a run; None where nothing was. Raise `RecordError` where it cannot be used."""
    path = path_of(folder, scenario)
    try:
        kept = _kept(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, AttributeError, KeyError, TypeError, ValueError, StopIteration):
        raise RecordError(
            f"{path}: cannot be read as Front Door {__version__} writes it; make it again with frontdoor sensitivity, "
            "or remove it"
        ) from None
    if (kept.run, kept.found.scenario) != (run, scenario):
        raise RecordError(
            f"{path}: is of run {kept.run} and {kept.found.scenario}, not of run {run} and {scenario}; make it again "
            "with frontdoor sensitivity, or remove it"
        )
    return kept


def _kept(tree: dict[str, object]) -> Moved:
    if tree.pop("format") != FORMAT:
        raise ValueError("another format")
    found: Moved = typed(Moved, tree)
    return found
