"""Where the dates of an extract begin and end, whatever is mistyped in it."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from sim.history.stretch import begins, ends

FIRST = datetime(2023, 4, 1)  # noqa: DTZ001  (dates of an extract have no zone)


def stamps(count: int, *strays: datetime) -> pl.Series:
    days = [FIRST + timedelta(days=round(place * 364 / (count - 1))) for place in range(count)]
    return pl.Series([*days, *strays], dtype=pl.Datetime("ms"))


@pytest.mark.parametrize(("count", "strays"), [(60, 3), (20, 1), (5000, 5)])
def test_a_few_dates_years_away_do_not_stretch_an_extract(count: int, strays: int) -> None:
    early, late = ([datetime(year, 5, 6)] * strays for year in (2011, 2031))  # noqa: DTZ001

    assert begins(stamps(count, *early)) == date(2023, 4, 1)
    assert ends([stamps(count, *late)]) == date(2024, 3, 30)


@pytest.mark.parametrize(("count", "strays"), [(60, 4), (10, 1), (5000, 6)])
def test_more_than_a_few_are_no_strays(count: int, strays: int) -> None:
    early = [datetime(2011, 5, 6)] * strays  # noqa: DTZ001

    assert begins(stamps(count, *early)) == date(2011, 5, 6)


def test_dates_within_a_year_of_the_others_are_kept() -> None:
    assert begins(stamps(100, datetime(2022, 6, 1))) == date(2022, 6, 1)  # noqa: DTZ001
