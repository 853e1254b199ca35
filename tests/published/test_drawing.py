from collections.abc import Iterator

import numpy as np
import pytest

from sim.calibration.knobs import Points
from sim.published import Drawing, PublishedError
from sim.published.draft import Draft
from sim.published.drawing import numbers
from sim.published.flows import flows_of
from sim.published.unknowns import UNKNOWNS
from sim.scenario import levers
from tests.published.fitting import drawing

DRAWS = 12


@pytest.fixture(scope="module")
def northford(tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    return drawing(tmp_path_factory.mktemp("northford"))


def positions(found: Drawing) -> Iterator[tuple[Points, Points]]:
    random = np.random.default_rng(4)
    for _ in range(DRAWS):
        yield random.random(len(UNKNOWNS)), random.random(len(found.others))


def test_whatever_the_unknowns_are_published_counts_are_met_by_arithmetic(northford: Drawing) -> None:
    base = flows_of(northford.base.scenario)
    for unknowns, others in positions(northford):
        found = flows_of(northford.scenario(unknowns, others))

        # Where hardly any of a source's contacts are referred, or nearly all, no share below the threshold gives that.
        assert found.referred == pytest.approx(base.referred, rel=0.05)
        assert found.assessed == pytest.approx(base.assessed, rel=0.05)
        assert found.enquiries == pytest.approx(base.enquiries, rel=0.05)


def test_no_draw_changes_a_post_for_a_scenario_adds_to_it(northford: Drawing) -> None:
    base = numbers(northford.base.scenario)
    for unknowns, others in positions(northford):
        found = numbers(northford.scenario(unknowns, others))

        assert {path: found[path] for path in northford.posts} == {path: base[path] for path in northford.posts}


def test_more_contacts_take_less_effort_each_for_the_work_in_all_is_what_shows(northford: Drawing) -> None:
    place = [unknown.name for unknown in UNKNOWNS].index("conversion")
    few, many = northford.usual.copy(), northford.usual.copy()
    few[place], many[place] = 0.9, 0.1
    fewer, more = map(northford.scenario, (few, many))
    effort = "front_door.decision_minutes.mean"
    contacts = [scenario.demand.family_contacts_per_year for scenario in (fewer, more)]
    efforts = [float(str(scenario.value(effort))) for scenario in (fewer, more)]

    assert contacts[1] > 1.5 * contacts[0]
    assert contacts[0] * efforts[0] == pytest.approx(contacts[1] * efforts[1], rel=0.01)


def test_a_setting_turns_the_base_into_the_scenario(northford: Drawing) -> None:
    unknowns, others = next(positions(northford))
    setting = northford.setting(unknowns, others)

    assert setting is not None
    assert numbers(northford.base.scenario.changed(setting)) == numbers(northford.scenario(unknowns, others))


def test_the_prior_itself_stands_at_the_usual_position_of_every_factor(northford: Drawing) -> None:
    for unknown, at in zip(UNKNOWNS, northford.usual.tolist(), strict=True):
        assert 0 <= at <= 1
        if unknown.unit == "times the prior's":
            assert unknown.value(at) == pytest.approx(1.0)


def test_nothing_is_both_fitted_and_drawn_and_all_of_it_is_a_number_of_a_scenario(northford: Drawing) -> None:
    fitted = {p for u in UNKNOWNS for p in u.fields(northford.prior.scenario, u.value(0.5))}
    known = {path for path, _ in levers()}

    assert not fitted & {knob.path for knob in northford.others}
    assert all(any(f"{path}.".startswith(f"{lever}.") for lever in known) for path in fitted)


def test_where_figures_cannot_be_met_there_is_no_setting(northford: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Draft:
        raise PublishedError("more enquiries than contacts")

    assert northford.setting(northford.usual) is not None
    monkeypatch.setattr("sim.published.drawing.settled", never)

    assert northford.setting(northford.usual) is None


def test_no_step_of_the_arithmetic_undoes_what_an_unknown_sets(northford: Drawing) -> None:
    low, high = (numbers(northford.scenario(np.full(len(UNKNOWNS), at))) for at in (0.05, 0.95))

    for unknown in UNKNOWNS:
        paths = unknown.fields(northford.prior.scenario, unknown.value(0.5))
        assert all(low[path] != high[path] for path in paths if not path.endswith(".maximum")), unknown.name
