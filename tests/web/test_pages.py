"""The pages as a leader meets them: the service now, changes typed in, the answer, and what is wrong with a number."""

import html
import io
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from starlette.testclient import TestClient

from sim import provenance, scenario
from sim.experiment.replay import plan_of, replay
from sim.report.now import ILLUSTRATION
from sim.web import reports
from sim.web.catalogue import OF_THE_USER
from tests.web.pages import YEARS, serving, small

FORM = "/baseline/small/changes"
EXPERIENCED = "assessment.social_workers.experienced"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("page")) as client:
        yield client


def until_done(client: TestClient, page: str) -> str:
    """The text of a run's page once all is run."""
    for _ in range(300):
        text = str(client.get(page).text)
        if "<progress" not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text)


def the_run(page: str) -> str:
    found = re.search(r"/run/([0-9a-f]{16})", page)
    assert found is not None
    return found[1]


def test_a_change_typed_in_leads_to_its_answer(client: TestClient) -> None:
    asked = client.post(FORM, data={EXPERIENCED: "4"}, follow_redirects=False)
    text = until_done(client, asked.headers["location"])

    assert asked.status_code == 303
    assert ILLUSTRATION in text
    assert "4 more experienced social workers" in text
    assert text.count("<svg role=") == 2 * 2
    assert f"{YEARS[-1]} simulated years of each scenario" in text


def test_the_same_question_is_the_same_run_and_another_is_not(client: TestClient) -> None:
    one, again, other = (
        client.post(FORM, data={"front_door.managers": number}, follow_redirects=False).headers["location"]
        for number in ("1", "1", "2")
    )

    assert one == again
    assert the_run(one) != the_run(other)


def test_the_service_now_is_shown_without_counts_of_children(client: TestClient) -> None:
    text = until_done(client, "/baseline/small")

    assert "9 in 10 children who went on to be assessed are seen within" in text
    assert "Not your records" in text
    assert "a month" not in text
    assert "How many children wait is not shown" in text
    assert "unallocated" not in text.split("Changes that come with it")[0]


def test_every_figure_and_the_table_can_be_saved(client: TestClient) -> None:
    text = until_done(client, client.post(FORM, data={EXPERIENCED: "4"}).url.path)
    links = re.findall(r'href="(/run/[^"]*\?save)"', text)

    assert len(links) >= 5
    for link in links:
        saved = client.get(link)
        assert saved.status_code == 200
        assert saved.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("field", "typed", "rule"),
    [
        (EXPERIENCED, "four", "must be a whole number, such as 4; you typed four"),
        (EXPERIENCED, "61", "must be from -29 to 60; you typed 61"),
        ("workforce.absence_share", "51", "must be from 0 to 50; you typed 51"),
        ("domestic_abuse_team.managers", "2", "is only for a team"),
        ("assessment.review_days", "10 20", "must be working days from 1 to 60"),
        ("front_door.managers", "-6", "nobody is left to work there"),
        ("levers_start_day", "60", "must be from 0 to 59"),
        ("second_look.second_manager_on_call", "perhaps", "one of the answers given"),
    ],
)
def test_a_mistake_names_the_field_and_the_rule_and_keeps_what_was_typed(
    client: TestClient, field: str, typed: str, rule: str
) -> None:
    answer = client.post(FORM, data={field: typed, "title": "Mine"})

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert rule in answer.text
    assert 'value="Mine"' in answer.text
    assert "<title>Error: " in answer.text


def test_a_form_left_empty_is_nothing_to_test(client: TestClient) -> None:
    answer = client.post(FORM, data={EXPERIENCED: " ", "front_door.managers": "0"})

    assert answer.status_code == 422
    assert "change at least one of these" in answer.text


def test_a_link_to_what_was_not_run_here_offers_to_run_it(client: TestClient) -> None:
    query = "base=small&scenario=title+%3D+%22Fewer%22%0Afront_door.managers+%3D+%22-1%22"
    answer = client.get(f"/run/0123456789abcdef?{query}")

    assert answer.status_code == 404
    assert "Run it here" in answer.text
    assert client.get("/run/0123456789abcdef").status_code == 400


def test_the_progress_says_when_a_sharper_answer_is_there(client: TestClient) -> None:
    page = client.post(FORM, data={EXPERIENCED: "3"}).url.path
    until_done(client, page)

    stale = client.get(f"{page}/progress", params={"years": YEARS[0]})
    fresh = client.get(f"{page}/progress", params={"years": YEARS[-1]})

    assert stale.headers["hx-trigger"] == "sharper"
    assert "hx-trigger" not in fresh.headers


def test_the_shipped_county_is_run_only_when_asked(client: TestClient) -> None:
    text = client.get("/baseline/leicestershire-2018-19").text

    assert "Run it" in text
    assert "More social workers and managers" in text


def test_a_second_scenario_is_compared_beside_the_first_and_can_be_left_out(client: TestClient) -> None:
    first = client.post(FORM, data={EXPERIENCED: "4"})
    beside = re.search(r'href="(/baseline/small/changes[?]scenario=[^"]+)"', first.text)
    assert beside is not None
    form = client.get(beside[1].replace("&amp;", "&")).text
    hidden = html.unescape(re.findall(r'name="scenario" value="([^"]*)"', form)[0])
    both = client.post(FORM, data={"scenario": hidden, "front_door.managers": "1"})
    text = until_done(client, both.url.path)

    assert "4 more experienced social workers; 1 more front door manager" in " ".join(text.split())
    assert text.count('aria-label="Leave out: ') == 2


def test_a_run_renamed_is_there_at_once(client: TestClient) -> None:
    page = client.post(FORM, data={EXPERIENCED: "4"}).url.path
    until_done(client, page)
    renamed = client.post(f"{page}/rename", data={"title": "Our plan"})

    assert "Our plan" in renamed.text
    assert f"All {YEARS[-1]} simulated years" in renamed.text
    assert renamed.url.path != page
    assert "Our plan" in client.get("/").text


def test_a_scenario_is_saved_as_a_file_that_extends_its_baseline(client: TestClient, tmp_path: Path) -> None:
    page = client.post(FORM, data={EXPERIENCED: "4", "assessment.review_days": "5, 10"}).url.path
    saved = client.get(f"{page}/scenario-1.toml")
    small(tmp_path)
    (tmp_path / "mine.toml").write_text(saved.text, encoding="utf-8")
    file = scenario.read(tmp_path / "mine.toml")

    assert file.scenario.assessment.social_workers.experienced == 33
    assert file.scenario.assessment.review_days == (5, 10)
    assert client.get(f"{page}/scenario-2.toml").status_code == 404


def test_every_other_lever_is_one_more_setting_away(client: TestClient) -> None:
    form = client.get(FORM).text
    answer = client.post(FORM, data={"front_door.red_hours": "0.1"})
    law = client.post(FORM, data={"strategy.minutes": '{ kind = "gamma", mean = -1, cv = 0.3 }'})

    shown = set(re.findall(r'name="([a-z_0-9.]+)"', form))
    # But for the calendar, which is the baseline's, and the switch that the team's posts stand for.
    assert {path for path, _ in scenario.levers() if not path.startswith("calendar.")} - shown == {
        "domestic_abuse_team.on"
    }
    assert '<a href="#front_door.red_hours">' in answer.text
    assert "greater than or equal to 0.25" in answer.text
    assert law.status_code == 422
    assert '<a href="#strategy.minutes">' in law.text


def test_costs_typed_in_are_told_and_stand_in_the_address(client: TestClient) -> None:
    page = client.post(FORM, data={EXPERIENCED: "4"}).url
    until_done(client, page.path)
    plain = client.get(str(page)).text
    costed = client.get(f"{page}&cost-experienced-social-worker=%C2%A352,000").text

    assert "Not costed: no cost of a post was given." in plain
    assert "4 more experienced social workers: £208,000 a year" in costed
    assert 'value="£52,000"' in costed
    assert "answer?cost-experienced-social-worker=%C2%A352%2C000" in costed


@pytest.mark.parametrize("typed", ["plenty", "-3", "0", "900000", "1e5", "52 000"])
def test_a_cost_that_is_none_names_its_field_and_its_rule(client: TestClient, typed: str) -> None:
    page = client.post(FORM, data={EXPERIENCED: "4"}).url
    text = client.get(str(page), params={"cost-agency-social-worker": typed}).text

    assert '<a href="#cost-agency-social-worker">One agency social worker, a year: must be pounds a year' in text
    assert "<title>Error: " in text


def test_the_answer_offers_a_report_of_each_scenario_and_the_record_that_runs_it_again(
    client: TestClient, tmp_path: Path
) -> None:
    asked = client.post(FORM, data={EXPERIENCED: "4"}, follow_redirects=False).headers["location"]
    text, files = until_done(client, asked), f"/run/{the_run(asked)}/{YEARS[-1]}"
    (tmp_path / "run.json").write_bytes(client.get(f"{files}/run.json").content)
    record = provenance.read(tmp_path)
    made = client.get(f"{files}/report-1.docx?save")
    opened = docx.Document(io.BytesIO(made.content))

    assert f"{files}/report-1.docx?save" in text
    assert f"{files}/run.json?save" in text
    assert made.headers["content-disposition"].startswith("attachment")
    assert "4 more experienced social workers: modelled effect" in opened.paragraphs[0].text
    assert OF_THE_USER in {cell.text.partition(". ")[2] for table in opened.tables for cell in table._cells}
    assert f"run {record.run_id}" in opened.sections[0].footer.paragraphs[0].text
    assert (len(record.cells), record.plan.replications) == (YEARS[-1], YEARS[-1])
    for name in ("report-2.docx", "report-0.docx", "report-1.doc", "report-.docx"):
        assert client.get(f"{files}/{name}").status_code == 404
    assert client.get(f"/run/{the_run(asked)}/7/report-1.docx").status_code == 404


def test_a_report_that_is_being_made_keeps_no_other_page_waiting(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = (client.post(FORM, data={EXPERIENCED: number}).url.path for number in ("4", "5"))
    for page in (first, other):
        until_done(client, page)
    begun, may_end, made = threading.Event(), threading.Event(), list[bytes]()

    def long(*_: object) -> bytes:
        begun.set()
        assert may_end.wait(60)
        return b"made"

    monkeypatch.setattr(reports, "file", long)
    asking = threading.Thread(target=lambda: made.append(client.get(f"{first}/{YEARS[0]}/report-1.docx").content))
    asking.start()
    assert begun.wait(60)
    picture = client.get(f"{other}/{YEARS[-1]}/days_to_seen.svg")

    assert "5 more experienced social workers" in client.get(other).text
    assert picture.text.startswith("<?xml")
    assert not made
    may_end.set()
    asking.join(60)
    assert made == [b"made"]


@pytest.mark.slow
def test_the_record_of_an_answer_is_run_again_event_for_event(client: TestClient, tmp_path: Path) -> None:
    asked = client.post(FORM, data={EXPERIENCED: "4"}, follow_redirects=False).headers["location"]
    until_done(client, asked)
    (tmp_path / "run.json").write_bytes(client.get(f"/run/{the_run(asked)}/{YEARS[-1]}/run.json").content)
    record = provenance.read(tmp_path)

    assert [cell.different for cell in replay(record, plan_of(record), processes=1, engine="simpy")] == [()] * YEARS[-1]
