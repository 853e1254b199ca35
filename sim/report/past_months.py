"""A test against past months in words, as a table and as data."""

from typing import Final

from rich.table import Table as Lines

from sim.calibration.past_months import LEAST_INSIDE_80, MOST_OUTSIDE_95, HeldAgainst, Point
from sim.report.terminal import RULES, printed, terminal_width

MOST_SMALL: Final = 5
MARK: Final = (
    f"To pass: at least {1 - MOST_OUTSIDE_95:.0%} of months and measures inside their 95% range and "
    f"{LEAST_INSIDE_80:.0%} inside their 80% range, and a smaller error than the same as last quarter and than the "
    "mean of three months."
)


def verdict(one: HeldAgainst) -> str:
    """What came of it, in words."""
    with_what = "the real contacts and posts" if one.with_real else "forecast contacts and the posts of the date"
    if not one.points:
        return f"With {with_what}: nothing could be tested, for the record tells none of the measures."
    held = (
        f"{one.inside_95:.0%} of {len(one.points)} months and measures lay inside their 95% range, "
        f"{one.inside_80:.0%} inside their 80% range"
    )
    ranges = "its ranges are honest" if one.is_honest else "its ranges are NOT to be trusted"
    ours, last, mean = (one.error(of) for of in ("median", "last_quarter", "mean_of_3"))
    errors = (
        f"its error is {ours:.0%}, that of the same as last quarter {last:.0%}, of the mean of three months {mean:.0%}"
    )
    better = "it beats both" if one.beats_both else "it does NOT beat the forecast without a model"
    passes = "PASSED" if one.is_honest and one.beats_both else "NOT PASSED"
    return f"With {with_what}: {passes}. {held}: {ranges}; {errors}: {better}."


def past_months_text(tests: tuple[HeldAgainst, ...]) -> str:
    """Tables and verdicts in the terminal."""
    width = terminal_width()
    parts = [f"Test against past months. {MARK}\n"]
    for one in tests:
        parts.append(verdict(one) + "\n")
        if one.points:
            parts.append(printed([_table(one)], width))
    return "\n".join(parts)


def _table(one: HeldAgainst) -> Lines:
    table = Lines(box=RULES)
    for heading in ("month", "measure", "as it was", "predicted", "80% range", "95% range", "last quarter", ""):
        table.add_column(heading, justify="left" if heading in {"month", "measure", ""} else "right")
    for point in one.points:
        table.add_row(*_cells(point))
    return table


def _cells(point: Point) -> tuple[str, ...]:
    def shown(number: float) -> str:
        unit = point.measure.unit
        return f"{number:.0%}" if unit == "share" else f"{number:.1f}" if unit == "days" else f"{number:.0f}"

    def of_record(number: float) -> str:
        return f"1 to {MOST_SMALL}" if _is_small(point, number) else shown(number)

    outside = "" if point.inside_95 else "outside"
    return (
        point.month, point.measure.label, of_record(point.actual), shown(point.median),
        f"{shown(point.low80)} to {shown(point.high80)}", f"{shown(point.low95)} to {shown(point.high95)}",
        of_record(point.last_quarter), outside,
    )  # fmt: skip


def _is_small(point: Point, number: float) -> bool:
    """Whether a number may be a count of so few real families that it is not shown."""
    return point.measure.unit == "families" and 0 < number <= MOST_SMALL


def _data(point: Point) -> dict[str, object]:
    told = point._asdict() | {"measure": point.measure.id}
    for name in ("actual", "last_quarter", "mean_of_3"):
        if _is_small(point, getattr(point, name)):
            told[name] = None
    return told


def past_months_data(tests: tuple[HeldAgainst, ...]) -> dict[str, object]:
    """All of it as plain values."""
    return {
        "pass_mark": {"most_outside_95": MOST_OUTSIDE_95, "least_inside_80": LEAST_INSIDE_80},
        "tests": [
            {
                "with_real_contacts_and_posts": one.with_real,
                "verdict": verdict(one),
                "inside_95": one.inside_95,
                "inside_80": one.inside_80,
                "points": [_data(point) for point in one.points],
            }
            for one in tests
        ],
    }
