"""What is said of children who wait: only what the record tells, and the same number wherever it stands."""

from pathlib import Path

import pytest

from sim.measures.seen import SEEN_MEASURES
from sim.report.observed.account import lead
from sim.report.observed.figures import process_map
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.reading import Rules
from sim.report.observed.tables import NOT_IN_RECORD
from sim.report.observed.terminal import text
from tests.report.observed.courses import (
    ADVISED,
    ALLOCATED,
    ASSESSED,
    CURRENT,
    DECIDED,
    RECEIVED,
    SEEN,
    of,
    waiting,
)

LEFT = "; whose worker left and was not followed by another, this record does not say."
"""No event of the record is that of a worker who left a case."""


@pytest.mark.parametrize("seen", [{}, {"seen": ""}], ids=["no such column", "an empty column"])
def test_nobody_is_said_to_have_been_seen_in_a_record_that_does_not_say_when(
    tmp_path: Path, seen: dict[str, str]
) -> None:
    row = {name: cell for name, cell in ALLOCATED.items() if name != "seen"} | seen
    told = of(tmp_path, [row] * 60)

    assert lead(told) == (
        "This record does not say when children were seen, so who still waits to be seen is not known. Their contact "
        "not yet decided at the end of 31 March 2024: 0 children. Referred and without a worker, seen or not: 0 "
        f"children{LEFT}"
    )
    assert waiting(told)["all not yet seen"] == (NOT_IN_RECORD,) * 7
    assert not {"not yet seen"} & {table.title for table in told.tables.values()}


def test_a_record_that_dates_no_decision_says_so_beside_the_children_who_wait(tmp_path: Path) -> None:
    copied = [SEEN | {"decided": "01/03/2024"}] * 60 + [ALLOCATED | {"decided": "01/03/2024"}] * 3
    told = of(tmp_path, [*copied, RECEIVED, ADVISED])

    assert lead(told) == (
        "At the end of 31 March 2024, 3 children who had been referred had not yet been seen. The oldest had waited 30 "
        "days. Children whose contact was not decided are not among them: nearly every decision bears the date of its "
        f"contact and no time of its own. Referred and without a worker, seen or not: 0 children{LEFT}"
    )
    assert waiting(told)["not decided"] == (NOT_IN_RECORD,) * 7
    assert waiting(told)["all referred and not yet seen"][-2:] == ("3", "30")
    assert told.tables["months"].rows[-1][3:6] == (3, 0, NOT_IN_RECORD)


def test_a_map_explains_no_sign_that_it_does_not_show(tmp_path: Path) -> None:
    told = of(tmp_path, [SEEN | {"decided": "01/03/2024"}] * 60 + [ADVISED], Rules())
    drawn = process_map(told).figure

    assert "days not\nrecorded" in {text.get_text() for axes in drawn.axes for text in axes.texts}
    assert not [text for text in drawn.texts if "?: not in this record" in text.get_text()]


def test_the_months_and_the_first_screen_count_the_same_children(tmp_path: Path) -> None:
    told = of(tmp_path, [RECEIVED] * 2 + [DECIDED] * 3 + [ALLOCATED] * 4 + [SEEN] * 9)

    assert told.tables["months"].headings[3:6:2] == ("referred, not yet seen", "not yet decided")
    assert told.tables["months"].rows[-1][3:6:2] == (7, 2)
    assert [waiting(told)[stage][-2] for stage in list(waiting(told))] == ["2", "3", "4", "9"]
    assert "some who wait came before" not in told.tables["months"].meaning


def test_children_assessed_and_seen_on_no_known_day_wait_in_no_figure_and_are_counted_apart(tmp_path: Path) -> None:
    whole = [SEEN | {"received": "02/03/2024"}] * 9 + [ALLOCATED | {"received": "20/03/2024"} | CURRENT] * 2 + [ADVISED]
    ended = ASSESSED | {"closed": "25/03/2024"}
    told, plain = of(tmp_path, [*whole, *[ASSESSED] * 3, ended]), of(tmp_path, whole)

    assert lead(told).startswith(
        "At the end of 31 March 2024, 2 children had not yet been seen. The oldest had waited 11 days. Beside these, "
        "recorded as seen or assessed and on a day that is not known: 3 children."
    )
    assert waiting(told)["recorded as seen or assessed, date not known"] == ("", "", "", "", "", "3", "")
    assert waiting(told)["all not yet seen"] == waiting(plain)["all not yet seen"]
    headings, cells, before = told.tables["months"].headings, *(one.tables["months"].rows[-1] for one in (told, plain))
    changed = {name: now for name, now, was in zip(headings, cells, before, strict=True) if str(now) != str(was)}
    assert changed == {"contacts": 16, "children referred": 15, "recorded as seen or assessed, date not known": 4}
    assert "recorded as seen" not in text(plain)


def test_no_measure_of_days_to_seen_moves_with_children_whose_day_nobody_noted(tmp_path: Path) -> None:
    unseen = [ALLOCATED | {"received": "20/03/2024"} | CURRENT] * 2 + [ALLOCATED | {"closed": "30/03/2024"}]
    whole = [SEEN] * 9 + unseen
    undated = [ASSESSED | {"received": "01/03/2024"}] * 4
    told, plain = of(tmp_path, whole + undated), of(tmp_path, whole)
    names = [(m.id, "all") for m in SEEN_MEASURES if m.id != "referred_children_count"]
    before, after = ({name: one.reading.measures[name] for name in names} for one in (plain, told))
    changed = {name for name in names if after[name] != pytest.approx(before[name], nan_ok=True)}

    assert changed == set()
    assert told.reading.measures["referred_children_count", "all"] == 16


def test_rows_that_could_not_be_read_and_those_set_aside_are_said_beside_the_headline(tmp_path: Path) -> None:
    whole = [SEEN] * 90
    told = of(tmp_path, [*whole, SEEN | {"seen": "soon"}], Rules())
    odd = of(tmp_path, [*whole, *[SEEN | {"decided": "28/02/2024"}] * 10], Rules())

    assert lead(of(tmp_path, whole, Rules())).endswith(f"seen or not: 0 children{LEFT}")
    assert lead(told).endswith("that a child was seen for instance: fewer than 10 of about 90 rows of j.csv.")
    assert lead(odd).endswith("about 10 of about 100 journeys of a child, as quality.html says.")


def test_the_longest_wait_does_not_tell_that_a_hidden_count_is_no_small_one(tmp_path: Path) -> None:
    unseen = [*["North"] * 20, *["East"] * 6, *["South"]]
    rows = [ALLOCATED | {"team": team} for team in unseen] + [SEEN | {"team": team} for team in set(unseen)] * 30
    told = of(tmp_path, rows, Rules(small_count=5, smallest_team=10))
    shown = {row[0]: row[-3:-1] for row in told.tables["teams"].rows}

    assert shown == {"North": (20, 30), "East": (HIDDEN, HIDDEN), "South": (HIDDEN, HIDDEN)}


def test_a_median_does_not_tell_that_a_hidden_count_is_no_small_one(tmp_path: Path) -> None:
    told = of(tmp_path, [SEEN] * 20 + [ALLOCATED] * 3 + [ADVISED] * 9, Rules(small_count=5))
    beside = {row[3:5] for row in told.tables["steps"].rows if row[1] and row[2] == HIDDEN}

    assert beside <= {(HIDDEN, HIDDEN), (None, None)}
    assert (HIDDEN, HIDDEN) in beside
