"""A report for a plan from the page, with the record by which its run is run again."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from starlette.testclient import TestClient

from sim import provenance
from sim.experiment.replay import plan_of, replay
from tests.web.pages import YEARS, serving
from tests.web.test_pages import FORM, the_run, until_done


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str, str]]:
    """A client, the address of an answer's files, and its page."""
    with serving(tmp_path_factory.mktemp("page")) as client:
        asked = client.post(FORM, data={"front_door.managers": "1"}, follow_redirects=False).headers["location"]
        text = until_done(client, asked)
        yield client, f"/run/{the_run(asked)}/{YEARS[-1]}", text


def test_the_answer_links_to_a_report_of_its_scenario_and_to_its_record(answered: tuple[TestClient, str, str]) -> None:
    _, files, text = answered

    assert f"{files}/report-1.docx?save" in text
    assert f"{files}/run.json?save" in text


def test_the_report_is_of_the_scenario_and_names_the_run_of_the_record(
    answered: tuple[TestClient, str, str], tmp_path: Path
) -> None:
    client, files, _ = answered
    made = client.get(f"{files}/report-1.docx?save")
    (tmp_path / "run.json").write_bytes(client.get(f"{files}/run.json").content)
    record = provenance.read(tmp_path)
    opened = docx.Document(io.BytesIO(made.content))

    assert (made.status_code, made.headers["content-type"].startswith("application/vnd.openxml")) == (200, True)
    assert made.headers["content-disposition"].startswith("attachment")
    assert "1 more front door manager: modelled effect" in opened.paragraphs[0].text
    assert f"run {record.run_id}" in opened.sections[0].footer.paragraphs[0].text
    assert [cell.different for cell in replay(record, plan_of(record), processes=1, engine="simpy")] == [()] * YEARS[-1]


@pytest.mark.parametrize("name", ["report-2.docx", "report-0.docx", "report-1.doc", "report-.docx"])
def test_there_is_no_report_of_a_scenario_that_was_not_asked_about(
    answered: tuple[TestClient, str, str], name: str
) -> None:
    client, files, _ = answered

    assert client.get(f"{files}/{name}").status_code == 404


def test_there_is_no_report_of_more_years_than_were_run(answered: tuple[TestClient, str, str]) -> None:
    client, files, _ = answered

    assert client.get(f"{files[: files.rindex('/')]}/7/report-1.docx").status_code == 404
