"""The pages: each reads what was asked, has `runs` and `answers` do it, and shows parts that `report` made."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sim import __version__
from sim.provenance import FolderError
from sim.report.costs import roles_changed
from sim.report.page import environment
from sim.report.starting import waiting
from sim.report.starts import in_words
from sim.scenario import Scenario, ScenarioError, as_toml
from sim.web import levers
from sim.web.answers import TYPES, Answers
from sim.web.catalogue import Baseline, Catalogue
from sim.web.extract_pages import now_link, remove_link, when
from sim.web.extracts import Extracts, Kept
from sim.web.guard import MOST_BYTES
from sim.web.more import MORE
from sim.web.names import is_of_record
from sim.web.opening import Opened
from sim.web.prices import cost_fields, prices_of, without_costs
from sim.web.progress import progress
from sim.web.question import BASE, MOST_SCENARIOS, SCENARIO, START, Asked, Question, plan_for, question
from sim.web.runs import Run, Runs, State

FIRST_ANSWER_SECONDS: Final = 1.5
"""How long a page waits for a run's first answer rather than be shown without one."""
ALL_FIELDS: Final = (*levers.FIELDS, *MORE)
_MOST_FIELDS: Final = len(ALL_FIELDS) + 20
_LONGEST_TITLE: Final = 100
_MOST_EARLIER: Final = 20
_UNPROCESSABLE: Final = 422
_NOT_FOUND: Final = 404
MISTAKES = (ScenarioError, FolderError)


class Pages:
    """Every page of one server."""

    def __init__(self, catalogue: Catalogue, runs: Runs, answers: Answers, opened: Opened, extracts: Extracts) -> None:
        self._catalogue, self._runs, self._answers, self._opened = catalogue, runs, answers, opened
        self._extracts = extracts
        self._templates = environment("sim.web")

    def start(self, _: Request) -> Response:
        """The baselines to choose from."""
        earlier = list[tuple[str, str]]()
        # Under another version of the model the same question is another run: the latest of it stands for all.
        latest = dict[str, str]()
        for run, query in self._runs.latest(_MOST_EARLIER).items():
            latest.setdefault(query, run)
        for query, run in latest.items():
            with suppress(ScenarioError):
                asked = question(parse_qsl(query, keep_blank_values=True))
                titles = "; ".join(each.title for each in asked.scenarios)
                work = self._extracts.work(asked.start)
                since = "" if work is None else f", from your open work at the end of {in_words(work.as_at)}"
                earlier += [(f"{titles}{since}", f"/run/{run}?{query}")] if titles else []
        kept = list(self._extracts)
        baselines = [(each.file.scenario, _starts(each, kept)) for each in self._catalogue]
        return self.show("start", {"baselines": baselines, "earlier": earlier})

    def now(self, request: Request) -> Response:
        """A baseline as it is now; with a start from the open work of an extract."""
        baseline = self._baseline(request)
        given = [pair for pair in request.query_params.multi_items() if pair[0] == START]
        asked = question([(BASE, baseline.name), *given])
        run = self._runs.get(self._runs.id_of(asked.query))
        told = self._told(run, request) if run is not None else {"run": None, "query": asked.query}
        started = self._extracts.get(asked.start)
        kept = [each for each in self._extracts if baseline.name in each.bases][:1] if started is None else [started]
        extracts = {"started": started is not None, "extracts": [_shown(each, baseline) for each in kept]}
        scenario = {"baseline": baseline.file.scenario, "start": asked.start, "shipped": _links(baseline, asked.start)}
        return self.show("now", {**told, **scenario, **extracts})

    def changes(self, request: Request) -> Response:
        """The form in which a scenario is built, beside those of the link if any."""
        asked = question([(BASE, request.path_params["name"]), *request.query_params.multi_items()])
        return self._form(self._baseline(request), {}, {}, asked)

    async def build(self, request: Request) -> Response:
        """Run the scenario that was typed in, or say what is wrong with it."""
        form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
        given = [(name, str(text)) for name, text in form.multi_items() if name in (START, SCENARIO)]
        beside = question([(BASE, request.path_params["name"]), *given])
        return await run_in_threadpool(self._built, self._baseline(request), _typed(form), beside)

    def _built(self, baseline: Baseline, typed: Mapping[str, str], beside: Question) -> Response:
        differences, wrong = levers.settings(typed, baseline.file.scenario, ALL_FIELDS)
        if not wrong and not differences:
            wrong[levers.FIELDS[0].name] = "change at least one of these, or there is nothing to test"
        if wrong:
            return self._form(baseline, typed, wrong, beside)
        name = typed.get("title", "")[:_LONGEST_TITLE].strip() or levers.title(typed, ALL_FIELDS)[:_LONGEST_TITLE]
        asked = replace(beside, scenarios=(*beside.scenarios, Asked(name, differences)))
        work = self._extracts.work(asked.start)
        try:
            plan_for(baseline.file, asked.scenarios, 1, work)
        except ScenarioError as mistake:
            return self._form(baseline, typed, _placed(str(mistake)), beside)
        return self._asked(asked.query)

    async def ask(self, request: Request) -> Response:
        """Run a question as it stands in a link."""
        form = await request.form(max_files=0, max_fields=1)
        return await run_in_threadpool(self._asked, str(form.get("query", "")))

    async def open(self, request: Request) -> Response:
        """Open a file of the user's: a baseline, or a scenario of one."""
        async with request.form(max_files=1, max_fields=0, max_part_size=MOST_BYTES) as form:
            file = form.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
        return await run_in_threadpool(self._open, content)

    def _open(self, content: bytes) -> Response:
        if not content.strip():
            raise ScenarioError("the file: nothing was chosen, or it is empty")
        asked = self._opened.open(content)
        run = self._runs.start(asked.query)
        return RedirectResponse(_link(run) if asked.scenarios else f"/baseline/{asked.base}", 303)

    def run(self, request: Request) -> Response:
        """The answer to a question, as far as it is there."""
        run = self._runs.get(request.path_params["run"])
        if run is None:
            return self._unknown(request)
        self._runs.wait(run, 0, FIRST_ANSWER_SECONDS)
        return self.show("run", self._told(run, request))

    def answer(self, request: Request) -> Response:
        """The part of that page which grows sharper."""
        return self.show("answer", self._told(self._known(request), request))

    def progress(self, request: Request) -> Response:
        """How far a run is; says when there is a better answer than of so many years."""
        run = self._known(request)
        response = self.show("progress", {"run": run, "progress": progress(run)})
        if str(run.answered) != request.query_params.get("years", ""):
            response.headers["HX-Trigger"] = "sharper"
        return response

    def stop(self, request: Request) -> Response:
        """Run no more of it."""
        run = self._known(request)
        self._runs.stop(run)
        return RedirectResponse(_link(run), 303)

    async def rename(self, request: Request) -> Response:
        """The same question under other names: nothing is run again."""
        form = await request.form(max_files=0, max_fields=MOST_SCENARIOS)
        run = self._known(request)
        asked = question(parse_qsl(run.query, keep_blank_values=True))
        titles = [str(title).strip()[:_LONGEST_TITLE] for title in form.getlist("title")]
        pairs = zip(asked.scenarios, [*titles, *[""] * MOST_SCENARIOS], strict=False)
        named = tuple(replace(each, title=title or each.title) for each, title in pairs)
        return await run_in_threadpool(self._asked, replace(asked, scenarios=named).query)

    def scenario(self, request: Request) -> Response:
        """A scenario of a run as a file that stands beside its baseline."""
        run, number = self._known(request), request.path_params["number"]
        asked = question(parse_qsl(run.query, keep_blank_values=True))
        if not 1 <= number <= len(asked.scenarios):
            raise UnknownError
        found = asked.scenarios[number - 1]
        name = next(v.name for v in run.plan.variants if v.title == found.title)
        extends = self._catalogue.baseline(asked.base).file.path.name
        text = f"extends = {as_toml(extends)}\nname = {as_toml(name)}\n{found.text}\n"
        return Response(text, media_type=TYPES["toml"], headers=_saved(f"{name}.toml"))

    def file(self, request: Request) -> Response:
        """A figure or a table of an answer."""
        run, years, name = self._known(request), request.path_params["years"], request.path_params["name"]
        is_there = years in run.milestones and years <= run.years
        content = (self._report if is_of_record(name) else self._answers.file)(run, years, name) if is_there else None
        if content is None:
            raise UnknownError
        kind = name.rpartition(".")[2]
        headers = _saved(f"{run.id}-{name}") if "save" in request.query_params else {}
        # Nothing in it could run, were it opened by itself.
        headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        return Response(content, media_type=TYPES[kind], headers=headers)

    def _report(self, run: Run, years: int, name: str) -> bytes | None:
        base = self._catalogue.baseline(question(parse_qsl(run.query, keep_blank_values=True)).base)
        return self._answers.report(run, years, name, base)

    def mistake(self, _: Request, error: Exception) -> Response:
        """What is wrong with what was asked, in its one sentence."""
        return self.show("mistake", {"sentence": str(error)}, 400)

    def broken(self, _: Request, __: Exception) -> Response:
        """A mistake of ours; the server has told it where it was started."""
        return self.show("broken", {}, 500)

    def missing(self, _: Request, __: Exception) -> Response:
        """There is no such page."""
        return self.show("missing", {}, _NOT_FOUND)

    def _asked(self, query: str) -> Response:
        return RedirectResponse(_link(self._runs.start(query)), 303)

    def _told(self, run: Run, request: Request) -> dict[str, object]:
        """What a run's page shows: its answer where there is one."""
        priced = prices_of(request.query_params.multi_items())
        told: dict[str, object] = {
            "run": run,
            "costs_query": urlencode(priced.typed),
            "cost_fields": cost_fields(roles_changed(run.plan.scenarios(0)), priced),
            "cost_mistakes": priced.wrong,
            "asked_fields": parse_qsl(run.query, keep_blank_values=True),
            "query": run.query,
            "progress": progress(run),
            "years": run.answered,
            "link": _link(run),
            **self._beside(run),
        }
        return {**told, **self._answers.parts(run, run.answered, priced.prices)} if run.answered else told

    def _beside(self, run: Run) -> dict[str, object]:
        """What else can be asked from here: another scenario beside these, one fewer, other names."""
        asked = question(parse_qsl(run.query, keep_blank_values=True))
        others = [each for each in self._catalogue.baseline(asked.base).scenarios if each not in asked.scenarios]
        has_room = len(asked.scenarios) < MOST_SCENARIOS
        return {
            "base": asked.base,
            "start": asked.start,
            "started_from": self._since(asked),
            "asked": [
                (each, self._with(asked, asked.scenarios[:n] + asked.scenarios[n + 1 :]))
                for n, each in enumerate(asked.scenarios)
            ],
            "add": [(each.title, self._with(asked, (*asked.scenarios, each))) for each in others] if has_room else [],
            "form": replace(asked, base="").query.partition("&")[2] if has_room else None,
        }

    def _since(self, asked: Question) -> str:
        """In words what a question starts from; nothing where it is a service in its steady state."""
        work = self._extracts.work(asked.start)
        return "" if work is None else f"your open work at the end of {in_words(work.as_at)}"

    def _with(self, asked: Question, scenarios: tuple[Asked, ...]) -> str:
        return replace(asked, scenarios=scenarios).query

    def _unknown(self, request: Request) -> Response:
        """A link to what was not run here: it can be, if the link holds the question."""
        asked = question(without_costs(request.query_params.multi_items()))
        work = self._extracts.work(asked.start)
        plan_for(self._catalogue.baseline(asked.base).file, asked.scenarios, 1, work)
        return self.show("elsewhere", {"query": asked.query, "titles": [s.title for s in asked.scenarios]}, _NOT_FOUND)

    def _form(
        self, baseline: Baseline, typed: Mapping[str, str], wrong: Mapping[str, str], beside: Question
    ) -> Response:
        base = baseline.file.scenario
        labels = {f.name: f.label for f in ALL_FIELDS}
        shown = {
            "baseline": base,
            "groups": _grouped(levers.FIELDS, base, typed, wrong),
            "more": _grouped(MORE, base, typed, wrong),
            "mistakes": [(name, labels.get(name, ""), rule) for name, rule in wrong.items()],
            "title": typed.get("title", ""),
            "beside": beside.scenarios,
            "start": beside.start,
            "started_from": self._since(beside),
        }
        return self.show("changes", shown, _UNPROCESSABLE if wrong else 200)

    def _known(self, request: Request) -> Run:
        run = self._runs.get(request.path_params["run"])
        if run is None:
            raise UnknownError
        return run

    def _baseline(self, request: Request) -> Baseline:
        return self._catalogue.baseline(request.path_params["name"])

    def show(self, template: str, parts: Mapping[str, object], status: int = 200) -> Response:
        """A page of its parts."""
        html = self._templates.get_template(f"{template}.html.j2").render(parts, version=__version__, State=State)
        return HTMLResponse(html, status)


class UnknownError(LookupError):
    """There is no such page, run or file."""


def _saved(name: str) -> dict[str, str]:
    """The header that has a browser save what it is sent."""
    return {"content-disposition": f'attachment; filename="{name}"'}


def _link(run: Run) -> str:
    return f"/run/{run.id}?{run.query}"


def _links(baseline: Baseline, start: str) -> list[tuple[Asked, str]]:
    """The scenarios that come with a baseline, each with the question that runs it from the same start."""
    return [(asked, Question(baseline.name, (asked,), start).query) for asked in baseline.scenarios]


def _starts(baseline: Baseline, kept: Sequence[Kept]) -> list[tuple[str, str]]:
    """The open work that was given for a baseline, each in words with the page that starts from it."""
    return [
        (f"From your own open work {when(each)}", now_link(baseline.name, each.id))
        for each in kept
        if baseline.name in each.bases
    ]


def _shown(kept: Kept, baseline: Baseline) -> dict[str, object]:
    """The open work of an extract as a page shows it, with where to start from it and to have it removed."""
    links = {"now": now_link(baseline.name, kept.id), "remove": remove_link(baseline.name, kept.id)}
    return {"waiting": waiting(kept.work), "links": links}


def _typed(form: FormData) -> dict[str, str]:
    """What was typed in, without the spaces round it; what is no field of the form is left out."""
    names = {"title", *(field.name for field in ALL_FIELDS)}
    return {name: value.strip() for name, value in form.multi_items() if name in names and isinstance(value, str)}


def _field(
    field: levers.Field, base: Scenario, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> dict[str, object]:
    """A field as the form shows it."""
    return {
        "name": field.name,
        "label": field.label,
        "hint": field.hint(base),
        "unit": field.unit,
        "choices": field.choices(base) if field.choices else (),
        "typed": typed.get(field.name, ""),
        "wrong": wrong.get(field.name, ""),
    }


def _grouped(
    fields: Sequence[levers.Field], base: Scenario, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[tuple[str, list[dict[str, object]], bool]]:
    """The parts of a form: the name of each, its fields, and whether something is typed in or wrong there."""
    groups = dict[str, list[dict[str, object]]]()
    for field in fields:
        groups.setdefault(field.group, []).append(_field(field, base, typed, wrong))
    return [(name, each, any(f["typed"] or f["wrong"] for f in each)) for name, each in groups.items()]


def _placed(mistake: str) -> dict[str, str]:
    """A mistake in a scenario as a whole, at the field that it names or else at the first."""
    near = next((f.name for f in ALL_FIELDS if f.name in mistake), levers.FIELDS[0].name)
    return {near: mistake}
