"""An event log as other tools read it: tidy tables with a data dictionary, vidigi's columns, and XES."""

from sim.report.logs.tidy import RECORDED, SIMULATED, Origin, contacts_table, events_table, people_table

__all__ = ["RECORDED", "SIMULATED", "Origin", "contacts_table", "events_table", "people_table"]
