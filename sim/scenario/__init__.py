"""Scenarios: frozen values of every lever and fitted number, their files, and where each number came from."""

from sim.scenario.account import cautions_of
from sim.scenario.basis import Basis, LearnedNumber, basis_of
from sim.scenario.files import (
    Effect,
    Evidence,
    ScenarioFile,
    applied,
    as_toml,
    assumed_effects,
    change_evidence,
    evidence,
    flatten,
    load,
    plausible_draws,
    read,
    setting,
    shipped,
    shipped_comparison,
)
from sim.scenario.parts import MOST_ROUNDS
from sim.scenario.past_months import past_months_of, past_months_text
from sim.scenario.quantities import Arrangement, Grade, Order, Posts, Source
from sim.scenario.scenario import Scenario, ScenarioError, levers, parse
from sim.scenario.staffing import staffing_gaps, wide_spans

__all__ = [
    "MOST_ROUNDS",
    "Arrangement",
    "Basis",
    "Effect",
    "Evidence",
    "Grade",
    "LearnedNumber",
    "Order",
    "Posts",
    "Scenario",
    "ScenarioError",
    "ScenarioFile",
    "Source",
    "applied",
    "as_toml",
    "assumed_effects",
    "basis_of",
    "cautions_of",
    "change_evidence",
    "evidence",
    "flatten",
    "levers",
    "load",
    "parse",
    "past_months_of",
    "past_months_text",
    "plausible_draws",
    "read",
    "setting",
    "shipped",
    "shipped_comparison",
    "staffing_gaps",
    "wide_spans",
]
