"""What a record told of a scenario: in the terminal, as data, and as a report that is a page, a Word file or a PDF."""

from sim.report.calibration.report import calibration_report
from sim.report.calibration.told import (
    FittedRow,
    StageRow,
    Told,
    calibrated_data,
    calibrated_text,
    load_warnings,
)

__all__ = [
    "FittedRow",
    "StageRow",
    "Told",
    "calibrated_data",
    "calibrated_text",
    "calibration_report",
    "load_warnings",
]
