"""History: an authority's own extract, in whatever format it is, as an event log like a simulation's."""

from sim.history.extract import Observed, observe, recognise
from sim.history.history import STEPS, Finding, History, Inference, Tally
from sim.history.journeys import TEMPLATE
from sim.history.pseudonyms import Pseudonyms, kept_salt
from sim.history.staff import Staff, read_staff
from sim.history.tables import ExtractError, Refusal

__all__ = [
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
    "kept_salt",
    "observe",
    "read_staff",
    "recognise",
]
