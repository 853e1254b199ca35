"""The notebooks as they lie in the repository: kept twice alike, without logic or output, and running."""

import ast
import json
import os
import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from sim.experiment.planning import REPLICATIONS_SETTING
from sim.notebooks import BASE_SETTING, PROCESSES_SETTING
from tests.notebooks.counties import short_county

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
QUICK = "1_first_comparison.ipynb"


def cells(path: Path) -> list[tuple[str, str]]:
    return [(cell["cell_type"], cell["source"]) for cell in jupytext.read(path)["cells"]]


def test_there_are_six_notebooks() -> None:
    assert [path.name[0] for path in NOTEBOOKS] == list("123456")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_and_its_python_hold_the_same_cells(path: Path) -> None:
    assert cells(path) == cells(path.with_suffix(".py"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_it_gave(path: Path) -> None:
    code = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]

    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_its_question_and_ends_with_what_is_next(path: Path) -> None:
    (first, opening), *_, (last, closing) = cells(path)

    assert (first, last) == ("markdown", "markdown")
    assert opening.startswith(f"# {path.name[0]} ")
    assert "**What this answers.**" in opening
    assert re.search("simulated|illustration|nobody here exists", opening, re.IGNORECASE)
    assert "## What next\n- " in closing


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_no_logic_of_its_own(path: Path) -> None:
    code = "\n".join(source for kind, source in cells(path) if kind == "code")
    found = [type(node).__name__ for node in ast.walk(ast.parse(code))]

    assert not {"FunctionDef", "AsyncFunctionDef", "ClassDef", "Lambda", "While", "Try"} & set(found)


def run(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> Any:  # noqa: ANN401
    """Run a notebook in a kernel of its own, in a folder of its own; gives it with its outputs."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]))
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def pictures(notebook: Any) -> list[Any]:  # noqa: ANN401
    return [
        output
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]


def test_the_first_notebook_runs_and_its_pictures_have_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = short_county(tmp_path, **{"demand.family_contacts_per_year": 300.0})
    settings = {BASE_SETTING: str(base), REPLICATIONS_SETTING: "2", PROCESSES_SETTING: "1"}
    found = pictures(run(FOLDER / QUICK, tmp_path, monkeypatch, settings))

    assert len(found) == 2
    assert all(len(output["metadata"]["image/png"]["alt"]) > 100 for output in found)


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.name != QUICK], ids=lambda path: path.stem)
def test_a_notebook_runs_at_reduced_size(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {BASE_SETTING: str(short_county(tmp_path)), REPLICATIONS_SETTING: "2"}
    found = pictures(run(path, tmp_path, monkeypatch, settings))

    assert found
    assert all(output["metadata"]["image/png"]["alt"] for output in found)
