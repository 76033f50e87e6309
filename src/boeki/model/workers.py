"""Processes of this machine to solve in, all processors busy."""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

#: Settings of mallopt(3): from how many free bytes on memory is given back, from what size on an
#: array gets pages of its own; and what we set them to, the second to the most there may be.
_FREED_ABOVE, _MAPPED_FROM = -1, -3
_AS_MUCH_AS, _LARGEST = 1 << 28, 1 << 25


@contextmanager
def processes(
    count: int, begin: Callable[..., None] | None = None, given: tuple[Any, ...] = ()
) -> Iterator[Executor]:
    """Workers, each with one thread for linear algebra.

    Where they can be forked they are, whatever Python's version would choose: they have the code
    and the arrays without asking, and a script needs no guard around what it does. They only
    compute: they touch none of the threads that the process may have.

    Parameters
    ----------
    count
        How many.
    begin, given
        Called in each worker before all else.
    """
    forked = sys.platform.startswith("linux")
    context = get_context("fork" if forked else "spawn")
    with _one_thread_each(), warnings.catch_warnings():
        # Python warns of threads that a forked process might wait for; ours wait for none.
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        with ProcessPoolExecutor(
            count, mp_context=context, initializer=_begin, initargs=(begin, given)
        ) as pool:
            yield pool


def _begin(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    _hold_memory()
    if begin is not None:
        begin(*given)


def _hold_memory() -> None:
    """Keep memory that arrays leave for those that follow, where glibc gives it.

    A worker makes arrays of the same sizes over and over, and new pages of the system's take longer
    than what is done with them.
    """
    try:
        told = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    told(_FREED_ABOVE, _AS_MUCH_AS)
    told(_MAPPED_FROM, _LARGEST)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers start with one thread for linear algebra: there is a worker for every core."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    before: Mapping[str, str | None] = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
