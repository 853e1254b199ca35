"""Small broken or odd journeys files, each with the sentence it earns."""

from pathlib import Path

import pytest

from sim.history import ExtractError
from tests.history.files import AS_AT, observed

HEAD = "contact_id,child_id,received"
PLAIN = f"{HEAD}\n1,a,2024-01-08\n"

UNREADABLE: list[tuple[str, bytes | str, str]] = [
    ("empty", "", "j.csv: its first row must hold the headings, and there is none"),
    ("only a line end", "\r\n", "j.csv: its first row must hold the headings, and there is none"),
    ("only separators", ",,\n1,a,2024-01-08\n", "j.csv: its first row must hold the headings, and there is none"),
    ("headings alone", f"{HEAD}\n", "j.csv: there is no row beneath the headings"),
    ("blank rows beneath", f"{HEAD}\n\n\r\n\n", "j.csv: there is no row beneath the headings"),
    ("no headings", "1,a,2024-01-08\n2,b,2024-01-09\n", "j.csv: not a format that can be read; those are:"),
    ("no child", "contact_id,received\n1,2024-01-08\n", "j.csv: not a format that can be read; those are:"),
    (
        "title above the headings",
        f"Contacts 2024\n{PLAIN}",
        "j.csv: not a format that can be read: the headings must be in row 1 of j.csv, and row 2 looks like them",
    ),
    (
        "UTF-16 without a mark",
        PLAIN.encode("utf-16-le"),
        "j.csv: looks like UTF-16 without the mark that says so: save it as UTF-8",
    ),
    ("separated by bars", PLAIN.replace(",", "|"), "j.csv: not a format that can be read; those are:"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "j.csv: not a format that can be read; those are:"),
    (
        "no row readable",
        f"{HEAD}\n1,a,soon\n2,b,later\n",
        "journeys: no row has a date: j.csv, row 2: received must be a date, or",
    ),
    ("American dates", f"{HEAD}\n1,a,01/31/2024\n", "journeys: no row has a date"),
    (
        "all after the extract",
        f"{HEAD}\n1,a,2024-05-08\n",
        "j.csv: no row of it can be used: j.csv: 1 received after the date of the extract",
    ),
    (
        "numbers for dates",
        f"{HEAD}\n1,a,45299\n",
        "j.csv: no row of it can be used: j.csv, row 2: received looks like the number by which Excel",
    ),
    ("a quotation mark never closed", f'{HEAD}\n1,a,"2024-01-08\n2,b,2024-01-09\n', "journeys: no row has a date"),
]


@pytest.mark.parametrize(("text", "sentence"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_a_file_that_cannot_be_read_earns_its_sentence(text: bytes | str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ExtractError) as caught:
        observed(path, as_at=None if "has a date" in sentence else AS_AT)

    assert str(caught.value).startswith(sentence)


REFUSED: list[tuple[str, str, str]] = [
    ("a day that is not", "3,c,30/02/2024", "row 3: received must be a date, or a date and time"),
    ("a spreadsheet's number for a date", "3,c,45299", "row 3: received looks like the number by which Excel"),
    ("a year of two figures", "3,c,08/01/24", "row 3: received must be a date, or a date and time"),
    ("an hour that is not", "3,c,2024-01-08 24:00", "row 3: received must be a date, or a date and time"),
    ("a year long ago", "3,c,1066-10-14", "row 3: received must be a date, or a date and time"),
    ("no date", "3,c,", "row 3: received must not be empty"),
    ("an error of Excel's", "3,c,#N/A", "row 3: received must not be empty"),
    ("no child", "3, ,2024-01-08", "row 3: child_id must not be empty"),
    ("a cell too few", "3,c", "row 3: (whole row) the row must have 3 cells, as there are headings"),
    ("a comma in an id", "3,c,d,2024-01-08", "row 3: (whole row) the row must have 3 cells, as there are headings"),
    (
        "text after a quotation mark",
        '3,"c"d,2024-01-08',
        "row 3: (whole row) a quotation mark in the row does not",
    ),
    ("an essay for an id", f"3,{'c' * 140_000},2024-01-08", "row 3: (whole row) a quotation mark in the row does not"),
]


@pytest.mark.parametrize(("row", "sentence"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_row_that_cannot_be_read_earns_its_sentence_and_the_rest_is_read(
    row: str, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "j.csv"
    path.write_text(f"{PLAIN}{row}\n4,d,2024-01-09\n", encoding="utf-8")
    found = observed(path)

    (refusal,) = found.history.refused
    assert f"row {refusal.row}: {refusal.field} {refusal.rule}".startswith(sentence)
    assert [(tally.in_file, tally.read, tally.refused) for tally in found.history.tallies] == [(3, 2, 1)]
    assert found.used == 2


ODD: list[tuple[str, bytes]] = [
    ("UTF-16, as Excel's Unicode text", PLAIN.replace(",", "\t").encode("utf-16")),
    ("a mark at the start", PLAIN.encode("utf-8-sig")),
    ("old line ends", PLAIN.replace("\n", "\r").encode()),
    ("no last line end", PLAIN.rstrip().encode()),
    ("headings in any dress", b"Child ID;CONTACT_ID; Received\xa0\n a ;1;08-Jan-2024\n".replace(b"\xa0", b"\xc2\xa0")),
    ("a column twice, saying the same", b"contact_id,child_id,received,received\n1,a,2024-01-08,08/01/2024\n"),
    ("lines in a cell", b'contact_id,child_id,received,notes\n1,a,2024-01-08,"one\ntwo\n"\n'),
    ("a date of words", b"contact_id,child_id,received\n1,a,8 January 2024\n"),
    ("a day and month of one figure", b"contact_id,child_id,received\n1,a,8/1/2024\n"),
    ("nothing but a heading's name for a team", b"contact_id,child_id,received,team\n1,a,2024-01-08,\n"),
]


@pytest.mark.parametrize("written", [case[1] for case in ODD], ids=[case[0] for case in ODD])
def test_an_odd_file_is_read_as_what_it_is(written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_bytes(written)
    found = observed(path)

    assert (found.history.refused, found.used) == ((), 1)
    assert f"{found.log.first_day:%d/%m/%Y}" == "08/01/2024"


def test_rows_lost_in_an_open_quotation_mark_are_each_refused(tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_text(f'{PLAIN}2,b,"2024-01-09\n3,c,2024-01-10\n4,"d",2024-01-11\n5,e,2024-01-12\n', encoding="utf-8")
    found = observed(path)

    assert [refusal.row for refusal in found.history.refused] == [3, 4, 5]
    assert [(tally.in_file, tally.read, tally.refused) for tally in found.history.tallies] == [(5, 2, 3)]
