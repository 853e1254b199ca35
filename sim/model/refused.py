"""What the compiled twin cannot run, said before anything is run."""

from functools import lru_cache
from itertools import chain
from typing import Final

from sim.model.same import Same
from sim.world import Contact, World

MOST_CHILDREN: Final = 62
"""Children of one family: the twin keeps who is unseen as the bits of one whole number."""


class EngineError(ValueError):
    """The engine asked for is none, or cannot run here or this world."""


def why_not(world: World) -> str:
    """Why the twin cannot run a world, or nothing where it can."""
    if world.begins or world.inherited:
        return "the world starts from open work, which it does not know how to go on with"
    most = _most_children(Same(world.contacts), Same(world.returns_before), Same(world.returns_after))
    if most > MOST_CHILDREN:
        return f"a family of {most} children is drawn, and it knows at most {MOST_CHILDREN}"
    return ""


@lru_cache(maxsize=3)
def _most_children(
    fresh: Same[tuple[Contact, ...]], before: Same[dict[int, Contact]], after: Same[dict[int, Contact]]
) -> int:
    """The children of the largest family, looked for once in families that several scenarios have."""
    contacts = chain(fresh.thing, before.thing.values(), after.thing.values())
    return max((contact.children for contact in contacts), default=0)
