"""What else is known of an authority: read strictly, held against beside what is published, and met by every set."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from sim.calibration.emulator import scale_of
from sim.calibration.years import Figures, Year, Years
from sim.experiment.targets import targets_of
from sim.published import Budget, Drawing, Fit, PublishedError, before_fitting, fit, fitted, read_also
from sim.published.fitting import _ends, _log_between
from sim.published.writing import fitted_texts
from sim.scenario import read
from tests.commands import Command
from tests.published.fitting import PRIOR, Straight, drawing

PATTERN = """what = "a letter"
summary = "The county of the letter."

[[target]]
measure = "{measure}"
label = "Hours within which nine in ten strategy discussions are held"
unit = "hours"
kind = "pattern"
low = {low}
high = 24.0
role = "fitted"
source = "Said in a letter."
grade = "D"
"""
HOURS = PATTERN.format(measure="strategy_hours_q90", low=4.0)
FEW = Budget.of(52)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    """Northford, 2019, with a letter about it."""
    folder = tmp_path_factory.mktemp("known")
    (folder / "letter.toml").write_text(HOURS, encoding="utf-8")
    base = drawing(folder / "files").base
    return Drawing(before_fitting(base.statement, PRIOR, read_also(folder / "letter.toml")), PRIOR)


class Straying(Straight):
    """The straight model, with hours that follow what nothing fits: only some sets keep within a day."""

    def __call__(self, year: Year) -> Figures:
        """The figures of a year."""
        *others, _ = super().__call__(year)
        at = float(str(year.setting.get("strategy.slot_hours.median", 1.0)))
        return (*others, 12.0 + (100 * at % 1.0) * 24.0)


@pytest.fixture(scope="module")
def found(known: Drawing) -> Fit:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.published.fitting.PARTICLES", 400)
        return fit(known, Years(Straying(known)), seed=11, budget=FEW)


def test_every_set_meets_the_pattern_though_nothing_fitted_moves_it(found: Fit) -> None:
    assert len(found.draws) == FEW.draws
    assert found.figures[:, -1].max() <= 24.0
    assert found.figures[:, -1].std() > 1.0


def test_the_files_say_whose_word_it_is(found: Fit, tmp_path: Path) -> None:
    file = tmp_path / "northford-2018-19.toml"
    made = fitted(found)
    for path, text in fitted_texts(made, file).items():
        path.write_text(text, encoding="utf-8")

    assert read(file).scenario.summary.startswith("The county of the letter. Illustration.")
    assert ", with 1 more target from a letter;" in made.basis.rests_on
    assert targets_of(file)[-1].source == "Said in a letter."


@pytest.mark.slow
def test_a_pattern_that_no_year_meets_is_refused_with_how_many_were_tried(known: Drawing) -> None:
    class Never(Straight):
        def __call__(self, year: Year) -> Figures:
            *others, _ = super().__call__(year)
            return (*others, 99.0)

    said = r"^Northford, year to March 2019: 0 of \d+ sets .* every pattern; \d+ are"
    with pytest.raises(PublishedError, match=said):
        fit(known, Years(Never(known)), seed=11, budget=FEW)


def test_a_figure_is_likeliest_at_itself_and_a_pattern_is_as_likely_all_over_its_range(known: Drawing) -> None:
    targets = known.base.held_against
    low, high = _ends(targets, [scale_of(target) for target in targets])

    assert (low[:-1] == high[:-1]).all()
    assert np.exp([low[-1], high[-1]]) == pytest.approx([4.0, 24.0])
    ends = np.array([[-1.0, 3.0, -np.inf, 40.0]]), np.array([[2.0, 5.0, 0.5, 41.0]])
    expected = [norm.cdf(2) - norm.cdf(-1), norm.sf(3) - norm.sf(5), norm.cdf(0.5), norm.sf(40)]
    assert _log_between(*ends)[0, :3] == pytest.approx(np.log(expected[:3]))
    assert _log_between(*ends)[0, 3] == pytest.approx(norm.logsf(40), rel=1e-6)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (HOURS.replace("what =", "who ="), "who: not one of summary, target, what"),
        (HOURS.replace('what = "a letter"\n', ""), "what: must be words in quotes"),
        ('what = "a letter"\n', "target: at least one entry [[target]] is needed"),
        ('what = "a letter"\ntarget = [1]\n', "target 1: must be a table"),
        (HOURS.replace("low = 4.0", "low = 30.0"), "target 1 (strategy_hours_q90): low must be below high"),
        (HOURS.replace("strategy_hours_q90", "waits"), "target 1: waits for all is not a measure"),
        ("what = ", "Invalid value (at end of document)"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(text: str, rule: str, tmp_path: Path) -> None:
    file = tmp_path / "letter.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PublishedError) as refused:
        read_also(file)
    assert str(file) in str(refused.value)
    assert rule in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_published_already_is_no_other_target(known: Drawing, tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(PATTERN.format(measure="section_47_count", low=1), encoding="utf-8")

    with pytest.raises(PublishedError, match="section_47_count for all: there is a target of it already, as published"):
        before_fitting(known.base.statement, PRIOR, read_also(tmp_path / "letter.toml"))


def test_it_is_about_one_authority(frontdoor: Command, tmp_path: Path) -> None:
    code, _, error = frontdoor(
        "init", "--published", tmp_path, "--all", "--year", "2019", "--also", tmp_path / "a.toml", "--out", tmp_path
    )

    assert (code, error.strip()) == (
        2,
        f"frontdoor: --also {tmp_path / 'a.toml'}: is about one authority; not with --all",
    )
