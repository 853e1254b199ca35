"""Pictures of how sure an answer is: spread, tornado, break-even, and the chance that a service is large enough."""

from sim.report.analyses.break_even import break_even_picture
from sim.report.analyses.enough import enough_picture
from sim.report.analyses.labels import label_of
from sim.report.analyses.spread import spread_picture
from sim.report.analyses.tornado import tornado_picture

__all__ = ["break_even_picture", "enough_picture", "label_of", "spread_picture", "tornado_picture"]
