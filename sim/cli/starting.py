"""`--start EXTRACT`: the real open work that a comparison starts from, read anew each time and never kept."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.provenance import RecordedStart, RunRecord
from sim.report.starting import stage_counts
from sim.scenario import Scenario, ScenarioError
from sim.working_time import OpeningHours
from sim.world.opening import OpenWork


def read_start(paths: Sequence[Path], as_at: date | None, baseline: Scenario) -> OpenWork:
    """The open work of an extract at its date. Raise `ScenarioError`, one sentence, where it cannot be started from.

    Several paths are files of one extract.
    """
    # Here and not above: polars and the readers of extracts, which a comparison without a start has no need of.
    from sim.history import ExtractError, Pseudonyms, fingerprint, observe, open_work, together  # noqa: PLC0415

    calendar = baseline.calendar
    hours = OpeningHours(calendar.office_opens_minute, calendar.office_closes_minute)
    try:
        place = together(paths)
        told = fingerprint(place)
        # Made from the extract itself, so that its rows stand in the same order each time; no pseudonym is kept.
        work = open_work(observe(place, Pseudonyms(bytes.fromhex(told)), hours, as_at), told)
    except ExtractError as mistake:
        raise ScenarioError(f"--start {mistake}") from None
    except OSError as error:
        raise ScenarioError(f"--start {error.filename or paths[0]}: cannot be read ({error.strerror})") from None
    if not work.journeys:
        raise ScenarioError(f"--start {_named(paths)}: nothing was open at the end of {work.as_at.isoformat()}")
    return work


def recorded_start(work: OpenWork) -> RecordedStart:
    """The start as it stands in a record: no row of it, and no small count."""
    return RecordedStart(
        fingerprint=work.fingerprint, as_at=work.as_at, format=work.format, children=stage_counts(work)
    )


def start_in_words(work: OpenWork) -> str:
    """The start in the run's details: its date, and what tells its extract."""
    return f"open work at the end of {work.as_at.isoformat()}, {work.format}, fingerprint {work.fingerprint}"


def _named(paths: Sequence[Path]) -> str:
    return str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"


def start_again(record: RunRecord, paths: Sequence[Path], baseline: Scenario) -> OpenWork | None:
    """The open work that a record started from, read again. Raise `ScenarioError` where it is not the same."""
    recorded = record.plan.start
    if recorded is None:
        if paths:
            raise ScenarioError(f"--start {_named(paths)}: run {record.run_id} started from no extract; leave it out")
        return None
    if not paths:
        raise ScenarioError(
            f"run {record.run_id} started from an extract, which no record keeps: give it with --start EXTRACT "
            f"({recorded.format}, as at {recorded.as_at.isoformat()})"
        )
    work = read_start(paths, recorded.as_at, baseline)
    if work.fingerprint != recorded.fingerprint:
        raise ScenarioError(
            f"--start {_named(paths)}: is not the extract that run {record.run_id} started from, whose fingerprint is "
            f"{recorded.fingerprint[:12]}...; this one's is {work.fingerprint[:12]}..."
        )
    return work
