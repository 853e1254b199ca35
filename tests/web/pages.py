"""A page on a small service: a baseline of few contacts, a year of weeks, an answer after two simulated years."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from sim.web.app import Settings, application

COUNTY = Path(__file__).parents[2] / "scenarios" / "leicestershire-2018-19.toml"
ADDRESS = "http://127.0.0.1"
YEARS = (2, 4)

SMALL = """extends = "{county}"
name = "small"
title = "A small service"
summary = "Few contacts and a short year, for tests."
[calendar]
warm_up_days = 20
horizon_days = 60
follow_up_days = 30
[demand]
family_contacts_per_year = 600
"""


def small(folder: Path) -> Path:
    """The file of a small baseline."""
    path = folder / "small.toml"
    path.write_text(SMALL.format(county=COUNTY.as_posix()), encoding="utf-8")
    return path


@contextmanager
def serving(folder: Path, *, years: tuple[int, ...] = YEARS, processes: int = 1) -> Iterator[TestClient]:
    """A client of a page that keeps its results in a folder; both end with it."""
    folder.mkdir(exist_ok=True)
    settings = Settings([small(folder)], folder / "kept", processes, "simpy", years)
    with TestClient(application(settings), base_url=ADDRESS, headers={"origin": ADDRESS}) as client:
        yield client
