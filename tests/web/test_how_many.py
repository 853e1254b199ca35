"""The page of "how many would it take?": what can be asked, the answer, and that nothing is run twice."""

import re
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sim.scenario import load, shipped
from sim.web import sizings
from sim.web.how_many import USUAL, HowMany, amounts, how_many
from tests.web.pages import serving

FORM = "/baseline/small/how-many"
ASKED = {**USUAL, "share": "50", "days": "20"}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three numbers are tried, and not forty."""
    monkeypatch.setattr(sizings, "amounts", lambda *_: (28, 29, 30))


def until_answered(client: TestClient, page: str) -> str:
    for _ in range(300):
        text = str(client.get(page).text)
        if "every 2s" not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text)


def test_an_answer_is_found_and_found_again_after_a_restart_without_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "page") as client:
        page = client.post(FORM, data=ASKED, follow_redirects=False).headers["location"]
        first = until_answered(client, page)
        picture = client.get(re.findall(r'src="(/baseline[^"]*chance.svg[^"]*)"', first)[0].replace("&amp;", "&"))
    monkeypatch.setattr(sizings, "sizing", lambda *_, **__: pytest.fail("was run again"))
    with serving(tmp_path / "page") as client:
        again = client.get(page).text

    assert "In the model 28 experienced social workers" in first
    assert "fresh simulated years 28 experienced social workers met it" in first
    assert "Illustration. Not your records." in first
    assert picture.text.startswith("<?xml")
    assert again == first


def test_a_link_to_what_was_never_asked_here_offers_to_ask_it(tmp_path: Path) -> None:
    with serving(tmp_path / "page") as client:
        text = client.get(f"{FORM}/answer", params={**ASKED, "chance": "77"}).text
        missing = client.get(f"{FORM}/chance.svg", params={**ASKED, "chance": "77"})

    assert "it was stopped, or never asked here" in text
    assert '<input type="hidden" name="chance" value="77">' in text
    assert missing.status_code == 400


@pytest.mark.parametrize(
    ("field", "typed", "rule"),
    [
        ("share", "0", "must be a whole number from 1 to 99, such as 90; you typed 0"),
        ("share", "100", "from 1 to 99"),
        ("chance", "80%", "from 1 to 99"),
        ("chance", "\N{SUPERSCRIPT TWO}", "from 1 to 99"),
        ("days", "7", "one of the answers given"),
        ("post", "calendar.warm_up_days", "one of the answers given"),
    ],
)
def test_a_mistake_names_its_field_and_its_rule(field: str, typed: str, rule: str) -> None:
    asked, wrong = how_many("small", {**USUAL, field: typed})

    assert asked is None
    assert list(wrong) == [field]
    assert rule in wrong[field]


def test_every_mistake_is_told_at_once_and_what_was_typed_is_kept(tmp_path: Path) -> None:
    with serving(tmp_path / "page") as client:
        answer = client.post(FORM, data={**USUAL, "share": "most", "chance": "1000"})

    assert answer.status_code == 422
    assert '<a href="#share">' in answer.text
    assert '<a href="#chance">' in answer.text
    assert 'value="most"' in answer.text


def test_numbers_with_which_nobody_is_left_are_not_tried() -> None:
    county = load(shipped("leicestershire-2018-19.toml"))

    assert amounts(county, "front_door.managers")[0] == 1
    assert amounts(county, "assessment.social_workers.agency")[:2] == (0, 1)
    assert len(amounts(county, "assessment.social_workers.experienced")) == 41


def test_a_question_is_a_measure_that_there_is() -> None:
    for days in (1, 5, 10, 20):
        assert HowMany("small", "agency", 90, days, 80).standard.is_met_by(0.9)
