"""`--start EXTRACT`: the real open work that a comparison starts from, read anew each time and never kept."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.provenance import RunRecord
from sim.report.starts import in_words
from sim.scenario import Scenario, ScenarioError
from sim.working_time import OpeningHours
from sim.world.opening import OpenWork


def read_start(paths: Sequence[Path], as_at: date | None, baseline: Scenario) -> OpenWork:
    """The open work of an extract at its date. Raise `ScenarioError`, one sentence, where it cannot be started from.

    Several paths are files of one extract.
    """
    # Here and not above: polars and the readers of extracts, which a comparison without a start has no need of.
    from sim.history import ExtractError, open_work_in, together  # noqa: PLC0415

    calendar = baseline.calendar
    hours = OpeningHours(calendar.office_opens_minute, calendar.office_closes_minute)
    try:
        work = open_work_in(together(paths), hours, as_at)
    except ExtractError as mistake:
        raise ScenarioError(f"--start {mistake}") from None
    except OSError as error:
        raise ScenarioError(f"--start {error.filename or paths[0]}: cannot be read ({error.strerror})") from None
    if not work.journeys:
        raise ScenarioError(f"--start {_named(paths)}: nothing was open at the end of {in_words(work.as_at)}")
    return work


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
            f"({recorded.format}, as at {in_words(recorded.as_at)})"
        )
    work = read_start(paths, recorded.as_at, baseline)
    if work.fingerprint != recorded.fingerprint:
        raise ScenarioError(
            f"--start {_named(paths)}: is not the extract that run {record.run_id} started from, whose fingerprint is "
            f"{recorded.fingerprint[:12]}...; this one's is {work.fingerprint[:12]}..."
        )
    return work
