"""What holds of the shipped sets of plausible numbers in a comparison: what a file or a setting states wins."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from sim.experiment.plan import OF, Unvaried, Variant
from sim.scenario import Evidence, Grade, levers

Set = Mapping[str, object]


def without(sets: Sequence[Set], stated: Collection[str]) -> tuple[Set, ...]:
    """The sets without what is stated of the baseline; a law that is stated takes the sets' numbers inside it along."""
    return tuple({path: value for path, value in each.items() if not _is_stated(path, stated)} for each in sets)


def _is_stated(path: str, stated: Collection[str]) -> bool:
    return any(f"{path}.".startswith(f"{each}.") for each in stated)


def with_assumed_effects(
    sets: Sequence[Set], variants: Sequence[Variant], shipped: Mapping[str, Mapping[str, object]]
) -> tuple[Set, ...]:
    """The sets with each assumed effect given to every scenario that assumes the same, whatever it is called.

    `shipped` tells what each scenario that the sets speak of changes. An effect is a range about the number it was
    assumed to be, so a scenario with another number at that path keeps its own, in every set.
    """
    given: dict[str, list[str]] = {}
    for variant in variants:
        for key in _assumed_alike(sets[0], variant, shipped):
            given.setdefault(key, []).append(f"{variant.name}{OF}{key.partition(OF)[2]}")
    return tuple(
        {path: value for path, value in each.items() if OF not in path}
        | {new: each[key] for key, names in given.items() for new in names}
        for each in sets
    )


def _assumed_alike(keys: Set, variant: Variant, shipped: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """The key of each effect that a scenario assumes as a shipped one does: of its own name where there is one."""
    paths: dict[str, str] = {}
    for key in keys:
        name, of, path = key.partition(OF)
        states = of and path in variant.differences and path in shipped.get(name, {})
        if states and variant.differences[path] == shipped[name][path] and (path not in paths or name == variant.name):
            paths[path] = key
    yield from paths.values()


def unexplored(sets: Sequence[Set], given: Sequence[Set], variants: Sequence[Variant]) -> Iterator[str]:
    """What scenarios state that the shipped sets have a range for, as an assumed effect, and those given have not."""
    assumed = {key.partition(OF)[2] for key in sets[0] if OF in key}
    for variant in variants:
        for path in sorted(assumed & variant.differences.keys()):
            if f"{variant.name}{OF}{path}" not in given[0]:
                yield f"{variant.name}, {path}: is taken as stated; what is not known about it is in no range"


def unvaried(sets: Sequence[Set], sources: Sequence[Evidence]) -> tuple[Unvaried, ...]:
    """Numbers that have a plausible range but are the same in every set; none where there are no sets."""
    if not sets[0]:
        return ()
    meanings = {path: str(field.description).rstrip(".") for path, field in levers()}
    varied = {path for path in sets[0] if len({each[path] for each in sets}) > 1}
    return tuple(
        Unvaried(entry.path, meanings.get(entry.path, entry.path), entry.low, entry.high)
        for entry in sources
        if entry.grade is not Grade.OFFICIAL and entry.low is not None and entry.high is not None
        if entry.low < entry.high and not any(f"{path}.".startswith(f"{entry.path}.") for path in varied)
    )
