"""A simulated year written clean and read back: every measure is that of the log cut to what the format holds."""

import math
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest

from sim.events import EventKind, EventLog, check_lifecycle
from sim.history import History, Observed, Pseudonyms, observe, recognise
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS, extract_in
from sim.history.writing.extract import write_extract
from sim.history.writing.inference import LINKS, InferenceCheck, Link, check_links, in_words
from sim.history.writing.mess import Mess
from sim.measures import Readings, measure
from sim.working_time import OpeningHours
from tests.history.cut_ssd import as_ssd, early_help
from tests.history.cuts import CUT
from tests.history.cutting import REFERRALS, contacts_of, day, last_day, seen
from tests.history.synthetic import SALT, a_simulated_year, an_origin


@pytest.fixture(scope="module")
def year() -> EventLog:
    return a_simulated_year()


ANOTHER = 3
"""A year with other luck, in which a strategy discussion comes late, children return and cases are open already."""


def read_back(year: EventLog, form: str, folder: Path) -> Observed:
    """The year written clean in a format and observed."""
    write_extract(journeys_told(year), form, folder, Mess(0, 1), an_origin(year))
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


@pytest.mark.parametrize("seed", [7, ANOTHER])
@pytest.mark.parametrize("form", list(WRITERS))
def test_measures_of_all_children_survive_the_way_there_and_back(form: str, seed: int, tmp_path: Path) -> None:
    year = a_simulated_year(seed)
    found = read_back(year, form, tmp_path)
    cut = CUT[form](year)

    check_lifecycle(found.log)
    assert (found.set_aside, found.history.refused) == (0, ())
    assert found.log.facts == cut.facts
    assert different(measure(found.log), measure(cut)) == {}


def links(log: EventLog, kind: EventKind) -> set[tuple[int, int, int]]:
    """Of each contact of the window: the child, and the date of a step before its end."""
    found = set[tuple[int, int, int]]()
    for contact in contacts_of(log):
        step = early_help(contact) if kind == EventKind.HELP_STARTED else contact.first(kind)
        if kind == EventKind.SEEN:
            found |= {(contact.id, event.child, day(event.time)) for event in seen(contact)}
        elif step and (kind != EventKind.DECIDED or contact.outcome in REFERRALS):
            found |= {(contact.id, child, day(step.time)) for child in range(contact.children)}
    return found


def test_inferred_links_are_counted_as_they_are_right(year: EventLog, tmp_path: Path) -> None:
    told, salted = journeys_told(year), Pseudonyms(SALT)
    write_extract(told, "ssd", tmp_path, Mess(0, 1), an_origin(year))
    history = recognise(tmp_path).read(tmp_path, salted)
    wanted = []
    for kind in (EventKind.DECIDED, EventKind.SEEN, EventKind.HELP_STARTED):
        true, inferred = links(year, kind), links(as_ssd(year), kind)
        wanted.append((len(true), len(true & inferred), len(inferred - true)))

    checks = check_links(told, history, salted, LINKS["ssd"])
    assert [(check.links, check.right, check.wrong) for check in checks] == wanted
    assert in_words(checks).startswith(
        f"of {sum(one[0] for one in wanted)} links that the format does not hold, "
        f"{sum(one[1] for one in wanted)} are inferred as they were\n"
    )


@pytest.mark.parametrize("form", list(LINKS))
def test_few_inferred_links_are_not_the_true_ones(form: str, year: EventLog, tmp_path: Path) -> None:
    """Those of children with two contacts in one stretch of time, and steps later than a link may be."""
    told, salted = journeys_told(year), Pseudonyms(SALT)
    write_extract(told, form, tmp_path, Mess(0, 1), an_origin(year))
    path = extract_in(tmp_path)
    checks = check_links(told, recognise(path).read(path, salted), salted, LINKS[form])

    assert all(check.links for check in checks)
    # A visit that led to no case is linked to none: by night families are visited before anything is decided.
    assert sum(check.right for check in checks) >= 0.95 * sum(check.links for check in checks)
    assert sum(check.wrong for check in checks) <= 0.02 * sum(check.links for check in checks)


def test_a_visit_that_falls_to_the_next_contact_is_missed_and_wrong() -> None:
    def dates(*texts: str | None) -> pl.Series:
        return pl.Series(texts, dtype=pl.String).str.to_datetime("%Y-%m-%d")

    told = pl.DataFrame(
        {
            "child": ["A", "A", "B"],
            "received": dates("2024-01-01", "2024-01-05", "2024-01-01"),
            "seen": dates("2024-01-09", None, "2024-01-02"),
            "outcome": [3, 3, 3],
        }
    )
    salted = Pseudonyms(SALT)
    read = told.with_columns(salted.of(told["child"], "child"), seen=dates(None, "2024-01-09", "2024-01-02"))
    history = History("any", read, frozenset(), {}, ())

    assert check_links(told, history, salted, [Link("visit", "seen")]) == (InferenceCheck("visit", 2, 1, 1),)


def test_a_format_with_every_link_says_so() -> None:
    assert in_words(()) == "every link is in the format: none has to be inferred\n"


def test_every_id_says_that_it_is_invented(year: EventLog) -> None:
    told = journeys_told(year)
    ids = pl.concat([told["contact"], told["child"], told["worker"].drop_nulls()])

    assert ids.str.starts_with("SYNTHETIC-").all()
    assert told["team"].drop_nulls().str.starts_with("Synthetic ").all()


def test_everybody_who_held_a_case_of_the_dataset_is_a_professional_who_is_nobody(
    year: EventLog, tmp_path: Path
) -> None:
    found = read_back(year, "ssd", tmp_path)
    professionals = pl.read_csv(tmp_path / "ssd_professionals.csv", infer_schema=False)
    involvements = pl.read_csv(tmp_path / "ssd_involvements.csv", infer_schema=False)
    of_nobody = professionals.select(cs.matches("_id$|_name$|_no$"))

    assert of_nobody.width == 4
    assert all(column.str.to_uppercase().str.starts_with("SYNTHETIC").all() for column in of_nobody)
    held_by = set(involvements["invo_professional_id"])
    assert held_by == set(professionals["prof_professional_id"])
    assert found.staff is not None
    assert len(found.staff.posts) == len(held_by)
