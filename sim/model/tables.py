"""Tables of a log that either engine writes alike."""

import numpy as np

from sim.world import World


def people_rows(world: World, start: int, end: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Everybody who works during a run, as the log's table of people."""
    rows = [
        (p.id, p.role, p.team_after, p.starts, p.leaves, p.guide_after, p.calendar.open_minutes(start, end))
        for p in world.people
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 7)
