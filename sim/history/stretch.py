"""Where the dates of an extract begin and end, a few strays apart.

One year mistyped must not stretch a window over a century, nor make every case look as if it had waited for one.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import polars as pl

FEW_SHARE = 0.001
STRAY_DAYS = 365
"""A date more than this far outside all but `FEW_SHARE` of the others is a stray."""

_EPOCH = date(1970, 1, 1)


def begins(stamps: pl.Series) -> date:
    """The first of some stamps, none of them null, that is no stray."""
    days = _days([stamps])
    near = np.quantile(days, FEW_SHARE, method="lower") - STRAY_DAYS
    return _EPOCH + timedelta(days=int(days[days >= near].min()))


def ends(stamps: Iterable[pl.Series]) -> date | None:
    """The last of some stamps, nulls apart, that is no stray; none where there is no stamp."""
    days = _days(stamps)
    if not len(days):
        return None
    near = np.quantile(days, 1 - FEW_SHARE, method="higher") + STRAY_DAYS
    return _EPOCH + timedelta(days=int(days[days <= near].max()))


def _days(stamps: Iterable[pl.Series]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.concatenate([stamp.drop_nulls().dt.epoch("d").cast(pl.Int32).to_numpy() for stamp in stamps])
