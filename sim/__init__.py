"""Front Door: a simulation of a council's children's services front door.

scenario = sim.load("scenarios/leicestershire-2018-19.toml")
log = sim.simulate(scenario, seed=1, replication=0)
sim.measure(log)["days_to_seen_q90", "all"]
"""

__version__ = "0.1.0"

from sim.events import EventLog, check_lifecycle
from sim.experiment import Comparison, Estimate, Plan, Variant, compare, run_plan, simulate
from sim.measures import MEASURES, measure, open_work, stages
from sim.model import run
from sim.scenario import Scenario, ScenarioError, load
from sim.world import World, draw

__all__ = [
    "MEASURES",
    "Comparison",
    "Estimate",
    "EventLog",
    "Plan",
    "Scenario",
    "ScenarioError",
    "Variant",
    "World",
    "check_lifecycle",
    "compare",
    "draw",
    "load",
    "measure",
    "open_work",
    "run",
    "run_plan",
    "simulate",
    "stages",
]
