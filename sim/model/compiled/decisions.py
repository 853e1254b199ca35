"""The decisions of the model of record that are compiled as they stand: each has one home, `sim.policies`."""

from collections.abc import Callable
from typing import Final

from sim import policies

AS_THEY_STAND: Final[tuple[Callable[..., object], ...]] = (
    policies.may_be_section_47,
    policies.is_discussed_before_passed_on,
    policies.cannot_wait,
    policies.must_seek_consent,
    policies.has_history,
    policies.outcome,
    policies._referral,  # noqa: SLF001  (a part of the decision above)
    policies.goes_to_domestic_abuse_team,
    policies.next_batch,
    policies.pieces_in,
    policies.piece,
    policies.team_of,
    policies.list_now,
    policies.load,
    policies.room_for,
    policies.hurried,
    policies.drift_left,
)
