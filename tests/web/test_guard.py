"""Others at the door: a foreign host, another site's form, what is too large, what is no path, what is no question."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from sim.web.guard import MOST_BYTES, Guard
from tests.web.pages import ADDRESS, serving

ASK = {"query": "base=small"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("page")) as client:
        yield client


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80",
        "user@127.0.0.1",
        "",
        "127.0.0.1:80:80",
        "[::1]",
        "10.0.0.1",
    ],
)
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST"])
def test_its_own_address_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:9", ""])
@pytest.mark.parametrize("path", ["/ask", "/run/0123456789abcdef/stop", "/baseline/small/changes"])
def test_another_site_cannot_change_anything(client: TestClient, origin: str, path: str) -> None:
    assert client.post(path, data=ASK, headers={"origin": origin}).status_code == 403


def test_what_says_no_origin_cannot_change_anything(client: TestClient) -> None:
    del client.headers["origin"]
    try:
        assert client.post("/ask", data=ASK).status_code == 403
    finally:
        client.headers["origin"] = ADDRESS


def test_a_request_too_large_is_refused_by_what_it_says(client: TestClient) -> None:
    assert client.post("/ask", data={"query": "x" * MOST_BYTES}).status_code == 413


def test_a_request_that_does_not_say_how_large_it_is_is_refused(client: TestClient) -> None:
    pieces = iter([b"query=", b"x" * MOST_BYTES])

    assert client.post("/ask", content=pieces).status_code == 411


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fscenario%2ffiles.py",
        "/static//etc/passwd",
        "/run/..%2f..%2fsmall/answer",
        "/run/0123456789abcdef/2/..%2f..%2frun.json",
        "/baseline/..%2fsmall/changes/x",
    ],
)
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in {400, 404}


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/page.css", "/run/0123456789abcdef/stop"])
def test_every_answer_keeps_scripts_and_frames_of_others_out(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("base=nowhere", "no such baseline"),
        ("scenario=x", "names one baseline"),
        ("base=small&base=small", "names one baseline"),
        ("base=small&other=1", "holds only"),
        ("base=small&scenario=%00", "not valid TOML"),
        ("base=small&scenario=title+%3D+1", "must be text"),
        ("base=small&scenario=title+%3D+%22x%22", "changes nothing"),
        ("base=small&scenario=" + "x" * 9000, "at most 8000"),
        ("base=small" + "&scenario=title" * 5, "at most 4"),
        ("base=small&scenario=title%3D%22x%22%0Acalendar.horizon_days%3D9", "the baseline&#39;s"),
        ("base=small&scenario=title%3D%22x%22%0Aname%3D%22..%2Fx%22", "the baseline&#39;s"),
        ("base=small&scenario=title%3D%22x%22%0Aextends%3D%22%2Fetc%2Fpasswd%22", "no such lever"),
        ("base=small&scenario=title%3D%22x%22%0Afront_door.managers%3D%22%2B999%22", "less than or equal to 200"),
    ],
)
def test_a_malformed_question_is_refused_in_a_sentence(client: TestClient, query: str, words: str) -> None:
    answer = client.post("/ask", data={"query": query})

    assert answer.status_code == 400
    assert words in answer.text


def test_what_a_link_says_is_shown_as_text(client: TestClient) -> None:
    answer = client.get(
        "/run/0123456789abcdef",
        params={"base": "small", "scenario": 'title = "<script>alert(1)</script>"\nfront_door.managers = "+1"'},
    )

    assert answer.status_code == 404
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text


def test_what_is_more_than_a_roomy_path_may_be_sent_is_cut_off_whatever_its_header_said() -> None:
    got = list[str]()

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        while (message := await receive())["type"] == "http.request":
            got.append(message["type"])
        got.append(message["type"])

    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(40), "more_body": True}

    async def send(_: Message) -> None:
        """Nothing is answered."""

    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"content-length", b"1")]
    scope = {"type": "http", "method": "POST", "path": "/roomy", "headers": headers}
    asyncio.run(Guard(app, {re.compile("/roomy"): 100})(scope, receive, send))

    assert got == ["http.request", "http.request", "http.disconnect"]
