"""How each format cuts a log: what a reader of its extract has to arrive at."""

from collections.abc import Callable, Mapping

from sim.events import EventLog
from tests.history.cut_annex_a import as_annex_a
from tests.history.cut_cin import as_cin
from tests.history.cut_journeys import as_journeys
from tests.history.cut_mosaic import as_mosaic
from tests.history.cut_ssd import as_ssd

CUT: Mapping[str, Callable[[EventLog], EventLog]] = {
    "annex-a": as_annex_a,
    "cin": as_cin,
    "journeys": as_journeys,
    "mosaic": as_mosaic,
    "ssd": as_ssd,
}
