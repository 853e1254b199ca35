"""One small world, fingerprinted: any change to chance, rules or measures shows here.

Where the change is meant, run `python tests/test_golden.py` and say in the changelog that numbers changed, and why.
"""

import json
from pathlib import Path

import pytest

from sim import load, measure, simulate
from sim.experiment import log_hash
from sim.model import Engine
from tests.worlds import PRIOR

GOLDEN = Path(__file__).parent / "golden" / "small.json"
SMALL = {
    "demand.family_contacts_per_year": 1500.0,
    "calendar.warm_up_days": 60,
    "calendar.horizon_days": 90,
    "calendar.follow_up_days": 60,
    "assessment.social_workers.experienced": 6,
    "assessment.social_workers.newly_qualified": 2,
    "assessment.social_workers.agency": 1,
    "front_door.managers": 2,
    "front_door.workers": 2,
}
MEASURES = (
    "days_to_seen_q50",
    "days_to_seen_q90",
    "seen_within_10_days_share",
    "decision_days_q90",
    "referrals_count",
    "assessments_count",
    "assessments_within_45_working_days_share",
    "section_47_count",
    "unallocated_children_mean",
    "utilisation_experienced_social_worker",
)


def fingerprint(engine: Engine) -> dict[str, object]:
    """The hash of the small world's log, and ten of its measures."""
    scenario = load(PRIOR).changed(SMALL)
    log = simulate(scenario, seed=1, replication=0, engine=engine)
    readings = measure(log)
    return {"log": log_hash(log), "measures": {name: readings[name, "all"] for name in MEASURES}}


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_the_small_world_is_what_it_was(engine: Engine) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="the compiled engine needs Numba")
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = fingerprint(engine)

    assert found["measures"] == golden["measures"]
    assert found["log"] == golden["log"]


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(fingerprint("simpy"), indent=1) + "\n", encoding="utf-8")
