"""What people see of a sweep: a table, and a picture of one measure over one lever or two."""

from sim.report.sweeps.files import printed, write
from sim.report.sweeps.pictures import picture
from sim.report.sweeps.shown import Shown, shown_of
from sim.report.sweeps.table import text

__all__ = ["Shown", "picture", "printed", "shown_of", "text", "write"]
