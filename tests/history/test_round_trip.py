"""A simulated year written clean and read back: every measure is that of the log cut to what the format holds."""

import math
from pathlib import Path

import pytest

from sim.events import EventLog, check_lifecycle
from sim.history import Observed, Pseudonyms, observe
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS, extract_in
from sim.measures import Readings, measure
from sim.working_time import OpeningHours
from tests.history.cutting import CUT, last_day
from tests.history.synthetic import SALT, a_simulated_year


@pytest.fixture(scope="module")
def year() -> EventLog:
    return a_simulated_year()


def read_back(year: EventLog, form: str, folder: Path) -> Observed:
    """The year written clean in a format and observed."""
    WRITERS[form](journeys_told(year), folder)
    hours = OpeningHours(year.office_opens_minute, year.office_closes_minute)
    return observe(extract_in(folder), Pseudonyms(SALT), hours, last_day(year))


def different(found: Readings, wanted: Readings) -> dict[tuple[str, str], tuple[float, float]]:
    """What was read otherwise: unknown is the same as unknown and as nothing else."""
    assert found.keys() == wanted.keys()
    return {
        key: (found[key], value)
        for key, value in wanted.items()
        if not (found[key] == value or (math.isnan(found[key]) and math.isnan(value)))
    }


@pytest.mark.parametrize("form", list(WRITERS))
def test_measures_survive_the_way_there_and_back(form: str, year: EventLog, tmp_path: Path) -> None:
    found = read_back(year, form, tmp_path)
    cut = CUT[form](year)

    check_lifecycle(found.log)
    assert (found.set_aside, found.history.refused) == (0, ())
    assert found.log.facts == cut.facts
    assert different(measure(found.log), measure(cut)) == {}
