"""`frontdoor bundle`: a folder for a machine without a network."""

import argparse
import sys

from sim.bundle import PLATFORMS, BundleError, bundle, this_platform
from sim.bundle.making import MARK
from sim.bundle.platforms import PYTHONS
from sim.provenance import FolderError, whole_folder

_MEGABYTE = 1e6


def make_bundle(options: argparse.Namespace) -> int:
    """Make the folder, and say what is in it."""
    name = options.platform or this_platform()
    if name is None:
        raise FolderError(f"--platform: say for which kind of machine: {', '.join(PLATFORMS)}")
    python = options.python or f"{sys.version_info[0]}.{sys.version_info[1]}"
    if python not in PYTHONS:
        raise FolderError(f"--python {python}: must be one of {', '.join(PYTHONS)}, which the packages are locked for")
    target = PLATFORMS[name]
    try:
        with whole_folder(options.out, MARK) as partial:
            items = bundle(partial, target, python, _tell)
    except BundleError as mistake:
        raise FolderError(f"{options.out}: could not be made: {mistake}") from None
    megabytes = sum(item.size for item in items) / _MEGABYTE
    sys.stdout.write(
        f"{options.out}: {len(items)} packages, {megabytes:.0f} MB, for {target.words} with Python {python}.\n"
        f"Carry the whole folder there and open {target.starts_with}; contents.csv lists what is in it.\n"
    )
    return 0


def _tell(words: str) -> None:
    sys.stderr.write(f"{words} ...\n")
