"""What is odd in an extract, for those who keep it: every finding, its rows, and the rows that were refused.

These tables name rows of the authority's own file and count exactly. They stay where the extract stays.
"""

from sim.history import Observed, Refusal
from sim.report.tables import Row, Table

KEPT = "for those who keep the extract"


def findings(observed: Observed) -> Table:
    """What was found, how often, what it touches and what was done."""
    rows = tuple(
        (f.id, f.what, f.table, len(f.rows), f.of, f.touches, f.done)
        for f in sorted(observed.findings, key=lambda f: -len(f.rows))
    )
    headings = ("finding", "what", "table", "rows", "of", "touches", "done")
    return Table("quality", "What was found", "Row numbers are in quality-rows.csv.", headings, rows)


def finding_rows(observed: Observed) -> Table:
    """Every row of every finding."""
    rows = tuple((f.id, f.table, row) for f in observed.findings for row in f.rows)
    meaning = "Rows are numbered as a spreadsheet shows them, the headings being row 1."
    return Table("quality-rows", "Rows of the findings", meaning, ("finding", "table", "row"), rows)


def _refused(observed: Observed) -> tuple[Refusal, ...]:
    """The rows refused of the extract and of the staff given with it."""
    return (*observed.history.refused, *(observed.staff.refused if observed.staff else ()))


def refusals(observed: Observed) -> Table:
    """Every row that was refused, with the rule; never what stood in it."""
    rows: tuple[Row, ...] = tuple((r.file, r.row, r.field, r.rule) for r in _refused(observed))
    return Table("refusals", "Rows refused", "These rows are in no measure.", ("file", "row", "field", "rule"), rows)


def refusals_by_rule(observed: Observed) -> Table:
    """How many rows each rule refused, with the first of them."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for r in _refused(observed):
        found.setdefault((r.file, r.field, r.rule), []).append(r.row)
    rows = tuple((*key, len(places), min(places)) for key, places in sorted(found.items(), key=lambda f: -len(f[1])))
    headings = ("file", "field", "rule", "rows", "first row")
    return Table("refused", "Rows refused", "Every one is in refusals.csv.", headings, rows)


def tallies(observed: Observed) -> Table:
    """The rows of each table: read and refused add up to those in the file."""
    every = (*observed.history.tallies, *(observed.staff.tallies if observed.staff else ()))
    rows = tuple((t.name, t.in_file, t.read, t.refused) for t in every)
    meaning = f"Of the journeys read {observed.used:,} are used and {observed.set_aside:,} set aside."
    return Table("tallies", "Rows", meaning, ("table", "in the file", "read", "refused"), rows)


def inferences(observed: Observed) -> Table:
    """Links between tables that the record does not hold."""
    rows = tuple((i.what, i.rule, i.made, i.not_made) for i in observed.history.inferred)
    meaning = "The record does not hold these; they were worked out by the rule that is named."
    return Table("inferred", "What was inferred", meaning, ("what", "rule", "made", "could not be made"), rows)
