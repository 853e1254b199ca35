"""The latent numbers: each sets what it says, nothing at rest, and no place of the prior is an impossible scenario."""

import numpy as np
import pytest

import sim
from sim.calibration.mechanics import LATENTS, prior, settings
from sim.calibration.mechanics.latent import ready, values
from sim.scenario import Scenario
from tests.worlds import PRIOR

REST = {"appointment_days": 0.9, "appointment_spread": 3.5 / 0.9, "capacity_sd": 0.0}


def _base() -> Scenario:
    return sim.load(PRIOR)


def _at(**moved: float) -> dict[str, float]:
    return {latent.id: 1.0 for latent in LATENTS} | REST | moved


def test_at_rest_they_set_what_the_base_has() -> None:
    base = _base()
    for path, value in settings(base, _at()).items():
        if path != "assessment.appointment_days.maximum":
            assert base.value(path) == pytest.approx(value), path


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("manager_minutes", "front_door.decision_minutes.mean", 34.0),
        ("manager_minutes", "front_door.further_child_minutes", 6),
        ("casework_minutes", "assessment.work_minutes.mean", 800.0),
        ("casework_minutes", "strategy.enquiry_minutes.mean", 960.0),
        ("appointment_days", "assessment.appointment_days.median", 2.0),
        ("appointment_spread", "assessment.appointment_days.p95", 1.8),
        ("further_work", "demand.information_unclear_multiplier", 2.0),
        ("partner_replies", "further_work.reply_multiplier", 2.0),
        ("assessment_waits", "assessment.outside_days.rest.median", 48.0),
        ("assessment_waits", "assessment.outside_days.rest.p95", 184.0),
    ],
)
def test_each_moves_its_own_fields(name: str, path: str, expected: float) -> None:
    base = _base()
    moved, rest = settings(base, _at(**{name: 2.0})), settings(base, _at())
    assert moved[path] == pytest.approx(expected)
    others = {other for latent in LATENTS if latent.id != name for other in latent.setting(base, 2.0)}
    assert all(moved[other] == rest[other] for other in others - set(_own(name)))


def _own(name: str) -> list[str]:
    return next(list(latent.setting(_base(), 2.0)) for latent in LATENTS if latent.id == name)


def test_what_is_shown_is_in_the_unit_that_is_named() -> None:
    shown = {latent.id: latent.shown(_base(), 2.0) for latent in LATENTS}
    assert shown["manager_minutes"] == pytest.approx(64.0)
    assert shown["casework_minutes"] == pytest.approx(800.0)
    assert shown["assessment_waits"] == pytest.approx(48.0)
    assert shown["appointment_days"] == pytest.approx(2.0)


def test_every_place_of_the_prior_makes_a_scenario() -> None:
    base, box = ready(_base()), prior()
    for row in [box.low, box.high, *box.points(8, seed=1)]:
        base.changed(settings(base, values(row)))


def test_the_fitted_scale_goes_back_and_forth() -> None:
    named = values(np.array([latent.bounds[0] for latent in LATENTS]))
    assert named == pytest.approx({latent.id: latent.low for latent in LATENTS})


def test_a_wait_of_another_law_becomes_a_lognormal_one_as_long() -> None:
    law = {"kind": "gamma", "mean": 2.0, "cv": 0.8}
    base = _base().changed({"assessment.appointment_days": law})
    shares = np.array([0.5, 0.95])
    before, after = (one.assessment.appointment_days.quantile(shares) for one in (base, ready(base)))
    assert after == pytest.approx(before, rel=1e-3)
    assert ready(_base()) == _base()
