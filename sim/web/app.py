"""The page as an application, and what it needs to serve: baselines, a shelf on disk, and warm processes."""

import contextlib
import os
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sim.experiment import Plan
from sim.experiment.plan import MOST_REPLICATIONS
from sim.model import Engine
from sim.scenario import ScenarioError
from sim.web.answers import Answers
from sim.web.catalogue import Catalogue
from sim.web.extract_pages import ExtractPages
from sim.web.extracts import Extracts, NotKeptError
from sim.web.guard import Guard
from sim.web.how_many_pages import HowManyPages
from sim.web.kept import Shelf
from sim.web.opening import Opened
from sim.web.pages import MISTAKES, Pages, UnknownError
from sim.web.question import Question, plan_for, question
from sim.web.runs import Runs
from sim.web.sizings import Sizings
from sim.web.uploading import MOST_SENT_BYTES
from sim.web.workers import Workers

YEARS_SETTING: Final = "FRONTDOOR_PAGE_YEARS"
YEARS: Final = (20, 50, 100, 200, 400)
"""Simulated years of each scenario after which there is an answer: the first, one of each shipped set, soonest."""
STATIC: Final = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a page serves: files of baselines beside the shipped one, the folder of results, and how it runs."""

    files: Sequence[Path]
    folder: Path
    processes: int
    engine: Engine
    years: tuple[int, ...] = YEARS


def years_wanted() -> tuple[int, ...]:
    """The years after which there is an answer, as the environment says or by default; raises `ScenarioError`."""
    text = os.environ.get(YEARS_SETTING, "")
    parts = [part.strip() for part in text.split(",")] if text else [str(many) for many in YEARS]
    years = [int(part) if part.isdecimal() else 0 for part in parts]
    if years != sorted(set(years)) or not 1 <= years[0] <= years[-1] <= MOST_REPLICATIONS:
        raise ScenarioError(
            f"environment setting {YEARS_SETTING}={text}: must be whole numbers that rise, as 50,100,200"
        )
    return tuple(years)


def application(settings: Settings) -> ASGIApp:
    """The application; raises `ScenarioError` and `FolderError` where it cannot serve what was asked."""
    catalogue, extracts = Catalogue(settings.files), Extracts(settings.folder)

    def planned(query: str) -> tuple[Plan, Sequence[int]]:
        asked = question(parse_qsl(query, keep_blank_values=True))
        baseline = catalogue.baseline(asked.base)
        return plan_for(baseline.file, asked.scenarios, settings.years[-1], extracts.work(asked.start)), baseline.days

    shelf = Shelf(settings.folder)
    workers = Workers(settings.processes, settings.engine)
    runs = Runs(shelf, workers, settings.years, planned)
    # As many worlds as make the second answer of a comparison: halved, each takes some six years.
    sizings = Sizings(settings.folder, workers, settings.engine, settings.years[:2][-1])
    answers = Answers(runs)
    pages = Pages(catalogue, runs, answers, Opened(settings.folder, catalogue), extracts)
    many = HowManyPages(catalogue, sizings, pages.show)
    own = ExtractPages(catalogue, runs, answers, extracts, pages.show)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        runs.begin()
        sizings.begin()
        # Every scenario is compared with it: the first is run before anybody asks, and then never again.
        runs.start(Question(next(iter(catalogue)).name).query)
        try:
            yield
        finally:
            sizings.close()
            runs.close()

    handlers = dict.fromkeys(MISTAKES, pages.mistake) | {UnknownError: pages.missing, NotKeptError: own.not_kept}
    known = {404: pages.missing, 405: pages.missing, HTTPException: pages.mistake, Exception: pages.broken}
    # The guard stands before everything, so that no page of any kind goes out without its headers.
    routes = [*_of_extracts(own), *_routes(pages, many)]
    made = Starlette(routes=routes, exception_handlers={**handlers, **known}, lifespan=lifespan)
    return Guard(made, {re.compile("/baseline/[^/]+/extract"): MOST_SENT_BYTES})


def _of_extracts(own: ExtractPages) -> list[Route]:
    return [
        Route("/baseline/{name}/extract", own.form, methods=["GET"]),
        Route("/baseline/{name}/extract", own.give, methods=["POST"]),
        Route("/baseline/{name}/extract/{start}/remove", own.remove, methods=["POST"]),
    ]


def _routes(pages: Pages, many: HowManyPages) -> list[Route | Mount]:
    return [
        Route("/", pages.start),
        Route("/baseline/{name}", pages.now),
        Route("/baseline/{name}/changes", pages.changes, methods=["GET"]),
        Route("/baseline/{name}/changes", pages.build, methods=["POST"]),
        Route("/baseline/{name}/how-many", many.form, methods=["GET"]),
        Route("/baseline/{name}/how-many", many.ask, methods=["POST"]),
        Route("/baseline/{name}/how-many/answer", many.answer),
        Route("/baseline/{name}/how-many/stop", many.stop, methods=["POST"]),
        Route("/baseline/{name}/how-many/chance.{kind}", many.figure),
        Route("/ask", pages.ask, methods=["POST"]),
        Route("/open", pages.open, methods=["POST"]),
        Route("/run/{run}", pages.run),
        Route("/run/{run}/answer", pages.answer),
        Route("/run/{run}/progress", pages.progress),
        Route("/run/{run}/stop", pages.stop, methods=["POST"]),
        Route("/run/{run}/rename", pages.rename, methods=["POST"]),
        Route("/run/{run}/scenario-{number:int}.toml", pages.scenario),
        Route("/run/{run}/{years:int}/{name}", pages.file),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
