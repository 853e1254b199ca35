"""The locked versions, for one kind of machine."""

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker

_ENTRY = re.compile(
    r"^(?P<pinned>[\w.-]+==[^\s;\\]+)(?: *; *(?P<marker>[^\\\n]+?))?(?P<hashes>(?: *\\\n +--hash=\S+)+)", re.MULTILINE
)


def locked_for(lock: Path, environment: dict[str, str]) -> str:
    """The lines of a lock that a machine needs, with their hashes; without markers, which pip would ask of this one."""
    return "".join(f"{entry}\n" for entry in _wanted(lock.read_text(encoding="utf-8"), environment))


def _wanted(text: str, environment: dict[str, str]) -> Iterator[str]:
    for entry in _ENTRY.finditer(text):
        marker = entry["marker"]
        if marker is None or Marker(marker).evaluate(environment):
            yield f"{entry['pinned']}{entry['hashes']}"
