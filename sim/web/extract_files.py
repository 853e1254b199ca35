"""The files of an extract that was given to the page, read by the commands' own readers, or refused in a sentence."""

import threading
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.report.starts import in_words
from sim.web.uploading import MEGA, UploadError
from sim.working_time import OpeningHours
from sim.world.opening import OpenWork

if TYPE_CHECKING:
    from sim.history.places import Place

MOST_UNPACKED_BYTES: Final = 300 * MEGA
"""Of an Excel workbook, which is a zip: a small one can hold what fills a computer."""
KINDS: Final = (".csv", ".xlsx", ".xlsm", ".xml")
_ZIPPED: Final = (".xlsx", ".xlsm")
_A_DATABASE: Final = "is a database, which can do more than be read: export its tables as CSV"
_INSTEAD: Final = {
    ".zip": "is a zip archive: unpack it and choose the files in it",
    ".xls": "is an old Excel workbook: save it as .xlsx",
    **dict.fromkeys((".duckdb", ".db", ".sqlite", ".sqlite3"), _A_DATABASE),
}
_DATABASES: Final = ((0, b"SQLite format 3\0"), (8, b"DUCK"))
_READING: Final = threading.Lock()


def read_open_work(files: Sequence[Path], hours: OpeningHours, as_at: date | None) -> OpenWork:
    """The open work of an extract's files, which lie in one folder alone.

    Raise `UploadError`, one sentence, where it has none. One extract is read at a time, for each takes memory. Nothing
    of what goes wrong is told but what a reader says of it: another error may quote a cell.
    """
    # Here and not above: polars and the readers of extracts, which a page that is given none has no need of.
    from sim.history import ExtractError, open_work_in  # noqa: PLC0415

    if not files:
        raise UploadError("nothing was chosen")
    folder = files[0].parent
    try:
        for file in files:
            _refuse_other_kinds(file)
        with _READING:
            work = open_work_in(_place(files), hours, as_at)
    except (ExtractError, UploadError) as mistake:
        raise UploadError(_without(folder, str(mistake))) from None
    except OSError as error:
        raise UploadError(f"{Path(error.filename or '').name}: cannot be read ({error.strerror})") from None
    except Exception as error:  # noqa: BLE001  (whatever it is, what it says may quote a cell)
        raise UploadError(f"the files cannot be read: the reader stopped with {type(error).__name__}") from None
    if not work.journeys:
        raise UploadError(f"nothing was open at the end of {in_words(work.as_at)}, so there is nothing to start from")
    return work


def _place(files: Sequence[Path]) -> "Place":
    """The extract: several files together, one alone, or the folder of one that is a table of an extract."""
    from sim.history import ExtractError, recognise, together  # noqa: PLC0415

    if len(files) == 1:
        folder = files[0].parent
        with suppress(ExtractError):
            recognise(files[0])
            return files[0]
        with suppress(ExtractError):
            recognise(folder)
            return folder
    return together(files)


def _without(folder: Path, sentence: str) -> str:
    """A sentence that names files as whoever sent them does."""
    for shown in (f"{folder}/", f"{folder}\\", str(folder), folder.name):
        sentence = sentence.replace(shown, "" if shown.endswith(("/", "\\")) else "what was sent")
    return sentence


def _refuse_other_kinds(file: Path) -> None:
    """Raise `UploadError` for what no format of an extract is, and for what could do more than be read."""
    kind = file.suffix.lower()
    if kind not in KINDS:
        rule = _INSTEAD.get(kind, "is of no kind that is read here")
        raise UploadError(f"{file.name}: {rule}. CSV, Excel (.xlsx) and XML files are taken")
    with file.open("rb") as opened:
        start = opened.read(32)
    if any(start[at : at + len(mark)] == mark for at, mark in _DATABASES):
        raise UploadError(f"{file.name}: {_A_DATABASE}")
    if kind in _ZIPPED and zipfile.is_zipfile(file):
        with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(file) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
            if unpacked > MOST_UNPACKED_BYTES:
                most = f"at most {MOST_UNPACKED_BYTES // MEGA} MB are read"
                raise UploadError(f"{file.name}: holds {unpacked / MEGA:.0f} MB unpacked; {most}")
