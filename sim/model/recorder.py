"""What happened, as it happens: rows of whole numbers, read only after the run."""

from struct import Struct

import numpy as np

from sim.events import COLUMNS, EVERY_CHILD, NOBODY, Column, EventKind, WaitingOn
from sim.world import NO_TEAM

_ROW = Struct(f"{len(COLUMNS)}q")


class Recorder:
    """Takes down events in the order of the log's columns."""

    def __init__(self) -> None:
        # Bytes rather than a list of rows: a year has hundreds of thousands, and they become an array as they are.
        self._rows = bytearray()

    def record(  # noqa: PLR0913, PLR0917  (the columns of the log, in their order)
        self,
        time: int,
        kind: EventKind,
        contact: int,
        child: int = EVERY_CHILD,
        person: int = NOBODY,
        team: int = NO_TEAM,
        detail: int = 0,
        waiting_on: WaitingOn = WaitingOn.UNCHANGED,
        minutes: int = 0,
    ) -> None:
        """Add one event."""
        self._rows += _ROW.pack(time, kind, contact, child, person, team, detail, waiting_on, minutes)

    def events(self) -> Column:
        """The events so far, shape (n, 9)."""
        return np.frombuffer(self._rows, dtype=np.int64).reshape(-1, len(COLUMNS)).copy()
