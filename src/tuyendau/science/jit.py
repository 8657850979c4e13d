"""One way to compile a kernel, so that every kernel is cached on disk and releases the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])

# Numba's own types describe interpreted code; what kernels call is only known to the compiler.
_numba: Any = numba
_types: Any = types
_intrinsic: Callable[[F], Any] = intrinsic


def kernel(function: F) -> F:
    """Compile `function` with Numba: cached, without the interpreter lock, dividing as NumPy does.

    Where no folder can be written for the cache (a read-only installation), it is compiled in each process.
    """
    try:
        return cast(F, numba.njit(function, cache=True, nogil=True, error_model="numpy"))
    except RuntimeError:
        return cast(F, numba.njit(function, nogil=True, error_model="numpy"))


def inlined(function: F) -> F:
    """Compile `function` into its callers: for innermost loops, where passing arrays on costs more than the work."""
    return cast(F, numba.njit(function, inline="always", error_model="numpy"))


def _pointer_to(item: Any) -> tuple[Any, Any]:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return _types.CPointer(item)(_types.int64), generate


@_intrinsic
def _int32_pointer(_typing: Any, _address: Any) -> Any:
    return _pointer_to(_types.int32)


@_intrinsic
def _uint8_pointer(_typing: Any, _address: Any) -> Any:
    return _pointer_to(_types.uint8)


@kernel
def int32_at(address: int, length: int) -> Any:
    """View of `length` int32 at a memory address; the caller keeps the memory alive."""
    return _numba.carray(_int32_pointer(address), (length,))


@kernel
def uint8_at(address: int, length: int) -> Any:
    """View of `length` uint8 at a memory address; the caller keeps the memory alive."""
    return _numba.carray(_uint8_pointer(address), (length,))


@_intrinsic
def _data_of(_typing: Any, array: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.bitcast(data, context.get_value_type(signature.return_type))

    return _types.CPointer(array.dtype)(array), generate


@inlined
def unowned(array: Any) -> Any:
    """View of a contiguous array that does not count references; the caller keeps the array alive.

    In an innermost loop the counting alone, an atomic operation each time, costs more than the work.
    """
    return _numba.carray(_data_of(array), array.shape)
