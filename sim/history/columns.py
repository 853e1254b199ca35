"""Which columns of a table hold a field: one, or several where a heading stands twice or under two of its names."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from sim.history.fields import Field, plain


def columns_of(headings: Sequence[str], fields: Iterable[Field]) -> dict[str, tuple[int, ...]]:
    """The places of each field's columns among the headings, the first named first; none for fields not there."""
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        places.setdefault(plain(heading), []).append(place)
    found = {}
    for field in fields:
        names = dict.fromkeys(plain(heading) for heading in (field.name, *field.headings))
        if there := tuple(place for name in names for place in places.get(name, ())):
            found[field.name] = there
    return found


def find_columns(headings: Sequence[str], fields: Iterable[Field]) -> dict[str, int]:
    """The place of each field's column among the headings; fields that are not there are left out."""
    return {name: places[0] for name, places in columns_of(headings, fields).items()}


def one_of_several(field: Field, columns: Sequence[pl.Series]) -> tuple[pl.Series, int | None]:
    """The cells of a field from its columns, whichever is filled; and the first place where two of them differ."""
    cells = columns[0]
    clash = pl.Series([False]).new_from_index(0, len(cells))
    for other in columns[1:]:
        both = cells.is_not_null() & other.is_not_null() & (cells != other)
        # The same date may be written in two ways.
        clash |= both.fill_null(value=False) & field.kind.read(cells).ne_missing(field.kind.read(other))
        cells = cells.to_frame("one").select(pl.coalesce("one", other.alias("other")))["one"]
    return cells, clash.arg_true().first() if clash.any() else None  # type: ignore[return-value]


def doubled(headings: Sequence[str], found: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[str, ...]]:
    """The fields with several columns, and what these are called, with their places where they are called the same."""
    return {
        name: tuple(f'"{headings[place].strip()}" (column {place + 1})' for place in places)
        for name, places in found.items()
        if len(places) > 1
    }
