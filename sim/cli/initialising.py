"""`frontdoor init`: baselines from published figures, fitted by simulation."""

import argparse
import sys
from pathlib import Path

from sim.cli.arguments import BAD_INPUT
from sim.cli.files import refuse_anothers, write_all
from sim.cli.fitted_files import contents_of, fitted_by_simulation
from sim.cli.initialising_all import init_all
from sim.cli.stopping import exit_code
from sim.published import (
    MADE,
    Drawing,
    PublishedError,
    authorities,
    before_fitting,
    find,
    read_also,
    read_releases,
    shipped_prior,
    statement_of,
)
from sim.report.published import fitted_text


def init(options: argparse.Namespace) -> int:
    """Write it; bad input is one sentence and exit code 2."""
    try:
        return _init(options)
    except PublishedError as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT
    except KeyboardInterrupt as interrupt:
        sys.stderr.write(
            "frontdoor: stopped; what was not done is not written, and the same command goes on from the years run\n"
        )
        return exit_code(interrupt)


def _init(options: argparse.Namespace) -> int:
    if options.all == (options.authority is not None):
        raise PublishedError(
            "--authority NAME says whose baseline to write, or --all every authority's: give one of them"
        )
    if options.all and options.also is not None:
        raise PublishedError(f"--also {options.also}: is about one authority; not with --all")
    return init_all(options) if options.all else _init_one(options)


def _init_one(options: argparse.Namespace) -> int:
    file: Path = options.out
    if file.suffix != ".toml" or "." in file.stem:
        raise PublishedError(f"--out {file}: name a file that ends in .toml, with no other dot in its name")
    refuse_anothers(file, MADE, "init")
    releases, prior = read_releases(options.published), shipped_prior()
    authority = find(authorities(releases), options.authority, options.year)
    also = None if options.also is None else read_also(options.also)
    base = before_fitting(statement_of(releases, authority, options.year), prior, also)
    found = fitted_by_simulation(Drawing(base, prior), options)
    contents = contents_of(found, file)
    write_all(contents, MADE, "init")
    sys.stdout.write(fitted_text(found, list(contents)))
    return 0
