"""An extract given on the page: read as the commands read it, started from, kept as little as may be, removed whole."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from sim.cli.starting import read_start
from sim.experiment import Started, run_cell
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS, extract_in
from sim.report.now import STARTED_ILLUSTRATION
from sim.report.starting import starting_sentences
from sim.scenario import ScenarioError, load
from sim.sweep import ReadingStore, run_ids
from sim.web.catalogue import Catalogue
from sim.web.extract_files import read_open_work
from sim.web.extracts import MOST_KEPT, Extracts
from sim.web.kept import OPEN_WORK, Shelf, Side
from sim.web.question import plan_for
from sim.working_time import OpeningHours
from sim.world.opening import OpenWork
from sim.world.opening_file import content_hash
from tests.experiment.test_starting import the_year
from tests.test_cli_starting import the_date
from tests.web.extracts import AS_AT, CHILD, EXTRACT, give, journeys
from tests.web.pages import COUNTY, serving, small
from tests.web.test_pages import the_run, until_done
from tests.world.test_opening_file import WORK

SOMEBODY = "Jo Bloggs"

YEARS = (2,)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with serving(folder, years=YEARS) as client:
        yield client


@pytest.fixture(scope="module")
def now(client: TestClient) -> str:
    """The page of the service now, from the extract's open work."""
    code, place, text = give(client, ("journeys.csv", journeys()))
    assert code == 303, text
    return place


@pytest.fixture(scope="module")
def shown(client: TestClient, now: str) -> str:
    """That page once all is run."""
    return until_done(client, now)


def the_work(folder: Path) -> OpenWork:
    """The same extract as the command line reads it."""
    path = folder / "given.csv"
    path.write_text(journeys(), encoding="utf-8")
    return read_start([path], AS_AT, load(small(folder)))


def test_the_service_now_shows_the_children_waiting_with_their_date(client: TestClient, now: str, shown: str) -> None:
    before = shown.partition("What the model makes of it")[0]

    assert f'hx-get="{now}"' in shown
    assert "Children in your extract at the end of 31 March 2024" in client.get("/baseline/small").text
    assert "Children in your extract" not in client.get("/baseline/leicestershire-2018-19").text
    assert "Children in your extract at the end of 31 March 2024" in before
    assert "45 children&#39;s work was open at the end of 31 March 2024." in before
    assert before.count("[c]</td>") == 2
    assert "No number here describes a real child" not in shown
    assert "real children; small counts are hidden" in shown
    assert STARTED_ILLUSTRATION.replace("'", "&#39;") in shown


def test_the_page_says_of_a_start_all_that_the_command_line_says(shown: str, folder: Path) -> None:
    work = the_work(folder)
    first, drawn, left_out = starting_sentences(Started(work, unlike=True, borrowed=0.0))

    assert first in shown
    assert left_out.replace("'", "&#39;") in shown
    assert drawn.partition(" families on average")[0].rpartition(", ")[0].replace("'", "&#39;") in shown
    assert "The open work at the start: what becomes of it (simulated)" in shown
    assert "Use the changes between scenarios, not the levels" in shown


def test_a_year_from_it_is_that_of_a_comparison_event_for_event(
    client: TestClient, shown: str, folder: Path, tmp_path: Path
) -> None:
    catalogue = Catalogue([small(tmp_path)])
    plan = plan_for(catalogue.baseline("small").file, (), YEARS[-1], the_work(folder))
    record = json.loads(client.get(f"/run/{the_run(shown)}/2/run.json").content)
    cell = next(iter(plan.cells()))

    assert record["cells"][0]["log_hashes"] == [run_cell(plan, cell, "simpy").readings[0].log_hash]
    assert record["plan"]["start"]["as_at"] == AS_AT.isoformat()
    assert not {count for count in record["plan"]["start"]["children"].values() if count in set("12345")}


def test_a_comparison_from_that_page_starts_from_the_same_open_work(client: TestClient, now: str) -> None:
    start = now.partition("?")[2]
    form = client.get(f"/baseline/small/changes?{start}").text
    asked = client.post("/baseline/small/changes", data={"front_door.managers": "1", "start": start[6:]})
    text = until_done(client, str(asked.url))

    assert "Every scenario starts from your open work at the end of 31 March 2024." in form
    assert f'name="start" value="{start[6:]}"' in form
    assert "Every scenario starts from the real open work at the end of 31 March 2024" in text
    assert "1 more front door manager" in text
    assert start in str(asked.url)
    becomes = client.get(f"/run/{the_run(str(asked.url))}/2/inherited.csv").text
    assert becomes.count("Case still open after 4 weeks") == 2
    assert "from your open work at the end of 31 March 2024" in client.get("/").text


def test_the_changes_that_come_with_a_baseline_start_from_it_too(client: TestClient, now: str) -> None:
    start = now.partition("?")[2]
    text = client.get(f"/baseline/leicestershire-2018-19?{start}").text

    assert "Children in your extract at the end of 31 March 2024" in text
    assert text.count(f"base=leicestershire-2018-19&amp;{start}&amp;scenario=") >= 6


@pytest.mark.slow
def test_what_becomes_of_open_work_is_no_file_of_a_comparison_without_a_start(client: TestClient) -> None:
    text = until_done(client, "/baseline/small")

    assert "What becomes of the open work" not in text
    assert client.get(f"/run/{the_run(text)}/2/inherited.csv").status_code == 404


def test_the_same_files_are_the_same_open_work_whatever_they_are_called(client: TestClient, now: str) -> None:
    assert give(client, ("another name.csv", journeys()))[:2] == (303, now)


def test_no_row_and_no_file_of_the_extract_is_kept_or_shown(shown: str, folder: Path) -> None:
    kept = [path for path in (folder / "kept").rglob("*") if path.is_file()]
    told = b"".join(path.read_bytes() for path in kept)

    assert CHILD.encode() not in told
    assert CHILD not in shown
    assert not [path for path in kept if path.suffix == ".csv" or ".coming-" in str(path)]
    assert not list((folder / "kept" / OPEN_WORK).glob(".coming-*"))
    assert "Open work of children" in (folder / "kept" / OPEN_WORK / "README.txt").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("form", list(WRITERS))
def test_every_format_is_read_on_the_page_as_the_commands_read_it(form: str, tmp_path: Path) -> None:
    WRITERS[form](journeys_told(the_year()), tmp_path)
    baseline = load(COUNTY)
    calendar = baseline.calendar
    hours = OpeningHours(calendar.office_opens_minute, calendar.office_closes_minute)
    sent = read_open_work(sorted(tmp_path.iterdir()), hours, the_date())

    assert content_hash(sent) == content_hash(read_start([extract_in(tmp_path)], the_date(), baseline))


def test_what_is_kept_is_there_when_the_page_starts_again_unless_it_was_changed(tmp_path: Path) -> None:
    kept = Extracts(tmp_path).keep(WORK, "small")
    Extracts(tmp_path).keep(WORK, "other")
    again = Extracts(tmp_path).get(kept.id)
    by_path = Extracts(tmp_path).get(f"../{OPEN_WORK}/{kept.id}")
    path = tmp_path / OPEN_WORK / kept.id / "open-work.json"
    path.write_text(path.read_text(encoding="utf-8").replace("-700", "-701"), encoding="utf-8")

    assert again is not None
    assert again.bases == ("small", "other")
    assert again.work.journeys == WORK.journeys
    assert Extracts(tmp_path).get(kept.id) is None
    assert list(Extracts(tmp_path)) == []
    assert by_path is None


def test_what_a_server_left_on_its_way_is_removed_by_the_next_unless_it_is_still_on_its_way(tmp_path: Path) -> None:
    home = tmp_path / OPEN_WORK
    for name in (".coming-dead", ".coming-alive", "0123456789abcdef"):
        (home / name).mkdir(parents=True)
        (home / name / "records.csv").write_text(SOMEBODY, encoding="utf-8")
    with FileLock(home / ".coming-alive.lock"):
        Extracts(tmp_path)

    assert sorted(path.name for path in home.iterdir() if path.is_dir()) == [".coming-alive"]


def test_no_more_than_so_many_extracts_are_kept(tmp_path: Path) -> None:
    extracts = Extracts(tmp_path)
    for many in range(MOST_KEPT):
        extracts.keep(replace(WORK, stale=many + 10), "small")

    with pytest.raises(ScenarioError, match="extracts are kept here, which is the most"):
        extracts.keep(WORK, "small")
    assert extracts.keep(replace(WORK, stale=10), "small").bases == ("small",)


@pytest.mark.parametrize("start", ["", "0123", "0123456789ABCDEF", "../../../../../x", "0123456789abcdef&start=0"])
def test_a_link_to_a_start_that_is_none_is_refused(client: TestClient, start: str) -> None:
    assert client.get(f"/baseline/small?start={start}").status_code == 400


def test_a_start_that_is_not_kept_here_asks_for_its_files(client: TestClient) -> None:
    for path in ("/baseline/small?", "/run/0123456789abcdef?base=small&", "/baseline/small/changes?"):
        answer = client.get(f"{path}start=0123456789abcdef")
        assert answer.status_code == 404
        assert 'href="/baseline/small/extract"' in answer.text


def test_removing_it_removes_all_that_was_run_from_it_and_no_more(client: TestClient, folder: Path, now: str) -> None:
    heading, *rows = journeys().splitlines(keepends=True)
    several = [(name, heading + "".join(rows[part::2])) for part, name in enumerate(("a.csv", "b.csv"))]
    _, place, _ = give(client, *several)
    until_done(client, place)
    start, home = place.rpartition("=")[2], folder / "kept" / OPEN_WORK
    others = sorted((folder / "kept" / "readings").iterdir())
    assert list((home / start / "readings").rglob("*.parquet"))
    gone = client.post(f"{EXTRACT}/{start}/remove")
    again = client.post(f"{EXTRACT}/{start}/remove")

    assert "is removed, with all that was run from it" in gone.text
    assert start not in gone.text
    assert again.status_code == 200
    assert not (home / start).exists()
    assert sorted((folder / "kept" / "readings").iterdir()) == others
    assert (client.get(place).status_code, client.get(now).status_code) == (404, 200)
    assert (home / now.rpartition("=")[2] / "open-work.json").exists()


def test_what_arrives_for_open_work_that_was_removed_is_not_kept(tmp_path: Path) -> None:
    shelf, kept = Shelf(tmp_path), Extracts(tmp_path).keep(WORK, "small")
    side = Side((), ReadingStore(tmp_path / OPEN_WORK / kept.id / "readings" / "x"), kept.id)

    assert shelf.still_holds(side)
    Extracts(tmp_path).remove(kept.id)
    assert not shelf.still_holds(side)
    assert shelf.still_holds(Side((), side.store))


def test_years_from_other_open_work_of_one_date_are_other_years(tmp_path: Path) -> None:
    base = Catalogue([small(tmp_path)]).baseline("small").file
    ids = [run_ids(plan_for(base, (), 1, replace(WORK, stale=stale))) for stale in (0, 0, 1)]

    assert ids[0] == ids[1]
    assert not set(ids[0].values()) & set(ids[2].values())
