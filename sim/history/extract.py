"""An extract read whole: which format it is, what it holds, and the event log it becomes."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.events import EventLog
from sim.facts import Fact
from sim.history import annex_a, cin, journeys, mosaic, ssd
from sim.history.assemble import event_log
from sim.history.heading import headings_below
from sim.history.history import STEPS, Finding, History, said_once
from sim.history.oddities import oddities
from sim.history.places import Place, Several, files_in
from sim.history.pseudonyms import Pseudonyms
from sim.history.quality import Checked, check
from sim.history.ssd_tables import is_database
from sim.history.staff import Staff
from sim.history.staffing import staff_of_record, with_staff
from sim.history.stretch import ends
from sim.history.tables import ExtractError, csv_rows, first_of_refused
from sim.history.teams import SMALLEST_TEAM, without_small_teams, without_small_teams_of_posts
from sim.working_time import OpeningHours

MOST_REFUSED_SHARE = 0.05
"""Beyond this share of rows that cannot be read an extract is not what it seems, and nothing is computed from it.

So with each of its tables: of a hundred thousand contacts and a thousand visits, no visit may be readable.
"""

FEW_REFUSED = 10
"""Of a table as many rows or fewer are a few, unless they are most of it."""

_JOURNEYS = "journeys CSV"
_ONE = "give the files of one extract"
_FEW_DATES_ALONE = 0.05


class Format(NamedTuple):
    """A format of extract: its name, whether a place is one, how it is read, and whether a file may be part of one."""

    name: str
    recognises: Callable[[Place], bool]
    read: Callable[[Place, Pseudonyms], History]
    holds: Callable[[Path], bool]


def _is_journeys(place: Place) -> bool:
    is_files = isinstance(place, Several) or place.is_file()
    return is_files and all(_is_csv(file) and journeys.recognises(csv_rows(file)) for file in files_in(place))


def _is_csv(file: Path) -> bool:
    return file.suffix.lower() == ".csv"


FORMATS: tuple[Format, ...] = (
    Format(_JOURNEYS, _is_journeys, journeys.read_journeys, _is_journeys),
    Format(ssd.FORMAT, ssd.recognises_ssd, ssd.read_ssd, ssd.holds),
    Format("Mosaic workflow export", mosaic.recognises, mosaic.read_mosaic, mosaic.holds),
    Format("Ofsted Annex A", annex_a.recognises, annex_a.read_annex_a, annex_a.holds),
    Format("CIN census", cin.recognises, cin.read_cin, cin.recognises),
)
"""Every format, in the order in which they are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """An extract as it will be measured: as read, the log of what is used, and everything odd that was found.

    `read + refused = in file` for every table of `history.tallies`, and `used + set_aside` are the journeys read.
    """

    history: History
    log: EventLog = field(repr=False)
    findings: tuple[Finding, ...]
    used: int
    set_aside: int
    as_at: date
    staff: Staff | None = None


def recognise(place: Place) -> Format:
    """The format of an extract. Raise `ExtractError` where it is none that can be read, or of several."""
    if isinstance(place, Several):
        _alike(place)
    elif not place.exists():
        raise ExtractError(f"{place}: there is no such file or folder")
    known = _known(place)
    if len(known) > 1:
        names = " and ".join(one.name for one in known)
        raise ExtractError(f"{place.name}: holds extracts of several formats ({names}): give each a folder of its own")
    if not known:
        names = ", ".join(one.name for one in FORMATS)
        beside = "" if isinstance(place, Several) else _beside(place) or headings_below(place)
        raise ExtractError(f"{place.name}: not a format that can be read{beside or f'; those are: {names}'}")
    return known[0]


def _known(place: Place) -> list[Format]:
    return [known for known in FORMATS if known.recognises(place)]


def _beside(path: Path) -> str:
    """What to give instead of a path that is no extract: a file in a folder, or the folder of a file."""
    if path.is_dir():
        for file in sorted(file for file in path.iterdir() if file.is_file()):
            with suppress(ExtractError):
                for known in _known(file)[:1]:
                    return f" as a folder; {file.name} in it is {_a(known.name)}: give that file"
    else:
        with suppress(ExtractError):
            for known in _known(path.parent)[:1]:
                return f" by itself; its folder is {_a(known.name)}: give the folder"
    return ""


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "AEIO" else f"a {name}"


def _alike(several: Several) -> None:
    """Refuse files that are not of one extract. A table that no format reads may lie beside those that one does."""
    forms: dict[str, str] = {}
    for file in files_in(several):
        if file.suffix.lower() in annex_a.WORKBOOKS or is_database(file):
            raise ExtractError(f"{file.name}: is an extract by itself: give it alone, or its tables as CSV files")
        form = next((known.name for known in FORMATS if known.holds(file)), "")
        if not form and not _is_csv(file):
            raise ExtractError(f"{file.name}: is no CSV file and no return in XML, as the files of one extract are")
        forms[form] = forms.get(form, file.name)
    unread = forms.pop("", None)
    if unread and set(forms) == {_JOURNEYS}:
        raise ExtractError(f"{unread}: is no journeys CSV, and {forms[_JOURNEYS]} is: {_ONE}")
    if len(forms) > 1:
        (one, its), (other, others) = list(forms.items())[:2]
        raise ExtractError(f"{its} is of the format {one}, and {others} of {other}: {_ONE}")


def observe(
    path: Place,
    pseudonyms: Pseudonyms,
    hours: OpeningHours,
    as_at: date | None = None,
    most_refused_share: float = MOST_REFUSED_SHARE,
    smallest_team: int = SMALLEST_TEAM,
    staff: Staff | None = None,
) -> Observed:
    """Read an extract and make its event log, with the people of `staff` where they are given.

    `as_at` is the date of the extract, up to the end of which everything is known; by default the one it gives, or the
    last date of anything in it. No team of fewer children, or of fewer posts, than `smallest_team` keeps its name: a
    name that few rows hold may be a person's.
    Raise `ExtractError` where it cannot be read, or where a larger share of its rows, or of those of one table, is
    refused than `most_refused_share`; so with the rows of staff.
    """
    history = recognise(path).read(path, pseudonyms)
    _limit(history.format, history, most_refused_share)
    known_to = as_at or history.known_to or _last_date(history)
    history, small = without_small_teams(history, smallest_team)
    checked = check(history, known_to)
    if not len(checked.journeys):
        raise ExtractError(f"{path.name}: no row of it can be used{_why_none(history, checked)}")
    odd = oddities(history, checked.journeys, known_to)
    history = _with_hours(_less(history, {**checked.unsaid, **odd.unsaid}), checked.journeys)
    log = event_log(history, checked.journeys, known_to, hours)
    findings = said_once((*checked.findings, *small, *odd.findings), history.said_as)
    if staff is not None:
        _limit("posts", staff, most_refused_share)
    staff = staff or staff_of_record(history)
    if staff is not None:
        staff = without_small_teams_of_posts(staff, log.teams, smallest_team)
        history, log, found = with_staff(history, log, staff, hours)
        findings += found
        staff = staff if Fact.STAFF in log.facts or not staff.inferred_from else None
    return _added_up(Observed(history, log, findings, len(checked.journeys), checked.set_aside, known_to, staff))


def _why_none(history: History, checked: Checked) -> str:
    """The first rows refused, or for what those that were read are set aside."""
    aside = [f"{one.table}: {len(one.rows)} {one.what}" for one in checked.findings if one.done.startswith("set aside")]
    return first_of_refused(history.refused) or (": " + "; ".join(aside) if aside else "")


def _less(history: History, unsaid: Mapping[Fact, str]) -> History:
    """A history that does not tell these facts, each for a reason; what it never told keeps the reason it had."""
    return replace(history, facts=history.facts.difference(unsaid), why_not={**unsaid, **history.why_not})


def _added_up(found: Observed) -> Observed:
    """What was observed, its totals checked: a row that is nowhere would be a fault of ours, never passed over."""
    for tally in found.history.tallies:
        if tally.read + tally.refused != tally.in_file:
            raise ExtractError(f"{tally.name}: {tally.read} read and {tally.refused} refused are not {tally.in_file}")
    journeys = len(found.history.journeys)
    if found.used + found.set_aside != journeys:
        raise ExtractError(f"{found.used} journeys used and {found.set_aside} set aside are not {journeys}")
    return found


def _limit(what: str, read: History | Staff, most_refused_share: float) -> None:
    in_file = sum(tally.in_file for tally in read.tallies)
    if in_file == 0:
        names = " and ".join(tally.name for tally in read.tallies) or what
        raise ExtractError(f"{names}: there is no row beneath the headings")
    limit = f"more than {most_refused_share:.0%}"
    if len(read.refused) > most_refused_share * in_file:
        first = first_of_refused(read.refused)
        raise ExtractError(f"{len(read.refused)} of {in_file} rows cannot be read, {limit}{first}")
    for name, rows, _, refused in read.tallies:
        if refused > most_refused_share * rows and (refused > FEW_REFUSED or 2 * refused > rows):
            first = first_of_refused([one for one in read.refused if one.file == name] or read.refused)
            raise ExtractError(f"{refused} of {rows} rows of {name} cannot be read, {limit}{first}")


def _last_date(history: History) -> date:
    """The last date of anything but conferences, which are booked ahead; strays apart."""
    steps = [step.column for step in STEPS if step.column != "conference_held"]
    last = ends(history.journeys[column] for column in steps)
    if last is None:
        raise ExtractError(f"{history.format}: no row has a date{first_of_refused(history.refused)}")
    return last


def _with_hours(history: History, used: pl.DataFrame) -> History:
    """A history knows times of day where nearly every contact has one."""
    alone = used.select((pl.col("received").dt.time() == pl.time(0)).mean()).item()
    if alone > _FEW_DATES_ALONE:
        why = {**history.why_not, Fact.HOURS: "contacts are dated, with no time of day"}
        return replace(history, facts=history.facts - {Fact.HOURS}, why_not=why)
    why = {fact: text for fact, text in history.why_not.items() if fact is not Fact.HOURS}
    return replace(history, facts=history.facts | {Fact.HOURS}, why_not=why)
