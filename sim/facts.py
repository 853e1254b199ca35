"""What a log may know: a record knows what its format has a place for, and a measure what it needs."""

from collections.abc import Mapping
from enum import IntEnum


class Fact(IntEnum):
    """What a log knows. A model knows all; a record knows what its format has a place for. Append only."""

    RECEIPT = 1
    SOURCE = 2
    DOMESTIC_ABUSE = 3
    OPEN_CASE = 4
    FAMILY = 5
    HOURS = 6
    HANDOVER = 7
    RATING = 8
    FURTHER_WORK = 9
    SECOND_LOOK = 10
    DECISION = 11
    REFERRAL = 12
    NO_ACTION = 13
    HELP = 14
    STRATEGY_ASKED = 15
    STRATEGY = 16
    ACTIONS = 17
    SECTION_47 = 18
    CONFERENCE = 19
    ALLOCATION = 20
    GUIDE = 21
    SEEN = 22
    ASSESSMENT_START = 23
    AUTHORISATION = 24
    ENDING = 25
    REVIEWS = 26
    CLOSURE = 27
    WAITING = 28
    WORK = 29
    STAFF = 30


FACTS: Mapping[Fact, str] = {
    Fact.RECEIPT: "when each contact was received",
    Fact.SOURCE: "who made the contact",
    Fact.DOMESTIC_ABUSE: "which contacts are about domestic abuse",
    Fact.OPEN_CASE: "which contacts are about a case already open",
    Fact.FAMILY: "which children belong to one contact",
    Fact.HOURS: "times of day",
    Fact.HANDOVER: "which contacts the out of hours team handed over, and when",
    Fact.RATING: "how urgent a contact was rated",
    Fact.FURTHER_WORK: "when information was asked for",
    Fact.SECOND_LOOK: "when the threshold was looked at again",
    Fact.DECISION: "when every contact was decided",
    Fact.REFERRAL: "which contacts became referrals, and when",
    Fact.NO_ACTION: "which referrals ended without assessment",
    Fact.HELP: "when help began",
    Fact.STRATEGY_ASKED: "when a strategy discussion was asked for",
    Fact.STRATEGY: "when a strategy discussion was held",
    Fact.ACTIONS: "the actions of strategy discussions",
    Fact.SECTION_47: "when section 47 enquiries began",
    Fact.CONFERENCE: "when initial child protection conferences were held",
    Fact.ALLOCATION: "when a worker was allocated",
    Fact.GUIDE: "which allocations were above the caseload guide",
    Fact.SEEN: "when each child was first seen",
    Fact.ASSESSMENT_START: "when assessments began",
    Fact.AUTHORISATION: "when assessments were authorised",
    Fact.ENDING: "how assessments ended",
    Fact.REVIEWS: "when reviews were due and done",
    Fact.CLOSURE: "when cases closed",
    Fact.WAITING: "whom a contact was waiting for",
    Fact.WORK: "who worked when, and for how long",
    Fact.STAFF: "who was in post",
}
"""Each fact in words that complete "this record does not say ..."."""

ALL_FACTS = frozenset(Fact)
