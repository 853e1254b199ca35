"""Files that are sent to the page: written to a folder as they come, and never whole in memory."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MEGA: Final = 1_000_000
MOST_FILE_BYTES: Final = 100 * MEGA
MOST_SENT_BYTES: Final = 300 * MEGA
"""Of all files of a request together, and what a form says beside them."""
MOST_FILES: Final = 60
_MOST_FIELDS: Final = 4
_MOST_FIELD_BYTES: Final = 200
_MOST_HEADER_BYTES: Final = 4_000
_LONGEST_NAME: Final = 100
_SIZES: Final = f"at most {MOST_FILE_BYTES // MEGA} MB a file and {MOST_SENT_BYTES // MEGA} MB together are taken"
_UNSURE: Final = re.compile(r"[^\w .,()&+'-]")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class UploadError(ValueError):
    """What was sent cannot be taken; the message is for the user."""


class TooLargeError(UploadError):
    """More was sent than is taken."""


@dataclass(slots=True)
class Received:
    """The files that were sent, in a folder under their own names, and what the form says beside them."""

    files: list[Path] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


async def received(request: Request, folder: Path) -> Received:
    """Write the files of a form to a folder that is there and empty, as they come.

    Raise `UploadError` where there is too much of it or it is no such form, and `OSError` where it cannot be written.
    What was written by then is left to whoever made the folder.
    """
    refuse_too_large(request)
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise UploadError("no files were sent, as a form with files sends them")
    form = _Form(folder)
    try:
        parser = MultipartParser(options[b"boundary"], form.callbacks())
        async for chunk in request.stream():
            await run_in_threadpool(parser.write, chunk)
    except FormParserError:
        raise UploadError("what was sent is damaged: choose the files again") from None
    except ClientDisconnect:
        raise UploadError("it broke off before all was sent: choose the files again") from None
    finally:
        form.close()
    if not form.is_whole:
        raise UploadError("it broke off before all was sent: choose the files again")
    return form.received


def refuse_too_large(request: Request) -> None:
    """Raise `TooLargeError` where a request says that it holds more than is taken, before any of it is read."""
    length = int(request.headers.get("content-length", "0"))
    if length > MOST_SENT_BYTES:
        raise TooLargeError(f"the files hold {length / MEGA:.0f} MB; {_SIZES}")


class _Form:
    """What the parser tells of a form, part by part."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: set[str] = set()
        self._key, self._value, self._disposition = bytearray(), bytearray(), b""
        self._name, self._text = "", bytearray()
        self._file: BinaryIO | None = None
        self._written = 0
        self.received = Received()
        self.is_whole = False

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls, by its names."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header(self._key, data[start:end]),
            "on_header_value": lambda data, start, end: self._header(self._value, data[start:end]),
            "on_header_end": self._end_of_header,
            "on_headers_finished": self._end_of_headers,
            "on_part_data": lambda data, start, end: self._data(data[start:end]),
            "on_part_end": self.close,
            "on_end": self._end,
        }

    def close(self) -> None:
        """The end of a part: its file is whole, or what it says."""
        if self._file is not None:
            self._file.close()
        elif self._name:
            self.received.fields[self._name] = self._text.decode("utf-8", "replace")
        self._file, self._name = None, ""

    def _begin(self) -> None:
        self._disposition, self._text, self._written = b"", bytearray(), 0

    def _header(self, part: bytearray, data: bytes) -> None:
        part += data
        if len(part) > _MOST_HEADER_BYTES:
            raise UploadError("what was sent is damaged: choose the files again")

    def _end_of_header(self) -> None:
        if self._key.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._key.clear()
        self._value.clear()

    def _end_of_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"filename" not in options:
            if len(self.received.fields) >= _MOST_FIELDS or b"name" not in options:
                raise UploadError("what was sent is not this form")
            self._name = options[b"name"].decode("utf-8", "replace")
        elif options[b"filename"]:
            self._open(options[b"filename"].decode("utf-8", "replace"))

    def _open(self, said: str) -> None:
        name = file_name(said)
        if name.casefold() in self._names:
            raise UploadError(f"{name}: two files are called so: rename one, so that its rows can be named")
        if len(self._names) >= MOST_FILES:
            raise UploadError(f"at most {MOST_FILES} files are taken")
        self._names.add(name.casefold())
        path = self._folder / name
        self._file = path.open("xb")
        self.received.files.append(path)

    def _data(self, data: bytes) -> None:
        self._written += len(data)
        if self._file is None:
            if self._written > _MOST_FIELD_BYTES:
                raise UploadError("what was sent is not this form")
            self._text += data
            return
        if self._written > MOST_FILE_BYTES:
            raise TooLargeError(f"{self.received.files[-1].name}: is larger than is taken; {_SIZES}")
        self._file.write(data)

    def _end(self) -> None:
        self.is_whole = True


def file_name(said: str) -> str:
    """A name under which a file can lie in a folder, on any system: that which was said, without where it lay.

    Raise `UploadError` where nothing is left of it.
    """
    name = _UNSURE.sub("_", re.split(r"[/\\]", said)[-1]).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    name = f"{stem[: _LONGEST_NAME - len(suffix)]}{dot}{suffix}" if len(name) > _LONGEST_NAME else name
    if not name or len(name) > _LONGEST_NAME + 1 or _RESERVED.fullmatch(name):
        raise UploadError("a file has a name that cannot be used: rename it")
    return name
