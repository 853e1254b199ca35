"""The numbers of a recorded scenario: what each is, as it was run, and where it comes from."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sim.report.document.about import About
from sim.scenario import Evidence, flatten, levers

_CALENDAR: Final = ("calendar.", "levers_start_day")
_WORDS: Final = frozenset({"name", "title", "summary"})


class Stated(NamedTuple):
    """A number, rule or law of the baseline: its path, its meaning, its unit and its value in words."""

    path: str
    meaning: str
    unit: str
    value: str


def stated(about: About) -> tuple[Stated, ...]:
    """Everything that the baseline states, in its order."""
    values = dict(flatten(about.result.record.plan.baseline))
    return tuple(
        Stated(path, str(field.description).rstrip("."), str(field.json_schema_extra["unit"]), in_words(values[path]))
        for path, field in levers()
        if path in values
    )


def without_source(about: About) -> tuple[Stated, ...]:
    """What the baseline states and no file gives a source for; the calendar needs none."""
    sourced = tuple(each.path for each in about.result.grounds.sources)
    return tuple(
        each for each in stated(about) if not (each.path.startswith(_CALENDAR) or _is_sourced(each.path, sourced))
    )


def _is_sourced(path: str, sourced: tuple[str, ...]) -> bool:
    return any(path == each or path.startswith(f"{each}.") or each.startswith(f"{path}.") for each in sourced)


def differences(about: About) -> Mapping[str, object]:
    """What the scenario asked about changes in the baseline, without its words."""
    found = next(v for v in about.result.record.plan.variants if v.name == about.scenario.name)
    return {path: value for path, value in found.differences.items() if path not in _WORDS}


def in_words(value: object) -> str:
    """A value as people read it: a law by its kind and numbers, a list by its items."""
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:.4g}"
        case Mapping():
            kind = str(value.get("kind", ""))
            numbers = ", ".join(
                f"{name} {in_words(each)}" for name, each in value.items() if name != "kind" and each is not None
            )
            return f"{kind}: {numbers}" if kind else numbers
        case list() | tuple():
            return ", ".join(in_words(each) for each in value)
        case _:
            return str(value).replace("_", " ") if isinstance(value, str) else str(value)


class Logged(NamedTuple):
    """An entry of the assumptions log: what stands on one source."""

    paths: tuple[str, ...]
    evidence: Evidence


def logged(sources: tuple[Evidence, ...]) -> Iterator[Logged]:
    """The sources in their order, neighbours that rest on the same together."""
    waiting: list[Evidence] = []
    for each in sources:
        if waiting and (waiting[0].source, waiting[0].grade) != (each.source, each.grade):
            yield Logged(tuple(one.path for one in waiting), waiting[0])
            waiting = []
        waiting.append(each)
    if waiting:
        yield Logged(tuple(one.path for one in waiting), waiting[0])
