"""How a part of the run is compiled: once, for the types that it declares, and finished together with all the others.

Numba would compile a function anew for each mixture of constants and defaults that it is called with, and optimise it
and make machine code of it in itself and again in everything that leads to it. The run is hundreds of functions that
are called from nowhere but one entry: for them that was four fifths of the time.
"""

from collections.abc import Callable, Iterator, Mapping
from inspect import signature
from typing import Any, Final, TypeVar, cast, get_type_hints

from llvmlite.binding import Linkage  # type: ignore[import-untyped]
from numba import types
from numba.core import config as _config
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.errors import TypingError
from numba.core.registry import CPUDispatcher
from numba.core.typeconv.castgraph import Conversion

from sim.model.compiled.layout import State
from sim.model.garbage import left_lying

Part = TypeVar("Part", bound=Callable[..., object])

_CONFIG: Final[Any] = _config
_OPTIONS: Final[Mapping[str, Any]] = {
    "nopython": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "no_rewrites": True,  # of arrays and constants: a part has neither
}
_NEEDLESS: Final = frozenset({"InlineClosureLikes", "InlineOverloads", "IRLegalization"})
"""Passes of Numba for what no part has: functions within it, and objects whose users are counted."""
_TYPES: Final[Mapping[Any, Any]] = {
    int: types.int64,
    float: types.float64,
    bool: types.boolean,
    State: types.NamedUniTuple(types.CPointer(types.int64), 2, State),  # type: ignore[no-untyped-call]
}


def compiled(part: Part) -> Part:
    """A part of the run. Nothing of it can be called from Python but the entry: that keeps small what is compiled."""
    return part if _CONFIG.DISABLE_JIT else cast("Part", _Part(part))


class _Part(CPUDispatcher):
    """A function compiled for the types that its annotations name, whatever constants it is called with."""

    def __init__(self, part: Callable[..., object]) -> None:
        super().__init__(part, targetoptions=dict(_OPTIONS), pipeline_class=_Compiler)
        hints = get_type_hints(part)
        self._declared = tuple(_TYPES[hints[name]] for name in signature(part).parameters)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """What a call is typed by: what is declared, to which all that is given must lead without loss."""
        for given, declared in zip(self.fold_argument_types(args, kws)[1], self._declared, strict=True):
            if not isinstance(given, types.Omitted) and self._is_lost(given, declared):
                raise TypingError(f"{self.py_func.__qualname__} is given {given} where it says {declared}")
        # The compiler makes millions of objects: to look through them is a sixth of its time.
        with left_lying():
            return super().get_call_template(self._declared, {})

    def _is_lost(self, given: Any, declared: Any) -> bool:
        return self.typingctx.can_convert(given, declared) in (None, Conversion.unsafe)  # type: ignore[no-untyped-call]

    def add_overload(self, cres: Any) -> None:
        """It is there for other parts alone, which know it by its function: it has no address yet."""
        self.targetctx.insert_user_function(self.py_func, cres.fndesc, [cres.library])  # type: ignore[no-untyped-call]
        self.overloads[tuple(cres.signature.args)] = cres._replace(entry_point=self.py_func)


class _Compiler(Compiler):
    """Compiles a part up to the code that Numba would optimise."""

    def define_pipelines(self) -> list[Any]:
        """The passes of Numba that a part needs, of which the last writes its code down."""
        self.state.flags.no_compile = True
        self.state.library = _Code(self.state.targetctx.codegen(), self.state.func_id.func_qualname)  # type: ignore[no-untyped-call]
        (whole,) = super().define_pipelines()  # type: ignore[no-untyped-call]
        whole.passes = [(step, why) for step, why in whole.passes if step.__name__ not in _NEEDLESS]
        return [whole]


class _Code(JITCodeLibrary):
    """The code of a part as it was written down: it is optimised where it has been taken in, in the entry."""

    def add_linking_library(self, library: Any) -> None:
        """Take in what is called from here, but not before all is wanted."""
        self._linking_libraries.append(library)

    def finalize(self) -> None:
        """Say that nothing more is written down."""
        self._reload_init.update(*(library._reload_init for library in self._called({self})))
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        """The code of this and of whatever is called from here, and from there, once each; it can be taken in twice."""
        whole = self._final_module.clone()
        for library in self._called({self}):
            one = library._final_module if isinstance(library, _Code) else library._get_module_for_linking()
            whole.link_in(one, preserve=True)
        for function in whole.functions:
            if not function.is_declaration and function.linkage == Linkage.external:
                function.linkage = Linkage.linkonce_odr
        return whole

    def _called(self, seen: set[Any]) -> Iterator[Any]:
        for library in self._linking_libraries:
            if library not in seen:
                seen.add(library)
                yield library
                yield from library._called(seen) if isinstance(library, _Code) else ()

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
