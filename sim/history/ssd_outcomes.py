"""What outcomes in the Standard Safeguarding Dataset say: flags in JSON, plain words or nothing, by system.

A cell becomes a set of `Says` as it is read, so comments that stand beside the flags are never kept.
"""

import json
import re
from collections.abc import Iterator
from enum import IntFlag, auto
from functools import lru_cache

import polars as pl

from sim.history.fields import Kind, plain


class Says(IntFlag):
    """What an outcome says; `DAMAGED` JSON is read flag by flag, `LOCAL` words are not understood."""

    REFERRAL = auto()
    OPEN_CASE = auto()
    NO_ACTION = auto()
    ADVICE = auto()
    EARLY_HELP = auto()
    ASSESSMENT = auto()
    STRATEGY = auto()
    OTHER_TEAM = auto()
    SERVICES = auto()
    OTHER_AGENCY = auto()
    DAMAGED = auto()
    LOCAL = auto()


_FLAGS = {
    "NEW_REFERRAL": Says.REFERRAL, "EXISTING_REFERRAL": Says.OPEN_CASE, "NFA": Says.NO_ACTION,
    "NFA_S47_END": Says.NO_ACTION, "ADVICE": Says.ADVICE, "SINGLE_ASSESSMENT": Says.ASSESSMENT,
    "STRATEGY_DISCUSSION": Says.STRATEGY, "CP_ENQUIRY": Says.STRATEGY, "CLA_REQUEST": Says.OTHER_TEAM,
    "NON_AGENCY_ADOPTION": Says.OTHER_TEAM, "PRIVATE_FOSTERING": Says.OTHER_TEAM, "CARE_LEAVER": Says.OTHER_TEAM,
    "CP_TRANSFER_IN": Says.OTHER_TEAM, "PROV_OF_SERVICES": Says.SERVICES, "PROV_OF_SB_CARE": Says.SERVICES,
    "LEGAL_ACTION": Says.SERVICES, "SPECIALIST_ASSESSMENT": Says.SERVICES,
    "REFERRAL_TO_OTHER_AGENCY": Says.OTHER_AGENCY,
}  # fmt: skip
"""By the flag's name less `_FLAG`; other flags say nothing that is used."""

_WORDS = (
    ("no further action", Says.NO_ACTION), ("nfa", Says.NO_ACTION),
    ("early help", Says.EARLY_HELP), ("eh referral", Says.EARLY_HELP), ("step down", Says.EARLY_HELP),
    ("step-down", Says.EARLY_HELP),
    ("open case", Says.OPEN_CASE), ("already open", Says.OPEN_CASE), ("existing", Says.OPEN_CASE),
    ("strategy", Says.STRATEGY), ("section 47", Says.STRATEGY), ("s47", Says.STRATEGY),
    ("assessment", Says.ASSESSMENT), ("cin referral", Says.REFERRAL), ("new referral", Says.REFERRAL),
    ("advice", Says.ADVICE), ("information", Says.ADVICE), ("signpost", Says.ADVICE),
    ("provision of services", Says.SERVICES), ("child in need plan", Says.SERVICES),
)  # fmt: skip
"""Parts of words; in each item of a list the first that is found decides."""

_FLAG = re.compile(r'"(?:OUTCOME_)?([A-Z0-9_]+)_FLAG"\s*:\s*"?(Y|YES|TRUE|1)\b', re.IGNORECASE)
_YES = ("Y", "YES", "TRUE", "1")
_DOMESTIC_ABUSE = r"\b3[ABC]\b"


@lru_cache(maxsize=1 << 14)
def says(text: str) -> int:
    """What one cell says."""
    if text.lstrip()[:1] not in ("{", "["):
        return _of_words(text)
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        # Built by joining text, with quotation marks in the comments: the flags themselves can still be read.
        return Says.DAMAGED | _of_flags(name for name, _ in _FLAG.findall(text))
    return _of_flags(_set_flags(held))


def _set_flags(held: object) -> Iterator[str]:
    for part in held if isinstance(held, list) else [held]:
        if isinstance(part, dict):
            told = ((str(key).upper(), str(value).strip().upper()) for key, value in part.items())
            yield from (key.removeprefix("OUTCOME_").removesuffix("_FLAG") for key, value in told if value in _YES)


def _of_flags(names: Iterator[str]) -> int:
    found = 0
    for name in names:
        found |= _FLAGS.get(name.upper(), 0)
    return found


def _of_words(text: str) -> int:
    found = 0
    for item in re.split(r"[,;|]", plain(text)):
        found |= next((meaning for word, meaning in _WORDS if re.search(rf"\b{word}", item)), 0)
    return found or Says.LOCAL


def _read(cells: pl.Series) -> pl.Series:
    wanted = cells.drop_nulls().unique()
    found = pl.DataFrame({"cell": wanted, "says": pl.Series([says(text) for text in wanted.to_list()], dtype=pl.Int16)})
    return cells.to_frame("cell").join(found, on="cell", how="left", maintain_order="left")["says"]


def _abuse(cells: pl.Series) -> pl.Series:
    return cells.str.to_uppercase().str.contains(_DOMESTIC_ABUSE).cast(pl.Int8)


OUTCOME = Kind("must be an outcome", _read)
"""Any text: what cannot be understood is `LOCAL`, and refuses no row."""

ABUSE_FACTORS = Kind("must be a list of factors", _abuse)
"""1 where the factors of an assessment include domestic abuse (3A, 3B or 3C), else 0."""


def said(column: str, *meanings: Says) -> pl.Expr:
    """Whether an outcome says any of these; false where it says nothing."""
    wanted = 0
    for meaning in meanings:
        wanted |= meaning
    return (pl.col(column).fill_null(0).cast(pl.Int16) & wanted) != 0
