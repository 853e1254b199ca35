"""What has been compiled is kept while its sources stay as they were; without its folder it runs all the same."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from platformdirs import user_cache_path

numba = pytest.importorskip("numba", reason="the compiled engine is an extra")

from sim import kept  # noqa: E402
from sim.model.compiled.engine import SOURCES  # noqa: E402

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="Numba compiles nothing here")

KEY = "0" * 64


def doubled(number: int) -> int:
    return 2 * number


def compiled_in(*among: Path, key: str = KEY) -> kept.Kept[int, int]:
    return kept.entry("int64(int64)", among, key, name="double")(doubled)


def hits(part: kept.Kept[int, int]) -> int:
    """How often what was kept was of use."""
    return sum(part.compiled.stats.cache_hits.values())


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.nb?") if path.is_file()]


def test_what_was_compiled_once_is_not_compiled_again(tmp_path: Path) -> None:
    first, second = compiled_in(tmp_path), compiled_in(tmp_path)
    assert first(4) == 8

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
    part = compiled_in(in_the_way)

    assert part(4) == 8
    assert part.place is None


def test_where_one_folder_cannot_be_written_the_next_is_used(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    compiled_in(in_the_way, tmp_path / "mine")(4)
    again = compiled_in(in_the_way, tmp_path / "mine")

    assert again(4) == 8
    assert hits(again) == 1


def test_the_folders_are_the_packages_own_and_then_one_of_the_users_for_this_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beside, mine = kept.folders()
    monkeypatch.setattr(kept, "PACKAGE", Path("elsewhere") / "sim")

    assert (beside.parent, mine.parent) == (Path(kept.__file__).parent, user_cache_path("frontdoor", appauthor=False))
    assert kept.folders()[1] != mine


def test_a_folder_that_may_not_be_written_to_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("sim.kept.tempfile.TemporaryFile", refused)

    part = compiled_in(tmp_path)
    assert part(4) == 8
    assert (part.place, kept_files(tmp_path)) == (None, [])


def test_a_folder_that_has_gone_by_the_first_run_does_no_harm(tmp_path: Path) -> None:
    part = compiled_in(tmp_path)
    assert part.place
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
    compiled_in(tmp_path, key="1" * 64)(4)

    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_what_another_processor_made_on_the_same_disk_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_in(tmp_path)(4)
    monkeypatch.setattr(kept, "_processor", lambda: "another")
    compiled_in(tmp_path, key="1" * 64)(4)

    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2


def test_who_finds_another_compiling_waits_and_takes_what_it_made(tmp_path: Path) -> None:
    part, other = compiled_in(tmp_path), compiled_in(tmp_path)
    assert other.place
    with ThreadPoolExecutor(1) as pool:
        with FileLock(tmp_path / "compiling.lock"):
            waiting = pool.submit(part, 4)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            other.compiled = other._kept_in(other.place)
        assert waiting.result(timeout=60) == 8
    assert (hits(other), hits(part)) == (0, 1)


def test_what_another_is_still_writing_is_left_alone(tmp_path: Path) -> None:
    part = compiled_in(tmp_path)
    assert part.place
    part.place.mkdir()
    half = part.place / "half.nbi"
    half.write_bytes(b"as far as it has come")
    with ThreadPoolExecutor(1) as pool:
        with FileLock(tmp_path / "compiling.lock"):
            waiting = pool.submit(part, 4)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            assert half.exists()
        # The other has died: what it left half done is done anew.
        assert (waiting.result(timeout=60), half.exists()) == (8, False)


def test_where_no_lock_can_be_had_each_process_compiles_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: FileLock) -> None:
        raise NotImplementedError

    monkeypatch.setattr(FileLock, "acquire", refused)

    assert compiled_in(tmp_path)(4) == 8
    assert kept_files(tmp_path) == []


def test_a_call_of_another_kind_is_refused_rather_than_compiled_for(tmp_path: Path) -> None:
    part = compiled_in(tmp_path)
    part(4)

    with pytest.raises(TypeError, match="No matching definition"):
        part("four")  # type: ignore[arg-type]


def copy_of_sources(folder: Path) -> Path:
    for source in SOURCES:
        path = kept.PACKAGE / source
        if path.is_file():
            shutil.copy(path, folder / source)
        else:
            shutil.copytree(path, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("name", ["policies.py", "model/compiled/visits.py", "scenario/parts.py", "world/contact.py"])
def test_the_key_is_another_once_any_source_is(tmp_path: Path, name: str) -> None:
    copy = copy_of_sources(tmp_path)
    assert kept.hash_of(copy, SOURCES) == kept.hash_of(kept.PACKAGE, SOURCES)
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("# another\n")

    assert kept.hash_of(copy, SOURCES) != kept.hash_of(kept.PACKAGE, SOURCES)
