"""A scenario and its sources as the files that state them."""

from collections.abc import Iterable, Iterator, Mapping

from sim.scenario.files import LAW_KEY, Evidence, as_toml
from sim.scenario.scenario import Scenario


def scenario_lines(scenario: Scenario) -> str:
    """Every number of it, as a baseline file states them."""
    tree = scenario.model_dump(mode="python", exclude_none=True)
    return "\n".join(_part("", tree)).strip() + "\n"


def _part(path: str, tree: Mapping[str, object]) -> Iterator[str]:
    """A part's own fields under its heading, then the parts within it."""
    inner = {key: value for key, value in tree.items() if isinstance(value, Mapping) and LAW_KEY not in value}
    own = {key: value for key, value in tree.items() if key not in inner}
    if path and own:
        yield f"\n[{path}]"
    yield from (f"{key} = {as_toml(value)}" for key, value in own.items())
    for key, value in inner.items():
        yield from _part(f"{path}.{key}" if path else key, value)


def source_lines(entries: Iterable[Evidence]) -> str:
    """Where each number comes from, as the `.sources.toml` beside a baseline says it."""
    return "\n".join(map(_source, entries))


def _source(entry: Evidence) -> str:
    lines = [f'[[source]]\npaths = ["{entry.path}"]', f'grade = "{entry.grade}"', f"from = {as_toml(entry.source)}"]
    lines += [
        f"{name} = {as_toml(value)}" for name, value in (("low", entry.low), ("high", entry.high)) if value is not None
    ]
    return "\n".join(lines) + "\n"
