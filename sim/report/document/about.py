"""What a report is about: a result, the scenario that is asked about, and who answers for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sim.experiment import Comparison, ScenarioResult
from sim.experiment.swings import Sensitivity, sensitivity
from sim.provenance import RecordError
from sim.report.assurance import Assurance
from sim.report.figures import with_basis
from sim.report.headline import NINE_IN_TEN, variants
from sim.report.moved import Moved
from sim.report.result_file import Result
from sim.report.sentences import leading


@dataclass(frozen=True)
class About:
    """The question of a report and all that answers it."""

    result: Result
    scenario: ScenarioResult
    question: str
    assurance: Assurance
    moved: Moved | None = None
    """Numbers moved one at a time, where that was done."""

    @property
    def comparison(self) -> Comparison:
        """All that was compared."""
        return self.result.comparison

    @cached_property
    def pair(self) -> Comparison:
        """The baseline and the scenario asked about alone, for figures; ranges stay those of the whole comparison."""
        return replace(self.comparison, scenarios=(self.comparison.baseline, self.scenario))

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """What the unknowns do to the change in the days within which nine in ten are seen."""
        return sensitivity(self.comparison, self.scenario, NINE_IN_TEN)

    @property
    def details(self) -> Mapping[str, str]:
        """What stands at the foot of figures."""
        run = {"run": self.result.record.run_id, "frontdoor": self.result.record.frontdoor}
        started = run if self.comparison.started is None else {**run, "start": "open work"}
        return with_basis(self.comparison, started)


def about(result: Result, name: str | None, question: str | None, assurance: Assurance) -> About:
    """What a report of a result is about; raises `RecordError` where that cannot be told.

    Without a name it is the one scenario that was compared, or else the one that leads.
    """
    scenario = chosen(result, name)
    asked = question or (
        f"What would become of the days from contact to a child being seen under {_named(scenario)}, compared with "
        f"{_named(result.comparison.baseline)}?"
    )
    return About(result, scenario, asked, assurance)


def _named(scenario: ScenarioResult) -> str:
    return f'"{scenario.title}"'


def chosen(result: Result, name: str | None) -> ScenarioResult:
    """The scenario of that name, or the only one, or the one that leads; raises `RecordError`."""
    compared = variants(result.comparison)
    names = ", ".join(scenario.name for scenario in compared)
    if not compared:
        raise RecordError(
            f"{result.folder}: nothing is compared in it, and a report tells what a change would do; compare the "
            "baseline with a scenario"
        )
    if name is not None:
        found = next((scenario for scenario in compared if scenario.name == name), None)
        if found is None:
            raise RecordError(f"{result.folder}: holds no scenario {name} to report on; there is {names}")
        return found
    if len(compared) == 1:
        return compared[0]
    lead = leading(result.comparison)
    if lead is None:
        raise RecordError(
            f"{result.folder}: no scenario of it is told to shorten days to seen; say which the report is about with "
            f"--scenario: {names}"
        )
    return lead[0]
