"""Nothing that identifies a child leaves the file it is in: planted everywhere, found nowhere."""

import csv
import io
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from sim.history import TEMPLATE, ExtractError, Observed, Pseudonyms, observe
from sim.history.journeys import FIELDS
from sim.history.tables import csv_rows, read
from tests.history.files import HOURS, SALT, a_csv, a_year

END = date(2024, 4, 12)

SECRETS = {
    "name": "Zebedee Quillfeather",
    "nhs_number": "943 476 5919",
    "nhs_number_plain": "9434765919",
    "upn": "H801200001001",
    "date_of_birth": "born 06/05/2011",
    "postcode": "LE8 9ZZ",
    "address": "14 Nightjar Close",
    "notes": "father said he would; see also, mother's phone 07700 900982",
    "email": "quillfeather@example.org",
}
"""Every one invented."""


def journeys_with_secrets(path: Path) -> Path:
    """A journeys file of a year with every secret in a column nobody asked for, and in every cell of its own row."""
    rows = [row | {f"child_{kind}": secret for kind, secret in SECRETS.items()} for row in a_year()]
    for column in TEMPLATE:
        for secret in SECRETS.values():
            number = len(rows)
            rows.append({"contact_id": f"S{number}", "child_id": f"S{number}", "received": "2023-07-03"})
            rows[-1][column] = secret
    return a_csv(path / "journeys.csv", rows)


FORMATS: list[tuple[str, Callable[[Path], Path]]] = [("journeys CSV", journeys_with_secrets)]
"""A format and a writer of an extract in it, with all secrets planted; a new reader adds its own."""


@pytest.fixture(params=FORMATS, ids=lambda known: known[0])
def planted(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write: Callable[[Path], Path] = request.param[1]
    return write(tmp_path)


def told(found: Observed) -> Iterator[str]:
    """All that an observed extract could show, keep or send."""
    history, log = found.history, found.log
    for thing in (found, history, log, found.findings, history.refused, history.tallies, history.inferred):
        yield repr(thing)
        yield str(thing)
    yield repr(dict(history.why_not))
    yield repr(log.teams)
    for array in (log.events, log.contacts, log.people):
        yield repr(array.tolist())
    for frame in (history.journeys, history.more):
        file = io.BytesIO()
        frame.write_csv(file)
        yield file.getvalue().decode()
        # What is written or sent whole: a frame may carry text that no cell of it shows.
        frame.write_parquet(file, compression="uncompressed")
        yield file.getvalue().decode("latin-1")
    yield pickle.dumps(found).decode("latin-1")


def secrets_in(texts: Iterator[str]) -> set[str]:
    return {kind for text in texts for kind, secret in SECRETS.items() if secret.casefold() in text.casefold()}


def test_what_is_planted_is_in_the_file(planted: Path) -> None:
    assert secrets_in(iter([planted.read_text(encoding="utf-8")])) == set(SECRETS)


def test_nothing_planted_is_in_what_is_observed(planted: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found = observe(planted, Pseudonyms(SALT), HOURS, END, most_refused_share=1.0)

    assert len(found.history.refused) > 100
    assert found.used > 1000
    assert secrets_in(told(found)) == set()
    assert secrets_in(iter([caplog.text])) == set()


def test_nothing_planted_is_in_the_error_when_too_much_is_refused(planted: Path) -> None:
    with pytest.raises(ExtractError, match="rows cannot be read, more than 5%") as caught:
        observe(planted, Pseudonyms(SALT), HOURS, END)

    assert secrets_in(iter(traceback.format_exception(caught.value))) == set()


@pytest.mark.parametrize("column", ["decided", "seen", "closed", "conference_held", "authorised"])
def test_a_date_of_birth_in_a_step_is_in_no_event(column: str, tmp_path: Path) -> None:
    rows = a_year(days=7)
    rows[0][column] = "06/05/2011"
    found = observe(a_csv(tmp_path / "j.csv", rows), Pseudonyms(SALT), HOURS, END)

    assert found.log.first_day >= date(2023, 4, 3)
    assert found.log.column("time").min() >= 0


@pytest.mark.parametrize(
    "broken",
    [
        "contact_id,child_id,received\n1,2,2024-01-01\n3,{secret},2024-01-01,{secret}\n",
        'contact_id,child_id,received\n1,2,"{secret}\n',
        "{secret},{secret},{secret}\n1,2,3\n",
        "contact_id,child_id,{secret}\n1,2,2024-01-01\n",
        "contact_id,child_id,received\n{secret},{secret},{secret}\n",
        "contact_id\tchild_id\treceived\n1\t2\t{secret}\n",
    ],
)
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_error_quotes_a_broken_file(broken: str, secret: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(broken.format(secret=secret), encoding="utf-8")
    with pytest.raises(ExtractError) as caught:
        observe(path, Pseudonyms(SALT), HOURS, END, most_refused_share=0.0)

    assert secret.casefold() not in "".join(traceback.format_exception(caught.value)).casefold()


def test_tables_and_rows_do_not_show_what_they_hold(planted: Path) -> None:
    rows = csv_rows(planted)
    table = read(rows, FIELDS)

    assert repr(rows) == f"Rows({planted.name!r})"
    assert repr(table) == f"Table({planted.name!r}: {table.in_file} rows, {len(table.refused)} of them refused)"
    assert secrets_in(iter([repr(table), str(rows), repr(Pseudonyms(SALT)), repr(table.refused)])) == set()


def test_what_is_observed_shows_no_row_of_its_frames(planted: Path) -> None:
    found = observe(planted, Pseudonyms(SALT), HOURS, END, most_refused_share=1.0)

    for shown in (repr(found), repr(found.history), repr(found.log)):
        assert not any(mark in shown for mark in ("shape:", "array(", "journeys=", "events=", "contacts=", "more="))


def test_ids_become_numbers_that_only_the_salt_leads_to(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "j.csv", a_year(days=7))
    same, again, other = (observe(path, Pseudonyms(salt), HOURS, END) for salt in (SALT, SALT, b"another salt"))

    assert same.log.contacts.tolist() == again.log.contacts.tolist()
    assert not set(same.log.contact_column("contact")) & set(other.log.contact_column("contact"))
    with path.open(encoding="utf-8") as file:
        written = {cell for row in csv.reader(file) for cell in row}
    assert not written & {str(number) for number in same.history.journeys["child"]}


def test_a_name_that_few_rows_hold_is_no_team(tmp_path: Path) -> None:
    rows = [row | {"team": "First Response"} for row in a_year(days=60)]
    rows[3]["team"] = SECRETS["name"]
    found = observe(a_csv(tmp_path / "j.csv", rows), Pseudonyms(SALT), HOURS, END)

    assert found.log.teams == ("First Response",)
    assert [(finding.id, finding.rows) for finding in found.findings if "team" in finding.id] == [("small_teams", (5,))]
