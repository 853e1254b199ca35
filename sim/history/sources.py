"""Who makes contact: the national codes, and the words that systems and local lists use for them."""

import re

import polars as pl

from sim.history.fields import Kind, plain
from sim.scenario import Source

_PLACE = {source: place for place, source in enumerate(Source)}
UNKNOWN = -1

_CODES = {
    "1": Source.INDIVIDUALS, "2": Source.SCHOOLS, "3": Source.HEALTH, "5": Source.LA_SERVICES, "6": Source.POLICE,
    "4": Source.OTHER, "7": Source.OTHER, "8": Source.OTHER, "9": Source.INDIVIDUALS,
}  # fmt: skip
"""By the number of the DfE's code: 1A-1D, 2A-2B, 3A-3F, 4 housing, 5A-5D, 6, 7 legal, 8 other, 9 anonymous."""

_CODE = re.compile(r"(?:[a-z]\d?\)\s*)?(10|[1-9])([a-f])?(?:\b|:|$)")

_WORDS = (
    ("police", Source.POLICE),
    ("school", Source.SCHOOLS), ("education", Source.SCHOOLS), ("nursery", Source.SCHOOLS),
    ("health", Source.HEALTH), ("hserv", Source.HEALTH), ("hospital", Source.HEALTH), ("nhs", Source.HEALTH),
    ("a&e", Source.HEALTH), ("gp", Source.HEALTH), ("midwi", Source.HEALTH),
    ("la service", Source.LA_SERVICES), ("local authority", Source.LA_SERVICES), ("early help", Source.LA_SERVICES),
    ("social care", Source.LA_SERVICES), ("la_services", Source.LA_SERVICES),
    ("individual", Source.INDIVIDUALS), ("indfrc", Source.INDIVIDUALS), ("family", Source.INDIVIDUALS),
    ("relative", Source.INDIVIDUALS), ("carer", Source.INDIVIDUALS), ("self", Source.INDIVIDUALS),
    ("acquaintance", Source.INDIVIDUALS), ("anonymous", Source.INDIVIDUALS),
    ("housing", Source.OTHER), ("legal", Source.OTHER), ("court", Source.OTHER), ("probation", Source.OTHER),
    ("other", Source.OTHER), ("voluntary", Source.OTHER), ("independent", Source.OTHER),
)  # fmt: skip
"""Parts of words, the first that is found deciding: `LA services - Early Help` is the authority's own."""

_NOT_KNOWN = ("unknown", "not recorded", "not known", "not stated")


def source_of(text: str) -> int | None:
    """The position in `Source` of a code or description; -1 for one that says unknown, None for a local one."""
    words = plain(text)
    code = _CODE.match(words)
    if code:
        return _PLACE[_CODES[code[1]]] if code[1] in _CODES else UNKNOWN
    if any(word in words for word in _NOT_KNOWN):
        return UNKNOWN
    return next((_PLACE[source] for word, source in _WORDS if re.search(rf"\b{re.escape(word)}", words)), None)


def _sources(cells: pl.Series) -> pl.Series:
    wanted = cells.drop_nulls().unique()
    values = [LOCAL if (place := source_of(cell)) is None else place for cell in wanted.to_list()]
    found = pl.DataFrame({"cell": wanted, "value": pl.Series(values, dtype=pl.Int8)})
    return cells.to_frame("cell").join(found, on="cell", how="left", maintain_order="left")["value"]


LOCAL = -2
"""A local code that nobody has told the meaning of; counted as a finding and read as unknown."""

SOURCE = Kind("must be a source", _sources)
