"""Provenance: run records, and results folders that are whole or not there."""

from sim.provenance.folders import FolderError, refuse_other_folder, whole_folder, write_whole
from sim.provenance.record import (
    RECORD_NAME,
    RecordedCell,
    RecordedPlan,
    RecordedStart,
    RecordedVariant,
    RecordError,
    RunRecord,
    made_by,
    read,
    record,
    run_id,
    save,
)

__all__ = [
    "RECORD_NAME",
    "FolderError",
    "RecordError",
    "RecordedCell",
    "RecordedPlan",
    "RecordedStart",
    "RecordedVariant",
    "RunRecord",
    "made_by",
    "read",
    "record",
    "refuse_other_folder",
    "run_id",
    "save",
    "whole_folder",
    "write_whole",
]
