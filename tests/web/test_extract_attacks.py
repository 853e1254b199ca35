"""Attacks on the page that takes an extract: too much, the wrong thing, a damaged form."""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from sim.history import cin_xml
from sim.web import extract_files, uploading
from sim.web.app import Settings, application
from sim.web.guard import MOST_BYTES
from sim.web.kept import OPEN_WORK
from sim.web.uploading import MOST_SENT_BYTES, file_name
from tests.web.extracts import EXTRACT, give, journeys
from tests.web.pages import ADDRESS, small

SOMEBODY = "Jo Bloggs"
A_ROW = journeys().splitlines()[1].replace("6,no", f"6,{SOMEBODY}")
BAD_ROW = "\n".join([journeys().splitlines()[0], *[A_ROW] * 3])
PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\na,b\r\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def client(folder: Path) -> TestClient:
    """A client of a page that runs nothing: whatever it is given here is refused."""
    settings = Settings([small(folder)], folder / "kept", 1, "simpy", (2,))
    return TestClient(application(settings), base_url=ADDRESS, headers={"origin": ADDRESS})


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


def test_a_refusal_names_files_as_they_were_sent_and_not_where_they_lay(client: TestClient) -> None:
    text = give(client, ("a.csv", "1"), ("b.csv", "1"))[2]

    assert "a.csv and b.csv: are the same, byte for byte" in text
    assert ".coming-" not in text


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


def test_a_small_workbook_whose_cells_stand_far_out_is_not_read(client: TestClient) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "List_1"
    sheet.append(["Child Unique ID", "Date of Contact", "Contact Source"])
    for row in range(2, 40):
        sheet.cell(row, 16_000, 1)
    packed = BytesIO()
    book.save(packed)
    code, _, text = give(client, ("wide.xlsx", packed.getvalue()))

    assert (code, "wide.xlsx, sheet List_1: a cell stands beyond column 1000" in text) == (422, True)


def test_a_census_without_end_is_not_held_in_memory(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cin_xml, "_MOST_BESIDE", 50)
    census = b"<Message><Header><Collection>CIN</Collection></Header>" + b"<a/>" * 60 + b"</Message>"

    assert "cin.xml: holds 50 elements in or beside one child" in give(client, ("cin.xml", census))[2]


@settings(max_examples=40)
@given(content=st.binary(max_size=400), cut=st.integers(0, 90))
def test_whatever_is_sent_is_answered_and_leaves_nothing(
    client: TestClient, folder: Path, content: bytes, cut: int
) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answers = [client.post(EXTRACT, content=sent, headers=headers) for sent in (PART[:cut] + content, PART + content)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not list(folder.rglob(".coming-*"))


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
