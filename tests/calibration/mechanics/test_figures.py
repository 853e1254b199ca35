"""Figures of a log: counted by hand on a few contacts, and alike for times and for dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import sim
from sim.calibration.mechanics import FIGURES, figures_of
from sim.events import COLUMNS, EVERY_CHILD, NOBODY, EventKind, EventLog, Outcome
from sim.experiment import simulate
from sim.facts import ALL_FACTS, Fact
from sim.scenario import shipped
from sim.working_time import MINUTES_PER_DAY

DAYS = 80
E = EventKind
Steps = Sequence[tuple[EventKind, float, int]]


def a_log(stories: Sequence[Steps], days: int = DAYS) -> EventLog:
    """Each story is of one contact: its steps with their days and details, receipt first."""
    events, contacts = list[list[int]](), []
    for number, steps in enumerate(stories):
        received = int(steps[0][1] * MINUTES_PER_DAY)
        contacts.append([number, received, 0, 0, 1, -1, -1, 0, 0])
        events += [
            [int(day * MINUTES_PER_DAY), kind, number, EVERY_CHILD, NOBODY, -1, detail, 0, 0]
            for kind, day, detail in steps
        ]
    events.sort()
    assert len(COLUMNS) == 9
    return EventLog(
        np.array(events, dtype=np.int64), np.array(contacts, dtype=np.int64), np.empty((0, 7), dtype=np.int64),
        date(2024, 1, 1), 510, 1020, 0, days * MINUTES_PER_DAY, days * MINUTES_PER_DAY - 1,
    )  # fmt: skip


def _figures(log: EventLog) -> dict[str, float]:
    return {name: value for (_, name), value in zip(FIGURES, figures_of(log), strict=True)}


def test_waits_are_counted_in_days_from_date_to_date() -> None:
    decided = [(E.RECEIVED, 10.9, 0), (E.DECIDED, 11.1, Outcome.ADVICE)]
    at_once = [(E.RECEIVED, 20.4, 0), (E.DECIDED, 20.5, Outcome.ADVICE)]
    found = _figures(a_log([decided] * 6 + [at_once] * 4))
    assert found["decision_within_0"] == pytest.approx(0.4)
    assert found["decision_within_1"] == pytest.approx(1.0)
    assert found["decision_mean"] == pytest.approx(0.6)


def test_what_is_still_open_counts_as_waiting_so_far() -> None:
    """Five of ten decided after 2 days, five open for 5: half are left from day 2 on, while anybody was watched."""
    decided = [(E.RECEIVED, 30.0, 0), (E.DECIDED, 32.0, Outcome.ADVICE)]
    open_still = [(E.RECEIVED, 75.0, 0)]
    found = _figures(a_log([decided] * 5 + [open_still] * 5, days=81))
    assert found["decision_within_1"] == pytest.approx(0.0)
    assert found["decision_within_5"] == pytest.approx(0.5)
    assert found["undecided_open_last"] == pytest.approx(np.log1p(5))


def test_seen_and_allocated_are_of_the_children_to_be_assessed() -> None:
    start: Steps = [(E.RECEIVED, 8.0, 0), (E.DECIDED, 9.0, Outcome.REFERRAL)]
    rest: Steps = [
        (E.ALLOCATED, 11.0, 0),
        (E.SEEN, 14.0, 0),
        (E.ASSESSMENT_STARTED, 14.0, 0),
        (E.ASSESSMENT_AUTHORISED, 44.0, 1),
    ]
    advice: Steps = [(E.RECEIVED, 8.0, 0), (E.DECIDED, 8.0, Outcome.ADVICE)]
    found = _figures(a_log([[*start, *rest]] * 9 + [advice] * 9))
    assert found["allocation_mean"] == pytest.approx(2.0)
    assert found["visit_mean"] == pytest.approx(3.0)
    assert found["seen_mean"] == pytest.approx(5.0)
    assert found["referred_seen_within_3"] == pytest.approx(0.0)
    assert found["referred_seen_within_5"] == pytest.approx(1.0)
    assert found["assessment_mean"] == pytest.approx(30.0)
    assert np.isnan(found["discussed_seen_mean"])
    assert found["authorised_weekly_mean"] == pytest.approx(np.log1p(9 / 11))


def test_an_allocation_of_which_nobody_noted_the_date_is_left_out_and_not_counted_as_waiting() -> None:
    start: Steps = [(E.RECEIVED, 8.0, 0), (E.DECIDED, 9.0, Outcome.REFERRAL)]
    told, untold = [*start, (E.ALLOCATED, 10.0, 0), (E.SEEN, 12.0, 0)], [*start, (E.SEEN, 12.0, 0)]
    found = _figures(a_log([told] * 9 + [untold] * 9))
    assert found["allocation_mean"] == pytest.approx(1.0)
    assert found["seen_mean"] == pytest.approx(3.0)


def test_what_a_record_does_not_tell_is_no_figure_of_it() -> None:
    decided: Steps = [(E.RECEIVED, 10.9, 0), (E.DECIDED, 11.1, Outcome.ADVICE)]
    log = replace(a_log([decided] * 10), facts=ALL_FACTS - {Fact.SEEN, Fact.FURTHER_WORK})
    found = {stage: value for (stage, _), value in zip(FIGURES, figures_of(log), strict=True) if np.isfinite(value)}
    assert "decision" in found
    assert not {"seen", "first visit", "further work"} & found.keys()


def test_a_log_of_times_and_the_same_of_dates_have_the_same_figures() -> None:
    county = sim.load(shipped("leicestershire-2018-19.toml"))
    changes = {"calendar.warm_up_days": 60, "calendar.horizon_days": 84, "calendar.follow_up_days": 0}
    log = simulate(county.changed(changes), seed=3, replication=0)
    events, contacts = log.events.copy(), log.contacts.copy()
    events[:, 0] -= events[:, 0] % MINUTES_PER_DAY
    contacts[:, 1] -= contacts[:, 1] % MINUTES_PER_DAY
    dated = replace(log, events=events, contacts=contacts, dates_at_midnight=True)
    assert figures_of(dated) == pytest.approx(figures_of(log), nan_ok=True)
    assert np.isfinite(figures_of(log)).all()


def test_of_several_answers_the_last_counts_for_a_record_may_keep_no_other() -> None:
    before: Steps = [(E.RECEIVED, 10.0, 0), (E.SCREENED, 10.0, 0), (E.INFORMATION_ASKED, 11.0, 0)]
    last: Steps = [(E.INFORMATION_READY, 19.0, 0), (E.DECIDED, 19.0, Outcome.ADVICE)]
    every = _figures(a_log([[*before, (E.INFORMATION_READY, 13.0, 0), *last]] * 10))
    alone = _figures(a_log([[*before, *last]] * 10))

    assert every["answer_mean"] == pytest.approx(8.0)
    np.testing.assert_equal(every, alone)


def test_an_answer_after_the_end_does_not_hide_one_that_was_known() -> None:
    steps: Steps = [(E.RECEIVED, 10.0, 0), (E.SCREENED, 10.0, 0), (E.INFORMATION_ASKED, 11.0, 0)]
    answers: Steps = [(E.INFORMATION_READY, 14.0, 0), (E.INFORMATION_READY, DAYS + 4.0, 0)]

    assert _figures(a_log([[*steps, *answers]] * 10))["answer_mean"] == pytest.approx(3.0)
