"""What the compiled twin cannot run, said before anything is run."""

from functools import lru_cache
from itertools import chain
from typing import Final

from sim.model.same import Same
from sim.world import DrawnFamilies, Families, World

MOST_CHILDREN: Final = 62
"""Children of one family: the twin keeps who is unseen as the bits of one whole number."""


class EngineError(ValueError):
    """The engine asked for is none, or cannot run here or this world."""


def why_not(world: World) -> str:
    """Why the twin cannot run a world, or nothing where it can."""
    most = max(_most_children(Same(world.families)), *(one.contact.children for one in world.inherited), 0)
    if most > MOST_CHILDREN:
        return f"a family of {most} children is drawn, and it knows at most {MOST_CHILDREN}"
    return ""


@lru_cache(maxsize=3)
def _most_children(families: Same[Families]) -> int:
    """The children of the largest family, looked for once in families that several scenarios have."""
    found = families.thing
    if isinstance(found, DrawnFamilies):
        batches = chain(*found.columns)
        return max((int(batch["children"].max(initial=0)) for batch in batches), default=0)
    contacts = chain(found.contacts, found.before.values(), found.after.values())
    return max((contact.children for contact in contacts), default=0)
