"""Where work piles up: what is said of each queue, and that the two drawings say the same."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from sim.experiment import Comparison, StartedBefore
from sim.report.queue_picture import drawings
from sim.report.queues import NOT_TOLD, Queue, Queues, queues
from tests.report.comparisons import a_comparison, a_scenario, an_estimate

SHORTER = a_scenario(
    "shorter",
    "Shorter <& quicker>",
    {("decision_days_q90", "all"): an_estimate(-0.2, error=0.5)},
    queues={
        "allocation": an_estimate(-0.6, unknown=(-1.1, -0.1)),
        "visit": an_estimate(-0.9, error=1.2),
        "open_contacts": an_estimate(4.0),
        "unallocated_children": an_estimate(-10.0),
        "unseen_children": an_estimate(-20.0, error=30.0),
    },
)


def named(found: Queues, name: str) -> Queue:
    return next(queue for queue in (*found.main, *found.beside) if queue.name == name)


def both() -> tuple[Queues, Queues]:
    base, other = queues(a_comparison(SHORTER))
    return base, other


def test_the_days_of_all_queues_add_up_to_the_wait_from_contact_to_seen() -> None:
    comparison = a_comparison(SHORTER)
    for found, scenario in zip(queues(comparison), comparison.scenarios, strict=True):
        days = [queue.days.total for queue in (*found.main, *found.beside) if queue.days is not None]

        assert sum(days) == pytest.approx(scenario.stage_days["all"].sum())


def test_the_queue_with_most_days_leads_and_is_marked_alone() -> None:
    base, _ = both()
    marked = [queue.name for queue in (*base.main, *base.beside) if queue.is_longest]

    assert marked == ["Visit by duty staff, before a worker is allocated"]
    assert base.first == (
        "Of 6.7 days from contact to seen on average, 3.0 (45%) are spent waiting for a visit by duty staff before a "
        "worker is allocated."
    )


def test_only_a_change_that_these_years_tell_leads_and_has_a_mark_of_now() -> None:
    _, other = both()
    allocation, visit = named(other, "Allocation to a worker"), named(other, "First visit, once allocated")

    assert (
        other.first
        == "What changes most is the wait for a worker to be allocated: 0.6 days shorter on average than now."
    )
    assert allocation.beside == "not 1.2 (0.1 to 1.1 days shorter)"
    assert allocation.before == pytest.approx(1.23)
    assert (visit.beside, visit.before) == (NOT_TOLD, None)
    assert visit.ranges[:2] == ("-0.9", "-2.1 to +0.3")


def test_what_a_scenario_leaves_as_it_is_is_said_so() -> None:
    _, other = queues(a_comparison(a_scenario("same", "Same", {})))

    assert other.first == "Of no queue can these years tell a change from now."
    assert named(other, "Allocation to a worker").beside == "as now"
    assert named(other, "Allocation to a worker").before is None


def test_children_are_counted_by_changes_alone_where_no_record_counts_them() -> None:
    base, other = both()

    assert not any(queue.many for queue in (*base.main, *base.beside))
    assert "only an extract of your own" in base.note
    assert named(other, "Allocation to a worker").many == "25% fewer children without a worker than now"
    assert named(other, "Screening and decision").many == "10% more contacts undecided than now"
    assert named(other, "First visit, once allocated").many == f"children referred and unseen: {NOT_TOLD}"


def test_of_a_calibrated_baseline_the_model_counts_and_of_an_extract_the_extract() -> None:
    calibrated = replace(a_comparison(), is_calibrated=True)
    kept = StartedBefore(date(2026, 11, 1), "ssd", "0" * 64, {"referred and without a worker": "[c]"}, ("From it.",))
    (modelled,), (counted,) = queues(calibrated), queues(replace(calibrated, started=kept))
    name = "Allocation to a worker"

    assert named(modelled, name).many == "40 children without a worker on an average night, in the model (35 to 44)"
    assert named(counted, name).many == "[c] children at the end of 1 November 2026, in your extract"
    assert not named(counted, "Screening and decision").many
    assert "counted in your extract at the end of 1 November 2026" in counted.note


def test_nobody_seen_is_no_days_and_no_longest_queue() -> None:
    base = a_comparison().baseline
    nobody = replace(base, stage_days={group: np.full((4, 3), np.nan) for group in base.stage_days})
    (found,) = queues(Comparison((nobody,), 24, 20, 7, 0.95, date(2018, 4, 1)))

    assert found.first.startswith("Too few children")
    assert not any(queue.is_longest or queue.mean for queue in (*found.main, *found.beside))
    assert drawings((found,))


def test_every_row_of_the_table_has_a_cell_for_every_heading() -> None:
    for found in both():
        assert len(found.rows) == 7
        assert {len(cells) for _, cells in found.rows} == {len(found.headings)}


def test_both_drawings_say_all_that_the_queues_say() -> None:
    for found, drawn in drawings(both()):
        for markup in drawn:
            root = ET.fromstring(str(markup))  # noqa: S314  (drawn here)
            said = " ".join("".join(text.itertext()) for text in root.iter("text")).replace("\N{MINUS SIGN}", "-")
            for queue in (*found.main, *found.beside):
                for words in (queue.name, queue.mean, queue.beside, queue.share, queue.longest, queue.many):
                    assert words[1:] in said
            assert found.key in said
            assert root.attrib["role"] == "img"
            assert "simulated" in root.attrib["aria-label"]


def test_a_bar_is_told_by_its_pattern_and_no_name_stands_twice_on_a_page() -> None:
    markups = [str(markup) for _, drawn in drawings(both()) for markup in drawn]
    names = [name for markup in markups for name in re.findall(r'id="([^"]+)"', markup)]

    assert len(names) == len(set(names)) == 3 * len(markups)
    for markup in markups:
        assert set(re.findall(r"url\(#([^)]+)\)", markup)) <= set(re.findall(r'id="([^"]+)"', markup))
        assert " style=" not in markup
        assert "<& quicker>" not in markup


def test_all_bars_are_drawn_to_one_scale_inside_their_boxes() -> None:
    comparison = a_comparison(SHORTER)
    twice = replace(SHORTER, stage_days={group: days * 2 for group, days in SHORTER.stage_days.items()})
    plain, longer = (
        [float(width) for width in re.findall(r'width="([\d.]+)" height="16"', str(drawings(queues(each))[0][1].wide))]
        for each in (comparison, replace(comparison, scenarios=(comparison.baseline, twice)))
    )

    assert max(plain) < 190
    assert np.allclose(np.array(plain), 2 * np.array(longer), atol=0.11)
