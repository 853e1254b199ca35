"""Reports: what people see of a comparison, in a terminal, in files and as pictures."""

from sim.report.data import as_csv, as_json
from sim.report.files import write
from sim.report.targets import targets_text
from sim.report.terminal import text

__all__ = ["as_csv", "as_json", "targets_text", "text", "write"]
