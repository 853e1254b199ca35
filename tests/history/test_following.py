"""What is worked out between the dates of an extract, be they years apart or missing."""

from datetime import date

import polars as pl

from sim.history.following import working_days


def test_a_date_whose_other_is_missing_may_be_years_from_all_that_are_known() -> None:
    start = pl.Series([date(2024, 1, 5), date(1999, 5, 6), None], dtype=pl.Date)
    stop = pl.Series([date(2024, 1, 8), None, date(2090, 1, 1)], dtype=pl.Date)

    assert working_days(start, stop).to_list() == [1, None, None]
