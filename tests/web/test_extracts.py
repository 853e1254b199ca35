"""An extract given on the page: read as the commands read it, started from, refused in a sentence, removed whole."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from sim.cli.starting import read_start
from sim.experiment import Started, run_cell
from sim.report.starting import starting_sentences
from sim.scenario import ScenarioError, load
from sim.sweep import ReadingStore
from sim.web import extract_files, uploading
from sim.web.catalogue import Catalogue
from sim.web.extracts import MOST_KEPT, Extracts
from sim.web.guard import MOST_BYTES
from sim.web.kept import OPEN_WORK, Shelf, Side
from sim.web.question import plan_for
from sim.web.uploading import MOST_SENT_BYTES, file_name
from sim.world.opening import OpenWork
from tests.web.extracts import AS_AT, CHILD, EXTRACT, give, journeys
from tests.web.pages import serving, small
from tests.web.test_pages import the_run, until_done
from tests.world.test_opening_file import WORK

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


def test_the_service_now_shows_the_children_waiting_with_their_date(shown: str) -> None:
    before = shown.partition("What the model makes of it")[0]

    assert "Children in your extract at the end of 31 March 2024" in before
    assert "45 children&#39;s work was open at the end of 31 March 2024." in before
    assert before.count("[c]</td>") == 2
    assert "No number here describes a real child" not in shown
    assert "real children; small counts are hidden" in shown


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
    assert "Every scenario starts from the real open work at the end of 2024-03-31" in text
    assert "1 more front door manager" in text
    assert start in str(asked.url)
    becomes = client.get(f"/run/{the_run(str(asked.url))}/2/inherited.csv").text
    assert becomes.count("Case still open after 4 weeks") == 2
    assert "from your open work at the end of 31 March 2024" in client.get("/").text


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


SOMEBODY = "Jo Bloggs"
A_ROW = journeys().splitlines()[1].replace("6,no", f"6,{SOMEBODY}")
BAD_ROW = "\n".join([journeys().splitlines()[0], *[A_ROW] * 3])


@pytest.mark.parametrize(
    ("name", "content", "as_at", "words"),
    [
        ("", b"", "", "nothing was chosen"),
        ("journeys.csv", BAD_ROW.encode(), "", "journeys.csv, row 2: domestic_abuse must be"),
        ("journeys.csv", b"a,b\n1,2\n", "", "journeys.csv: not a format that can be read"),
        ("empty.csv", b"", "", "empty.csv: "),
        ("journeys.csv", journeys().encode(), "2015-01-01", "no row of it can be used"),
        ("journeys.csv", journeys().encode(), "31/02/2024", "must be a date such as 31/3/2024; you typed 31/02/2024"),
        ("journeys.csv", journeys().encode(), "2999-01-01", "must not be after today"),
        ("../../../etc/evil.csv", b"a,b\n1,2\n", "", "evil.csv: not a format"),
        ("C:\\records\\evil.csv", b"a,b\n1,2\n", "", "evil.csv: not a format"),
        ("con.csv", b"a,b", "", "a file has a name that cannot be used"),
        ("extract.zip", b"PK", "", "extract.zip: is a zip archive: unpack it"),
        ("old.xls", b"", "", "old.xls: is an old Excel workbook"),
        ("ssd.db", b"", "", "is a database"),
        ("contacts.csv", b"SQLite format 3\0" + bytes(90), "", "contacts.csv: is a database"),
        ("contacts.csv", bytes(8) + b"DUCK" + bytes(90), "", "contacts.csv: is a database"),
        ("letter.docx", b"", "", "letter.docx: is of no kind that is read here"),
        ("annex.xlsx", b"PK\x03\x04 torn", "", "annex.xlsx: not an Excel workbook"),
        ("cin.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><Message/>', "", "cin.xml: "),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence_that_quotes_no_cell_and_leaves_nothing(
    client: TestClient, folder: Path, name: str, content: bytes, as_at: str, words: str
) -> None:
    before = sorted((folder / "kept").rglob("*.json"))
    code, _, text = give(client, (name, content), as_at=as_at)

    assert code == 422
    assert words in text
    assert "<title>Error: " in text
    assert SOMEBODY not in text
    assert str(folder / "kept" / OPEN_WORK / ".coming-") not in text
    assert sorted((folder / "kept").rglob("*.json")) == before
    assert not list(folder.rglob(".coming-*"))
    assert not list(folder.parent.rglob("*evil*"))


def test_two_files_of_one_name_are_refused(client: TestClient) -> None:
    assert "two files are called so" in give(client, ("a.csv", "1"), ("A.csv", "2"))[2]


def test_what_else_goes_wrong_in_a_reader_is_told_without_its_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SOMEBODY)

    monkeypatch.setattr("sim.history.open_work_in", broken)
    code, _, text = give(client, ("journeys.csv", journeys()))

    assert (code, SOMEBODY in text) == (422, False)
    assert "the reader stopped with RuntimeError" in text


def test_what_is_too_large_is_refused_with_the_sizes_that_are_taken(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"content-type": "multipart/form-data; boundary=x", "content-length": str(MOST_SENT_BYTES + 1)}
    answer = client.post(EXTRACT, content=b"x", headers=sent)
    monkeypatch.setattr(uploading, "MOST_FILE_BYTES", 100)
    code, _, text = give(client, ("large.csv", journeys()))

    for status, told in ((answer.status_code, answer.text), (code, text)):
        assert status == 413
        assert "100 MB a file and 300 MB together are taken" in told
    assert "large.csv: is larger than is taken" in text
    assert "At most 100 MB a file, 300 MB and 60 files together" in client.get(EXTRACT).text


def test_to_every_other_page_no_more_is_sent_than_before(client: TestClient) -> None:
    assert client.post("/open", files={"file": ("a.toml", b"#" * MOST_BYTES)}).status_code == 413
    assert client.post(f"{EXTRACT}/0123456789abcdef/remove", content=b"#" * (MOST_BYTES + 1)).status_code == 413


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 3_000_000)
    monkeypatch.setattr(extract_files, "MOST_UNPACKED_BYTES", 2_000_000)
    code, _, text = give(client, ("bomb.xlsx", packed.getvalue()))

    assert len(packed.getvalue()) < 10_000
    assert (code, "bomb.xlsx: holds 3 MB unpacked; at most 2 MB are read" in text) == (422, True)


PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\na,b\r\n'


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("application/x-www-form-urlencoded", b"files=a", "no files were sent"),
        ("multipart/form-data", PART + b"--x--", "no files were sent"),
        ("multipart/form-data; boundary=x", PART, "broke off before all was sent"),
        ("multipart/form-data; boundary=y", PART + b"--x--", "is damaged"),
        ("multipart/form-data; boundary=x", b"--x\r\nA: b\r\n\r\nc\r\n--x--\r\n", "is not this form"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a" * 9000 + b": b\r\n\r\nc\r\n--x--", "is damaged"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="as_at"\r\n\r\n' + b"1" * 500 + b"\r\n--x--\r\n",
            "is not this form",
        ),
    ],
)
def test_a_form_that_is_none_is_refused_and_leaves_nothing(
    client: TestClient, folder: Path, kind: str, content: bytes, words: str
) -> None:
    answer = client.post(EXTRACT, content=content, headers={"content-type": kind})

    assert (answer.status_code, words in answer.text) == (422, True)
    assert not list(folder.rglob(".coming-*"))


@pytest.mark.parametrize("path", [EXTRACT, f"{EXTRACT}/0123456789abcdef/remove"])
def test_another_site_can_neither_give_nor_remove_an_extract(client: TestClient, path: str) -> None:
    headers = {"origin": "http://evil.example"}

    assert client.post(path, files={"files": ("a.csv", b"a")}, headers=headers).status_code == 403
    assert client.post(path, files={"files": ("a.csv", b"a")}, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("a.csv", "a.csv"),
        ("../../x/b c.csv", "b c.csv"),
        ("C:\\x\\List 1.csv", "List 1.csv"),
        ("a<b>:|?*.csv", "a_b_____.csv"),
        ("...csv", "csv"),
        ("x" * 300 + ".csv", "x" * 97 + ".csv"),
        ("a\n\0.csv", "a__.csv"),
    ],
)
def test_a_file_lies_under_its_own_name_and_nowhere_else(said: str, name: str) -> None:
    assert file_name(said) == name


def test_what_is_kept_is_there_when_the_page_starts_again_unless_it_was_changed(tmp_path: Path) -> None:
    kept = Extracts(tmp_path).keep(WORK, "small")
    Extracts(tmp_path).keep(WORK, "other")
    again = Extracts(tmp_path).get(kept.id)
    path = tmp_path / OPEN_WORK / kept.id / "open-work.json"
    path.write_text(path.read_text(encoding="utf-8").replace("-700", "-701"), encoding="utf-8")

    assert again is not None
    assert again.bases == ("small", "other")
    assert again.work.journeys == WORK.journeys
    assert Extracts(tmp_path).get(kept.id) is None
    assert list(Extracts(tmp_path)) == []
    assert Extracts(tmp_path).get(f"../{OPEN_WORK}/{kept.id}") is None


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
