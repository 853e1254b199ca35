"""Which format an extract is: each recognised by its own reader alone, and folders of two formats refused."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from sim.history import ExtractError, Pseudonyms, recognise
from sim.history.extract import FORMATS
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS, extract_in
from tests.history.annex import CHILDREN, a_folder
from tests.history.synthetic import SALT, a_simulated_year

NAMES = {
    "ssd": "Standard Safeguarding Dataset",
    "annex-a": "Ofsted Annex A",
    "cin": "CIN census",
    "mosaic": "Mosaic workflow export",
    "journeys": "journeys CSV",
}


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Some journeys of a simulated year in every format, and Annex A as a folder of CSVs besides."""
    told, folder = journeys_told(a_simulated_year()).head(300), tmp_path_factory.mktemp("extracts")
    for form, write in WRITERS.items():
        (folder / form).mkdir()
        write(told, folder / form)
    return {form: extract_in(folder / form) for form in WRITERS} | {"lists": a_folder(folder / "lists", CHILDREN)}


@pytest.mark.parametrize("known", FORMATS, ids=[known.name for known in FORMATS])
@pytest.mark.parametrize("form", [*WRITERS, "lists"])
def test_each_reader_recognises_its_own_format_and_refuses_all_others(
    form: str, known: object, extracts: dict[str, Path]
) -> None:
    (asked,) = (one for one in FORMATS if one is known)
    wanted = asked.name == NAMES.get(form, NAMES["annex-a"])

    assert asked.recognises(extracts[form]) is wanted
    assert (recognise(extracts[form]) is asked) is wanted


def test_what_another_reader_is_given_all_the_same_it_refuses_in_a_sentence(extracts: dict[str, Path]) -> None:
    readers = {known.name: known.read for known in FORMATS}
    for form, path in ((f, p) for f, p in extracts.items() if p.is_dir()):
        for name, read in readers.items():
            if name not in (NAMES.get(form, NAMES["annex-a"]), NAMES["journeys"]):
                with pytest.raises(ExtractError):
                    read(path, Pseudonyms(SALT))


def with_another(folder: Path, extracts: dict[str, Path], one: str, other: str) -> Path:
    """A folder with the files of two extracts."""
    for form in (one, other):
        path = extracts[form]
        if path.is_dir():
            copytree(path, folder, dirs_exist_ok=True)
        else:
            folder.mkdir(exist_ok=True)
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize(
    ("one", "other"), [("ssd", "mosaic"), ("ssd", "lists"), ("mosaic", "cin"), ("lists", "cin"), ("mosaic", "lists")]
)
def test_a_folder_of_two_formats_is_refused_with_both_named(
    one: str, other: str, extracts: dict[str, Path], tmp_path: Path
) -> None:
    folder = with_another(tmp_path / "mixed", extracts, one, other)
    with pytest.raises(ExtractError) as refused:
        recognise(folder)
    told = str(refused.value)

    assert told.startswith("mixed: holds extracts of several formats (")
    assert told.endswith("): give each a folder of its own")
    assert all(NAMES.get(form, NAMES["annex-a"]) in told for form in (one, other))


def in_a_folder(extracts: dict[str, Path], folder: Path) -> Path:
    folder.mkdir()
    (folder / "j.csv").write_bytes(extracts["journeys"].read_bytes())
    return folder


def workbook_in_a_folder(extracts: dict[str, Path], folder: Path) -> Path:
    folder.mkdir()
    (folder / "annex.xlsx").write_bytes(extracts["annex-a"].read_bytes())
    return folder


def one_table(extracts: dict[str, Path], folder: Path) -> Path:
    copytree(extracts["ssd"], folder)
    return folder / "ssd_cin_visits.csv"


def one_step_table(extracts: dict[str, Path], folder: Path) -> Path:
    copytree(extracts["mosaic"], folder)
    return folder / "dm_visits.csv"


def another_file(_: dict[str, Path], folder: Path) -> Path:
    folder.mkdir()
    (folder / "minutes.docx").write_bytes(b"PK")
    return folder / "minutes.docx"


AS_FOLDER, BY_ITSELF = "not a format that can be read as a folder", "not a format that can be read by itself"
NOT_THAT = [
    (in_a_folder, f"x: {AS_FOLDER}; j.csv in it is a journeys CSV: give that file"),
    (workbook_in_a_folder, f"x: {AS_FOLDER}; annex.xlsx in it is an Ofsted Annex A: give that file"),
    (one_table, f"ssd_cin_visits.csv: {BY_ITSELF}; its folder is a Standard Safeguarding Dataset: give the folder"),
    (one_step_table, f"dm_visits.csv: {BY_ITSELF}; its folder is a Mosaic workflow export: give the folder"),
    (another_file, "minutes.docx: not a format that can be read; those are: "),
]


@pytest.mark.parametrize(("made", "sentence"), NOT_THAT, ids=[made.__name__ for made, _ in NOT_THAT])
def test_a_path_beside_the_extract_is_refused_with_the_one_to_give(
    made: Callable[[dict[str, Path], Path], Path], sentence: str, extracts: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(ExtractError) as refused:
        recognise(made(extracts, tmp_path / "x"))

    assert str(refused.value).startswith(sentence)
