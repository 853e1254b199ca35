"""What the compiled twin cannot run, said before anything is run."""

from typing import Final

from sim.world import World

MOST_CHILDREN: Final = 62
"""Children of one family: the twin keeps who is unseen as the bits of one whole number."""


class EngineError(ValueError):
    """The engine asked for is none, or cannot run here or this world."""


def why_not(world: World) -> str:
    """Why the twin cannot run a world, or nothing where it can."""
    if world.begins or world.inherited:
        return "the world starts from open work, which it does not know how to go on with"
    returns = (world.returns_before.values(), world.returns_after.values())
    most = max((contact.children for contacts in (world.contacts, *returns) for contact in contacts), default=0)
    if most > MOST_CHILDREN:
        return f"a family of {most} children is drawn, and it knows at most {MOST_CHILDREN}"
    return ""
