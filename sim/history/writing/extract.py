"""An extract written whole: its tables, what was planted in them, and what it is in words."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim import __version__
from sim.history.extract import recognise
from sim.history.pseudonyms import Pseudonyms
from sim.history.tables import ExtractError
from sim.history.writing import PLANTED, README, WRITERS, extract_in
from sim.history.writing.inference import LINKS, InferenceCheck, check_links
from sim.history.writing.mess import Mess, Planted, write_planted
from sim.history.writing.spoilt_files import spoil_files
from sim.history.writing.spoilt_journeys import ONLY_ALONE, spoil


class Origin(NamedTuple):
    """What an extract was made from, and the last day that it knows."""

    scenario: str
    title: str
    seed: int
    as_at: date


class Written(NamedTuple):
    """What was written: how many contacts and children of contacts, what was planted, and how well links are inferred.

    The links are compared with the true ones of the year as it was written, with what was planted in it.
    """

    contacts: int
    children: int
    planted: tuple[Planted, ...]
    checks: tuple[InferenceCheck, ...]


def write_extract(told: pl.DataFrame, form: str, folder: Path, mess: Mess, origin: Origin) -> Written:
    """Write journeys in a format, with mess, into a folder that is empty, and read their links back.

    Raise `ExtractError` where there is nothing to write.
    """
    if not len(told):
        raise ExtractError(f"{origin.scenario}: nobody makes contact in the simulated year")
    spoilt = spoil(told, mess, form)
    WRITERS[form](spoilt, folder)
    spoil_files(folder, mess, form, spoilt)
    write_planted(mess, folder, ONLY_ALONE)
    (folder / README).write_text(_in_words(form, folder, mess, origin), encoding="utf-8", newline="\n")
    path, pseudonyms = extract_in(folder), Pseudonyms()
    history = recognise(path).read(path, pseudonyms)
    checks = check_links(spoilt, history, pseudonyms, LINKS.get(form, ()))
    return Written(told["contact"].n_unique(), len(told), tuple(mess.planted), checks)


def _in_words(form: str, folder: Path, mess: Mess, origin: Origin) -> str:
    path = extract_in(folder)
    where = "this folder" if path == folder else path.name
    planted = sum(one.rows for one in mess.planted)
    spoilt = f"{planted} rows and headings are spoilt on purpose: {PLANTED} says how many and how." if planted else ""
    lines = (
        "A SYNTHETIC extract. Nobody in it exists: every child, contact and worker is invented by a simulation.",
        "",
        f"Format:    {form}; the extract is {where}",
        f"Scenario:  {origin.scenario}: {origin.title}",
        f"Seed:      {origin.seed}",
        f"Mess:      {mess.level}. {spoilt}".rstrip(". ") + ("." if spoilt else ""),
        f"Known to:  the end of {origin.as_at.isoformat()}; of what came later nothing is in it",
        f"Made with: frontdoor {__version__}",
        "",
        f"To read it: frontdoor observe {'THIS FOLDER' if path == folder else path.name} --as-at {origin.as_at}",
    )
    return "\n".join(lines) + "\n"
