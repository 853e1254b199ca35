"""Run records: everything a result rests on, in one JSON file from which it can be made again."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version as installed_version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from sim import __version__

FORMAT: Final = 1
RECORD_NAME = "run.json"
_LIBRARIES = ("numpy", "scipy", "simpy", "pydantic", "holidays")
_ID_LENGTH = 10


class RecordError(ValueError):
    """A run record that cannot be read or does not say enough."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordedVariant(_Strict):
    """A scenario, as what it changes in the baseline."""

    name: str
    title: str
    differences: dict[str, object]


class RecordedStart(_Strict):
    """The open work that was started from: what tells its extract, its date, how many children (small counts hidden).

    No row of it is kept.
    """

    fingerprint: str
    as_at: date
    format: str
    children: dict[str, str]


class RecordedPlan(_Strict):
    """What was asked for: the baseline in full, the scenarios, the draws, how many replications and the seed."""

    baseline: dict[str, object]
    variants: tuple[RecordedVariant, ...]
    draws: tuple[dict[str, object], ...] = Field(min_length=1)
    replications: int
    seed: int
    start: RecordedStart | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        # A plan without a start stands as it always did: its id must not change.
        found: dict[str, object] = handler(self)
        return found if self.start is not None else {name: value for name, value in found.items() if name != "start"}


class RecordedCell(_Strict):
    """The hash of each scenario's event log in one cell, the baseline's first."""

    draw: int
    replication: int
    log_hashes: tuple[str, ...]


class RunRecord(_Strict):
    """A run: what made it and what came of it."""

    format: Literal[1] = Field(default=FORMAT, description="Version of this file's layout.")
    run_id: str
    made_at: str
    frontdoor: str
    commit: str | None
    python: str
    system: str
    libraries: dict[str, str]
    seconds: float
    plan: RecordedPlan
    cells: tuple[RecordedCell, ...]
    warnings: tuple[str, ...] = ()
    engine: str | None = Field(default=None, description="What ran it; both engines write the same log.")


def record(
    plan: RecordedPlan,
    cells: Sequence[RecordedCell],
    *,
    seconds: float,
    warnings: Sequence[str] = (),
    engine: str | None = None,
) -> RunRecord:
    """The record of a run just made, with the versions of what made it and what was warned of before it."""
    return RunRecord(
        run_id=run_id(plan),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        frontdoor=__version__,
        commit=_commit(),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        libraries=_libraries(),
        seconds=round(seconds, 1),
        plan=plan,
        cells=tuple(sorted(cells, key=lambda cell: cell.replication)),
        warnings=tuple(warnings),
        engine=engine,
    )


def run_id(plan: RecordedPlan, version: str = __version__) -> str:
    """A short name for a plan: the same plan under the same version has the same one."""
    text = json.dumps([version, plan.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]


def save(run: RunRecord, folder: Path) -> Path:
    """Write a record into a folder; gives its path."""
    path = folder / RECORD_NAME
    path.write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
    return path


def read(path: str | Path) -> RunRecord:
    """The record in a file, or in the results folder given; raises `RecordError` naming file, field and rule."""
    path = Path(path)
    path = path / RECORD_NAME if path.is_dir() else path
    try:
        found = RunRecord.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordError(f"{path}: there is no such run record") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{path}: cannot be read ({error})") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise RecordError(f"{path}: {where}: {first['msg']}") from None
    if found.run_id != run_id(found.plan, found.frontdoor):
        raise RecordError(f"{path}: run_id: is not that of this plan, which was changed later")
    return found


def made_by(run: RunRecord) -> Mapping[str, tuple[str, str]]:
    """What differs between what made a record and what is installed here: name to (then, now)."""
    now = {"frontdoor": __version__, "python": platform.python_version()}
    now |= _libraries()
    then = {"frontdoor": run.frontdoor, "python": run.python, **run.libraries}
    return {name: (then[name], now[name]) for name in now if name in then and then[name] != now[name]}


def _libraries() -> dict[str, str]:
    """The versions of the libraries on which a result rests; Numba need not be there."""
    names = (*_LIBRARIES, *(name for name in ("numba",) if find_spec(name) is not None))
    return {name: installed_version(name) for name in names}


def _commit() -> str | None:
    """The commit of the checkout this runs from, marked where files have changed; None outside one."""
    here = Path(__file__).resolve().parent
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],  # noqa: S607  (git wherever it is)
            cwd=here,
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None
