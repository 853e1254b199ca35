"""At what time of day contacts come."""

import numpy as np
from numpy.typing import NDArray

from sim.working_time import MINUTES_PER_DAY


def minute_of_day(u: NDArray[np.float64], hour_index: tuple[float, ...]) -> NDArray[np.int64]:
    """The minute at which a share `u` of the day's contacts has come, evenly within each hour."""
    cumulative = np.concatenate([[0.0], np.cumsum(hour_index)]) / np.sum(hour_index)
    hour = np.searchsorted(cumulative, u, side="right") - 1
    within = (u - cumulative[hour]) / (cumulative[hour + 1] - cumulative[hour])
    minute: NDArray[np.int64] = np.minimum((hour + within) * 60, MINUTES_PER_DAY - 1).astype(np.int64)
    return minute
