"""`frontdoor init --all`: a baseline of every authority of a year, those that are there already left as they are."""

import argparse
import csv
import io
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.cli.files import write_all
from sim.cli.fitted_files import budget_of, contents_of, fitted_by_simulation
from sim.cli.progress import counted
from sim.published import (
    MADE,
    Authority,
    Drawing,
    PublishedError,
    Releases,
    authorities,
    before_fitting,
    made_from,
    read_releases,
    shipped_prior,
    statement_of,
)
from sim.report.published import index_text
from sim.scenario import basis_of

INDEX = "index.csv"
THERE = "there already"


class Made(NamedTuple):
    """What became of an authority: `fitted`, `there already` or `declined`, and why or how well."""

    authority: str
    code: str
    region: str
    year: int
    became: str
    why: str
    file: str
    figures: int
    met: int
    seconds: float


def init_all(options: argparse.Namespace) -> int:
    """Fit one after another; the index is written after each, so that a run that was stopped has said what it did."""
    folder: Path = options.out
    if folder.suffix:
        raise PublishedError(f"--out {folder}: with --all it is a folder, one file for each authority in it")
    releases = read_releases(options.published)
    found = [one for one in authorities(releases).values() if options.year in one.years]
    if not found:
        raise PublishedError(f"--year {options.year}: C1 has no row for it")
    before = _before(folder / INDEX)
    made: list[Made] = []
    with counted(f"authorities, year to March {options.year}", len(found)) as (advance, tell):
        for one in _each(found, releases, options):
            made.append(before.get(one.code, one)._replace(became=one.became) if one.became == THERE else one)
            write_all({folder / INDEX: _index(made)}, ",".join(Made._fields), "init --all")
            tell(f"{one.authority}: {one.became}{f', {one.why}' if one.why else ''}")
            advance(1)
    sys.stdout.write(index_text(Counter(one.became for one in made), folder / INDEX))
    return 0


def _each(found: Sequence[Authority], releases: Releases, options: argparse.Namespace) -> Iterator[Made]:
    prior = shipped_prior()
    for authority in found:
        started = time.monotonic()
        head = (authority.name, authority.code, authority.region, options.year)
        try:
            drawing = Drawing(before_fitting(statement_of(releases, authority, options.year), prior), prior)
            file = options.out / f"{drawing.base.scenario.name}.toml"
            targets = drawing.base.held_against
            if _is_made(file, made_from(drawing, options.seed, budget_of(options.years))):
                yield Made(*head, THERE, "", file.name, len(targets), 0, 0.0)
                continue
            result = fitted_by_simulation(drawing, options)
            write_all(contents_of(result, file), MADE, "init")
        except PublishedError as error:
            yield Made(*head, "declined", str(error), "", 0, 0, 0.0)
            continue
        seconds = round(time.monotonic() - started, 1)
        yield Made(*head, "fitted", "", file.name, len(targets), result.met, seconds)


def _is_made(file: Path, key: str) -> bool:
    if not file.exists():
        return False
    basis = basis_of(file)
    return basis is not None and basis.made_from == key


def _before(file: Path) -> dict[str, Made]:
    """What a run before this one said of each authority, by code."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if rows and set(rows[0]) != set(Made._fields):
        raise PublishedError(f"{file}: is no index of frontdoor init --all; choose another folder")
    return {
        row["code"]: Made(
            row["authority"], row["code"], row["region"], int(row["year"]), row["became"], row["why"], row["file"],
            int(row["figures"]), int(row["met"]), float(row["seconds"]),
        )
        for row in rows
    }  # fmt: skip


def _index(made: Sequence[Made]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(Made._fields)
    writer.writerows(made)
    return file.getvalue().encode()
