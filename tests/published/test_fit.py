from pathlib import Path

import pytest

from sim.calibration.years import Years
from sim.experiment.targets import TargetRole
from sim.published import Budget, Drawing, Fit, PublishedError, fit, fitted
from sim.published.fitting import Learned, targets_fitted
from sim.published.unknowns import UNKNOWNS
from sim.published.writing import fitted_texts
from sim.scenario import Grade, basis_of, evidence, plausible_draws, read
from tests.published.fitting import Straight, drawing

BUDGET = Budget.of(96)


@pytest.fixture(scope="module")
def northford(tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    return drawing(tmp_path_factory.mktemp("northford"))


@pytest.fixture(scope="module")
def found(northford: Drawing) -> Fit:
    return fit(northford, Years(Straight(northford)), seed=11, budget=BUDGET)


@pytest.fixture
def few_particles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.published.fitting.PARTICLES", 200)


def learned(found: Fit, name: str) -> Learned:
    return next(one for one in found.learned if one.unknown.name == name)


def test_what_figures_follow_is_learned_and_holds_the_number_that_gives_the_published_ones(found: Fit) -> None:
    # 20 days times the ratio are published as 30, and returns in proportion as they are: at one.
    waits, returns = learned(found, "outside"), learned(found, "returns_assessed")

    assert waits.low < 1.5 < waits.high
    assert returns.low < 1.0 < returns.high
    assert waits.contraction > 0.8
    assert returns.contraction > 0.5


def test_what_no_figure_follows_is_not_learned(found: Fit) -> None:
    for name in ("appointments", "conversion", "replies", "deciding_effort"):
        assert learned(found, name).contraction < 0.4, name


def test_the_draws_lie_where_the_figures_are_likely(found: Fit) -> None:
    targets = found.drawing.base.held_against
    place = [target.key[0] for target in targets].index("assessment_working_days_q50")
    target = targets[place]

    assert len(found.draws) == BUDGET.draws == len(found.figures)
    assert target.is_met_by(float(found.figures[:, place].mean()))


def test_what_is_held_out_plays_no_part(northford: Drawing) -> None:
    targets = northford.base.held_against
    held = [target.key[0] for target in targets if target.role is TargetRole.HELD_OUT]

    assert "assessment_band_21_30_share" in held
    assert {targets[place].role for place in targets_fitted(targets)} == {TargetRole.FITTED}
    assert "assessment_band_41_45_share" not in held


@pytest.mark.slow
@pytest.mark.usefixtures("few_particles")
def test_a_fit_that_was_stopped_goes_on_from_the_years_it_ran(northford: Drawing, tmp_path: Path) -> None:
    told: list[int] = []
    small = Budget.of(40)
    file = tmp_path / "years.csv"
    file.write_text(",".join(("key", *Straight(northford).names)) + "\n", encoding="utf-8")
    first = fit(northford, Years(Straight(northford), file, told=lambda: told.append(1)), seed=11, budget=small)
    before = file.read_bytes()

    again = fit(northford, Years(Straight(northford), file), seed=11, budget=small)

    assert again.draws == first.draws
    assert file.read_bytes() == before
    assert len(told) == small.years


def test_an_authority_whose_figures_hardly_any_numbers_meet_is_declined(
    northford: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Drawing, "setting", lambda *_: None)

    with pytest.raises(PublishedError, match=r"Northford, year to March 2019: 0 of \d+ sets of numbers tried can meet"):
        fit(northford, Years(Straight(northford)), seed=11, budget=BUDGET)


def test_the_files_hold_the_baseline_its_draws_and_what_was_learned(found: Fit, tmp_path: Path) -> None:
    made = fitted(found)
    file = tmp_path / "northford.toml"
    for path, text in fitted_texts(made, file).items():
        path.write_text(text, encoding="utf-8")

    basis = basis_of(file)
    draws = plausible_draws(file)
    assert basis is not None
    assert [one.name for one in basis.learned] == [unknown.name for unknown in UNKNOWNS]
    assert basis.heading == "Illustration. Not your records. No national return holds days to seen."
    assert len(draws) == BUDGET.draws
    scenarios = [read(file).scenario.changed({p: v for p, v in draw.items() if ":" not in p}) for draw in draws]
    assert len({scenario.content_hash for scenario in scenarios}) == BUDGET.draws
    said = next(one for one in evidence(file) if one.path == "assessment.outside_days")
    assert said.grade is Grade.ASSUMPTION
    assert said.source.startswith("Fitted to the published figures of Northford for the year to March 2019")


def test_a_budget_is_divided_as_usual_and_sums_to_what_was_asked() -> None:
    assert Budget.of(Budget().years) == Budget()
    for years in range(40, 600):
        budget = Budget.of(years)

        assert years - 1 <= budget.years <= years
        assert 2 <= budget.draws <= budget.last / 4
