"""The page in a real browser: nothing that axe finds, nothing lost at 320 pixels, by keyboard, or without scripts."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sim.web.app import Settings, application
from sim.web.serving import ADDRESS, listening
from tests.web.extracts import journeys
from tests.web.pages import YEARS, small

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "msedge"))), None)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FORM = "/baseline/small/changes"
DONE = f"All {YEARS[-1]} simulated years of each scenario are run."
WITHIN_MS = 120_000
LEAST_LETTER_PIXELS = 12
_ANYTHING = re.compile(r"\S")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page is not tried in a browser"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page that is served as a user's is."""
    folder = tmp_path_factory.mktemp("page")
    made = application(Settings([small(folder)], folder / "kept", 1, "simpy", YEARS))
    with listening(0) as socket:
        server = uvicorn.Server(uvicorn.Config(made, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://{ADDRESS}:{socket.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, *, scripts: bool = True, width: int = 1280) -> Page:
    page = browser.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 900}).new_page()
    page.set_default_timeout(WITHIN_MS)
    return page


def ask(page: Page, address: str) -> None:
    """Type four more social workers in, and wait until all is run."""
    page.goto(f"{address}{FORM}")
    page.get_by_label("Experienced social workers").fill("4")
    page.get_by_role("button", name="Test these changes").click()
    expect(page.get_by_text(DONE)).to_be_visible(timeout=WITHIN_MS)


def is_accessible(page: Page) -> None:
    """Nothing that axe finds; every box and button has a name; nothing lies beside a narrow or an enlarged page."""
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    for role in ("textbox", "radio", "combobox", "button", "progressbar"):
        every, named = page.get_by_role(role), page.get_by_role(role, name=_ANYTHING)
        assert every.count() == named.count()
    # 640 is 1280 pixels at a zoom of 200 per cent.
    for width in (320, 640):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => !e.closest('.fd-scroll') && "
            "e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 200))"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, wide


def the_queues_fit(page: Page) -> None:
    """One drawing of each scenario's queues at a time, with its words, and letters that can be read."""
    for width, shape in ((1280, "wide"), (320, "narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        drawn = page.locator("svg[role=img]:visible").all()
        assert len(drawn) == 2
        for each in drawn:
            assert each.evaluate("e => e.parentElement.className").endswith(f"--{shape}")
            assert "simulated" in str(each.get_attribute("aria-label"))
            assert each.evaluate("e => e.querySelector('text').getBoundingClientRect().height") >= LEAST_LETTER_PIXELS


def test_every_page_is_accessible_and_asks_nothing_of_others(browser: Browser, address: str) -> None:
    page, asked, said = opened(browser), set[str | None](), list[str]()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.on("console", lambda message: said.append(message.text))
    for path in (
        "/",
        "/baseline/small",
        f"{FORM.rpartition('/')[0]}/how-many",
        f"{FORM.rpartition('/')[0]}/extract",
        FORM,
        "/nothing",
        "/run/0123456789abcdef?base=small",
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{address}{path}")
        is_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    ask(page, address)
    for each in page.locator("summary").all():
        each.click()
    is_accessible(page)
    pictures = page.locator("img").all()
    assert len(pictures) >= 3
    for picture in pictures:
        assert "simulated" in str(picture.get_attribute("alt"))
        assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 0

    the_queues_fit(page)
    assert asked == {ADDRESS}
    # A page that is not there is told on the console too; nothing that the page's own policy forbids is.
    assert not [words for words in said if "404" not in words]


def test_a_mistake_takes_the_keyboard_to_its_sentence_and_from_there_to_its_box(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.goto(f"{address}{FORM}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.get_by_label("Experienced social workers").focus()
    page.keyboard.type("four")
    page.keyboard.press("Enter")
    page.wait_for_selector("#mistakes:focus")
    is_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "assessment.social_workers.experienced"


@pytest.mark.slow
def test_an_answer_that_grows_sharper_leaves_open_what_was_opened(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.goto(f"{address}{FORM}")
    page.get_by_label("Agency social workers").fill("2")
    page.get_by_role("button", name="Test these changes").click()
    page.get_by_text("Every safety check").click()
    expect(page.locator("#years")).to_have_value(str(YEARS[-1]), timeout=WITHIN_MS)

    assert page.evaluate("document.querySelector('#safety').open")


@pytest.mark.slow
def test_everything_works_without_scripts(browser: Browser, address: str) -> None:
    page = opened(browser, scripts=False)
    page.goto(address)
    page.get_by_role("link", name="A small service").click()
    page.get_by_role("link", name="Test a change").click()
    page.get_by_label("Team managers at the front door").fill("1")
    page.get_by_role("button", name="Test these changes").click()
    while page.get_by_role("link", name="Look again").count():
        page.get_by_role("link", name="Look again").click()
        time.sleep(0.2)
    page.reload()

    expect(page.get_by_text(DONE)).to_be_visible()
    expect(page.get_by_text("In the model").or_(page.get_by_text("Too few years are run")).first).to_be_visible()


@pytest.mark.slow
def test_an_extract_is_given_started_from_and_removed_with_and_without_scripts(browser: Browser, address: str) -> None:
    for scripts in (True, False):
        page = opened(browser, scripts=scripts)
        page.goto(f"{address}/baseline/small")
        page.get_by_role("link", name="Start from your own open work").click()
        page.get_by_label("Files of your extract").set_input_files(
            {"name": "letter.csv", "mimeType": "text/csv", "buffer": b"a,b"}
        )
        page.get_by_role("button", name="Read the extract").click()
        assert "letter.csv: not a format" in page.get_by_role("alert").inner_text()
        if scripts:
            is_accessible(page)
        page.get_by_label("Files of your extract").set_input_files(
            {"name": "journeys.csv", "mimeType": "text/csv", "buffer": journeys().encode()}
        )
        page.get_by_label("Date of the extract").fill("31/3/2024")
        page.get_by_role("button", name="Read the extract").click()
        expect(page.get_by_role("heading", name="Children in your extract at the end of 31 March 2024")).to_be_visible()
        page.reload()
        while not page.get_by_text(DONE).count():
            time.sleep(0.5)
            page.reload()
        if scripts:
            for each in page.locator("summary").all():
                each.click()
            is_accessible(page)
            page.get_by_role("link", name="Test a change").click()
            page.get_by_label("Experienced social workers").fill("4")
            page.get_by_role("button", name="Test these changes").click()
            expect(page.get_by_text(DONE)).to_be_visible(timeout=WITHIN_MS)
            is_accessible(page)
        page.goto(f"{address}/baseline/small/extract")
        if scripts:
            is_accessible(page)
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_text("is removed, with all that was run from it")).to_be_visible()
