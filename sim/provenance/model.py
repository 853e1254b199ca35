"""Which model made a result: a hash that is another whenever the same scenario and seed might give other numbers."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
_WITHOUT_RESULTS: Final = frozenset(
    {
        "calibration", "cli", "history", "notebooks", "provenance", "published", "report", "shipped_scenarios", "sweep",
        "web", "__main__.py",
    }
)  # fmt: skip
_FIT: Final = frozenset({"calibration", "published"})
_ON_WORKERS: Final = frozenset({"provenance", "sweep"})
_RECKON: Final = ("numpy", "scipy", "simpy", "holidays")


def model_hash() -> str:
    """A hash over the sources of the model and its measures, and over the libraries that reckon for it; 64 digits."""
    return _hash_without(_WITHOUT_RESULTS)


def worker_hash() -> str:
    """The same with all that takes part where others' machines run the years."""
    return _hash_without(_WITHOUT_RESULTS - _ON_WORKERS)


def fit_hash() -> str:
    """The same with all that fits a baseline to what is published, and with what it takes for granted."""
    return _hash_without(_WITHOUT_RESULTS - _FIT)


@cache
def _hash_without(rooms: frozenset[str]) -> str:
    # Once a process: what it runs is what it imported, also where its sources are replaced meanwhile.
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _RECKON).encode())
    for path in sorted(path for kind in ("*.py", "*.toml") for path in PACKAGE.rglob(kind)):
        place = path.relative_to(PACKAGE)
        if place.parts[0] not in rooms:
            digest.update(place.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
