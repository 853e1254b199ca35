import errno
import os
import time
from pathlib import Path

import pytest

from sim.sweep import Run, RunKey, Store, StoreError


def a_run(replication: int, value: float = 1.0, log_hash: str = "a", measure: str = "days") -> Run:
    return Run(RunKey("m", "b", "s", 1, replication), 0, log_hash, {(measure, "all"): value})


def test_runs_come_back_in_the_order_asked_for_whatever_part_they_are_in(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add([a_run(0, 10.0), a_run(1, 11.0)])
    store.add([a_run(2, 12.0)])
    wanted = [a_run(n).key.id for n in (2, 0, 1, 0)]

    assert store.runs(wanted)["days|all"].to_list() == [12.0, 10.0, 11.0, 10.0]
    assert store.ids() == {a_run(n).key.id for n in range(3)}


def test_a_run_is_known_by_all_that_decides_it() -> None:
    keys = [RunKey("m", "b", "s", 1, 0), RunKey("M", "b", "s", 1, 0), RunKey("m", "B", "s", 1, 0)]
    keys += [RunKey("m", "b", "S", 1, 0), RunKey("m", "b", "s", 2, 0), RunKey("m", "b", "s", 1, 1)]

    assert len({key.id for key in keys}) == len(keys)


def test_a_run_that_two_processes_stored_is_one(tmp_path: Path) -> None:
    one, two = Store(tmp_path), Store(tmp_path)
    one.add([a_run(0, 10.0)])
    two.add([a_run(0, 10.0), a_run(1, 11.0)])

    assert Store(tmp_path).runs([a_run(n).key.id for n in (0, 1)])["days|all"].to_list() == [10.0, 11.0]


def test_a_run_stored_twice_and_not_the_same_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add([a_run(0, log_hash="a")])
    store.add([a_run(0, log_hash="b")])

    with pytest.raises(StoreError, match="is there twice and not the same"):
        store.runs([a_run(0).key.id])


def test_runs_of_another_model_with_other_measures_stand_beside(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add([a_run(0, 10.0)])
    store.add([a_run(1, 11.0, measure="hours")])

    assert store.runs([a_run(1).key.id])["hours|all"].to_list() == [11.0]


def test_a_disk_that_fills_up_leaves_what_was_stored_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.add([a_run(0)])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="the disk is full; the runs stored before are whole"):
        store.add([a_run(1)])

    assert Store(tmp_path).ids() == {a_run(0).key.id}
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add([a_run(0)])
    (part,) = (tmp_path / "runs").iterdir()
    part.write_bytes(part.read_bytes()[:50])

    with pytest.raises(StoreError, match=f"{part.name}: is damaged; remove it"):
        store.ids()


def test_what_a_process_left_half_written_is_not_read_and_goes_in_time(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    Store(tmp_path)
    old, young = runs / ".old.partial", runs / ".young.partial"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 1e6,) * 2)

    assert Store(tmp_path).ids() == frozenset()
    assert (old.exists(), young.exists()) == (False, True)


def test_a_store_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(StoreError, match=r"file: cannot be written .*; choose another folder"):
        Store(tmp_path / "file")


def test_runs_that_are_not_there_are_counted(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="2 runs are not there"):
        Store(tmp_path).runs([a_run(0).key.id, a_run(1).key.id])
