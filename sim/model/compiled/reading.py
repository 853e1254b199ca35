"""Where things lie in memory, and what is read of it as more than one number."""

from typing import NamedTuple

from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import State
from sim.model.compiled.memory import as_float
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import past as PAST
from sim.model.compiled.rows import per_team as T
from sim.model.compiled.rows import round_of_work as ROUND
from sim.world import Contact


class Character(NamedTuple):
    """What decisions read of a contact: fields of `sim.world.Contact` by their names there."""

    source: int
    domestic_abuse: int
    need: int
    rating: int
    return_number: int
    seeded_return: int
    open_case: int
    other_team: int
    other_authority: int
    consent_missing: int
    consent_refused: int
    consent_dispensed: int
    wrong_if_cut: int
    threshold_unclear: int
    misdirected: int
    no_action_after_referral: int
    advice: int


@compiled
def character(s: State, contact: int) -> Contact:
    """What decisions read of a contact."""
    return Character(  # type: ignore[return-value]  # as much of one as decisions read
        s.w[contact + K.source],
        s.w[contact + K.domestic_abuse],
        s.w[contact + K.need],
        s.w[contact + K.rating],
        s.w[contact + K.return_number],
        s.w[contact + K.seeded_return],
        s.w[contact + K.open_case],
        s.w[contact + K.other_team],
        s.w[contact + K.other_authority],
        s.w[contact + K.consent_missing],
        s.w[contact + K.consent_refused],
        s.w[contact + K.consent_dispensed],
        s.w[contact + K.wrong_if_cut],
        s.w[contact + K.threshold_unclear],
        s.w[contact + K.misdirected],
        s.w[contact + K.no_action_after_referral],
        s.w[contact + K.advice],
    )


@compiled
def past_at(s: State, k: int) -> int:
    """Where it is told how far a contact had come when the run began."""
    return s.m[k + C.past]


@compiled
def pieces_done(s: State, k: int, activity: int) -> int:
    """How many pieces of work of a kind were done for a contact before the run began."""
    return s.m[s.m[k + C.past] + PAST.done + activity]


@compiled
def round_at(contact: int, number: int) -> int:
    """Where a contact's round of further work lies, counted from 1."""
    return contact + K.rounds + (number - 1) * ROUND.size


@compiled
def share(s: State, place: int) -> float:
    """A share or multiplier of the rules."""
    return as_float(s.m[place])


@compiled
def desk_at(s: State, d: int) -> int:
    """Where a desk lies."""
    return s.m[H.desks] + d * D.size


@compiled
def staff_at(s: State, d: int) -> int:
    """Where those who serve a shared desk are listed."""
    return s.m[H.staff] + d * s.m[H.row_length]


@compiled
def serving_at(s: State, d: int) -> int:
    """Where it is said, a bit for each worker, who serves a shared desk."""
    return s.m[H.serving] + d * s.m[H.words_of_workers]


@compiled
def per_team_at(s: State, team: int) -> int:
    """Where it is said what is known of a team."""
    return s.m[H.per_team] + team * T.size
