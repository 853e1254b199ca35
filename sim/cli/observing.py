"""`frontdoor observe`: an authority's own extract, read, measured and shown."""

import argparse
import csv
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sim import __version__, provenance
from sim.cli.arguments import BAD_INPUT, DEFAULT_RESULTS
from sim.cli.progress import steps
from sim.history import TEMPLATE, ExtractError, Observed, Pseudonyms, kept_salt, read_staff, recognise
from sim.history import observe as read_extract
from sim.history.places import Place, Several, files_in, together
from sim.provenance.event_files import LOG_NAME
from sim.report.observed.account import Account, account
from sim.report.observed.against import NAME as AGAINST
from sim.report.observed.against import against
from sim.report.observed.data import as_json
from sim.report.observed.files import write
from sim.report.observed.reading import Rules
from sim.report.observed.terminal import LOCAL, text
from sim.report.result_file import read as read_result
from sim.working_time import OpeningHours


def observe(options: argparse.Namespace) -> int:
    """Read, measure, write and show an extract; or write an empty journeys file."""
    try:
        return _template(options) if options.template else _observe(options)
    except ExtractError as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT


def _template(options: argparse.Namespace) -> int:
    if options.extract:
        raise ExtractError("--template writes an empty file and reads nothing: give no extract with it")
    try:
        with options.template.open("x", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(TEMPLATE)
    except FileExistsError:
        raise ExtractError(f"{options.template}: is there already; --template writes a new file") from None
    except OSError as error:
        raise ExtractError(f"{options.template}: cannot be written ({error.strerror})") from None
    sys.stdout.write(
        f"{options.template}: one row for each child and contact; only the first three columns must be filled\n"
    )
    return 0


def _observe(options: argparse.Namespace) -> int:
    place = _extract(options)
    if options.out is not None:
        _refuse_own_source(options.out, *_sources(place, options))
        provenance.refuse_other_folder(options.out, LOG_NAME)
    run = None if options.against is None else read_result(options.against)
    with steps() as advance:
        advance("reading")
        observed = _read(place, options)
        advance("measuring")
        name, stem = _called(place)
        told = account(name, observed, Rules(options.small_count, options.smallest_team))
        if run is not None:
            told = replace(told, tables={**told.tables, AGAINST: against(told.reading, run)})
        folder = options.out or DEFAULT_RESULTS / f"observed-{stem}-{observed.as_at.isoformat()}"
        _refuse_own_source(folder, *_sources(place, options))
        with provenance.whole_folder(folder, LOG_NAME) as partial:
            write(told, partial, _record(), advance)
    _show(told, options.format, folder)
    return 0


def _extract(options: argparse.Namespace) -> Place:
    if not options.extract:
        raise ExtractError("name an extract, or --template FILE for an empty one")
    if options.absence is not None and options.staff is None:
        raise ExtractError("--absence says when the workers of --staff POSTS were away: give both")
    return together(options.extract)


def _called(place: Place) -> tuple[str, str]:
    """What the extract is called, and what its folder of results is called for."""
    if isinstance(place, Several):
        return place.name, files_in(place)[0].stem
    return place.resolve().name, place.resolve().stem


def _sources(place: Place, options: argparse.Namespace) -> tuple[Path | None, ...]:
    """All that is read."""
    read = place.files if isinstance(place, Several) else (place,)
    return *read, options.staff, options.absence, options.keep_salt


def _refuse_own_source(folder: Path, *sources: Path | None) -> None:
    """A results folder is replaced whole: what it is made from must not lie in it."""
    for source in sources:
        if source is not None and source.resolve().is_relative_to(folder.resolve()):
            raise ExtractError(f"{source}: lies in the results folder {folder}, which is replaced; keep it elsewhere")


def _read(place: Place, options: argparse.Namespace) -> Observed:
    """The extract as observed; a salt made for one that cannot be read is not left behind."""
    is_new = options.keep_salt is not None and not options.keep_salt.exists()
    try:
        recognise(place)
        pseudonyms = Pseudonyms(kept_salt(options.keep_salt) if options.keep_salt else None)
        staff = None if options.staff is None else read_staff(options.staff, pseudonyms, options.absence)
        return read_extract(place, pseudonyms, OpeningHours(), options.as_at, options.most_refused, staff=staff)
    except ExtractError:
        if is_new:
            options.keep_salt.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise ExtractError(f"{error.filename or place.name}: cannot be read ({error.strerror})") from error


def _record() -> dict[str, str]:
    return {"frontdoor": __version__, "made": datetime.now(UTC).isoformat(timespec="seconds")}


def _show(told: Account, form: str, folder: Path) -> None:
    sys.stdout.write(as_json(told) if form == "json" else text(told))
    sys.stderr.write(f"\nResults: {folder}\n{LOCAL}\n")
