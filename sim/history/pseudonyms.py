"""Ids made pseudonymous as they are read: the same id gives the same number under one salt, and no way back."""

import secrets
from hashlib import blake2b
from pathlib import Path

import polars as pl

from sim.history.tables import ExtractError

SALT_BYTES = 32
_POSITIVE = (1 << 62) - 1


class Pseudonyms:
    """Numbers in place of ids, under a secret salt: one made for the occasion, or one kept to link later extracts."""

    def __init__(self, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(SALT_BYTES)

    def of(self, ids: pl.Series, kind: str = "") -> pl.Series:
        """A positive whole number below 2^62 for each id; null for none. Ids of another `kind` give other numbers."""
        different = ids.drop_nulls().unique()
        numbers = [self._number(kind, text) for text in different.to_list()]
        told = pl.DataFrame({"id": different, "number": pl.Series(numbers, dtype=pl.Int64)})
        found = ids.to_frame("id").join(told, on="id", how="left", maintain_order="left")
        return found["number"].alias(ids.name)

    def _number(self, kind: str, text: str) -> int:
        digest = blake2b(f"{kind}:{text}".encode(), key=self._salt, digest_size=8).digest()
        return int.from_bytes(digest, "big") & _POSITIVE or 1


def kept_salt(path: Path) -> bytes:
    """The salt in a file, made on first use. Whoever has it can tell which pseudonym is a known id's: keep it apart.

    Raise `ExtractError` where the file holds anything else, or cannot be read or made.
    """
    try:
        if not path.exists():
            path.write_bytes(secrets.token_bytes(SALT_BYTES))
        salt = path.read_bytes()
    except OSError as error:
        raise ExtractError(f"{path}: a salt cannot be kept there ({error.strerror})") from error
    if len(salt) != SALT_BYTES:
        raise ExtractError(f"{path}: is not a salt, which is {SALT_BYTES} bytes")
    return salt
