"""Every table of an observed record."""

from sim.facts import Fact
from sim.report.observed.counted import Counted
from sim.report.observed.monthly import months
from sim.report.observed.reading import Reading
from sim.report.observed.tables import contacts_by_source, measures, staff, steps, teams, waiting
from sim.report.tables import Table


def tables(reading: Reading, counted: Counted) -> dict[str, Table]:
    """Every table by its name; `teams`, `contacts_by_source` and `staff` only where the record tells them."""
    made = [waiting(reading, counted), months(reading, counted), measures(reading, counted), steps(reading, counted)]
    if reading.teams and reading.waiting.known:
        made.append(teams(reading, counted))
    if reading.knows(Fact.SOURCE, Fact.RECEIPT):
        made.append(contacts_by_source(reading, counted))
    if reading.observed.staff is not None:
        made.append(staff(reading, counted, reading.observed.staff))
    return {table.name: table for table in made}
