"""Who made contact: what is read as a national code, what is made out from words, and what is nobody's to guess."""

from pathlib import Path

import pytest

from sim.history import Finding
from sim.history.sources import source_of
from sim.scenario import Source
from tests.history.files import a_csv, a_year, observed, the_finding
from tests.history.ssd_files import ADVISED, cell, findings, inferred, seen_in

HEALTH, SCHOOLS, POLICE, OTHER = Source.HEALTH, Source.SCHOOLS, Source.POLICE, Source.OTHER
FAMILY, OURS = Source.INDIVIDUALS, Source.LA_SERVICES


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("6", POLICE), ("q) 6: Police", POLICE), ("6 - Police", POLICE), ("6 Police", POLICE),
        ("Police - Family liaison", POLICE),
        ("3C: School nurse", HEALTH), ("p1) 5D: LA services", OURS), ("1d", FAMILY), ("2A: Schools", SCHOOLS),
        ("School nurse", HEALTH), ("Health services - School Nurse", HEALTH), ("Health visitor", HEALTH),
        ("Legal agency - Family court", OTHER), ("Local authority housing", OTHER), ("4: Housing", OTHER),
        ("2 Gether NHS trust", HEALTH), ("1. Police", POLICE), ("A & E", HEALTH), ("Independent school", SCHOOLS),
        ("Family member/relative/carer", FAMILY), ("Other individual", FAMILY), ("Other legal agency", OTHER),
        ("Adult social care", OURS), ("Education - other", SCHOOLS), ("9: Anonymous", FAMILY), ("Self", FAMILY),
    ],
)  # fmt: skip
def test_a_source_that_is_told_is_read(text: str, source: Source) -> None:
    assert source_of(text) == list(Source).index(source)


@pytest.mark.parametrize(
    "text",
    [
        "1", "2", "3", "5", "11", "6 year check", "Family Hub", "Family Support Service",
        "Young carers project", "Nursery nurse", "School police officer", "Social worker", "Domestic Abuse Service",
    ],
)  # fmt: skip
def test_a_source_that_is_not_told_is_not_guessed(text: str) -> None:
    assert source_of(text) is None


@pytest.mark.parametrize("text", ["10", "u) 10: Unknown", "Not recorded"])
def test_a_source_that_says_unknown_is_unknown(text: str) -> None:
    assert source_of(text) == -1


def test_sources_made_out_from_words_are_counted_as_inferred(tmp_path: Path) -> None:
    told = ["6 Police", "Police", "School nurse", "Parish hall"]
    rows = [row | {"source": told[place % 4]} for place, row in enumerate(a_year(days=28))]
    found = observed(a_csv(tmp_path / "j.csv", rows))

    (words,) = (one for one in found.history.inferred if one.what == "who made contact, from words")
    assert (words.made, words.not_made) == (len(rows) // 4, len(rows) // 4)


def test_the_numbers_of_a_column_that_holds_one_that_is_no_national_code_are_a_local_list(tmp_path: Path) -> None:
    rows = [row | {"source": "6"} for row in a_year(days=28)]
    rows[0]["source"] = "2"
    found = observed(a_csv(tmp_path / "j.csv", rows))

    local: Finding = the_finding(found, "local_source")
    assert len(local.rows) == len(rows)


@pytest.mark.parametrize("other", ["2A", "6: Police", "9 Anonymous"])
def test_numbers_are_national_codes_where_another_cell_of_the_column_is_one_beyond_doubt(
    other: str, tmp_path: Path
) -> None:
    rows = [row | {"source": other if place % 2 else "6"} for place, row in enumerate(a_year(days=28))]
    found = observed(a_csv(tmp_path / "j.csv", rows))

    assert (found.log.contact_column("source") >= 0).all()


def test_a_column_of_numbers_alone_may_be_a_local_list_and_is_not_guessed(tmp_path: Path) -> None:
    rows = [row | {"source": "4" if place % 2 else "6"} for place, row in enumerate(a_year(days=28))]
    found = observed(a_csv(tmp_path / "j.csv", rows))

    assert (found.log.contact_column("source") == -1).all()
    assert "a number that nothing in its column shows to be a national code" in the_finding(found, "local_source").what


def coded(*codes: str) -> list[dict[str, str]]:
    """Contacts of the dataset with these codes for their source and no description."""
    return [
        ADVISED | {"cont_contact_id": f"C{place}", "cont_person_id": f"P{place}", "cont_contact_source_code": code,
                   "cont_contact_source_desc": ""}
        for place, code in enumerate(codes)
    ]  # fmt: skip


def test_lookup_numbers_of_a_system_are_not_read_as_national_codes(tmp_path: Path) -> None:
    found = seen_in(tmp_path, {"contacts": coded("1", "2", "3", "4", "5", "6")})

    assert findings(found)["source_list_number"] == ("ssd_contacts.csv", (2, 3, 4, 5, 6, 7))
    assert found.log.contact_column("source").tolist() == [-1] * 6


def test_codes_that_the_descriptions_beside_them_deny_are_a_list_of_the_system(tmp_path: Path) -> None:
    denied = [row | {"cont_contact_source_desc": "Schools"} for row in coded("6", "6")]
    bare = coded("6")[0] | {"cont_contact_id": "C9", "cont_person_id": "P9"}
    found = seen_in(tmp_path, {"contacts": [*denied, bare]})

    assert findings(found)["source_list_number"][1] == (2, 3, 4)
    assert found.log.contact_column("source").tolist().count(-1) == 1


def test_codes_of_the_dataset_that_may_be_national_or_its_systems_are_said_to_be_in_doubt(tmp_path: Path) -> None:
    found = seen_in(tmp_path, {"contacts": coded("6", "4", "8")})

    assert findings(found)["source_number_in_doubt"] == ("ssd_contacts.csv", (2, 3, 4))
    assert found.log.contact_column("source").tolist() == [-1] * 3


@pytest.mark.parametrize("beside", [{"cont_contact_source_code": "2A"}, {"cont_contact_source_desc": "Police"}])
def test_a_code_with_a_letter_or_a_description_that_agrees_says_that_numbers_are_national(
    beside: dict[str, str], tmp_path: Path
) -> None:
    first, *others = coded("6", "6", "6")
    found = seen_in(tmp_path, {"contacts": [first | beside, *others]})

    assert "source_number_in_doubt" not in findings(found)
    assert found.log.contact_column("source").tolist().count(list(Source).index(POLICE)) >= len(others)


def test_descriptions_of_the_dataset_are_counted_as_inferred(tmp_path: Path) -> None:
    rows = coded("", "", "")
    for row, words in zip(rows, ("School nurse", "Police", "Health visitor"), strict=True):
        row["cont_contact_source_desc"] = words
    found = seen_in(tmp_path, {"contacts": rows})

    assert cell(found, "source") == list(Source).index(HEALTH)
    assert inferred(found)["who made contact, from words"] == (2, 0)
