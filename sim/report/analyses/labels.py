"""Numbers of a scenario in words."""

from typing import Final

from sim.experiment.plan import OF
from sim.report.headline import ALL, GROUP_LABEL, MEASURE
from sim.scenario import Source, levers

_IN_FULL: Final = 1000


def label_of(path: str) -> str:
    """What a number is, and which of a law's: `further_work.police_reply_days.median`, or a scenario's own effect."""
    _, _, inner = path.rpartition(OF)
    meanings = {name: str(field.description).rstrip(".") for name, field in levers()}
    field, _, part = inner.rpartition(".")
    if inner in meanings:
        return f"{_whose(inner)}{meanings[inner]}"
    return f"{_whose(field)}{meanings[field]} ({part})" if field in meanings else inner


def _whose(path: str) -> str:
    """Of a number that each source of contacts has for itself, the source; else nothing."""
    found = [source for source in Source if path.startswith(f"demand.{source.value}.")]
    return f"{found[0].value.replace('_', ' ')}: " if found else ""


def unit_of(path: str) -> str:
    """The unit of a number; nothing where the scenario does not say."""
    _, _, inner = path.rpartition(OF)
    extras = {name: field.json_schema_extra for name, field in levers()}
    extra = extras.get(inner, extras.get(inner.rpartition(".")[0]))
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def measured(key: tuple[str, str]) -> str:
    """A measure and its group in words."""
    measure, group = key
    words = MEASURE[measure].label
    return words if group == ALL else f"{words}: {GROUP_LABEL[group]}"


def plain(value: float) -> str:
    """A lever's value as short as can be: to three figures, and in full where it is a thousand or more."""
    return f"{value:,.0f}" if abs(value) >= _IN_FULL else f"{value:.3g}"
