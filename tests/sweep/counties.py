"""A county small enough to be run often."""

from sim.experiment import Plan
from sim.scenario import Scenario, load, shipped

SMALL = {
    "demand.family_contacts_per_year": 300.0,
    "calendar.warm_up_days": 20,
    "calendar.horizon_days": 50,
    "calendar.follow_up_days": 30,
}
MANAGERS = "front_door.managers"
WORKERS = "assessment.social_workers.experienced"


def a_county() -> Scenario:
    """The shipped county, as small as `SMALL` makes it."""
    return load(shipped("leicestershire-2018-19.toml")).changed(SMALL)


def a_plan(replications: int = 2, seed: int = 1) -> Plan:
    """The small county under two sets of numbers."""
    sets = ({"need.immediate_share": 0.02}, {"need.immediate_share": 0.03})
    return Plan(a_county(), (), sets, replications, seed)
