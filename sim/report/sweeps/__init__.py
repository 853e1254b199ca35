"""What people see of a sweep: tables, a page, and a picture of one measure over its levers."""

from sim.report.sweeps.files import Found, printed, write
from sim.report.sweeps.pictures import picture
from sim.report.sweeps.shown import Shown, shown_of
from sim.report.sweeps.table import text

__all__ = ["Found", "Shown", "picture", "printed", "shown_of", "text", "write"]
