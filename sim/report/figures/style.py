"""How every figure looks: colours that hold in greyscale, plain axes, a title, and a foot saying where it is from."""

import io
import textwrap
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# The Government Analysis Function's palette, in its order: neighbours differ in lightness as well as in hue.
DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
PALE_BLUE, GREY, INK, QUIET, RULE = "#B5C7DA", "#BFBFBF", "#0B0C0C", "#505A5F", "#D5D8DA"

TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 15.0, 10.5, 9.0
WIDTH = 10.0
DOTS_PER_INCH = 200
LABEL_CHARACTERS = 30
EDGE = 0.25
_FOOT_CHARACTERS = 132
_LETTER = 0.073
_SUBTITLE_CHARACTERS = 105
_TITLE_CHARACTERS = 78

# Any: the names are checked by matplotlib, which knows more of them than its type does.
_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # ships with matplotlib, so every machine draws the same
    "font.size": TEXT_SIZE,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "axes.labelsize": SMALL_SIZE,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": SMALL_SIZE,
    "ytick.labelsize": SMALL_SIZE,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.6,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure and what it shows in words, for those who cannot see it."""

    name: str
    title: str
    alt: str
    figure: Figure

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as a page has them, in hundredths of an inch."""
        wide, high = self.figure.get_size_inches().tolist()
        return round(wide * 100), round(high * 100)


_ALONE = threading.RLock()


@contextmanager
def drawing(salt: str, svg_fonts: str = "none") -> Iterator[None]:
    """Settings of our own and none of the user's, so that a figure is the same wherever it is drawn or saved.

    Matplotlib's settings are everybody's: whoever draws in another thread waits meanwhile, and for nothing else.
    """
    with _ALONE, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**_SETTINGS, "svg.hashsalt": f"front door {salt}", "svg.fonttype": svg_fonts})
        yield


def canvas(height: float, title: str, below: str, source: str) -> Figure:
    """An empty figure with its words: `height` in inches, `below` the title, and where it is from."""
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    left = EDGE / WIDTH
    figure.text(left, 1 - 0.22 / height, title, size=TITLE_SIZE, weight="bold", va="top")
    figure.text(left, 1 - 0.54 / height, below, size=TEXT_SIZE, color=QUIET, va="top", linespacing=1.35)
    figure.text(left, 0.16 / height, source, size=SMALL_SIZE, color=QUIET, va="bottom", linespacing=1.35)
    return figure


def message(name: str, words: str) -> str:
    """A title that says what is to be seen, a scenario's name before it cut to what fits."""
    room = _TITLE_CHARACTERS - len(words)
    return f"{textwrap.shorten(name, room, placeholder=' ...')}{words}"


def subtitle(*lines: str) -> str:
    """Lines below the title, each cut to what fits."""
    return "\n".join(textwrap.shorten(line, _SUBTITLE_CHARACTERS, placeholder=" ...") for line in lines if line)


BASIS = "basis"
"""What a summary of a record says it was simulated from, where that is not published figures."""


def foot(years: str, record_summary: Mapping[str, str], note: str = "") -> str:
    """What every figure says of itself: simulated, from what, how much, which run, and a note of its own."""
    run = f" Run\N{NO-BREAK SPACE}{record_summary['run']}." if "run" in record_summary else ""
    is_started = "start" in record_summary
    basis = "your open work and published figures" if is_started else "published figures, not your records"
    basis = record_summary.get(BASIS, basis)
    words = f"{note} Simulated from {basis}. Source: Front Door model, {years}.{run}".strip()
    return foot_lines(words)


def foot_lines(words: str) -> str:
    """Words broken over lines as long as a foot is wide."""
    return textwrap.fill(words, _FOOT_CHARACTERS, break_on_hyphens=False)


def place(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes at a place in inches from the lower left."""
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((left / wide, bottom / high, width / wide, height / high))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes


def bare(axes: Axes) -> None:
    """Leave nothing of the axes but their ground, with vertical guides."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")


def wrapped(title: str) -> str:
    """A title over as many lines as a label needs, of lengths as even as may be."""
    needed = len(textwrap.wrap(title, LABEL_CHARACTERS))
    longest = max(len(word) for word in title.split())
    tries = (textwrap.wrap(title, width) for width in range(min(longest, LABEL_CHARACTERS), LABEL_CHARACTERS + 1))
    return "\n".join(next(lines for lines in tries if len(lines) <= needed))


def name_row(axes: Axes, row: float, name: str, *, is_baseline: bool = False) -> None:
    """A row's name at the left edge of the figure, in bold where it is the baseline."""
    left = axes.get_position().x0 * WIDTH
    width = axes.get_position().width * WIDTH
    axes.annotate(
        f"{name}\n(baseline)" if is_baseline else name,
        ((EDGE - left) / width, row),
        xycoords=("axes fraction", "data"),
        va="center",
        weight="bold" if is_baseline else "normal",
        linespacing=1.15,
        annotation_clip=False,
    )


def colour_key(figure: Figure, inches_from_top: float, entries: Mapping[str, str]) -> None:
    """Words and their colours in a row below the subtitle, each word after a square of its colour."""
    left, y = EDGE / WIDTH, 1 - inches_from_top / figure.get_figheight()
    for words, colour in entries.items():
        figure.text(left, y, "\N{BLACK SQUARE}", color=colour, size=TEXT_SIZE + 3, va="center_baseline")
        figure.text(left + 0.2 / WIDTH, y, words, size=TEXT_SIZE, va="center_baseline")
        left += (0.5 + _LETTER * len(words)) / WIDTH


def png(picture: Picture) -> bytes:
    """The figure as PNG, with nothing in it of when or by what version it was made."""
    file = io.BytesIO()
    with drawing(picture.name):
        picture.figure.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return file.getvalue()


def svg(picture: Picture, *, fonts: str = "none") -> str:
    """The figure as SVG, without a date; with `fonts` "path" its letters are drawn, and look alike everywhere."""
    file = io.StringIO()
    with drawing(picture.name, fonts):
        picture.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()
