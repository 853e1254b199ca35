"""What the account of a calibration, beside the scenario that it made, warns of in whatever is done with it."""

import json
from pathlib import Path

from sim.scenario.scenario import ScenarioError

ENDING = ".calibration.json"
_CAUTIONS = "cautions"


def cautions_of(baseline: str | Path) -> tuple[str, ...]:
    """The cautions of a calibrated baseline, in sentences; none without an account. Raises `ScenarioError`."""
    path = Path(baseline).with_suffix(ENDING)
    if not path.exists():
        return ()
    try:
        account = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read as the account of a calibration ({error})") from None
    found = account.get(_CAUTIONS, []) if isinstance(account, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ScenarioError(f"{path}: {_CAUTIONS} must be sentences in quotation marks")
    return tuple(found)
