"""Pictures in the style of every report, shown in a notebook with their words for those who cannot see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim import __version__
from sim.experiment import Comparison

if TYPE_CHECKING:
    from sim.report.figures import Picture

_SHOWN_WIDE: Final = 900


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as a notebook shows it; its `alt` goes into the output as the image's alternative text."""

    picture: "Picture"

    @property
    def title(self) -> str:
        """What is to be seen."""
        return self.picture.title

    @property
    def alt(self) -> str:
        """What it shows, in words."""
        return self.picture.alt

    def _repr_png_(self) -> tuple[bytes, dict[str, object]]:
        """The picture and what Jupyter notes beside it."""
        from sim.report.figures import png  # noqa: PLC0415  (matplotlib, once it draws)

        return png(self.picture), {"alt": self.alt, "width": _SHOWN_WIDE}

    def save(self, folder: str | Path) -> Path:
        """Write it as PNG into a folder that exists, its words beside it as text; gives the picture's path."""
        from sim.report.figures import png  # noqa: PLC0415  (likewise)

        path = Path(folder) / f"{self.picture.name}.png"
        path.write_bytes(png(self.picture))
        path.with_suffix(".txt").write_text(f"{self.title}\n\n{self.alt}\n", encoding="utf-8", newline="\n")
        return path


def pictures(comparison: Comparison) -> dict[str, Drawing]:
    """The figures of a comparison, as its page has them, by name."""
    from sim.report.figures import figures, leaders_figures  # noqa: PLC0415  (likewise)

    details = made_by(comparison)
    both = (*figures(comparison, details), *leaders_figures(comparison, details))
    return {picture.name: Drawing(picture) for picture in both}


def made_by(comparison: Comparison) -> Mapping[str, str]:
    """What a figure may say of what it was made by: no run of a notebook has a record."""
    return {"frontdoor": __version__, "seed": str(comparison.seed)}
