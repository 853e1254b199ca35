"""One who has nothing but the tables that are shown, and works out what is hidden by integer programming.

What it knows is written here anew, from what the tables say of themselves, and shares nothing with what hides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.measures.waiting import ASSESSING_NEEDS
from sim.report.observed.account import Account
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.sets import ASSESSING, ASSESSING_LATE
from sim.report.observed.tables import ALL_STAGES, FIRST_DAYS, NOT_DECIDED_YET, NOT_SEEN_YET, SEEN_UNDATED, WHOLE_WINDOW
from sim.report.tables import Cell, Table
from sim.report.wording import Number

Place = tuple[str, str, str]
Row = NDArray[np.float64 | np.int64]
Terms = Mapping[Place, int]
"""Cells, each with the factor it is taken times."""

GROUPS = (
    ("immediate", "not_immediate"),
    ("section_47", "section_17"),
    ("domestic_abuse", "not_domestic_abuse"),
    ("from_police", "from_schools", "from_health", "from_la_services", "from_individuals", "from_other"),
)
COUNTS = (
    "referred_children_count",
    "contacts_count",
    "beyond_10_days_per_month_count",
    "beyond_20_days_per_month_count",
)
MARGINS = {"waiting": ("all", ALL_STAGES), "contacts_by_source": ("all", WHOLE_WINDOW)}
MONTHS = ("contacts", "children referred", NOT_SEEN_YET, SEEN_UNDATED, NOT_DECIDED_YET)
RECEIVED, DECIDED, NOT_DECIDED = "Received", "Decided", "not decided"
STARTED, AUTHORISED = "Assessment started", "Assessment authorised"
OPEN, OPEN_LATE = ("lead", "open assessments", "all"), ("lead", "open assessments", "late")
"""What the first sentences tell that no table does."""


def cells(told: Account) -> dict[Place, Cell]:
    """Every count of every table by table, row and column; those a month as counts of the window."""
    return dict(_cells(told))


def _cells(told: Account) -> Iterator[tuple[Place, Cell]]:
    for name in ("waiting", "teams", "contacts_by_source", "months"):
        table = told.tables.get(name)
        if table is not None:
            wanted = MONTHS if name == "months" else _columns(table)
            for row in table.rows:
                yield from (((name, str(row[0]), one), row[table.headings.index(one)]) for one in wanted)
    for row in told.tables["steps"].rows:
        yield ("steps", str(row[0]), str(row[1])), row[2]
    if told.reading.index.knows(ASSESSING_NEEDS):
        yield OPEN, told.counted.cell(ASSESSING)
        yield OPEN_LATE, told.counted.cell(ASSESSING_LATE)
    for row in told.tables["measures"].rows:
        if row[0] in COUNTS and isinstance(row[6], Number | str):
            yield ("measures", str(row[0]), str(row[2])), _whole(told, str(row[0]), row[6])


def _columns(table: Table) -> list[str]:
    return [one for one in table.headings[1:-1] if "oldest" not in one]


def _whole(told: Account, name: str, cell: Number | str) -> Cell:
    if isinstance(cell, str):
        return cell
    return round(cell.value * (told.reading.index.window_months if "per_month" in name else 1))


@dataclass
class Attacker:
    """What is shown, and what is known to hold between the cells: sums of terms from 0 up, or 0 exactly.

    `least` are the cells of which more is known than that they are at least 1.
    """

    shown: dict[Place, Cell]
    rules: list[tuple[Terms, bool]] = field(default_factory=list)
    least: dict[Place, int] = field(default_factory=dict)

    def equal(self, total: Place, parts: list[Place]) -> None:
        """Parts are known to make up a total."""
        self._know({total: 1, **dict.fromkeys(parts, -1)}, exact=True)

    def at_most(self, most: Place, parts: list[Place]) -> None:
        """Parts that do not overlap are known to lie within another."""
        self._know({most: 1, **dict.fromkeys(parts, -1)}, exact=False)

    def _know(self, terms: Terms, *, exact: bool) -> None:
        if all(isinstance(self.shown.get(place), int) or self.shown.get(place) == HIDDEN for place in terms):
            self.rules.append((terms, exact))

    def certain(self, secrets: Mapping[str, Terms], truth: Mapping[Place, Cell]) -> set[str]:
        """Which secrets, each made of some cells, can have no other value than they truly have."""
        places = [place for place, cell in self.shown.items() if cell == HIDDEN]
        column = {place: number for number, place in enumerate(places)}
        true = np.array([_count(truth[place]) for place in places], dtype=float)
        assert all(self._holds(terms, exact, truth) for terms, exact in self.rules)
        open_secrets = {name: self._row(terms, column) for name, terms in secrets.items()}
        fixed = {name for name, row in open_secrets.items() if not row.any()}
        left = {name: row for name, row in open_secrets.items() if name not in fixed}
        while left:
            name, row = next(iter(left.items()))
            other = self._another(row, column, true)
            if other is None:
                fixed.add(name)
                del left[name]
            else:
                left = {one: terms for one, terms in left.items() if abs(terms @ (other - true)) < 0.5}
        return fixed

    def _holds(self, terms: Terms, exact: bool, truth: Mapping[Place, Cell]) -> bool:  # noqa: FBT001  (as held)
        found = sum(factor * _count(truth[place]) for place, factor in terms.items())
        return found == 0 if exact else found >= 0

    def _another(self, row: Row, column: Mapping[Place, int], true: Row) -> Row | None:
        """A filling that fits all that is known and gives one secret another value than the true one."""
        rules = [(self._row(terms, column), *self._limits(terms, exact)) for terms, exact in self.rules]
        known = [LinearConstraint(np.array([r for r, *_ in rules]), [a for _, a, _ in rules], [b for *_, b in rules])]
        value, least = float(row @ true), np.array([self.least.get(place, 1) for place in column], dtype=float)
        for low, high in ((value + 1, np.inf), (-np.inf, value - 1)):
            solved = milp(
                np.zeros(len(true)), constraints=[*known, LinearConstraint(row[None, :], low, high)],
                integrality=np.ones(len(true), dtype=int), bounds=Bounds(least, np.inf),
            )  # fmt: skip
            if solved.x is not None:
                return np.rint(solved.x)
        return None

    def _row(self, terms: Terms, column: Mapping[Place, int]) -> Row:
        row = np.zeros(len(column))
        for place, factor in terms.items():
            if place in column:
                row[column[place]] = factor
        return row

    def _limits(self, terms: Terms, exact: bool) -> tuple[float, float]:  # noqa: FBT001  (as the rules hold it)
        known = sum(factor * cell for place, factor in terms.items() if isinstance(cell := self.shown[place], int))
        return -known, -known if exact else np.inf


def _count(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell


def attacker(told: Account) -> Attacker:
    """All that the tables are known to say."""
    found = Attacker(cells(told))
    for name, (column, row) in MARGINS.items():
        _margins(found, name, column, row)
    _teams(found)
    _months(found)
    _steps(found)
    _measures(found)
    found.least.update(_more_than_few(told))
    return found


def _more_than_few(told: Account) -> Iterator[tuple[Place, int]]:
    """What a longest wait or a median says of the count beside it: it is shown of more than a few."""
    few = told.reading.rules.small_count + 1
    for name, column, sign in (
        ("waiting", "all", -2),
        ("teams", "all", -2),
        ("months", "children referred", FIRST_DAYS),
    ):
        for row in told.tables[name].rows if name in told.tables else ():
            if isinstance(row[sign], int | Number):
                yield (name, str(row[0]), column), few
    for before, after, _, half, nine, *_ in told.tables["steps"].rows:
        if isinstance(half, Number):
            yield ("steps", str(before), str(after)), 2 * few - 1 if isinstance(nine, Number) else few


def _labels(found: Attacker, table: str) -> tuple[list[str], list[str]]:
    rows = dict.fromkeys(row for name, row, _ in found.shown if name == table)
    columns = dict.fromkeys(column for name, _, column in found.shown if name == table)
    return list(rows), list(columns)


def _known(found: Attacker, place: Place) -> bool:
    cell = found.shown.get(place)
    return isinstance(cell, int) or cell == HIDDEN


def _margins(found: Attacker, table: str, total_column: str, total_row: str) -> None:
    rows, columns = _labels(found, table)
    for row in rows:
        found.equal((table, row, total_column), [(table, row, one) for one in columns if one != total_column])
    for column in columns:
        parts = [(table, row, column) for row in rows if row not in {total_row, SEEN_UNDATED}]
        found.equal((table, total_row, column), [place for place in parts if _known(found, place)])


def _teams(found: Attacker) -> None:
    teams, stages = _labels(found, "teams")
    for team in teams:
        found.equal(("teams", team, "all"), [("teams", team, stage) for stage in stages if stage != "all"])
    for stage in stages:
        row = ALL_STAGES if stage == "all" else stage
        found.equal(("waiting", row, "all"), [("teams", team, stage) for team in teams])


def _months(found: Attacker) -> None:
    months, columns = _labels(found, "months")
    for column in columns:
        parts = [("months", month, column) for month in months if month != WHOLE_WINDOW]
        found.equal(("months", WHOLE_WINDOW, column), parts)
    for month in months:
        found.equal(("months", month, "contacts"), [("contacts_by_source", month, "all")])
    others = {ALL_STAGES, NOT_DECIDED, SEEN_UNDATED}
    stages = [("waiting", stage, "all") for stage in _labels(found, "waiting")[0] if stage not in others]
    found.equal(("months", WHOLE_WINDOW, NOT_SEEN_YET), [place for place in stages if _known(found, place)])
    found.at_most(("months", WHOLE_WINDOW, SEEN_UNDATED), [("waiting", SEEN_UNDATED, "all")])
    found.equal(("months", WHOLE_WINDOW, NOT_DECIDED_YET), [("waiting", NOT_DECIDED, "all")])


def _steps(found: Attacker) -> None:
    ways = [(before, after) for name, before, after in found.shown if name == "steps" and after]
    boxes = [before for name, before, after in found.shown if name == "steps" and not after]
    for before, after in ways:
        if after in boxes:
            found.at_most(("steps", before, ""), [("steps", before, after)])
            found.at_most(("steps", after, ""), [("steps", before, after)])
    for box in boxes:
        if box != RECEIVED:
            found.at_most(("steps", RECEIVED, ""), [("steps", box, "")])
    found.at_most(OPEN, [OPEN_LATE])
    found.at_most(("steps", STARTED, ""), [("steps", AUTHORISED, ""), OPEN])
    others = [("steps", before, after) for before, after in ways if after not in boxes]
    found.at_most(("steps", DECIDED, ""), [*others, ("measures", "referred_children_count", "all")])


def _measures(found: Attacker) -> None:
    for name in COUNTS:
        for groups in GROUPS:
            found.at_most(("measures", name, "all"), [("measures", name, group) for group in groups])
    for group in ("all", *(one for groups in GROUPS for one in groups)):
        referred, ten, twenty = (("measures", COUNTS[place], group) for place in (0, 2, 3))
        found.at_most(referred, [ten])
        found.at_most(ten, [twenty])
    found.equal(("months", WHOLE_WINDOW, "children referred"), [("measures", "referred_children_count", "all")])
    found.equal(("months", WHOLE_WINDOW, "contacts"), [("measures", "contacts_count", "all")])


def secrets(found: Attacker, truth: Mapping[Place, Cell], small: int) -> dict[str, Terms]:
    """Every hidden cell, and every difference of two cells of which one lies within the other that is of a few."""
    made: dict[str, Terms] = {str(place): {place: 1} for place, cell in found.shown.items() if cell == HIDDEN}
    for terms, exact in found.rules:
        if not exact and 1 <= sum(factor * _count(truth[place]) for place, factor in terms.items()) <= small:
            made[f"outside {sorted(terms)}"] = terms
    return made
