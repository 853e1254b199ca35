"""What scenarios assume and nobody has measured, in words and as rows of a table."""

from collections.abc import Iterator

from sim.experiment import Comparison, ScenarioResult
from sim.experiment.assumptions import Assumed
from sim.report.headline import variants
from sim.report.wording import Number, shown

TITLE = "What the scenarios assume"
NOTE = (
    "What nobody has measured: another number in each set of numbers, here its average over the sets that were run "
    "and its range over them. The changes rest on these numbers."
)
HEADINGS = ("scenario", "title", "assumed", "lever", "unit", "average over sets", "least", "most")


def in_words(assumed: Assumed) -> str:
    """An assumption in one line: `Police reply time is multiplied by this: 0.70 on average, from 0.40 to 0.98`."""
    low, mean, high = (shown(Number(value, assumed.unit)) for value in (assumed.low, assumed.mean, assumed.high))
    spread = f"{mean} on average, from {low} to {high}" if assumed.low < assumed.high else mean
    return f"{assumed.meaning}: {spread}"


def assumptions(comparison: Comparison) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The title of each scenario that assumes something, and what, a line each."""
    return tuple((s.title, tuple(map(in_words, s.assumed))) for s in variants(comparison) if s.assumed)


def rows(scenario: ScenarioResult) -> Iterator[tuple[Number | str, ...]]:
    """A row an assumption of a scenario, under `HEADINGS`."""
    for each in scenario.assumed:
        numbers = (Number(value, each.unit) for value in (each.mean, each.low, each.high))
        unit = "%" if each.unit == "share" else each.unit
        yield (scenario.name, scenario.title, each.meaning, each.path, unit, *numbers)


def unvaried_note(comparison: Comparison) -> str:
    """That some numbers are the same in every set, so that no range holds what is not known about them; or nothing."""
    many = len(comparison.unvaried)
    if not many:
        return ""
    numbers = "1 number is" if many == 1 else f"{many} numbers are"
    return (
        f"Not varied: {numbers} no official figure and yet the same in every set. What is not known about them is in "
        "no range; the page, the workbook and the JSON list them."
    )


def unvaried_lines(comparison: Comparison) -> tuple[str, ...]:
    """The numbers that no set varies, a line each: `Assessment teams (assessment.teams)`."""
    return tuple(f"{each.meaning} ({each.path})" for each in comparison.unvaried)
