"""What can befall the files of a store, and what is then said and kept."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.sweep import Run, Store, StoreError, parts, run_sweep, running
from sim.sweep.parts import Kept, Parts
from tests.sweep.test_running import a_sweep
from tests.sweep.test_store import a_run

# Adds a part for every run, as fast as it can, and says so of each that is whole.
ADDING = """import sys
from pathlib import Path
from sim.sweep import Store
from tests.sweep.test_store import a_run
store = Store(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 10**6):
    store.add([a_run(number)])
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()"""


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """The one part of a store."""
    Store(tmp_path).add([a_run(number, float(number)) for number in range(50)])
    (found,) = (tmp_path / "runs").iterdir()
    return found


def test_a_byte_changed_anywhere_is_never_read_as_a_result(tmp_path: Path, part: Path) -> None:
    content = part.read_bytes()
    for place in range(0, len(content), max(len(content) // 60, 1)):
        part.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(StoreError, match=f"{part.name}: is damaged; remove it, and its runs are run again"):
            Store(tmp_path).runs([a_run(0).key.id])
    part.write_bytes(content)

    assert Store(tmp_path).ids() == {a_run(number).key.id for number in range(50)}


@pytest.mark.parametrize("content", [b"", b"a note", b"PAR1PAR1"])
def test_a_file_that_is_no_part_is_named(tmp_path: Path, part: Path, content: bytes) -> None:
    part.with_name("copy.parquet").write_bytes(content)

    with pytest.raises(StoreError, match=r"copy\.parquet: is damaged"):
        Store(tmp_path).ids()


def test_a_table_of_something_else_is_named_even_where_it_bears_the_name_of_its_content(tmp_path: Path) -> None:
    Parts(tmp_path, "runs").add(pl.DataFrame({"other": [1]}))

    with pytest.raises(StoreError, match="is damaged"):
        Store(tmp_path).ids()


def test_a_damaged_part_that_is_removed_is_run_again_and_gives_the_same(tmp_path: Path) -> None:
    sweep = a_sweep(replications=1)
    run_sweep(sweep, Store(tmp_path), processes=1)
    (part,) = (tmp_path / "runs").iterdir()
    name, content = part.name, part.read_bytes()
    part.write_bytes(content[:-9])
    with pytest.raises(StoreError, match="is damaged"):
        run_sweep(sweep, Store(tmp_path), processes=1)
    part.unlink()
    run_sweep(sweep, Store(tmp_path), processes=1)

    # The same runs in the same order are the same bytes, and so the same name.
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "runs").iterdir()] == [(name, content)]


def test_a_folder_whose_name_looks_like_a_pattern_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "results[1]*")
    store.add([a_run(0)])

    assert store.ids() == {a_run(0).key.id}


def failing(number: int) -> Any:  # noqa: ANN401  (in the place of whatever it stands for)
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full; the runs stored before are whole"),
        (getattr(errno, "EDQUOT", errno.ENOSPC), "the disk is full; the runs stored before are whole"),
        (errno.EROFS, r"cannot be written \(.*[Rr]ead-only.*\); the runs stored before are whole"),
        (errno.EACCES, r"cannot be written \(.*\); the runs stored before are whole"),
        (errno.EIO, r"cannot be written \(.*\); the runs stored before are whole"),
    ],
)
@pytest.mark.parametrize("step", ["open", "replace"])
def test_whatever_fails_in_writing_leaves_the_store_as_it_was(
    tmp_path: Path, part: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str, step: str
) -> None:
    monkeypatch.setattr(Path, step, failing(number))
    with pytest.raises(StoreError, match=said) as told:
        Store(tmp_path).add([a_run(99)])
    monkeypatch.undo()

    assert "\n" not in str(told.value)
    assert list((tmp_path / "runs").iterdir()) == [part]


def test_a_store_that_cannot_be_written_is_known_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep, store = a_sweep(replications=1), Store(tmp_path)
    monkeypatch.setattr(running, "simulate", lambda *_, **__: pytest.fail("was run"))
    monkeypatch.setattr(os, "fsync", failing(errno.EROFS))

    with pytest.raises(StoreError, match="cannot be written"):
        run_sweep(sweep, store, processes=1)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_read_only_store_that_holds_all_is_as_good_as_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = a_sweep(replications=1)
    keys = run_sweep(sweep, Store(tmp_path), processes=1)
    monkeypatch.setattr(os, "fsync", failing(errno.EROFS))

    assert run_sweep(sweep, Store(tmp_path), processes=1) == keys


def test_a_part_that_cannot_be_read_is_not_called_damaged(
    tmp_path: Path, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_bytes", failing(errno.EACCES))

    with pytest.raises(StoreError, match=rf"{part.name}: cannot be read \("):
        Store(tmp_path).ids()


def test_a_stop_while_a_part_is_written_leaves_no_half_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: int) -> None:
        raise KeyboardInterrupt

    store = Store(tmp_path)
    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        store.add([a_run(0)])

    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.slow
def test_processes_that_add_and_are_killed_leave_every_part_that_was_told_whole(tmp_path: Path) -> None:
    told = []
    for turn in range(3):
        both = [
            subprocess.Popen(  # noqa: S603  (our own)
                [sys.executable, "-c", ADDING, str(tmp_path), str(first)], stdout=subprocess.PIPE, text=True
            )
            for first in (2000 * turn, 2000 * turn + 1000)
        ]
        for process in both:
            assert process.stdout is not None
            told.append(int(process.stdout.readline()))
        time.sleep(0.1 * turn)
        for process in both:
            process.kill()
            output, _ = process.communicate()
            told += [int(line) for line in output.splitlines(keepends=True) if line.endswith("\n")]
    ids = Store(tmp_path).ids()

    assert {a_run(number).key.id for number in told} <= ids
    assert len(ids) - len(told) <= 6  # at most the one of each that was named and not yet told


def test_what_could_not_be_stored_is_tried_once_more_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_STORED_EVERY_SECONDS", 0.0)
    tried = list[list[int]]()

    def add(rows: Sequence[int]) -> None:
        tried.append(list(rows))
        if len(tried) == 1:
            raise StoreError("full")

    with pytest.raises(StoreError, match="full"), Kept(add) as kept:
        kept.take([1, 2])
    assert tried == [[1, 2], [1, 2]]


def test_a_run_is_given_back_as_it_was_stored(tmp_path: Path) -> None:
    run = Run(a_run(0).key, 3, "hash", {("days", "all"): 1.5, ("days", "none"): float("nan")})
    Store(tmp_path).add([run])
    (row,) = Store(tmp_path).runs([run.key.id]).rows(named=True)

    assert (row["draw"], row["log_hash"], row["days|all"]) == (3, "hash", 1.5)
    assert row["days|none"] != row["days|none"]
