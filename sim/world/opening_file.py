"""Open work as text that can be kept and read again, and the hash that tells one from another."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sim.events import EventKind
from sim.facts import Fact
from sim.world.opening import OpenJourney, OpenWork

_PLAIN: Final = (
    "format", "fingerprint", "stale", "unusable", "holders", "seen_undated", "tells_undecided", "tells_unbegun",
    "tells_after",
)  # fmt: skip
_OF_A_FAMILY: Final = (
    "children", "source", "domestic_abuse", "open_case", "is_return", "rating", "outcome", "ending", "holder",
)  # fmt: skip


def as_plain(work: OpenWork) -> dict[str, object]:
    """Open work as plain values: whole numbers, text, and lists and mappings of them. `work_of` reads it again."""
    return {
        **{name: getattr(work, name) for name in _PLAIN},
        "as_at": work.as_at.isoformat(),
        "facts": sorted(int(fact) for fact in work.facts),
        "journeys": [_family(journey) for journey in work.journeys],
    }


def _family(journey: OpenJourney) -> dict[str, object]:
    return {
        **{name: int(getattr(journey, name)) for name in _OF_A_FAMILY},
        "at": {str(int(kind)): int(time) for kind, time in sorted(journey.at.items())},
        "seen": [[int(child), int(time)] for child, time in journey.seen],
    }


def work_of(told: Mapping[str, Any]) -> OpenWork:
    """Open work from its plain values. Raise `KeyError`, `TypeError` or `ValueError` where they are not such."""
    return OpenWork(
        **{name: told[name] for name in _PLAIN},
        as_at=date.fromisoformat(told["as_at"]),
        facts=frozenset(map(Fact, told["facts"])),
        journeys=tuple(map(_journey, told["journeys"])),
    )


def _journey(told: Mapping[str, Any]) -> OpenJourney:
    return OpenJourney(
        **{name: told[name] for name in _OF_A_FAMILY},
        at={EventKind(int(kind)): time for kind, time in told["at"].items()},
        seen=tuple((child, time) for child, time in told["seen"]),
    )


@lru_cache(maxsize=4)
def content_hash(work: OpenWork) -> str:
    """SHA-256 over everything that open work tells, 64 hexadecimal digits; `forget_hashes` lets go of the work."""
    told = json.dumps(as_plain(work), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def forget_hashes() -> None:
    """Keep in memory no open work of which a hash was taken."""
    content_hash.cache_clear()
