"""What else is known of an authority in a year, beside what is published of it: targets, and words for its summary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.experiment.targets import target_of
from sim.published.targets import TargetEntry
from sim.published.values import PublishedError
from sim.scenario import ScenarioError
from sim.scenario.files import read_toml

_KEYS: Final = frozenset({"what", "summary", "target"})
_TARGET_KEYS: Final = frozenset(
    {
        "measure", "group", "label", "unit", "kind", "role", "source", "grade", "low", "high", "published", "tolerance",
        "front_door_share", "front_door_share_low", "front_door_share_high",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Also:
    """Targets that are in no statistic. `what` says in words whose they are, such as "our reading of the letter"."""

    what: str
    summary: str
    targets: tuple[TargetEntry, ...]

    @property
    def added(self) -> str:
        """What it adds to published figures, in words that go on after them."""
        many = len(self.targets)
        return f", with {many} more target{'s' if many > 1 else ''} from {self.what}"


def read_also(file: Path) -> Also:
    """From a file of `what`, `summary` (not needed) and entries of `target` as in a `.targets.toml`.

    Raises `PublishedError`, one sentence naming file, entry and rule.
    """
    try:
        tree = read_toml(file)
        for number, entry in enumerate(_entries(file, tree), start=1):
            target_of(file, number, entry)
    except ScenarioError as error:
        raise PublishedError(str(error)) from None
    return Also(
        _words(file, tree, "what"),
        _words(file, tree, "summary") if "summary" in tree else "",
        tuple(TargetEntry(entry, None) for entry in tree["target"]),
    )


def headed(also: Also | None, summary: str) -> str:
    """A baseline's summary, after what is said of the authority, if anything is."""
    return f"{also.summary} {summary}" if also and also.summary else summary


def _entries(file: Path, tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if unknown := sorted(tree.keys() - _KEYS):
        raise ScenarioError(f"{file}, {unknown[0]}: not one of {', '.join(sorted(_KEYS))}")
    entries = tree.get("target", [])
    if not isinstance(entries, list) or not entries:
        raise ScenarioError(f"{file}, target: at least one entry [[target]] is needed")
    taken: set[tuple[object, object]] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping):
            raise ScenarioError(f"{file}, target {number}: must be a table")
        if unknown := sorted(entry.keys() - _TARGET_KEYS):
            raise ScenarioError(f"{file}, target {number}, {unknown[0]}: not one of {', '.join(sorted(_TARGET_KEYS))}")
        key = (entry.get("measure"), entry.get("group", "all"))
        if key in taken:
            raise ScenarioError(f"{file}, target {number} ({key[0]} for {key[1]}): is there twice")
        taken.add(key)
        yield entry


def _words(file: Path, tree: Mapping[str, Any], key: str) -> str:
    words = tree.get(key)
    if not isinstance(words, str) or not words.strip():
        raise PublishedError(f"{file}, {key}: must be words in quotes")
    return words.strip()
