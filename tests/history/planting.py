"""Extracts with what must never come out planted in every column: a year of nobody, in each format, and staff."""

import copy
import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import openpyxl

from sim.history.synthesis import journeys_told
from sim.history.writing import PLANTED, README, extract_in
from sim.history.writing.extract import write_extract
from sim.history.writing.mess import Mess
from tests.history.files import a_csv
from tests.history.synthetic import a_simulated_year, an_origin

SECRETS: Mapping[str, str] = {
    "name": "Zebedee Quillfeather",
    "nhs number": "943 476 5919",
    "nhs number plain": "9434765919",
    "upn": "H801200001001",
    "address": "14 Nightjar Close",
    "postcode": "LE8 9ZZ",
    "notes": "father said he would; see also, mother's phone 07700 900982",
    "email": "quillfeather@example.org",
    "worker": "Ottoline Brackenbury",
    "team": "Marigold Thistlewood's duty",
}
"""Every one invented. The last is a team of one."""

BIRTHS = ("06/05/2011", "2011-05-06")
"""A date of birth as CSVs have it, and as workbooks and XML do."""

Table = list[list[str]]


def planted(form: str, folder: Path) -> Path:
    """An extract of a format in a folder, with everything planted in it; gives the path to observe."""
    year = a_simulated_year()
    folder.mkdir()
    write_extract(journeys_told(year), form, folder, Mess(0, 1), an_origin(year))
    for beside in (README, PLANTED):
        (folder / beside).unlink(missing_ok=True)
    for path in sorted(folder.iterdir()):
        _PLANTERS[path.suffix](path)
    return extract_in(folder)


def with_secrets(table: Table, birth: str, seed: int = 5) -> Table:
    """A table with a row more for each secret in each column, and a column more for each secret, filled throughout."""
    chance, headings = Random(seed), table[0]  # noqa: S311  (which rows are copied, no secret)
    rows = list(table[1:])
    filled = rows[:] or [[""] * len(headings)]
    for place, heading in enumerate(headings):
        births = [] if _begins(heading) else [birth]
        for secret in (*SECRETS.values(), *births):
            row = list(chance.choice(filled))
            row[place] = secret
            rows.append(row)
    more = [f"child_{name.replace(' ', '_')}" for name in SECRETS]
    return [[*headings, *more, "date_of_birth"], *([*row, *SECRETS.values(), birth] for row in rows)]


def _begins(heading: str) -> bool:
    """Whether a column dates a contact or referral: a birth date there is the date of a contact, as far as it goes."""
    plain = heading.casefold().replace("_", " ")
    return any(words in plain for words in ("received", "contact", "referral date", "date of referral", "referred"))


def _in_csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(with_secrets(table, BIRTHS[1]))


def _in_workbook(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        table = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        sheet.delete_rows(1, sheet.max_row)
        for row in with_secrets(table, BIRTHS[1]):
            sheet.append(row)
    book.save(path)


def _in_xml(path: Path) -> None:
    tree = ET.parse(path)  # noqa: S314  (written by the test itself)
    children = next(one for one in tree.iter() if one.tag.endswith("Children"))
    first, tags = children[0], dict.fromkeys(one.tag for child in children for one in child.iter() if not len(one))
    for tag in tags:
        for secret in (*SECRETS.values(), *([] if "ReferralDate" in tag else [BIRTHS[1]])):
            child = copy.deepcopy(next(one for one in children if one.find(f".//{tag}") is not None))
            next(child.iter(tag)).text = secret
            children.append(child)
    for name, secret in SECRETS.items():
        ET.SubElement(first, f"Child{name.title().replace(' ', '')}").text = secret
    tree.write(path, encoding="utf-8", xml_declaration=True)


_PLANTERS: Mapping[str, Callable[[Path], None]] = {".csv": _in_csv, ".xlsx": _in_workbook, ".xml": _in_xml}


def planted_staff(folder: Path) -> tuple[Path, Path]:
    """A file of posts and one of absences, with everything planted in them."""
    posts = [
        {"team": team, "kind": "social worker", "fte": "1", "start": "2017-01-01", "worker_id": f"{team}-{number}"}
        for team, size in (("North duty", 14), ("South duty", 12), (SECRETS["team"], 1), (SECRETS["name"], 2))
        for number in range(size)
    ]
    posts[3]["worker_id"] = SECRETS["worker"]
    absence = [
        {"worker_id": SECRETS["worker"], "date": "2018-09-03"},
        {"worker_id": "North duty-1", "date": "2018-09-04"},
    ]
    return _spoilt(folder / "posts.csv", posts), _spoilt(folder / "absence.csv", absence)


def _spoilt(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    a_csv(path, list(rows))
    _in_csv(path)
    return path
