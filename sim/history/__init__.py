"""History: an authority's own extract, in whatever format it is, as an event log like a simulation's."""

from sim.history.extract import Observed, observe, recognise
from sim.history.fingerprint import fingerprint
from sim.history.history import STEPS, Finding, History, Inference, Tally
from sim.history.journeys import TEMPLATE
from sim.history.open_work import open_work, open_work_in
from sim.history.places import together
from sim.history.pseudonyms import Pseudonyms, kept_salt
from sim.history.staff import Staff, read_staff
from sim.history.tables import ExtractError, Refusal
from sim.history.teams import OTHER_TEAMS

__all__ = [
    "OTHER_TEAMS",
    "STEPS",
    "TEMPLATE",
    "ExtractError",
    "Finding",
    "History",
    "Inference",
    "Observed",
    "Pseudonyms",
    "Refusal",
    "Staff",
    "Tally",
    "fingerprint",
    "kept_salt",
    "observe",
    "open_work",
    "open_work_in",
    "read_staff",
    "recognise",
    "together",
]
