"""In place of an empty picture: a sentence that says why there is none."""

from collections.abc import Iterable

from sim.facts import Fact
from sim.report.observed.account import Account
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.tables import FIRST_DAYS, WHOLE_WINDOW, is_stage
from sim.report.tables import Cell
from sim.report.wording import Number

_ABOUT = {
    "children_waiting": "who is waiting",
    "days_by_month": "days to seen month by month",
    "process_map": "the way from step to step",
    "contacts_a_month": "contacts a month",
}


def unshown(told: Account) -> dict[str, str]:
    """By the name of each figure that would be empty, a sentence in its place."""
    return {name: f"No picture of {about}: {why}." for name, about in _ABOUT.items() if (why := _why(told, name))}


def _why(told: Account, name: str) -> str:
    """Why a figure would be empty; nothing where it would not."""
    match name:
        case "children_waiting":
            rows = [row[1:-3] for row in told.tables["waiting"].rows if is_stage(row)]
            known = "this record does not say how far contacts had come" if not told.reading.waiting.known else ""
            return known or _of_counts(rows, "nobody was waiting")
        case "days_by_month":
            return _of_days(told)
        case "process_map":
            return _of_counts([(row[2],) for row in told.tables["steps"].rows], "no step is dated in the window")
        case _:
            table = told.tables.get("contacts_by_source")
            if table is None:
                return "this record does not say who made contact, or when"
            return _of_counts([row[1:-1] for row in table.rows if row[0] != WHOLE_WINDOW], "nobody made contact")


def _of_counts(rows: Iterable[Iterable[Cell]], none: str) -> str:
    cells = [cell for row in rows for cell in row]
    if any(isinstance(cell, int) and cell for cell in cells):
        return ""
    return "every count of it is small, or would give a small one away, and is hidden" if HIDDEN in cells else none


def _of_days(told: Account) -> str:
    cells = [cell for row in told.tables["months"].rows[:-1] for cell in row[FIRST_DAYS:-2]]
    if any(isinstance(cell, Number) for cell in cells):
        return ""
    if not told.reading.knows(Fact.RECEIPT, Fact.REFERRAL, Fact.SEEN):
        return "this record does not say how long children waited to be seen"
    return "in no month were enough children seen" if HIDDEN in cells else "in no month were half of the children seen"
