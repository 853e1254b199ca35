"""The pages of "how many would it take?"."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sim.report.analyses.enough import enough_picture
from sim.report.enough import enough_sentences
from sim.report.figures import Picture, png, svg
from sim.report.now import ILLUSTRATION
from sim.report.sentences import NOT_BORNE_OUT, calibrated
from sim.report.wording import sentence
from sim.scenario import Scenario, ScenarioError
from sim.web import levers
from sim.web.answers import TYPES, Latest
from sim.web.catalogue import Baseline, Catalogue
from sim.web.how_many import (
    CHANCE,
    DAYS,
    LABELS,
    POST,
    POSTS,
    SHARE,
    USUAL,
    WITHIN,
    HowMany,
    amounts,
    how_many,
    plan_of,
)
from sim.web.progress import time_left
from sim.web.question import Asked, Question
from sim.web.runs import State
from sim.web.sizings import Search, Sizings

Show = Callable[[str, Mapping[str, object], int], Response]

_FIELDS: Final = (POST, SHARE, WITHIN, CHANCE)
_MOST_PICTURES: Final = 4
_UNPROCESSABLE: Final = 422


class HowManyPages:
    """The form, and the answer as far as it is there."""

    def __init__(self, catalogue: Catalogue, sizings: Sizings, show: Show) -> None:
        self._catalogue, self._sizings, self._show = catalogue, sizings, show
        self._ranges: dict[tuple[str, str], tuple[int, ...]] = {}
        self._pictures = Latest[Picture](_MOST_PICTURES)

    def form(self, request: Request) -> Response:
        """The form, filled in as usual."""
        return self._form(self._baseline(request), USUAL, {})

    async def ask(self, request: Request) -> Response:
        """Look for the answer, or say what is wrong with the question."""
        form = await request.form(max_files=0, max_fields=len(_FIELDS))
        typed = {name: str(form.get(name, "")).strip() for name in _FIELDS}
        return await run_in_threadpool(self._asked, self._baseline(request), typed)

    def _asked(self, baseline: Baseline, typed: Mapping[str, str]) -> Response:
        asked, wrong = how_many(baseline.name, typed)
        if asked is None:
            return self._form(baseline, typed, wrong)
        self._sizings.start(asked, baseline.file)
        return RedirectResponse(_link(asked), 303)

    def answer(self, request: Request) -> Response:
        """The answer, or how far it is."""
        return self._show("how_many_answer", self._told(self._search(request)), 200)

    def stop(self, request: Request) -> Response:
        """Look no further."""
        search = self._search(request)
        self._sizings.stop(search)
        return RedirectResponse(_link(search.asked), 303)

    def figure(self, request: Request) -> Response:
        """The curve of the chance, as SVG or PNG."""
        search, kind = self._search(request), request.path_params["kind"]
        if search.answer is None or kind not in {"svg", "png"}:
            raise ScenarioError("this figure is not there")
        picture = self._picture(search)
        content = svg(picture, fonts="path").encode() if kind == "svg" else png(picture)
        headers = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
        if "save" in request.query_params:
            headers["content-disposition"] = f'attachment; filename="how-many-{search.id}.{kind}"'
        return Response(content, media_type=TYPES[kind], headers=headers)

    def _told(self, search: Search) -> dict[str, object]:
        base = search.base.scenario
        told: dict[str, object] = {
            "baseline": base,
            "query": search.asked.query,
            "question": _question(search.asked),
            "search": search,
            "words": _progress(search),
            "is_running": search.state is State.RUNNING,
            "again": _typed(search.asked),
            "sentences": (),
        }
        if search.answer is None:
            return told
        found, fresh = search.answer.found, search.answer.fresh
        plan = plan_of(search.base, 1)
        heading = calibrated(plan.past_months) if plan.is_calibrated else ILLUSTRATION
        lead, *others = enough_sentences(search.asked.told(base), found, search.asked.chance / 100, fresh)
        bare = () if plan.is_calibrated else (f"{sentence(NOT_BORNE_OUT)}: this number is the model's.",)
        sentences = (lead, *bare, *others)
        tested = _as_a_change(search)
        return {**told, "sentences": sentences, "heading": heading, "picture": self._picture(search), "tested": tested}

    def _picture(self, search: Search) -> Picture:
        answer = search.answer
        assert answer is not None  # noqa: S101  (whoever asks has looked)
        return self._pictures.get(search.id, lambda: enough_picture(answer.found, search.asked.chance / 100))

    def _form(self, baseline: Baseline, typed: Mapping[str, str], wrong: Mapping[str, str]) -> Response:
        base = baseline.file.scenario
        ranges = {post: self._range(base, path) for post, (path, _) in POSTS.items()}
        shown = {
            "baseline": base,
            "labels": LABELS,
            "typed": typed,
            "wrong": wrong,
            "mistakes": [(name, LABELS[name], rule) for name, rule in wrong.items()],
            "days": [(str(days), f"{days} calendar day{'' if days == 1 else 's'} of contact", "") for days in DAYS],
            "posts": [
                (
                    post,
                    f"{words[:1].upper()}{words[1:]}",
                    f"{base.value(path)} now; {ranges[post][0]} to {ranges[post][-1]} are tried",
                )
                for post, (path, words) in POSTS.items()
                if ranges[post]
            ],
        }
        return self._show("how_many", shown, _UNPROCESSABLE if wrong else 200)

    def _range(self, base: Scenario, path: str) -> tuple[int, ...]:
        """Which numbers are tried, worked out once: each is a scenario that is checked."""
        key = base.content_hash, path
        if key not in self._ranges:
            self._ranges[key] = amounts(base, path)
        return self._ranges[key]

    def _search(self, request: Request) -> Search:
        baseline = self._baseline(request)
        asked, wrong = how_many(baseline.name, dict(request.query_params))
        if asked is None:
            name, rule = next(iter(wrong.items()))
            raise ScenarioError(f"{LABELS[name]}: {rule}")
        return self._sizings.get(asked, baseline.file)

    def _baseline(self, request: Request) -> Baseline:
        return self._catalogue.baseline(request.path_params["name"])


def _link(asked: HowMany) -> str:
    return f"/baseline/{asked.base}/how-many/answer?{asked.query}"


def _as_a_change(search: Search) -> str:
    """The question what that number does, as against now; none where there is no such number, or it is that of now."""
    asked, base, answer = search.asked, search.base.scenario, search.answer
    enough = None if answer is None else answer.found.enough(asked.chance / 100)
    more = 0 if enough is None else enough - int(str(base.value(asked.path)))
    typed = {asked.path: str(more)} if more else {}
    differences, wrong = levers.settings(typed, base)
    return "" if wrong or not typed else Question(asked.base, (Asked(levers.title(typed), differences),)).query


def _typed(asked: HowMany) -> dict[str, str]:
    return {POST: asked.post, SHARE: str(asked.share), WITHIN: str(asked.days), CHANCE: str(asked.chance)}


def _question(asked: HowMany) -> str:
    within = f"{asked.days} calendar day{'' if asked.days == 1 else 's'}"
    return (
        f"How many {POSTS[asked.post][1]} would it take, so that at least {asked.share}% of children are seen within "
        f"{within}, with a chance of {asked.chance}%?"
    )


def _progress(search: Search) -> str:
    match search.state:
        case State.RUNNING if not search.of:
            return "It waits for its turn."
        case State.RUNNING:
            return f"{search.done} of about {search.of} worlds are looked at. {time_left(search.seconds_left)}"
        case State.STOPPED:
            return "It is not answered: it was stopped, or never asked here."
        case State.FAILED:
            return f"It could not be answered: {search.failure}."
        case State.DONE:
            return ""
