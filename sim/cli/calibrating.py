"""`frontdoor calibrate`: a baseline whose numbers are an authority's own, as far as its extract tells them."""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from sim import __version__
from sim.calibration import kept_years
from sim.calibration.draws import draws_text
from sim.calibration.mechanics import Calibrated, Effort, calibrated, figures_of, replays_of
from sim.calibration.mechanics.posts import posts_of, staffing, weekly_fte
from sim.calibration.own_record import OwnRecord, own_record
from sim.calibration.seen import learn, learned_values
from sim.cli import documents
from sim.cli.arguments import BAD_INPUT, DEFAULT_RESULTS
from sim.cli.files import write_all
from sim.cli.own_extract import FEWEST_DAYS, baseline_of, extract_of, refuse_odd
from sim.cli.progress import counted, goes_on_from, steps
from sim.cli.stopping import exit_code
from sim.experiment.engines import prepared
from sim.history import ExtractError, Observed
from sim.model import asked_for
from sim.report.calibration import Told, calibrated_data, calibrated_text, calibration_report
from sim.report.document.hypertext import hypertext
from sim.scenario import Scenario, ScenarioError, ScenarioFile, evidence
from sim.scenario.account import ENDING
from sim.scenario.stating import scenario_lines, source_lines
from sim.world import PostHeld, Record, ReplayError, record_of

MADE = "Made by frontdoor calibrate from an authority's own extract"
_CHECKED = 100
_LONGEST_NAME = 80
_PAGE = ".calibration.html"


def calibrate(options: argparse.Namespace) -> int:
    """Read, learn, fit, write; bad input is one sentence and exit code 2."""
    try:
        return _calibrate(options)
    except (ExtractError, ReplayError) as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT
    except KeyboardInterrupt as interrupt:
        sys.stderr.write(f"frontdoor: stopped; {goes_on_from(_kept_in(options))}\n")
        return exit_code(interrupt)


def _calibrate(options: argparse.Namespace) -> int:
    _refuse_odd(options)
    wanted = documents.asked_for(options)
    base = baseline_of(options.base)
    with steps() as doing:
        doing("reading")
        observed = extract_of(options, base.scenario)
        doing("learning what the record shows")
        results = learn(observed.log, base.scenario)
    learned = base.scenario.changed(dict(learned_values(results)))
    found, posts, record, why_not = _fitted(options, observed, learned)
    changes = {} if record is None else staffing(posts, record.days - 1)
    own = own_record(
        base.scenario,
        evidence(base.path),
        results,
        found,
        staffing=changes,
        extract=f"{observed.history.format}, as at {observed.as_at.isoformat()}",
        words=_words(options, base, observed),
        seed=options.seed,
    )
    fte_cv = _variation(posts, record)
    account = Told(own, results, found, learned, why_not, tuple(_notes(options, observed)), fte_cv)
    contents = _contents(options.out, own, account)
    document = calibration_report(account, observed, datetime.now(UTC).replace(microsecond=0), __version__)
    contents[options.out.with_suffix(_PAGE)] = hypertext(document)
    reports = documents.made(document, wanted)
    write_all(contents, MADE, "calibrate")
    for name, path in wanted.items():
        documents.write(name, path, reports[name])
    sys.stdout.write(calibrated_text(account, [str(path) for path in (*contents, *wanted.values())]))
    return 0


def _refuse_odd(options: argparse.Namespace) -> None:
    if options.out.suffix != ".toml" or "." in options.out.stem:
        raise ScenarioError(f"--out {options.out}: name a file that ends in .toml, with no other dot in its name")
    if options.out.resolve() == options.base.resolve():
        raise ScenarioError(f"--out {options.out}: is the base itself; choose another name")
    if not _name_of(options.out):
        raise ScenarioError(f"--out {options.out}: the scenario is named for it: give it a name with a letter or digit")
    refuse_odd(options, are_runs_asked_for=not options.seen)


def _name_of(out: Path) -> str:
    """A scenario's name made of its file's: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", out.stem.casefold()).strip("-")[:_LONGEST_NAME].strip("-")


def _fitted(
    options: argparse.Namespace, observed: Observed, learned: Scenario
) -> tuple[Calibrated | None, tuple[PostHeld, ...], Record | None, str]:
    """The fit of what no record shows, the posts, the record; or none and why not."""
    if options.seen:
        return None, (), None, "it was not asked for (--seen)"
    try:
        record = record_of(observed.log)
    except ReplayError as mistake:
        return None, (), None, str(mistake)
    posts = () if observed.staff is None else posts_of(observed.staff, record.first_day)
    if record.days < FEWEST_DAYS:
        return (
            None,
            posts,
            record,
            f"the record is of {record.days} days, and of fewer than {FEWEST_DAYS} little is told",
        )
    replays = replays_of(learned, record, posts, asked_for(options.engine))
    effort = Effort(options.runs, options.runs, _CHECKED)
    with (
        counted("runs of the record", effort.runs) as (advance, tell),
        kept_years(replays, _kept_in(options), processes=options.processes, told=partial(advance, 1)) as years,
    ):
        prepared(options.engine, told=tell)
        try:
            return calibrated(years, figures_of(observed.log), effort, seed=options.seed), posts, record, ""
        except ValueError as mistake:
            raise ExtractError(f"nothing can be fitted to this record: {mistake}") from None


def _kept_in(options: argparse.Namespace) -> Path:
    folder: Path = options.keep or DEFAULT_RESULTS / f"calibrated-{options.out.stem}"
    return folder


def _variation(posts: tuple[PostHeld, ...], record: Record | None) -> float | None:
    """By how much of itself weekly staffing varied; none where no posts are known."""
    if not posts or record is None:
        return None
    weekly = weekly_fte(posts, record.days)
    return float(weekly.std() / weekly.mean()) if len(weekly) and weekly.mean() > 0 else 0.0


def _words(options: argparse.Namespace, base: ScenarioFile, observed: Observed) -> Mapping[str, object]:
    first = observed.log.first_day + timedelta(minutes=observed.log.window_start)
    window = f"{first.isoformat()} to {observed.as_at.isoformat()}"
    how = "with what it shows by itself" if options.seen else "with what it shows and what running it again fits"
    return {
        "name": _name_of(options.out),
        "title": f"Own record, {window}",
        "summary": f"{base.scenario.title}, {how}, from an extract of {window} ({observed.history.format}).",
    }


def _notes(options: argparse.Namespace, observed: Observed) -> list[str]:
    found = []
    if share := observed.set_aside / max(observed.used + observed.set_aside, 1):
        found.append(f"{share:.1%} of the journeys read were set aside as unusable: frontdoor observe says why")
    if not options.seen:
        found.append(
            "sets of numbers hold no swings of working time from four weeks to the next: a comparison's range of what "
            "a real year may bring leaves those out"
        )
    return found


def _contents(file: Path, own: OwnRecord, account: Told) -> dict[Path, bytes]:
    """What each file is to hold, the scenario first."""
    head = f"# {MADE}: made again, and not edited, when that changes.\n"
    texts = {
        file: head + scenario_lines(own.scenario),
        file.with_suffix(".sources.toml"): head + "# grade   R the authority's own record; others as in the base\n"
        + "# low, high   95 in 100 of what is learned, 90 in 100 of what is fitted, else the base's plausible range\n\n"
        + source_lines(own.evidence),
        file.with_suffix(ENDING): json.dumps(_finite(calibrated_data(account)), indent=1) + "\n",
    }  # fmt: skip
    if own.sets:
        texts[file.with_suffix(".draws.csv")] = draws_text(own.sets)
    return {path: text.encode() for path, text in texts.items()}


def _finite(value: object) -> object:
    """Numbers that are none are null in JSON."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
