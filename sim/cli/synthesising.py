"""`frontdoor synthesise`: a simulated year, written as an authority would have recorded it."""

import argparse
import sys
from datetime import date, timedelta

from sim import provenance
from sim.cli.arguments import BAD_INPUT
from sim.cli.progress import steps
from sim.events import EventLog
from sim.experiment import simulate
from sim.history import ExtractError
from sim.history.synthesis import journeys_told
from sim.history.writing import PLANTED, WRITERS, extract_in
from sim.history.writing.extract import Origin, Written, write_extract
from sim.history.writing.inference import in_words
from sim.history.writing.mess import Mess
from sim.scenario import ScenarioError, ScenarioFile, load, read
from sim.working_time import MINUTES_PER_DAY

SEEDS = 2**64


def synthesise(options: argparse.Namespace) -> int:
    """Simulate, write and read back; say what was written, planted and inferred."""
    try:
        return _synthesise(options)
    except ExtractError as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT


def _synthesise(options: argparse.Namespace) -> int:
    if options.format not in WRITERS:
        raise ExtractError(f"--format {options.format}: must be one of {', '.join(sorted(WRITERS))}")
    if not 0 <= options.seed < SEEDS:
        raise ScenarioError(f"--seed {options.seed}: must be from 0 to {SEEDS - 1}")
    provenance.refuse_other_folder(options.out, PLANTED)
    file = read(options.scenario)
    mess = Mess(options.mess, options.seed)
    with steps() as doing:
        doing("simulating")
        log = simulate(file.scenario, seed=options.seed, replication=0, baseline=load(file.baseline), engine="simpy")
        doing("writing")
        with provenance.whole_folder(options.out, PLANTED) as partial:
            written = write_extract(journeys_told(log), options.format, partial, mess, _origin(file, log, options.seed))
    sys.stdout.write(_shown(written))
    path, last = extract_in(options.out), _last_day(log)
    sys.stderr.write(f"\nSynthetic extract: {path}\nTo read it: frontdoor observe {path} --as-at {last}\n")
    return 0


def _origin(file: ScenarioFile, log: EventLog, seed: int) -> Origin:
    return Origin(file.scenario.name, file.scenario.title, seed, _last_day(log))


def _last_day(log: EventLog) -> date:
    return log.first_day + timedelta(days=(log.window_end - 1) // MINUTES_PER_DAY)


def _shown(written: Written) -> str:
    lines = [f"{written.contacts} contacts, with {written.children} children"]
    lines += [f"planted: {one.kind}: {one.rows} ({one.table})" for one in written.planted]
    return "\n".join(lines) + f"\n{in_words(written.checks)}"
