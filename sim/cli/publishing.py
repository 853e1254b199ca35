"""`frontdoor published`: what is published of an authority and a year."""

import argparse
import sys

from sim.cli.arguments import BAD_INPUT
from sim.cli.progress import counted
from sim.published import (
    PublishedError,
    Statement,
    authorities,
    find,
    held,
    read_releases,
    shipped_prior,
    statement_of,
    statements,
)
from sim.report.published import all_text, published_csv, published_json, published_text


def published(options: argparse.Namespace) -> int:
    """Show it; bad input is one sentence and exit code 2."""
    try:
        return _published(options)
    except PublishedError as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT


def _published(options: argparse.Namespace) -> int:
    if options.all:
        return _all(options)
    if options.authority is None or options.year is None:
        raise PublishedError("--authority NAME and --year YEAR say whose figures to show, or --all for every authority")
    releases = read_releases(options.files)
    authority = find(authorities(releases), options.authority, options.year)
    statement = held(statement_of(releases, authority, options.year), shipped_prior())
    if options.format == "table":
        sys.stdout.write(published_text(statement, releases))
    else:
        sys.stdout.write({"csv": published_csv, "json": published_json}[options.format](statement))
    return 0


def _all(options: argparse.Namespace) -> int:
    if options.authority is not None:
        raise PublishedError("--all shows every authority: leave out --authority")
    if options.format != "table":
        raise PublishedError(f"--all --format {options.format}: the list of all is printed as text only")
    releases, prior = read_releases(options.files), shipped_prior()
    every = [year for authority in authorities(releases).values() for year in authority.years]
    years = set(every) if options.year is None else {options.year}
    if not years & set(every):
        raise PublishedError(f"--year {options.year}: C1 has no row for it")
    found: list[Statement] = []
    with counted("authorities and years", sum(year in years for year in every)) as (advance, _):
        for one in statements(releases, tuple(years)):
            found.append(held(one, prior))
            advance(1)
    sys.stdout.write(all_text(found))
    return 0
