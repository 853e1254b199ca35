"""What keeps others out: only this machine's own page may change anything, and nothing large is read."""

import re
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS: Final = ("127.0.0.1", "localhost")
MOST_BYTES: Final = 64 * 1024
"""Of what is sent with a request, but to the few pages that take files."""

_HOST: Final = re.compile(r"([A-Za-z0-9.-]{1,253})(:\d{1,5})?")
_SAFE: Final = frozenset({"GET", "HEAD"})
_HEADERS: Final = {
    "content-security-policy": (
        # No font is asked for; Chromium would complain of those that a stylesheet only names.
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # Not "no-referrer": browsers then hide the origin of a form, which is what tells it from another site's.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses another host's name, another site's request to change something, and what is too large.

    `roomy` are paths to which more may be sent, and how many bytes. Their pages say in their own words what is too
    large, and read none of it; here it is only cut off.
    """

    def __init__(self, app: ASGIApp, roomy: Mapping[re.Pattern[str], int] | None = None) -> None:
        self._app, self._roomy = app, roomy or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = next((many for path, many in self._roomy.items() if path.fullmatch(scope["path"])), None)
        refused = _refused(scope["method"], Headers(scope=scope), is_roomy=most is not None)
        if refused is not None:
            await refused(scope, receive, _with_headers(send))
            return
        await self._app(scope, _at_most(receive, most or MOST_BYTES), _with_headers(send))


def _refused(method: str, headers: Headers, *, is_roomy: bool) -> PlainTextResponse | None:
    host = headers.get("host", "")
    if _name(host) not in HOSTS:
        return PlainTextResponse("This page answers to its own machine's address only.", 400)
    if method in _SAFE:
        return None
    if headers.get("origin") != f"http://{host}":
        return PlainTextResponse("Only this page's own forms may change anything.", 403)
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return PlainTextResponse("A request must say how long it is.", 411)
    if int(length) > MOST_BYTES and not is_roomy:
        return PlainTextResponse(f"A request may hold at most {MOST_BYTES // 1024} kB.", 413)
    return None


def _name(host: str) -> str:
    """The name in a Host header, without its port; nothing where it is none."""
    found = _HOST.fullmatch(host)
    return found[1].lower() if found else ""


def _at_most(receive: Receive, most: int) -> Receive:
    """No more of a body than may be sent, whatever its header said."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= most else {"type": "http.disconnect"}

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sent
