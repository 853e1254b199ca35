"""Where the dates of an extract begin and end, a few strays apart.

One year mistyped must not stretch a window over a century, nor make every case look as if it had waited for one.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import polars as pl

FEW_SHARE, FEW, FEW_OF_SMALL_SHARE = 0.001, 3, 0.05
STRAY_DAYS = 365
"""A date more than this far outside all but a few of the others is a stray.

A few are `FEW_SHARE` of them or, where that is less, `FEW`, but never more than `FEW_OF_SMALL_SHARE`.
"""

_EPOCH = date(1970, 1, 1)


def begins(stamps: pl.Series) -> date:
    """The first of some stamps, none of them null, that is no stray."""
    days = _days([stamps])
    near = np.sort(days)[_few(len(days))] - STRAY_DAYS
    return _EPOCH + timedelta(days=int(days[days >= near].min()))


def ends(stamps: Iterable[pl.Series]) -> date | None:
    """The last of some stamps, nulls apart, that is no stray; none where there is no stamp."""
    days = _days(stamps)
    if not len(days):
        return None
    near = np.sort(days)[-1 - _few(len(days))] + STRAY_DAYS
    return _EPOCH + timedelta(days=int(days[days <= near].max()))


def _few(count: int) -> int:
    """How many dates of so many may be strays."""
    return max(int(FEW_SHARE * count), min(FEW, int(FEW_OF_SMALL_SHARE * count)))


def _days(stamps: Iterable[pl.Series]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.concatenate([stamp.drop_nulls().dt.epoch("d").cast(pl.Int32).to_numpy() for stamp in stamps])
