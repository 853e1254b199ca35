"""Fates: the same child meets the same luck, and a lever changes only what it must."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from sim.distributions import Distribution
from sim.events import Need, Rating
from sim.randomness import Luck
from sim.scenario import MOST_ROUNDS, Scenario, Source
from sim.world import MOST_RETURNS, Contact, outcome_shares
from sim.world.contact import MOST_FAILED_VISITS
from tests.world.drawn import BASE, MOST_Z, class_of_ending, column, even, fates, z_of_share
from tests.worlds import DAY, HOUR

DRAWN = fates(BASE)


def changed_by(changes: dict[str, object]) -> set[str]:
    """The attributes that differ for some contact under changed levers."""
    other = fates(BASE.changed(changes))
    return {
        name
        for place, name in enumerate(Contact._fields)
        if any(a[place] != b[place] for a, b in zip(DRAWN, other, strict=True))
    }


NOTHING: list[dict[str, object]] = [
    {"front_door.managers": 40},
    {"front_door.delegate_green": True, "front_door.order": "strict_priority"},
    {"assessment.social_workers.experienced": 1, "assessment.duty_workers": 1},
    {"assessment.caseload_guide": 3, "assessment.over_guide_after_days": 30},
    {"assessment.drift_share": 0.9, "assessment.deadline_strength": 0.9, "assessment.support_from_allocation": True},
    {"assessment.deadline_margin_working_days": 9},
    {"further_work.chase_after_days": 1.0, "further_work.limit_working_days": 5, "further_work.police_batch_days": 7},
    {"second_look.second_manager_on_call": True, "second_look.decide_within_hours": 24.0},
    {"workforce.turnover_per_year": 2.0, "workforce.absence_share": 0.3, "workforce.sudden_leavers": 9},
    {"demand.multiplier": 1.7, "demand.surge.multiplier": 3.0, "demand.surge.lasts_days": 30},
    {"domestic_abuse_team.managers": 2, "domestic_abuse_team.information_wait_multiplier": 0.1},
    {"calendar.warm_up_days": 3, "calendar.horizon_days": 30, "levers_start_day": 9},
]

FIXED = {"kind": "fixed", "value": 3.0}
TOUCHES: list[tuple[dict[str, object], set[str]]] = [
    ({"front_door.screening_minutes": FIXED}, {"screening_minutes"}),
    ({"front_door.further_child_minutes": 50}, {"screening_minutes", "decision_minutes"}),
    # Reading is added to the first decision by the engine, for families who have been in contact before.
    ({"front_door.history_minutes": 30}, set()),
    ({"front_door.early_help_wait_days": FIXED}, {"early_help_delay"}),
    ({"further_work.rounds": FIXED}, {"rounds"}),
    ({"further_work.ask_minutes": FIXED}, {"rounds"}),
    ({"further_work.reply_multiplier": 3.0}, {"rounds"}),
    ({"further_work.police_asked_share": 0.1}, {"rounds"}),
    ({"further_work.consent_days": FIXED}, {"consent_delay"}),
    ({"further_work.consent_refused_share": 0.5}, {"consent_refused"}),
    ({"second_look.minutes": FIXED}, {"second_look_minutes"}),
    ({"second_look.information_days": FIXED}, {"second_look_delay"}),
    ({"strategy.slot_hours": FIXED}, {"strategy_delay"}),
    ({"strategy.actions_timed_share": 0.1}, {"action_timed"}),
    ({"strategy.conference_share": 0.1}, {"to_conference"}),
    ({"strategy.enquiry_minutes": FIXED}, {"enquiry_minutes"}),
    ({"assessment.visit_minutes": FIXED}, {"visit_minutes"}),
    ({"assessment.visit_further_child_minutes": 99}, {"visit_minutes"}),
    ({"assessment.failed_visit_share": 0.5}, {"retry_delays"}),
    ({"assessment.retry_days": FIXED}, {"retry_delays"}),
    ({"assessment.sibling_missed_share": 0.5}, {"missed_children"}),
    ({"assessment.work_minutes": FIXED}, {"work_minutes"}),
    ({"assessment.outside_days": FIXED}, {"outside_delay"}),
    ({"assessment.review_days": (5, 10)}, {"reviews_done"}),
    ({"assessment.long_supervision_days": 5}, {"unstuck"}),
    ({"assessment.brief_share": 0.9}, {"brief"}),
    ({"assessment.deadline_exempt_share": 0.9}, {"unhurried"}),
    ({"assessment.sign_off_returned_share": 0.9}, {"sign_off_returned"}),
    ({"ending.step_down_days": FIXED}, {"step_down_delay"}),
    ({"returns.delay_days": FIXED}, {"return_delay"}),
    ({"returns.multiplier": 0.5}, {"would_return"}),
    ({"returns.same_need_share": 0.0}, set()),
    ({"demand.open_case_share": 0.5}, {"open_case"}),
    ({"need.rated_red_if_significant_share": 0.9}, {"rating"}),
    ({"need.unclear_threshold_share": 0.9}, {"threshold_unclear"}),
    ({"out_of_hours.visit_minutes": FIXED}, {"out_of_hours_visit_minutes"}),
]


class TestSameLuck:
    @pytest.mark.parametrize("changes", NOTHING)
    def test_a_lever_that_is_not_about_contacts_changes_none(self, changes: dict[str, object]) -> None:
        assert hash(tuple(fates(BASE.changed(changes)))) == hash(tuple(DRAWN))

    @pytest.mark.parametrize(("changes", "touched"), TOUCHES)
    def test_a_lever_changes_only_what_it_is_about(self, changes: dict[str, object], touched: set[str]) -> None:
        # Whether a return due from before the run had been referred follows from the shares of outcomes.
        assert changed_by(changes) - {"previously_referred"} == touched

    @pytest.mark.parametrize(("changes", "touched"), TOUCHES)
    def test_a_scenario_changes_nothing_of_what_was_before_its_levers(
        self, changes: dict[str, object], touched: set[str]
    ) -> None:
        assert "previously_referred" not in touched
        other = fates(BASE.changed(changes), baseline=BASE)

        assert column(other, "previously_referred").tolist() == column(DRAWN, "previously_referred").tolist()

    def test_reading_a_familys_history_keeps_some_from_coming_back_and_only_families_that_have_one(self) -> None:
        read = BASE.changed({"front_door.history_minutes": 30, "front_door.history_return_multiplier": 0.5})
        before, after = (fates(scenario, return_number=1) for scenario in (BASE, read))
        is_red = column(before, "rating") == Rating.RED
        comes, still = (np.array([any(each.would_return) for each in found]) for found in (before, after))

        assert fates(read) == DRAWN
        assert (comes == still)[is_red].all()
        assert not (still & ~comes).any()
        assert abs(z_of_share(still[comes & ~is_red], 0.5)) < MOST_Z

    def test_a_review_keeps_its_luck_whatever_reviews_are_held_before_it(self) -> None:
        alone, both = (
            fates(BASE.changed({"assessment.review_days": days, "assessment.review_done_share": 0.5}))
            for days in ((20,), (10, 20))
        )

        assert [each.reviews_done[-1] for each in alone] == [each.reviews_done[-1] for each in both]

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("front_door.screening_minutes", "screening_minutes"),
            ("assessment.outside_days", "outside_delay"),
            ("ending.transfer_days", "transfer_delay"),
        ],
    )
    def test_a_child_keeps_its_rank_when_a_law_changes(self, path: str, name: str) -> None:
        wider = fates(BASE.changed({path: {"kind": "lognormal", "median": 9.0, "p95": 99.0}}))
        one = [contact.children == 1 for contact in DRAWN]
        before, after = column(DRAWN, name)[one], column(wider, name)[one]

        # Of two who differed in whole minutes, none overtakes the other.
        assert (np.diff(after[np.lexsort((after, before))]) >= 0).all()

    @pytest.mark.parametrize("share", ["open_case", "consent_refused", "brief", "action_timed"])
    def test_a_greater_share_keeps_everybody_it_had(self, share: str) -> None:
        path = {
            "open_case": "demand.open_case_share",
            "consent_refused": "further_work.consent_refused_share",
            "brief": "assessment.brief_share",
            "action_timed": "strategy.actions_timed_share",
        }[share]
        more = fates(BASE.changed({path: 0.9}))

        assert (column(more, share) >= column(DRAWN, share)).all()

    def test_a_family_keeps_its_size_and_its_troubles_when_it_comes_back(self) -> None:
        for number in range(1, MOST_RETURNS + 1):
            back = fates(BASE, return_number=number)

            assert column(back, "children").tolist() == column(DRAWN, "children").tolist()
            assert column(back, "domestic_abuse").tolist() == column(DRAWN, "domestic_abuse").tolist()
            assert column(back, "screening_minutes").tolist() != column(DRAWN, "screening_minutes").tolist()

    def test_another_replication_is_another_luck(self) -> None:
        assert fates(BASE, Luck(3, 1)) != DRAWN


def law(scenario: Scenario, path: str) -> Distribution:
    """A law of a scenario."""
    found: Distribution = scenario.value(path)  # type: ignore[assignment]
    return found


class TestAsAsked:
    @pytest.mark.parametrize(
        ("name", "path"),
        [
            ("open_case", "demand.open_case_share"),
            ("other_team", "demand.other_team_share"),
            ("other_authority", "demand.other_authority_share"),
            ("consent_refused", "further_work.consent_refused_share"),
            ("consent_dispensed", "further_work.consent_dispensed_share"),
            ("no_action_after_referral", "need.referred_then_no_action_share"),
            ("to_section_47", "strategy.to_section_47_share"),
            ("action_timed", "strategy.actions_timed_share"),
            ("to_conference", "strategy.conference_share"),
            ("section_47_at_visit", "need.section_47_at_visit_share"),
            ("section_47_in_assessment", "need.section_47_in_assessment_share"),
            ("brief", "assessment.brief_share"),
            ("sign_off_returned", "assessment.sign_off_returned_share"),
            ("close_after_section_47", "ending.close_after_section_47_share"),
        ],
    )
    def test_shares(self, name: str, path: str) -> None:
        share = BASE.value(path)

        assert isinstance(share, float)
        assert abs(z_of_share(column(DRAWN, name) == 1, share)) < MOST_Z

    @pytest.mark.parametrize("source", list(Source))
    def test_shares_of_each_source(self, source: Source) -> None:
        theirs = [contact for contact in DRAWN if contact.source == list(Source).index(source)]
        profile = BASE.demand.profile(source)
        flags = {
            "domestic_abuse": profile.domestic_abuse_share,
            "information_unclear": profile.information_unclear_share,
            "consent_missing": profile.consent_missing_share,
        }

        assert all(abs(z_of_share(column(theirs, name) == 1, share)) < MOST_Z for name, share in flags.items())
        assert abs(z_of_share(column(theirs, "need") == Need.BELOW_THRESHOLD, profile.below_threshold_share)) < MOST_Z

    @pytest.mark.parametrize(
        ("name", "path", "unit"),
        [
            ("second_look_minutes", "second_look.minutes", 1),
            ("strategy_minutes", "strategy.minutes", 1),
            ("strategy_delay", "strategy.slot_hours", HOUR),
            ("enquiry_minutes", "strategy.enquiry_minutes", 1),
            ("allocation_minutes", "assessment.allocation_minutes", 1),
            ("appointment_delay", "assessment.appointment_days", DAY),
            ("outside_delay", "assessment.outside_days", DAY),
            ("review_minutes", "assessment.review_minutes", 1),
            ("consent_delay", "further_work.consent_days", DAY),
            ("return_delay", "returns.delay_days", DAY),
            ("conference_working_days", "strategy.conference_working_days", 1),
        ],
    )
    def test_efforts_and_delays(self, name: str, path: str, unit: int) -> None:
        values = column(DRAWN, name) / unit

        assert abs(values.mean() - law(BASE, path).capped_mean) < MOST_Z * stats.sem(values)

    def test_need_and_rating(self) -> None:
        need = BASE.need
        above = [contact for contact in DRAWN if contact.need != Need.BELOW_THRESHOLD]
        more = [contact for contact in above if contact.need != Need.EARLY_HELP]
        harmed = [contact for contact in more if contact.need != Need.IN_NEED]
        at_once = [contact for contact in harmed if contact.need == Need.IMMEDIATE_RISK]
        likely = [contact for contact in harmed if contact.need == Need.SIGNIFICANT_HARM]
        in_need = [contact for contact in more if contact.need == Need.IN_NEED]
        scores = [
            z_of_share(column(above, "need") == Need.EARLY_HELP, need.early_help_share),
            z_of_share(column(more, "need") >= Need.SIGNIFICANT_HARM, need.section_47_share),
            z_of_share(column(harmed, "need") == Need.IMMEDIATE_RISK, need.immediate_share),
            z_of_share(column(at_once, "rating") != Rating.RED, need.immediate_missed_share),
            z_of_share(column(likely, "rating") == Rating.RED, need.rated_red_if_significant_share),
            z_of_share(column(likely, "threshold_unclear") == 1, need.unclear_threshold_share),
            z_of_share(column(in_need, "threshold_unclear") == 1, need.unclear_if_in_need_share),
        ]

        assert max(map(abs, scores)) < MOST_Z
        may_be_unclear = (Need.SIGNIFICANT_HARM, Need.IN_NEED)
        assert all(contact.threshold_unclear == 0 for contact in DRAWN if contact.need not in may_be_unclear)

    def test_visits_that_fail_and_children_who_are_missed(self) -> None:
        often = fates(BASE.changed({"assessment.failed_visit_share": 0.4, "assessment.sibling_missed_share": 0.3}))
        failed = np.array([contact.failed_visits for contact in often])
        siblings = np.concatenate([np.isin(np.arange(1, c.children), c.missed_children) for c in often])

        # Each visit fails with the same chance, up to the most that may.
        scores = [z_of_share(failed > k, 0.4 ** (k + 1)) for k in range(MOST_FAILED_VISITS)]
        assert max(map(abs, [*scores, z_of_share(siblings, 0.3)])) < MOST_Z
        assert failed.max() == MOST_FAILED_VISITS
        assert all(0 not in contact.missed_children for contact in often)

    def test_rounds_only_where_information_is_unclear(self) -> None:
        rounds = np.array([len(contact.rounds) for contact in DRAWN])
        unclear = column(DRAWN, "information_unclear") == 1

        assert ((rounds > 0) == unclear).all()
        assert rounds.max() == MOST_ROUNDS
        assert abs(rounds[unclear].mean() - law(BASE, "further_work.rounds").mean) < MOST_Z * stats.sem(rounds[unclear])

    def test_the_shares_of_endings_are_those_the_laws_imply(self) -> None:
        # A sixth of these contacts comes from each source, so the shares are reckoned likewise.
        scenario = even(BASE)
        drawn = [contact for k in range(5) for contact in fates(scenario, Luck(3, k))]
        classes = np.array([class_of_ending(contact) for contact in drawn])

        scores = [z_of_share(classes == k, share) for k, share in enumerate(outcome_shares(scenario))]
        assert max(map(abs, scores)) < MOST_Z

    def test_who_comes_back_may_be_asked_of_every_ending_a_contact_can_meet(self) -> None:
        always: dict[str, Callable[[Contact], bool]] = {
            "returns.after_no_action_share": lambda c: class_of_ending(c) == 0,
            "returns.after_early_help_share": lambda c: class_of_ending(c) == 1,
        }
        for path, meets in always.items():
            assert all(any(c.would_return) for c in fates(BASE.changed({path: 1.0})) if meets(c))
