"""An observed record as JSON: what is shown and nothing else."""

import json
import math

from sim.report.observed.account import Account, computed, found, lacks, lead, signs
from sim.report.observed.tables import OBSERVED
from sim.report.tables import Cell
from sim.report.wording import Number

Json = dict[str, object]


def as_json(told: Account) -> str:
    """Every table as a list of rows by heading; shares in per cent, unrounded; null for what is not known."""
    content: Json = {
        "basis": OBSERVED,
        "extract": told.reading.name,
        "as_at": told.observed.as_at.isoformat(),
        "in_plain_english": lead(told),
        "signs": signs(told),
        "holds": [list(pair) for pair in found(told)],
        "can_be_computed": computed(told),
        "does_not_say": [{"fact": lack.fact, "why": lack.why, "measures": list(lack.measures)} for lack in lacks(told)],
        "tables": {
            table.name: [dict(zip(table.headings, map(_value, row), strict=True)) for row in table.rows]
            for table in told.tables.values()
        },
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _value(cell: Cell) -> object:
    if not isinstance(cell, Number):
        return cell
    return None if math.isnan(cell.value) else cell.scaled
