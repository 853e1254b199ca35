"""Files that are opened on the page: taken by the strict readers, or refused in a sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sim.scenario import as_toml, flatten, load
from sim.web.guard import MOST_BYTES
from tests.web.pages import COUNTY, serving


def whole(name: str) -> str:
    """The county as a file that extends nothing, under another name."""
    tree = load(COUNTY).changed({"name": name, "title": "Opened here"}).model_dump(mode="json", exclude_none=True)
    return "\n".join(f"{path} = {as_toml(value)}" for path, value in flatten(tree))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with serving(folder) as client:
        yield client


def sent(client: TestClient, content: str | bytes, name: str = "mine.toml") -> tuple[int, str, str]:
    answer = client.post("/open", files={"file": (name, content, "application/toml")}, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_a_scenario_that_extends_a_baseline_of_the_page_is_run(client: TestClient) -> None:
    code, place, _ = sent(client, 'extends = "small.toml"\nname = "x"\ntitle = "Saved"\nfront_door.managers = "+1"')

    assert code == 303
    assert place.startswith("/run/")
    assert "Saved" in client.get(place).text


def test_a_baseline_that_was_opened_is_there_when_the_page_starts_again(tmp_path: Path) -> None:
    text = whole("opened")
    with serving(tmp_path) as client:
        # Nothing of it need be run for it to be there.
        code, place, _ = sent(client, text)
        assert (code, place) == (303, "/baseline/opened")
        assert sent(client, text)[:2] == (303, "/baseline/opened")
    with serving(tmp_path) as client:
        assert "Opened here" in client.get("/").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing was chosen"),
        (b"\xff\xfe\x00", "is not text in UTF-8"),
        (b"a = = 1", "is not valid TOML"),
        (b"a = " + b"[" * 5000, "is not valid TOML"),
        (b'title = "x"', "says which it extends"),
        (b'extends = "/etc/passwd"\ntitle = "x"\na = 1', "this page has no such baseline"),
        (b'extends = "../../small.toml"\ntitle = "x"\na = 1', "this page has no such baseline"),
        (b'extends = ["small.toml"]\ntitle = "x"\na = 1', "no such baseline"),
        (b'extends = "small.toml"\ntitle = "x"\nnowhere = 1', "there is no such lever"),
        (b'extends = "small.toml"\ntitle = "x"\ncalendar.horizon_days = 9', "the baseline&#39;s"),
        (whole("leicestershire-2018-19").encode(), "another baseline of this name"),
        (
            whole("opened").replace("front_door.managers = 6", "front_door.managers = 999").encode(),
            "less than or equal",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence_and_leaves_nothing(
    client: TestClient, folder: Path, content: bytes, words: str
) -> None:
    code, _, text = sent(client, content, "../../../evil.toml")

    assert code == 400
    assert words in text
    assert not list((folder / "kept").rglob("*evil*"))
    assert not list((folder / "kept" / "baselines").glob("*"))


def test_a_file_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    assert sent(client, b"#" * MOST_BYTES)[0] == 413


def test_more_than_a_file_is_refused(client: TestClient) -> None:
    both = [("file", ("a.toml", b"a = 1")), ("file", ("b.toml", b"a = 1"))]

    assert client.post("/open", files=both).status_code == 400
    assert client.post("/open", data={"file": "text"}).status_code == 400
