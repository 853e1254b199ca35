"""An extract and a baseline as `frontdoor calibrate` and `frontdoor backcast` take them."""

import argparse
from pathlib import Path

from sim.history import ExtractError, Observed, Pseudonyms, fingerprint, observe, read_staff, together
from sim.scenario import Scenario, ScenarioError, ScenarioFile, read
from sim.working_time import OpeningHours

MOST_SEED = 2**62
FEWEST_DAYS = 120
"""Of fewer days before a date little is told."""

FEWEST_RUNS = 450


def refuse_odd(options: argparse.Namespace, *, are_runs_asked_for: bool) -> None:
    """Raise `ScenarioError` where arguments do not go together."""
    if options.absence is not None and options.staff is None:
        raise ScenarioError("--absence says when the workers of --staff POSTS were away: give both")
    if not 0 <= options.seed < MOST_SEED:
        raise ScenarioError(f"--seed {options.seed}: must be from 0 to {MOST_SEED - 1}")
    if are_runs_asked_for and options.runs < FEWEST_RUNS:
        raise ScenarioError(f"--runs {options.runs}: must be at least {FEWEST_RUNS}; fewer tell eight numbers nothing")


def baseline_of(path: Path) -> ScenarioFile:
    """The baseline of `--base`; raises `ScenarioError`."""
    file = read(path)
    if file.below is not None:
        raise ScenarioError(f"--base {path}: extends another scenario; give the baseline itself")
    return file


def extract_of(options: argparse.Namespace, base: Scenario) -> Observed:
    """The extract with its staff; raises `ExtractError`."""
    calendar = base.calendar
    hours = OpeningHours(calendar.office_opens_minute, calendar.office_closes_minute)
    try:
        place = together(options.extract)
        # Made from the extract itself, so that its rows stand in the same order each time; no pseudonym is kept.
        pseudonyms = Pseudonyms(bytes.fromhex(fingerprint(place)))
        staff = None if options.staff is None else read_staff(options.staff, pseudonyms, options.absence)
        return observe(place, pseudonyms, hours, options.as_at, options.most_refused, smallest_team=1, staff=staff)
    except OSError as error:
        raise ExtractError(f"{error.filename or place.name}: cannot be read ({error.strerror})") from error
