"""`frontdoor backcast`: a calibration tested against past months."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sim.calibration import kept_years
from sim.calibration.mechanics import Calibrated, Effort, calibrated, figures_of, replays_of
from sim.calibration.mechanics.posts import posts_of
from sim.calibration.mechanics.replays import years_at
from sim.calibration.past_months import (
    BEFORE_MONTHS,
    HeldAgainst,
    Month,
    MonthlyReplays,
    held_against,
    known_at,
    monthly,
    months_of,
    posts_known_at,
)
from sim.calibration.seen import learn, learned_values
from sim.cli.arguments import BAD_INPUT, DEFAULT_RESULTS, NOT_MET
from sim.cli.own_extract import FEWEST_DAYS, baseline_of, extract_of, refuse_odd
from sim.cli.progress import counted, goes_on_from, steps
from sim.cli.stopping import exit_code
from sim.events import EventLog
from sim.experiment.engines import prepared
from sim.history import ExtractError
from sim.model import Engine, asked_for
from sim.provenance import write_whole
from sim.report.past_months import past_months_data, past_months_text, verdict
from sim.scenario import Scenario, read
from sim.scenario import past_months_text as past_months_file
from sim.scenario.past_months import ENDING
from sim.world import PostHeld, Record, ReplayError, record_of

_CHECKED = 20
_PREDICTED = 200


class _Asked(NamedTuple):
    """What is tested: the whole record and what was known of it, the posts, the months before and after."""

    learned: Scenario
    log: EventLog
    known: EventLog
    record: Record
    posts: tuple[PostHeld, ...]
    day: int
    before: list[Month]
    after: list[Month]
    engine: Engine


def backcast(options: argparse.Namespace) -> int:
    """Fit, predict, compare, say; bad input is one sentence and exit code 2."""
    try:
        refuse_odd(options, are_runs_asked_for=True)
        return _backcast(options)
    except (ExtractError, ReplayError) as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT
    except KeyboardInterrupt as interrupt:
        sys.stderr.write(f"frontdoor: stopped; {goes_on_from(_kept_in(options))}\n")
        return exit_code(interrupt)


def _backcast(options: argparse.Namespace) -> int:
    if options.beside is not None:
        read(options.beside)
    with steps() as doing:
        doing("reading, and learning what the record showed")
        asked = _asked(options)
    effort = Effort(options.runs, options.runs, _CHECKED)
    with counted("runs of the record", effort.runs + 2 * _PREDICTED) as (advance, tell):
        prepared(options.engine, told=tell)
        found = _fitted(options, asked, effort, partial(advance, 1))
        tests = tuple(_tests(options, asked, found, partial(advance, 1)))
    if options.beside is not None:
        _put_beside(options.beside, options.fit_to, tests)
    if options.format == "json":
        sys.stdout.write(json.dumps(past_months_data(tests), indent=1) + "\n")
    else:
        sys.stdout.write(past_months_text(tests))
    return 0 if all(one.is_honest and one.beats_both for one in tests) else NOT_MET


def _put_beside(baseline: Path, fitted_to: date, tests: Sequence[HeldAgainst]) -> None:
    """The verdicts in a file beside the baseline, whole or as it was."""
    path = baseline.with_suffix(ENDING)
    try:
        write_whole(path, past_months_file(tuple(map(verdict, tests)), fitted_to.isoformat()).encode())
    except OSError as error:
        raise ExtractError(f"{path}: cannot be written ({error.strerror})") from None


def _asked(options: argparse.Namespace) -> _Asked:
    base = baseline_of(options.base).scenario
    observed = extract_of(options, base)
    record = record_of(observed.log)
    posts = () if observed.staff is None else posts_of(observed.staff, record.first_day)
    day = (options.fit_to - record.first_day).days + 1
    months = months_of(record.first_day, record.days)
    before = [month for month in months if month.past <= day][-BEFORE_MONTHS:]
    after = [month for month in months if month.first >= day]
    if day < FEWEST_DAYS or len(before) < BEFORE_MONTHS:
        raise ExtractError(f"--fit-to {options.fit_to}: leaves fewer than {FEWEST_DAYS} days of the record to fit to")
    if not after:
        raise ExtractError(f"--fit-to {options.fit_to}: leaves no whole month of the record to be held against")
    known = known_at(observed.log, day)
    learned = base.changed(dict(learned_values(learn(known, base, again=0))))
    return _Asked(learned, observed.log, known, record, posts, day, before, after, asked_for(options.engine))


def _fitted(options: argparse.Namespace, asked: _Asked, effort: Effort, told: "partial[None]") -> Calibrated:
    """The latent numbers, from what was known at the date."""
    posts = posts_known_at(asked.posts, asked.day)
    replays = replays_of(asked.learned, record_of(asked.known), posts, asked.engine)
    with kept_years(replays, _kept_in(options), processes=options.processes, told=told) as years:
        try:
            return calibrated(years, figures_of(asked.known), effort, seed=options.seed)
        except ValueError as mistake:
            raise ExtractError(f"nothing can be fitted to this record: {mistake}") from None


def _tests(
    options: argparse.Namespace, asked: _Asked, found: Calibrated, told: "partial[None]"
) -> Iterator[HeldAgainst]:
    """The months after, from their real contacts and posts, and from forecast ones."""
    known, further = record_of(asked.known), asked.record.days - asked.day
    posts = posts_known_at(asked.posts, asked.day)
    real = replays_of(asked.learned, asked.record, asked.posts, asked.engine)
    forecast = replays_of(asked.learned, known, posts, asked.engine, further_days=further)
    actual, before = monthly(asked.log, asked.after), monthly(asked.log, asked.before)
    for replays, with_real in ((real, True), (forecast, False)):
        model = MonthlyReplays(replays, tuple(asked.after))
        with kept_years(model, _kept_in(options), processes=options.processes, told=told) as years:
            runs = years.figures(years_at(_over(found.sets, _PREDICTED), options.seed, first=10**6))
        yield held_against(actual, runs, before, asked.after, with_real=with_real)


def _over(sets: Sequence[dict[str, float]], count: int) -> list[dict[str, float]]:
    """The sets over and over."""
    return [sets[place % len(sets)] for place in range(count)]


def _kept_in(options: argparse.Namespace) -> Path:
    folder: Path = options.keep or DEFAULT_RESULTS / f"backcast-{options.fit_to.isoformat()}"
    return folder
