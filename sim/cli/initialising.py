"""`frontdoor init`: a baseline from published figures, written whole or not at all."""

import argparse
import sys
from pathlib import Path

from sim.cli.arguments import BAD_INPUT
from sim.cli.files import write_all
from sim.published import (
    MADE,
    BeforeFitting,
    PublishedError,
    authorities,
    baseline_texts,
    before_fitting,
    find,
    read_releases,
    shipped_prior,
    statement_of,
)
from sim.report.published import beginning_text


def init(options: argparse.Namespace) -> int:
    """Write it; bad input is one sentence and exit code 2."""
    try:
        return _init(options)
    except PublishedError as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT


def _init(options: argparse.Namespace) -> int:
    file: Path = options.out
    if file.suffix != ".toml" or "." in file.stem:
        raise PublishedError(f"--out {file}: name a file that ends in .toml, with no other dot in its name")
    releases = read_releases(options.published)
    authority = find(authorities(releases), options.authority, options.year)
    baseline = before_fitting(statement_of(releases, authority, options.year), shipped_prior())
    contents = {path: text.encode() for path, text in baseline_texts(baseline, file).items()}
    contents[file.with_suffix(".targets.png")] = _picture(baseline)
    write_all(contents, MADE, "init")
    sys.stdout.write(beginning_text(baseline, list(contents)))
    return 0


def _picture(baseline: BeforeFitting) -> bytes:
    # Here and not above: matplotlib, which a mistake in the arguments has no need of.
    from sim.report.figures.style import png  # noqa: PLC0415
    from sim.report.figures.targets import published_against_modelled  # noqa: PLC0415

    return png(published_against_modelled(baseline.scenario.title, baseline.held_against))
