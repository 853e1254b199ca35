"""Fates drawn for tests: six thousand contacts at once, and what is read off them."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.events import Ending, Outcome
from sim.policies import is_assessed, outcome, return_class
from sim.randomness import Luck, contact_ids
from sim.scenario import Scenario, Source, load
from sim.world import Contact
from sim.world.columns import contacts_of
from sim.world.fates import Fates
from tests.worlds import BASELINE

# Every need is drawn for itself unless a test says otherwise: so the shares asked for are those of every contact.
BASE = load(BASELINE).changed({"returns.same_need_share": 0.0})
NUMBER = 6000
IDS = contact_ids(np.arange(NUMBER) // 100 + 17_000, np.arange(NUMBER) % 6, np.arange(NUMBER) % 100)
LUCK = Luck(3, 0)


def fates(
    scenario: Scenario,
    luck: Luck = LUCK,
    return_number: int = 0,
    need_before: NDArray[np.int64] | None = None,
    baseline: Scenario | None = None,
) -> list[Contact]:
    """Six thousand contacts, a sixth from each source, or the returns of their families.

    Of a scenario that is its own baseline, unless one is given.
    """
    nothing = np.zeros(NUMBER, dtype=np.int64)
    born = {
        "id": IDS + return_number,
        "received": nothing,
        "source": np.arange(NUMBER) % 6,
        "parent": nothing - 1,
        "return_number": nothing + return_number,
        "seeded_return": nothing,
    }
    drawn = Fates(scenario, luck, IDS + return_number, IDS, baseline or scenario)
    return contacts_of(drawn.columns(born, nothing - 1 if need_before is None else need_before))


def column(contacts: list[Contact], name: str) -> NDArray[np.int64]:
    """One number of every contact."""
    return np.array([getattr(contact, name) for contact in contacts])


def z_of_share(flags: NDArray[np.bool_], share: float) -> float:
    """How many standard errors a share is from what is asked."""
    return float((flags.mean() - share) / np.sqrt(max(share * (1 - share), 1e-12) / len(flags)))


MOST_Z = float(stats.norm.isf(0.0005 / 40))
"""Forty scores, all within this but for chance once in a thousand."""


def even(scenario: Scenario) -> Scenario:
    """The scenario with a sixth of all contacts from each source, as in these tests."""
    even: dict[str, object] = {f"demand.{source.value}.contact_share": 1 / 6 for source in Source}
    return scenario.changed({**even, "demand.other.contact_share": 1 - 5 / 6})


def class_of_ending(contact: Contact) -> int:
    """The class of ending a contact meets, -1 where its return is not ours."""
    decided = outcome(contact)
    ending = contact.ending if is_assessed(decided) else Ending.AT_CONTACT
    later = contact.section_47_at_visit or (contact.section_47_in_assessment and not contact.brief)
    discussed = decided is Outcome.STRATEGY_DISCUSSION or (is_assessed(decided) and later)
    if discussed and contact.to_section_47:
        closes = contact.close_after_section_47 and not contact.to_conference
        ending = Ending.NO_FURTHER_ACTION if closes else Ending.TRANSFER
    found = return_class(decided, ending)
    return -1 if found is None else int(found)
