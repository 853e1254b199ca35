"""Worlds: all the chance of a replication, keyed and drawn before anything moves."""

from sim.world.added import AddedPosts, added_posts
from sim.world.arrivals import EPOCH, expected_per_day
from sim.world.columns import Columns
from sim.world.contact import MOST_RETURNS, NOT_ASKED, Contact, Round
from sim.world.families import DrawnFamilies, Families, Known
from sim.world.in_post import PostHeld, posts_held
from sim.world.inherited import Inherited, PastEvent
from sim.world.people import (
    DOMESTIC_ABUSE_TEAM,
    FIRST_ASSESSMENT_TEAM,
    NO_TEAM,
    QUALIFIED,
    STAYS,
    Person,
    domestic_abuse_team_starts,
    has_domestic_abuse_team,
    posts_by_role,
)
from sim.world.recorded import Record, ReplayError, record_of
from sim.world.replay import ReplayedFamilies, replay_calendar, replayed
from sim.world.span import Span, span
from sim.world.steady import implied_return_share, outcome_shares
from sim.world.world import World, draw

__all__ = [
    "DOMESTIC_ABUSE_TEAM",
    "EPOCH",
    "FIRST_ASSESSMENT_TEAM",
    "MOST_RETURNS",
    "NOT_ASKED",
    "NO_TEAM",
    "QUALIFIED",
    "STAYS",
    "AddedPosts",
    "Columns",
    "Contact",
    "DrawnFamilies",
    "Families",
    "Inherited",
    "Known",
    "PastEvent",
    "Person",
    "PostHeld",
    "Record",
    "ReplayError",
    "ReplayedFamilies",
    "Round",
    "Span",
    "World",
    "added_posts",
    "domestic_abuse_team_starts",
    "draw",
    "expected_per_day",
    "has_domestic_abuse_team",
    "implied_return_share",
    "outcome_shares",
    "posts_by_role",
    "posts_held",
    "record_of",
    "replay_calendar",
    "replayed",
    "span",
]
