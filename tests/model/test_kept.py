"""What has been compiled is kept while its sources stay as they were; without its folder it runs all the same."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

numba = pytest.importorskip("numba", reason="the compiled engine is an extra")

from sim.model.compiled import kept  # noqa: E402

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="Numba compiles nothing here")

KEY = "0" * 64


def doubled(number: int) -> int:
    return 2 * number


def compiled_in(folder: Path) -> Callable[[int], int]:
    return kept.entry(folder, KEY)(doubled)


def hits(part: Callable[[int], int]) -> int:
    """How often what was kept was of use."""
    return sum(part.__self__.compiled.stats.cache_hits.values())  # type: ignore[attr-defined]


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.nb?") if path.is_file()]


def test_what_was_compiled_once_is_not_compiled_again(tmp_path: Path) -> None:
    first, second = compiled_in(tmp_path), None
    assert first(4) == 8
    second = compiled_in(tmp_path)

    assert second(4) == 8
    assert (hits(first), hits(second)) == (0, 1)


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_a_damaged_file_is_not_used_but_compiled_anew(tmp_path: Path, ending: str) -> None:
    compiled_in(tmp_path)(4)
    for path in kept_files(tmp_path):
        if path.suffix == f".{ending}":
            path.write_bytes(b"garbage")
    again = compiled_in(tmp_path)

    assert again(4) == 8
    assert hits(again) == 0
    assert hits_of_the_next(tmp_path) == 1


def hits_of_the_next(folder: Path) -> int:
    part = compiled_in(folder)
    part(4)
    return hits(part)


def test_one_changed_byte_of_machine_code_is_seen(tmp_path: Path) -> None:
    compiled_in(tmp_path)(4)
    [code] = [path for path in kept_files(tmp_path) if path.suffix == ".nbc"]
    found = bytearray(code.read_bytes())
    found[len(found) // 2] ^= 1
    code.write_bytes(found)

    assert hits_of_the_next(tmp_path) == 0


def test_where_no_folder_can_be_made_it_runs_and_nothing_is_kept(tmp_path: Path) -> None:
    # A file where the folder should be: refused to everybody, whatever rights the tests run with.
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    part = kept.entry(in_the_way, KEY)(doubled)

    assert part(4) == 8
    assert kept.kept_in(in_the_way, KEY) is None


def test_a_folder_that_may_not_be_written_to_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("sim.model.compiled.kept.tempfile.TemporaryFile", refused)

    assert kept.kept_in(tmp_path, KEY) is None
    assert compiled_in(tmp_path)(4) == 8


def test_a_folder_that_has_gone_by_the_first_run_does_no_harm(tmp_path: Path) -> None:
    part = compiled_in(tmp_path)
    shutil.rmtree(tmp_path)
    tmp_path.write_text("a file in its place", encoding="utf-8")

    assert part(4) == 8


def test_a_disk_that_is_full_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError

    part = compiled_in(tmp_path)
    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", refused)

    assert part(4) == 8
    assert kept_files(tmp_path) == []


def test_what_earlier_sources_left_goes(tmp_path: Path) -> None:
    compiled_in(tmp_path)(4)
    kept.entry(tmp_path, "1" * 64)(doubled)(4)

    assert len(list(tmp_path.iterdir())) == 1


def copy_of_sources(folder: Path) -> Path:
    for source in kept.SOURCES:
        path = kept.PACKAGE / source
        if path.is_file():
            shutil.copy(path, folder / source)
        else:
            shutil.copytree(path, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("name", ["policies.py", "model/compiled/visits.py", "scenario/parts.py", "world/contact.py"])
def test_the_key_is_another_once_any_source_is(tmp_path: Path, name: str) -> None:
    copy = copy_of_sources(tmp_path)
    assert kept.hash_of(copy) == kept.hash_of(kept.PACKAGE)
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("# another\n")

    assert kept.hash_of(copy) != kept.hash_of(kept.PACKAGE)
