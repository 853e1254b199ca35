"""Philox4x64-10 in compiled code: the uniforms of many entities, bit for bit those of `sim.randomness`."""

from typing import Any, Final

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.kept import PACKAGE, entry, folders, hash_of

Words = NDArray[np.uint64]

_ROUNDS: Final = 10
_FIRST_MULTIPLIER, _SECOND_MULTIPLIER = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_FIRST_STEP, _SECOND_STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_DROPPED_BITS, _STEP = np.uint64(12), 2.0**-52
_NONE: Final = np.uint64(0)


@intrinsic
def _high_word(_: Any, one: Any, other: Any) -> Any:
    """The upper 64 of the 128 bits of a product: one instruction, for which neither numpy nor Numba has a name."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(word, wide) for word in arguments))
        return builder.trunc(builder.lshr(product, wide(64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


_high: Final[Any] = _high_word  # called with one argument less than it is written with


@njit(inline="always")
def _block(first: Any, second: Any, fourth: Any, key: Words) -> Any:
    a, b, c, d = first, second, _NONE, fourth
    key_a, key_c = key[0], key[1]
    for _ in range(_ROUNDS):
        high_a: Any = _high(a, _FIRST_MULTIPLIER)
        high_c: Any = _high(c, _SECOND_MULTIPLIER)
        low_a, low_c = a * _FIRST_MULTIPLIER, c * _SECOND_MULTIPLIER
        a, b, c, d = high_c ^ b ^ key_a, low_c, high_a ^ d ^ key_c, low_a
        key_a, key_c = key_a + _FIRST_STEP, key_c + _SECOND_STEP
    return a, b, c, d


@entry(
    "void(uint64[::1], uint64[::1], uint64[::1], uint64[::1], int64[:, ::1], float64[:, ::1])",
    folders(),
    hash_of(PACKAGE, ("kept.py", "philox.py")),
    name="chance",
)
def fill(key: Words, blocks: Words, occasions: Words, entities: Words, rows: NDArray[np.int64], out: Any) -> None:
    """Write the uniforms of entities into `out`, of shape (purposes, entities).

    `occasions` is one for all entities or one for each. `rows` says, (blocks, 4), in which row of `out` each word of a
    block belongs, or -1 where nobody asks for it.
    """
    is_one = len(occasions) == 1
    for block in range(len(blocks)):
        first = blocks[block] + np.uint64(1)
        for place in range(len(entities)):
            words = _block(first, occasions[0 if is_one else place], entities[place], key)
            for lane in range(4):
                if rows[block, lane] >= 0:
                    out[rows[block, lane], place] = ((words[lane] >> _DROPPED_BITS) + 0.5) * _STEP
