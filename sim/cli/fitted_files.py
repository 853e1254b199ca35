"""A baseline fitted by simulation, and what is to be in its files."""

import argparse
import os
from functools import partial
from pathlib import Path

from sim.calibration import FrontDoor, kept_years
from sim.cli.arguments import DEFAULT_RESULTS
from sim.cli.init_arguments import FEWEST_YEARS, YEARS_SETTING
from sim.cli.progress import counted
from sim.experiment.engines import prepared
from sim.experiment.targets import TargetRole
from sim.model import asked_for
from sim.published import Budget, Drawing, Fitted, PublishedError, fit, fitted, fitted_texts

NO_FOLLOW_UP = {"calendar.follow_up_days": 0}
"""Published figures are of the year itself, so nobody is followed beyond it to find the model's."""


def fitted_by_simulation(drawing: Drawing, options: argparse.Namespace) -> Fitted:
    """The fit, its years kept so that one that was stopped goes on where it was."""
    base, budget = drawing.base, budget_of(options.years)
    engine = asked_for(options.engine)
    model = FrontDoor(
        base.scenario.changed(NO_FOLLOW_UP), tuple(target.key for target in base.held_against), engine
    )  # fmt: skip
    folder = (options.work or DEFAULT_RESULTS / "init") / base.scenario.name
    with (
        counted(f"simulated years of {base.scenario.title}", budget.most_years(base.held_against)) as (advance, tell),
        kept_years(model, folder, processes=options.processes, told=partial(advance, 1)) as years,
    ):
        prepared(engine, told=tell)
        return fitted(fit(drawing, years, seed=options.seed, budget=budget))


def budget_of(years: int | None) -> Budget:
    """How many simulated years a fit runs: as given, or else as the environment says. Raise `PublishedError`."""
    if years is not None:
        return Budget.of(years)
    text = os.environ.get(YEARS_SETTING, str(Budget().years))
    if not text.strip().isdecimal() or int(text) < FEWEST_YEARS:
        raise PublishedError(f"environment setting {YEARS_SETTING}={text}: must be a whole number from {FEWEST_YEARS}")
    return Budget.of(int(text))


def contents_of(found: Fitted, file: Path) -> dict[Path, bytes]:
    """Every file of a baseline, with what is to be in it."""
    contents = {path: text.encode() for path, text in fitted_texts(found, file).items()}
    contents[file.with_suffix(".targets.png")] = _picture(found)
    return contents


def _picture(found: Fitted) -> bytes:
    # Here and not above: matplotlib, which a mistake in the arguments has no need of.
    from sim.report.figures.style import png  # noqa: PLC0415
    from sim.report.figures.targets import published_against_modelled  # noqa: PLC0415

    base = found.baseline
    run = f"{len(found.draws)} plausible sets of numbers, a year each"
    held = sum(target.role is TargetRole.HELD_OUT for target in base.held_against)
    run += f"; ranges of the {held} figures not fitted to are wider, by how far such figures lay off elsewhere"
    return png(
        published_against_modelled(base.scenario.title, base.held_against, found.modelled, run=run, ranges=found.ranges)
    )
