"""Memory as the compiled code sees it."""

from typing import Any, cast

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from sim.model.compiled.layout import Memory, Rows


def address(memory: Rows) -> Memory:
    """Memory as a bare address: indexed alike, but one number to hand on rather than ten."""
    return cast("Memory", memory)


def as_float(bits: int) -> float:
    """The number whose bits these are."""
    return float(np.int64(bits).view(np.float64))


@intrinsic
def _address(_: Any, memory: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0]).data  # type: ignore[no-untyped-call]

    return types.CPointer(types.int64)(memory), generate  # type: ignore[no-untyped-call]


@intrinsic
def _as_float(_: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float64))

    return types.float64(bits), generate


@overload(address, strict=False)
def _compiled_address(memory: Any) -> Any:
    return lambda memory: _address(memory)  # type: ignore[call-arg]


@overload(as_float, strict=False)
def _compiled_as_float(bits: Any) -> Any:
    return lambda bits: _as_float(bits)  # type: ignore[call-arg]
