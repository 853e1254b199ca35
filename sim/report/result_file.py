"""A comparison as a file from which it can be read again, to the last digit: nothing in it is of a child."""

import gzip
import json
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sim import __version__
from sim.experiment import Comparison
from sim.experiment.grounds import Grounds
from sim.provenance import RecordError, RunRecord
from sim.provenance import read as read_record
from sim.report.starting import as_kept
from sim.report.values import plain, typed

NAME: Final = "comparison.json.gz"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept: a comparison, with no child of the open work that it may have started from, and its grounds."""

    comparison: Comparison
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Result:
    """A results folder that was read again: its record, and what was found."""

    folder: Path
    record: RunRecord
    comparison: Comparison
    grounds: Grounds


def content(comparison: Comparison, grounds: Grounds, run: str) -> bytes:
    """The file of a run's comparison; the same bytes each time."""
    started = comparison.started
    kept = Kept(replace(comparison, started=None if started is None else as_kept(started)), grounds)
    tree = {"format": FORMAT, "frontdoor": __version__, "run": run, "result": plain(kept)}
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)


def read(folder: Path) -> Result:
    """What a results folder holds; raises `RecordError`, one sentence naming file and rule."""
    record = read_record(folder)
    path = (folder if folder.is_dir() else folder.parent) / NAME
    try:
        tree = json.loads(gzip.decompress(path.read_bytes()))
    except FileNotFoundError:
        raise RecordError(
            f"{path.parent}: was written before results could be read again, for {NAME} is missing; run the comparison "
            "again with frontdoor compare"
        ) from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise RecordError(f"{path}: cannot be read, or is damaged ({error})") from None
    if not isinstance(tree, dict) or tree.get("run") != record.run_id:
        raise RecordError(f"{path}: is not of the run in {record.run_id}'s record beside it")
    try:
        kept: Kept = typed(Kept, tree["result"])
    except (AttributeError, KeyError, TypeError, ValueError, StopIteration):
        raise RecordError(
            f"{path}: is no result as Front Door {__version__} reads it; it was written by version "
            f"{tree.get('frontdoor', 'unknown')}"
        ) from None
    return Result(path.parent, record, kept.comparison, kept.grounds)
