"""The pages on which an extract is given, and what is kept of it removed."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sim.provenance import FolderError
from sim.report.starting import waiting
from sim.report.starts import in_words
from sim.scenario import ScenarioError
from sim.web.answers import Answers
from sim.web.catalogue import Baseline, Catalogue
from sim.web.extract_files import KINDS, MOST_UNPACKED_BYTES, read_open_work
from sim.web.extracts import Extracts, Kept
from sim.web.question import Question, plan_for
from sim.web.runs import Runs
from sim.web.uploading import (
    MEGA,
    MOST_FILE_BYTES,
    MOST_FILES,
    MOST_SENT_BYTES,
    TooLargeError,
    UploadError,
    received,
    refuse_too_large,
)
from sim.working_time import OpeningHours
from sim.world.opening import OpenWork

Show = Callable[[str, Mapping[str, object], int], Response]

FILES: Final = "files"
AS_AT: Final = "as_at"
LABELS: Final = {FILES: "Files of your extract", AS_AT: "Date of the extract"}
_TOO_LARGE: Final = 413
_UNPROCESSABLE: Final = 422
_NOT_FOUND: Final = 404
_DATE_RULE: Final = "must be a date such as 31/3/2024"


class ExtractPages:
    """The form, what it is sent, and the button that removes what is kept."""

    def __init__(self, catalogue: Catalogue, runs: Runs, answers: Answers, extracts: Extracts, show: Show) -> None:
        self._catalogue, self._runs, self._answers = catalogue, runs, answers
        self._extracts, self._show = extracts, show

    def form(self, request: Request) -> Response:
        """The form, with what is kept already."""
        return self._form(self._baseline(request), {}, "", 200, was_removed="removed" in request.query_params)

    async def give(self, request: Request) -> Response:
        """Take an extract's files, keep its open work and start from it; or say what is wrong and keep nothing."""
        baseline, as_at = self._baseline(request), ""
        try:
            refuse_too_large(request)
            with self._extracts.coming() as folder:
                sent = await received(request, folder)
                as_at = sent.fields.get(AS_AT, "").strip()
                work = await run_in_threadpool(read_open_work, sent.files, _hours(baseline), _day(as_at))
            return await run_in_threadpool(self._given, work, baseline)
        except TooLargeError as mistake:
            return self._form(baseline, {FILES: str(mistake)}, as_at, _TOO_LARGE)
        except _DateError as mistake:
            return self._form(baseline, {AS_AT: str(mistake)}, as_at, _UNPROCESSABLE)
        except (UploadError, ScenarioError) as mistake:
            return self._form(baseline, {FILES: str(mistake)}, as_at, _UNPROCESSABLE)
        except OSError as error:
            raise FolderError(f"{self._extracts.folder}: cannot be written ({error.strerror})") from None

    def _given(self, work: OpenWork, baseline: Baseline) -> Response:
        """Keep open work from which this baseline can start, and run it."""
        plan_for(baseline.file, (), 1, work)
        kept = self._extracts.keep(work, baseline.name)
        self._runs.start(Question(baseline.name, start=kept.id).query)
        return RedirectResponse(now_link(baseline.name, kept.id), 303)

    def remove(self, request: Request) -> Response:
        """Remove what is kept of an extract, and all that was run from it."""
        baseline, start = self._baseline(request), request.path_params["start"]
        self._runs.forget(start, lambda: self._extracts.remove(start))
        self._answers.forget()
        return RedirectResponse(f"/baseline/{baseline.name}/extract?removed", 303)

    def not_kept(self, request: Request, _: Exception) -> Response:
        """A question that starts from what is not kept here."""
        asked = request.path_params.get("name") or request.query_params.get("base", "")
        base = next((each.name for each in self._catalogue if each.name == asked), "")
        return self._show("not_kept", {"base": base}, _NOT_FOUND)

    def _form(
        self, baseline: Baseline, wrong: Mapping[str, str], as_at: str, status: int, *, was_removed: bool = False
    ) -> Response:
        shown = {
            "baseline": baseline.file.scenario,
            "labels": LABELS,
            "wrong": wrong,
            "mistakes": [(name, LABELS[name], rule) for name, rule in wrong.items()],
            "as_at": as_at[:40],
            "accept": ",".join(KINDS),
            "most": {
                "file": MOST_FILE_BYTES // MEGA,
                "all": MOST_SENT_BYTES // MEGA,
                "files": MOST_FILES,
                "unpacked": MOST_UNPACKED_BYTES // MEGA,
            },
            "kept": [self._told(each, baseline) for each in self._extracts],
            "folder": str(self._extracts.folder),
            "was_removed": was_removed,
        }
        return self._show("extract", shown, status)

    def _told(self, kept: Kept, baseline: Baseline) -> tuple[str, str, str]:
        """An extract that is kept: in words, the page that starts from it, and the one that removes it."""
        words = f"Open work {when(kept)}. {waiting(kept.work).first}"
        return words, now_link(baseline.name, kept.id), remove_link(baseline.name, kept.id)

    def _baseline(self, request: Request) -> Baseline:
        return self._catalogue.baseline(request.path_params["name"])


def when(kept: Kept) -> str:
    """The date and format of an extract that is kept."""
    return f"at the end of {in_words(kept.work.as_at)} ({kept.work.format})"


def now_link(base: str, start: str) -> str:
    """The page of a baseline as it is now, from the open work of an extract."""
    return f"/baseline/{base}?start={start}"


def remove_link(base: str, start: str) -> str:
    """Where to ask for the removal of what is kept of an extract."""
    return f"/baseline/{base}/extract/{start}/remove"


class _DateError(ValueError):
    """What was typed in is no date of an extract."""


def _day(text: str) -> date | None:
    """The date of an extract as people write it, day first; None where the extract is to tell. Raises `_DateError`."""
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"):
        try:
            day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if day > datetime.now(UTC).astimezone().date():
            raise _DateError(f"must not be after today; you typed {text[:20]}")
        return day
    raise _DateError(f"{_DATE_RULE}; you typed {text[:20]}")


def _hours(baseline: Baseline) -> OpeningHours:
    calendar = baseline.file.scenario.calendar
    return OpeningHours(calendar.office_opens_minute, calendar.office_closes_minute)
