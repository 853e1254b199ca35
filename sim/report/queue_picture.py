"""The pathway with its queues as SVG inside a page: one drawing for a wide page, another for a narrow one."""

import itertools
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from sim.measures import WAIT_LABELS
from sim.report.figures.style import DARK_BLUE, INK, PALE_BLUE, QUIET, TURQUOISE
from sim.report.headline import SHOWN_WAITS
from sim.report.queues import Queue, Queues
from sim.report.wording import sentence, typographic

_LINE, _SIZE, _LETTER, _PAD, _BAR, _GAP = 18, 14, 7.3, 12, 16, 30
_BOLD = 0.9
"""Letters of a bold line in the room of one of others."""
_LARGE = 17
_PILL, _BADGE = 30, "Longest queue, on average"
_NOW = "How long it is now"
_FILLS: Final = ("ours", "closed", "others")


Point = tuple[float, float]


class Drawn(NamedTuple):
    """The two drawings of one scenario."""

    wide: Markup
    narrow: Markup


class _Text(NamedTuple):
    words: str
    is_bold: bool = False
    size: int = _SIZE


class _Box(NamedTuple):
    """A queue as it is drawn: its lines, of which the bar stands below the first few, and its place."""

    queue: Queue
    above: tuple[_Text, ...]
    below: tuple[_Text, ...]
    left: float
    top: float
    width: float
    height: float


def drawings(found: Sequence[Queues]) -> tuple[tuple[Queues, Drawn], ...]:
    """Each scenario's queues with their drawings; all bars on one scale."""
    longest = max((q.days.total for each in found for q in _every(each) if q.days is not None), default=0.0)
    return tuple(
        (each, Drawn(_wide(each, longest, f"queues-{number}w"), _narrow(each, longest, f"queues-{number}n")))
        for number, each in enumerate(found, start=1)
    )


def _every(found: Queues) -> tuple[Queue, ...]:
    return (*found.main, *found.beside)


def _wide(found: Queues, longest: float, name: str) -> Markup:
    """Four queues side by side in the order of the pathway, the others in a row below."""
    width, pitch = 214.0, 246.0
    lefts = [2 + pitch * place for place in range(len(found.main))]
    top = _PILL + 22.0
    main = _row(found.main, lefts, top, width)
    below = top + main[0].height + 2 * _GAP
    beside = [_box(queue, left, below, width) for queue, left in zip(found.beside, lefts, strict=False)]
    high = below + max(box.height for box in beside) + 30
    key, high = _key(2, high, name, found, lefts[-1] + width)
    middle = main[-1].left + width / 2
    pieces = [
        _pill(main[0].left + width / 2, 2, "Contact"),
        _pill(middle, below + 19, "Child seen"),
        *map(_arrow, _ways(main, top + main[0].height, below, width)),
        *(_drawn(box, longest, name) for box in (*main, *beside)),
        *key,
    ]
    return _svg(found, lefts[-1] + width + 2, high, name, pieces)


def _ways(main: Sequence[_Box], end: float, below: float, width: float) -> Iterator[list[Point]]:
    """The corners of every arrow: along the row of most children, and by the row below it."""
    first, second, third, last = (box.left + width / 2 for box in main)
    across = main[0].top + 34
    yield [(first, _PILL + 2), (first, main[0].top)]
    yield from ([(a.left + width, across), (b.left, across)] for a, b in itertools.pairwise(main))
    yield [(last, end), (last, below + 19)]
    yield [(first, below), (first, end)]
    out = first + width / 2 - 30
    yield [(out, end), (out, below - _GAP), (second, below - _GAP), (second, below)]
    yield [(second + width / 2, below + 34), (third - width / 2, below + 34)]
    yield [(third + width / 2, below + 34), (last - 60, below + 34)]


def _narrow(found: Queues, longest: float, name: str) -> Markup:
    """All queues one below the other."""
    width, left = 276.0, 2.0
    pieces, y = [_pill(140, 2, "Contact")], _PILL + 2.0
    for queue in found.main:
        pieces.append(_arrow([(140, y), (140, y + _GAP)]))
        box = _box(queue, left, y + _GAP, width)
        pieces.append(_drawn(box, longest, name))
        y = box.top + box.height
    pieces += [_arrow([(140, y), (140, y + _GAP)]), _pill(140, y + _GAP, "Child seen")]
    y += _GAP + _PILL + 34
    pieces.append(_text(left, y, _Text("Beside the way of most children", is_bold=True)))
    y += 12
    for queue in found.beside:
        box = _box(queue, left, y, width)
        pieces.append(_drawn(box, longest, name))
        y = box.top + box.height + 12
    key, high = _key(left, y + 14, name, found, width)
    return _svg(found, width + 4, high, name, [*pieces, *key])


def _row(queues: Sequence[Queue], lefts: Sequence[float], top: float, width: float) -> list[_Box]:
    boxes = [_box(queue, left, top, width) for queue, left in zip(queues, lefts, strict=False)]
    high = max(box.height for box in boxes)
    return [box._replace(height=high) for box in boxes]


def _box(queue: Queue, left: float, top: float, width: float) -> _Box:
    room = int((width - 2 * _PAD) / _LETTER)
    above = [_Text(line, is_bold=True) for line in _wrapped(queue.name, int(room * _BOLD))]
    above += [_Text(_BADGE, is_bold=True)] if queue.is_longest else []
    above += [
        _Text(line, is_bold=True, size=_LARGE) for line in _wrapped(queue.mean, int(room * _BOLD * _SIZE / _LARGE))
    ]
    above += [_Text(line) for words in (queue.beside, queue.share) for line in _wrapped(sentence(words), room)]
    below = [_Text(line) for words in (queue.longest, queue.many) for line in _wrapped(sentence(words), room)]
    bar = _BAR + 16 if queue.days is not None else 0
    taller = sum(text.size - _SIZE for text in above)
    height = 2 * _PAD + _LINE * (len(above) + len(below)) + taller + bar
    return _Box(queue, tuple(above), tuple(below), left, top, width, height)


def _wrapped(words: str, room: int) -> list[str]:
    return textwrap.wrap(typographic(words), room, break_on_hyphens=False)


def _drawn(box: _Box, longest: float, name: str) -> str:
    edge = 4 if box.queue.is_longest else 1.5
    size = f'x="{box.left:g}" y="{box.top:g}" width="{box.width:g}" height="{box.height:g}"'
    parts = [f'<rect {size} rx="6" fill="#ffffff" stroke="{DARK_BLUE}" stroke-width="{edge:g}"/>']
    x, y = box.left + _PAD, box.top + _PAD + _SIZE - 2.0
    for text in box.above:
        y += text.size - _SIZE
        parts.append(_text(x, y, text))
        y += _LINE
    if box.queue.days is not None:
        parts += _bar(x, y - _SIZE + 5, box.width - 2 * _PAD, box.queue, longest, name)
        y += _BAR + 16
    for text in box.below:
        parts.append(_text(x, y, text))
        y += _LINE
    return "".join(parts)


def _bar(x: float, y: float, room: float, queue: Queue, longest: float, name: str) -> Iterator[str]:
    """Days by whom they are for, and a mark where the bar ends now."""
    yield _line([(x, y + _BAR), (x + room, y + _BAR)], QUIET)
    scale, left = (room / longest if longest > 0 else 0.0), x
    for part, fill in zip(queue.days or (), _FILLS, strict=True):
        if part * scale >= 1:
            yield _swatch(left, y, part * scale, _BAR, f"{name}-{fill}")
        left += part * scale
    if queue.before is not None:
        yield _mark(x + queue.before * scale, y)


def _mark(x: float, y: float) -> str:
    return _line([(x, y - 4), (x, y + _BAR + 4)], INK, 3)


def _swatch(x: float, y: float, width: float, height: float, fill: str) -> str:
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}"'
    return f'<rect {size} fill="url(#{fill})" stroke="{INK}" stroke-width="1"/>'


def _key(x: float, y: float, name: str, found: Queues, room: float) -> tuple[list[str], float]:
    """What the bars and the brackets mean, on as many lines as they need; and where the last line ends."""
    left, pieces = x, []
    entries = [(fill, sentence(WAIT_LABELS[wait])) for wait, fill in zip(SHOWN_WAITS, _FILLS, strict=True)]
    entries += [("", _NOW)] if any(queue.before is not None for queue in _every(found)) else []
    for fill, words in entries:
        wide = 54 + _LETTER * len(words)
        if x > left and x + wide > left + room + 24:
            x, y = left, y + 22
        pieces += [_swatch(x, y - 12, 22, 14, f"{name}-{fill}") if fill else _mark(x + 11, y - 13)]
        pieces += [_text(x + 30, y, _Text(words))]
        x += wide
    for line in _wrapped(found.key, int(room / _LETTER)):
        y += 22
        pieces.append(_text(left, y, _Text(line)))
    return pieces, y + 8


def _pill(middle: float, top: float, words: str) -> str:
    return (
        f'<rect x="{middle - 60:g}" y="{top:g}" width="120" height="{_PILL}" rx="15" fill="{DARK_BLUE}"/>'
        f'<text x="{middle:g}" y="{top + 20:g}" text-anchor="middle" font-size="{_SIZE}" font-weight="bold" '
        f'fill="#ffffff">{escape(words)}</text>'
    )


def _text(x: float, y: float, text: _Text) -> str:
    weight = ' font-weight="bold"' if text.is_bold else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{text.size}"{weight} fill="{INK}">{escape(text.words)}</text>'


def _arrow(corners: list[Point]) -> str:
    (x0, y0), (x, y) = corners[-2:]
    along = ((x > x0) - (x < x0), (y > y0) - (y < y0))
    back = (x - 8 * along[0], y - 8 * along[1])
    side = (4 * along[1], 4 * along[0])
    tip = ((x, y), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1]))
    points = " ".join(f"{a:g},{b:g}" for a, b in tip)
    return f'{_line(corners, QUIET, 2)}<polygon points="{points}" fill="{QUIET}"/>'


def _line(corners: Sequence[Point], colour: str, width: float = 1) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in corners)
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def _svg(found: Queues, width: float, height: float, name: str, pieces: Sequence[str]) -> Markup:
    """The drawing with its words; patterns and not only colours tell whom a wait is for."""
    tile = 'width="6" height="6" patternUnits="userSpaceOnUse"'
    patterns = (
        f'<pattern id="{name}-ours" {tile}><rect width="6" height="6" fill="{DARK_BLUE}"/></pattern>'
        f'<pattern id="{name}-closed" {tile}><rect width="6" height="6" fill="{PALE_BLUE}"/>'
        f'<path d="M0 6L6 0" stroke="{DARK_BLUE}" stroke-width="1.2"/></pattern>'
        f'<pattern id="{name}-others" {tile}><rect width="6" height="6" fill="#ffffff"/>'
        f'<circle cx="3" cy="3" r="1.6" fill="{TURQUOISE}"/></pattern>'
    )
    drawn = (
        f'<svg role="img" aria-label="{escape(typographic(found.alt))}" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="Arial, Helvetica, sans-serif"><defs>{patterns}</defs>{"".join(pieces)}</svg>'
    )
    return Markup(drawn)  # noqa: S704  (made here, its words escaped)
