"""Damaged downloads: whatever happens to a file, it is read or refused in one sentence, a baseline made or declined."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.experiment.targets import targets_of
from sim.published import (
    PublishedError,
    baseline_texts,
    before_fitting,
    find,
    read_releases,
    shipped_prior,
    statement_of,
)
from sim.published.places import authorities
from sim.scenario import load
from tests.published import dfe

PRIOR = shipped_prior()
CELLS = st.one_of(st.integers(0, 3000), st.sampled_from(["c", "x", "u", "z", "low", ":", "", "0", "1.5"]))
NAMES = sorted(dfe.TABLES)


@contextmanager
def one_sentence_at_most() -> Iterator[None]:
    """What is refused is refused so, and nothing else goes wrong."""
    try:
        yield
    except PublishedError as error:
        if not str(error) or "\n" in str(error):
            raise AssertionError(error) from error


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(NAMES), at=st.integers(0, 3000), junk=st.binary(min_size=1, max_size=6), zipped=st.booleans()
)
def test_a_damaged_file_is_read_or_refused_in_one_sentence(
    name: str, at: int, junk: bytes, *, zipped: bool, tmp_path: Path
) -> None:
    folder = dfe.folder(tmp_path / "dfe")
    file = folder / f"download ({NAMES.index(name)}).csv"
    if zipped:
        file = dfe.zipped(tmp_path / "release.zip", folder)
    content = file.read_bytes()
    at %= len(content)
    file.write_bytes(content[:at] + junk + content[at + len(junk) :])
    with one_sentence_at_most():
        releases = read_releases([file if zipped else folder])
        for authority in authorities(releases).values():
            for year in authority.years:
                statement_of(releases, authority, year)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_published_a_baseline_is_made_and_can_be_read_back_or_it_is_declined(
    data: st.DataObject, tmp_path: Path
) -> None:
    others = {}
    for name in NAMES:
        columns = dfe.TABLES[name][0]
        places = data.draw(st.dictionaries(st.integers(0, len(columns) - 1), CELLS, max_size=3), label=name)
        others[name, 2019, dfe.NORTH] = dfe.with_codes(dfe.TABLES[name][2], places)
    releases = read_releases([dfe.folder(tmp_path / "dfe", others=others)])
    with one_sentence_at_most():
        found = find(authorities(releases), "Northford", 2019)
        baseline = before_fitting(statement_of(releases, found, 2019), PRIOR)
        file = tmp_path / "made.toml"
        for path, text in baseline_texts(baseline, file).items():
            path.write_text(text, encoding="utf-8")
        assert load(file) == baseline.scenario
        assert targets_of(file) == baseline.held_against
