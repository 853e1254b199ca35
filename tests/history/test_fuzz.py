"""Extracts damaged in every way that can be thought of: read or refused, never a traceback, never a wrong total."""

import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from sim.events import check_lifecycle
from sim.history import ExtractError, History, Observed, Pseudonyms, Staff, read_staff
from sim.history.extract import recognise
from sim.history.fields import TEXT, Field
from sim.history.tables import csv_rows, read
from sim.measures import measure
from tests.history.files import AS_AT, SALT, a_csv, observed
from tests.history.fuzz_formats import FORMATS, fields_of

FILES_AN_EXAMPLE = 2
EXAMPLES = 4
SLOW_FILES = {
    "one table": 64_000,
    "journeys": 10_000,
    "ssd": 3_000,
    "mosaic": 3_000,
    "annex-a workbook": 2_000,
    "annex-a lists": 2_000,
    "cin": 8_000,
    "staff": 8_000,
}
"""A hundred thousand, most of those that are soonest read."""

SLOW_FILES_AN_EXAMPLE = 500
WHOLE_SHARE = 0.02
MEASURED = 0.1
"""Of the hundred thousand, one in fifty is also made into a log, and one in ten of these measured."""

LONGEST_SECONDS = 20.0
"""What takes longer than this for ten children hangs, however busy the machine."""

PSEUDONYMS = Pseudonyms(SALT)


def totals(read: History | Staff) -> None:
    """Every row in the file was read or refused."""
    for tally in read.tallies:
        assert tally.in_file == tally.read + tally.refused
    assert len(read.refused) == sum(tally.refused for tally in read.tallies)


def lawful(found: Observed) -> None:
    """Every journey is used or set aside, and the log is in lawful order."""
    assert found.used + found.set_aside == len(found.history.journeys)
    assert int(found.log.contact_column("children").sum()) == found.used
    check_lifecycle(found.log)


def read_whole(form: str, path: Path, rng: np.random.Generator, whole: float) -> None:
    """Read an extract; some are observed and measured as well."""
    if form == "one table":
        table = read(csv_rows(path), fields_of(path))
        assert table.in_file == len(table.frame) + len(table.refused)
        return
    if form == "staff":
        totals(read_staff(path, PSEUDONYMS, path.with_name("absence.csv")))
        return
    totals(recognise(path).read(path, PSEUDONYMS))
    if rng.random() < whole:
        found = observed(path, AS_AT if rng.random() < 0.8 else None)
        lawful(found)
        if rng.random() < MEASURED:
            measure(found.log)


def outcome(form: str, path: Path, rng: np.random.Generator, whole: float) -> bool:
    """Whether an extract is read; if not, it is refused with one sentence. Neither takes long."""
    said, begun = None, time.perf_counter()
    try:
        read_whole(form, path, rng, whole)
    except ExtractError as error:
        said = str(error)
    assert time.perf_counter() - begun < LONGEST_SECONDS
    if said is not None:
        assert said.strip()
        assert "\n" not in said
    return said is None


def read_some(forms: Iterable[str], root: int, folder: Path, files: int, whole: float = 1.0) -> int:
    """How many of some damaged files, as many of each format, are read."""
    rng = np.random.default_rng(root)
    read = 0
    for form in forms:
        place = folder / form
        place.mkdir(exist_ok=True)
        for _ in range(files):
            for old in place.iterdir():
                old.unlink()
            read += outcome(form, FORMATS[form](place, rng), rng, whole)
    return read


@given(root=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_extract_is_read_or_refused_and_its_totals_add_up(root: int, tmp_path: Path) -> None:
    read_some(FORMATS, root, tmp_path, FILES_AN_EXAMPLE)


def test_a_table_with_none_of_its_columns_has_rows_all_the_same(tmp_path: Path) -> None:
    table = read(csv_rows(a_csv(tmp_path / "t.csv", [{"tea": "1"}] * 3)), [Field("team", TEXT, ())])

    assert (table.in_file, len(table.frame), table.has) == (3, 3, frozenset())


@pytest.mark.parametrize("form", FORMATS)
def test_the_fuzz_reaches_both_ends(form: str, tmp_path: Path) -> None:
    read = read_some([form], 3, tmp_path, files=16, whole=0.0)

    assert 0.1 * 16 < read < 16


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_a_hundred_thousand_damaged_extracts_are_read_or_refused(form: str, tmp_path: Path) -> None:
    @seed(20261124)
    @given(root=st.integers(0, 2**32))
    @settings(
        max_examples=SLOW_FILES[form] // SLOW_FILES_AN_EXAMPLE,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    def check(root: int) -> None:
        read_some([form], root, tmp_path, SLOW_FILES_AN_EXAMPLE, whole=WHOLE_SHARE)

    check()


def test_the_slow_test_reads_a_hundred_thousand() -> None:
    assert SLOW_FILES.keys() == FORMATS.keys()
    assert sum(files // SLOW_FILES_AN_EXAMPLE * SLOW_FILES_AN_EXAMPLE for files in SLOW_FILES.values()) >= 100_000
