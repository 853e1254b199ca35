"""Runs in the background: nothing lost, nothing doubled, whatever is stopped and whoever asks."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from sim.experiment import Cell, Plan, Reading, compare, run_plan
from sim.scenario import ScenarioError
from sim.web import kept
from sim.web.catalogue import Catalogue
from sim.web.kept import LATELY_SECONDS, Shelf
from sim.web.question import Asked, Question, plan_for, question
from sim.web.runs import MOST_AT_ONCE, Run, Runs, State
from sim.web.workers import BrokenProcessPool, Workers, read_year
from tests.web.pages import YEARS, small

MORE = Question("small", (Asked("More", {"front_door.managers": "+1"}),)).query
FEWER = Question("small", (Asked("Fewer", {"front_door.managers": "-1"}),)).query
SECONDS = 120.0


class InThisProcess(Workers):
    """The same years, run here at once; remembers which, and breaks or holds where told to."""

    def __init__(self) -> None:
        self.processes = 1
        self.ran: list[tuple[str, Cell]] = []
        self.breaks = 0
        self.mended = 0
        self.holds: Callable[[], bool] = lambda: False

    def submit(self, plan: Plan, cell: Cell, number: int, days: Sequence[int]) -> Future[Reading]:
        ended: Future[Reading] = Future()
        if self.breaks:
            self.breaks -= 1
            ended.set_exception(BrokenProcessPool("killed"))
        elif not self.holds():
            self.ran.append((plan.scenarios(0)[number].content_hash, cell))
            ended.set_result(read_year(plan, cell, number, days, "simpy"))
        return ended

    def mend(self, pool: int | None = None) -> None:
        self.mended += int(pool is None)

    def close(self) -> None:
        """Nothing to end."""


@contextmanager
def running(folder: Path, workers: InThisProcess) -> Iterator[Runs]:
    catalogue = Catalogue([small(folder)])

    def planned(query: str) -> tuple[Plan, Sequence[int]]:
        asked = question(parse_qsl(query))
        baseline = catalogue.baseline(asked.base)
        return plan_for(baseline.file, asked.scenarios, YEARS[-1]), baseline.days

    runs = Runs(Shelf(folder / "kept"), workers, YEARS, planned)
    runs.begin()
    try:
        yield runs
    finally:
        runs.close()


def finish(runs: Runs, run: Run) -> None:
    runs.wait(run, YEARS[-1], SECONDS)
    assert run.state is State.DONE


def test_two_runs_share_their_baseline_and_run_nothing_twice(tmp_path: Path) -> None:
    workers = InThisProcess()
    with running(tmp_path, workers) as runs:
        for run in [runs.start(MORE), runs.start(FEWER), runs.start(MORE)]:
            finish(runs, run)

    assert len(workers.ran) == len(set(workers.ran)) == 3 * YEARS[-1]


def test_a_restart_finds_what_was_run_and_runs_only_the_rest(tmp_path: Path) -> None:
    first, second = InThisProcess(), InThisProcess()
    first.holds = lambda: len(first.ran) >= 5
    with running(tmp_path, first) as runs:
        run = runs.start(MORE)
        runs.wait(run, 0, SECONDS)
        assert run.answered == YEARS[0]
    with running(tmp_path, second) as runs:
        again = runs.get(run.id)
        assert again is not None
        finish(runs, again)

    assert not set(first.ran) & set(second.ran)
    assert len(first.ran) + len(second.ran) == 2 * YEARS[-1]


def test_what_was_stopped_stays_stopped_until_it_is_gone_on_with(tmp_path: Path) -> None:
    workers = InThisProcess()
    workers.holds = lambda: len(workers.ran) >= 4
    with running(tmp_path, workers) as runs:
        run = runs.start(MORE)
        runs.wait(run, 0, SECONDS)
        runs.stop(run)
    workers.holds = lambda: False
    with running(tmp_path, workers) as runs:
        stopped = runs.get(run.id)
        assert stopped is not None
        assert (stopped.state, stopped.answered) == (State.STOPPED, YEARS[0])
        finish(runs, runs.start(MORE))

    assert len(workers.ran) == len(set(workers.ran))


def test_the_answer_is_that_of_one_comparison_run_at_once(tmp_path: Path) -> None:
    with running(tmp_path, InThisProcess()) as runs:
        run = runs.start(MORE)
        finish(runs, run)
        found = compare(run.plan, runs.results(run, YEARS[-1]))

    expected = compare(run.plan, list(run_plan(run.plan, processes=1, engine="simpy")))
    key = ("days_to_seen_q90", "all")
    # As text, in which what is not known equals itself.
    assert str([s.levels[key] for s in found.scenarios]) == str([s.levels[key] for s in expected.scenarios])


def test_a_process_that_was_killed_costs_nothing_but_time(tmp_path: Path) -> None:
    workers = InThisProcess()
    workers.breaks = 2
    with running(tmp_path, workers) as runs:
        finish(runs, runs.start(MORE))

    assert workers.mended >= 1
    assert len(workers.ran) == len(set(workers.ran))


def test_processes_that_are_killed_again_and_again_fail_the_run_in_a_sentence(tmp_path: Path) -> None:
    workers = InThisProcess()
    workers.breaks = 1000
    with running(tmp_path, workers) as runs:
        run = runs.start(MORE)
        runs.wait(run, YEARS[-1], SECONDS)

        assert run.state is State.FAILED
        assert "ended from outside" in run.failure


def test_a_fault_of_ours_fails_the_run_in_a_sentence_and_the_next_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workers = InThisProcess()
    with running(tmp_path, workers) as runs:
        with monkeypatch.context() as patch:
            patch.setattr(workers, "submit", lambda *_: 1 / 0)
            run = runs.start(MORE)
            runs.wait(run, YEARS[-1], SECONDS)
            assert (run.state, run.failure) == (State.FAILED, "Front Door itself stopped with ZeroDivisionError")
        finish(runs, runs.start(FEWER))

    assert "ZeroDivisionError" in capsys.readouterr().err


def test_no_more_than_so_many_runs_wait_at_once(tmp_path: Path) -> None:
    workers = InThisProcess()
    workers.holds = lambda: True
    with running(tmp_path, workers) as runs:
        for number in range(MOST_AT_ONCE):
            runs.start(Question("small", (Asked(f"Number {number}", {"front_door.managers": "+1"}),)).query)

        with pytest.raises(ScenarioError, match="questions are being run"):
            runs.start(FEWER)


def test_a_damaged_request_is_a_run_that_was_never_asked_for(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    (tmp_path / "runs" / "0123456789abcdef.json").write_text("{", encoding="utf-8")

    assert shelf.request("0123456789abcdef") is None
    assert shelf.request("../runs/0123456789abcdef") is None
    assert shelf.unfinished() == {}


def a_day_ago(folder: Path) -> None:
    then = time.time() - LATELY_SECONDS - 60
    os.utime(folder, (then, then))


@pytest.mark.slow
def test_readings_asked_for_least_lately_are_removed_and_run_again_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = InThisProcess(), InThisProcess()
    with running(tmp_path, first) as runs:
        more = runs.start(MORE)
        finish(runs, more)
        answer = runs.results(more, YEARS[-1])[0].readings[1].log_hash
    monkeypatch.setattr(kept, "MOST_KEPT_BYTES", 1)
    a_day_ago(more.sides[1].store.folder)
    with running(tmp_path, second) as runs:
        assert not more.sides[1].store.folder.exists()
        assert more.sides[0].store.folder.exists()
        again = runs.get(more.id)
        assert again is not None
        assert (again.state, again.years) == (State.STOPPED, 0)
        finish(runs, runs.start(MORE))

        assert runs.results(runs.start(MORE), YEARS[-1])[0].readings[1].log_hash == answer
    assert len(second.ran) == YEARS[-1]


def test_nothing_is_removed_that_is_in_use_or_while_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, InThisProcess()) as runs:
        run = runs.start(MORE)
        finish(runs, run)
        shelf, folders = Shelf(tmp_path / "kept"), [side.store.folder for side in run.sides]
        for folder in folders:
            a_day_ago(folder)
        shelf.forget(())
        assert all(folder.exists() for folder in folders)
        monkeypatch.setattr(kept, "MOST_KEPT_BYTES", 1)
        shelf.forget(run.sides[:1])

    assert [folder.exists() for folder in folders] == [True, False]
