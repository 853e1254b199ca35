"""The page of "how many would it take?": what can be asked, the answer, and that nothing is run twice."""

import html
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from starlette.testclient import TestClient

from sim.experiment import Cell, Plan
from sim.experiment.sizing import FoundInWorld, Job
from sim.scenario import ScenarioFile, load, read, shipped
from sim.web import sizings
from sim.web.how_many import USUAL, HowMany, amounts, how_many, id_of, plan_of
from sim.web.question import Asked, Question
from sim.web.runs import State
from sim.web.workers import BrokenProcessPool, Workers
from tests.web.pages import COUNTY, serving, small

PATH = "assessment.social_workers.experienced"
FORM = "/baseline/small/how-many"
FEWER = Question("small", (Asked("1 fewer experienced social worker", {PATH: "-1"}),)).query
ASKED = {**USUAL, "share": "50", "days": "20"}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three numbers are tried, and not forty."""
    monkeypatch.setattr(sizings, "amounts", lambda *_: (28, 29, 30))


def until_answered(client: TestClient, page: str) -> str:
    for _ in range(300):
        text = str(client.get(page).text)
        if "every 2s" not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text)


@pytest.mark.slow
def test_an_answer_is_found_and_found_again_after_a_restart_without_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "page") as client:
        page = client.post(FORM, data=ASKED, follow_redirects=False).headers["location"]
        first = until_answered(client, page)
        picture = client.get(re.findall(r'src="(/baseline[^"]*chance.svg[^"]*)"', first)[0].replace("&amp;", "&"))
    monkeypatch.setattr(sizings, "sizing", lambda *_, **__: pytest.fail("was run again"))
    with serving(tmp_path / "page") as client:
        again = client.get(page).text

    assert "In the model 28 experienced social workers" in first
    assert "fresh simulated years 28 experienced social workers met it" in first
    assert "Nothing published bears out what staff do to waits: this number is the model" in first
    assert "Test that number as a change" in first
    assert html.unescape(re.findall(r'name="query" value="([^"]*)"', first)[0]) == FEWER
    assert "Illustration. Not your records." in first
    assert picture.text.startswith("<?xml")
    assert again == first


def test_the_time_left_is_told_once_some_worlds_are_looked_at_and_weighs_fresh_ones_less() -> None:
    asked, base = HowMany("small", "experienced", 50, 20, 80), read(COUNTY)
    early, half, fresh = (
        sizings.Search("0", asked, base, 10, done=done, of=30, begun=time.monotonic() - 60.0) for done in (4, 5, 10)
    )

    assert early.seconds_left is None
    assert half.seconds_left == pytest.approx(60 * (5 * 12 + 20) / (5 * 12), rel=0.01)
    assert fresh.seconds_left == pytest.approx(60 * 20 / (10 * 12), rel=0.01)


def test_only_the_latest_answers_stay_in_memory_and_the_disk_has_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizings, "MOST_IN_MEMORY", 1)
    pool = Pool()
    with searching(tmp_path, pool) as (found, asked, base):
        others = [replace(asked, chance=chance) for chance in (10, 20, 30)]
        for other in others:
            found.stop(found.start(other, base))

        assert [search.asked.chance for search in found._searches.values()] == [20, 30]


def test_a_link_to_what_was_never_asked_here_offers_to_ask_it(tmp_path: Path) -> None:
    with serving(tmp_path / "page") as client:
        text = client.get(f"{FORM}/answer", params={**ASKED, "chance": "77"}).text
        missing = client.get(f"{FORM}/chance.svg", params={**ASKED, "chance": "77"})

    assert "it was stopped, or never asked here" in text
    assert '<input type="hidden" name="chance" value="77">' in text
    assert missing.status_code == 400


class Pool:
    """Processes that do nothing until they are told to; `is_reading` as if a comparison ran."""

    def __init__(self, *, is_reading: bool = False, breaks: bool = False) -> None:
        self.processes, self.pools, self.is_reading, self.breaks = 2, 1, is_reading, breaks
        self.given: list[Future[FoundInWorld]] = []
        self.mended: list[int] = []

    def call(self, _: object, __: Job) -> Future[FoundInWorld]:
        if self.breaks:
            raise BrokenProcessPool
        future = Future[FoundInWorld]()
        self.given.append(future)
        return future

    def mend(self, pool: int) -> None:
        self.mended.append(pool)


@contextmanager
def searching(folder: Path, pool: Pool) -> Iterator[tuple[sizings.Sizings, HowMany, ScenarioFile]]:
    found = sizings.Sizings(folder, cast(Workers, pool), "simpy", 4)
    found.begin()
    try:
        yield found, HowMany("small", "experienced", 50, 20, 80), read(small(folder))
    finally:
        found.close()
        for future in pool.given:
            future.cancel()


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError


@pytest.mark.parametrize(("is_reading", "most"), [(False, 2), (True, 1)])
def test_a_search_leaves_the_processes_to_whoever_moves_a_lever_meanwhile(
    tmp_path: Path, *, is_reading: bool, most: int
) -> None:
    pool = Pool(is_reading=is_reading)
    with searching(tmp_path, pool) as (found, asked, base):
        search = found.start(asked, base)
        until(lambda: len(search.futures) == most)

        assert len(pool.given) == most
        found.stop(search)


def test_a_search_that_is_stopped_can_be_begun_again_at_once(tmp_path: Path) -> None:
    pool = Pool()
    with searching(tmp_path, pool) as (found, asked, base):
        first = found.start(asked, base)
        until(lambda: len(pool.given) == 2)
        found.stop(first)
        second = found.start(asked, base)
        until(lambda: len(pool.given) == 4)

        assert (first.state, second.state) == (State.STOPPED, State.RUNNING)
        found.stop(second)


def test_processes_that_ended_are_made_anew_for_the_next_search(tmp_path: Path) -> None:
    pool = Pool(breaks=True)
    with searching(tmp_path, pool) as (found, asked, base):
        search = found.start(asked, base)
        until(lambda: search.state is State.FAILED)

    assert pool.mended == [1]


def test_a_pool_is_mended_once_by_whoever_sees_it_broken_first_and_counts_what_it_reads() -> None:
    workers = Workers(1, "simpy")
    try:
        workers.mend(workers.pools)
        workers.mend(1)
        workers.submit(
            cast(Plan, None),
            cast(Cell, None),
            0,
            (),
        ).exception()
        until(lambda: not workers.is_reading)
        workers.mend()

        assert workers.pools == 3
    finally:
        workers.close()


def test_an_answer_is_kept_under_how_it_was_searched_for_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked, plan = HowMany("small", "experienced", 50, 20, 80), plan_of(read(small(tmp_path)), 1)
    before = id_of(asked, plan)
    for name in ("SEARCH", "_ABOVE", "__version__"):
        with monkeypatch.context() as changed:
            changed.setattr(f"sim.web.how_many.{name}", 99)

            assert id_of(asked, plan) != before
    assert id_of(asked, plan) == before


@pytest.mark.parametrize(
    ("field", "typed", "rule"),
    [
        ("share", "0", "must be a whole number from 1 to 99, such as 90; you typed 0"),
        ("share", "100", "from 1 to 99"),
        ("chance", "80%", "from 1 to 99"),
        ("chance", "\N{SUPERSCRIPT TWO}", "from 1 to 99"),
        ("days", "7", "one of the answers given"),
        ("post", "calendar.warm_up_days", "one of the answers given"),
    ],
)
def test_a_mistake_names_its_field_and_its_rule(field: str, typed: str, rule: str) -> None:
    asked, wrong = how_many("small", {**USUAL, field: typed})

    assert asked is None
    assert list(wrong) == [field]
    assert rule in wrong[field]


def test_every_mistake_is_told_at_once_and_what_was_typed_is_kept(tmp_path: Path) -> None:
    with serving(tmp_path / "page") as client:
        answer = client.post(FORM, data={**USUAL, "share": "most", "chance": "1000"})

    assert answer.status_code == 422
    assert '<a href="#share">' in answer.text
    assert '<a href="#chance">' in answer.text
    assert 'value="most"' in answer.text


def test_numbers_with_which_nobody_is_left_are_not_tried() -> None:
    county = load(shipped("leicestershire-2018-19.toml"))

    assert amounts(county, "front_door.managers")[0] == 1
    assert amounts(county, "assessment.social_workers.agency")[:2] == (0, 1)
    assert len(amounts(county, "assessment.social_workers.experienced")) == 41


def test_a_question_is_a_measure_that_there_is() -> None:
    for days in (1, 5, 10, 20):
        assert HowMany("small", "agency", 90, days, 80).standard.is_met_by(0.9)
