"""What one question of many parts has computed already, so that no part computes it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")

_HELD: ContextVar[dict[Hashable, Any] | None] = ContextVar("held", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Keep what :func:`once` computes, until the block ends: a lake may change after it."""
    if _HELD.get() is not None:
        yield
        return
    token = _HELD.set({})
    try:
        yield
    finally:
        _HELD.reset(token)


def once(key: Hashable, compute: Callable[[], T]) -> T:
    """What was computed under a key within :func:`remembering`; outside of it, computed anew."""
    held = _HELD.get()
    if held is None:
        return compute()
    if key not in held:
        held[key] = compute()
    return cast(T, held[key])


def keep(key: Hashable, value: object) -> None:
    """Have something at hand for :func:`once`; nothing happens outside of :func:`remembering`."""
    held = _HELD.get()
    if held is not None:
        held[key] = value
