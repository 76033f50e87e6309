"""Many scenarios at once: both cores busy, memory bounded, or on an engine that is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import BoekiError, InputError, MissingExtra, NotSolved
from boeki.model.equilibrium import Equilibrium
from boeki.model.exact_hat import Point
from boeki.model.shocks import Shocks, problem_of
from boeki.model.solve import solve
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

#: Scenarios that a worker is handed at once.
_CHUNK = 10
#: Chunks that wait for each worker: memory stays bounded however many scenarios there are.
_AHEAD = 3
#: What is kept of each equilibrium where nothing else is asked for.
KEPT = ("welfare", "real_wage")


@dataclass(frozen=True)
class Task:
    """One scenario of many: a world of its own, or another's, with shocks."""

    world: World
    shocks: Shocks


def solve_many(
    tasks: Iterable[Task],
    keep: Sequence[str] = KEPT,
    *,
    count: int | None = None,
    engine: str | Executor | None = None,
    start: Point | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[dict[str, Array] | BoekiError]:
    """Solve many scenarios; results come in the order of the tasks.

    Parameters
    ----------
    tasks
        Scenarios; made as they are needed.
    keep
        Names of results of :class:`boeki.model.Equilibrium` that are arrays.
    count
        How many there are, where known.
    engine
        None for the processors of this machine; ``dask`` for a local cluster of Dask, or
        ``dask://host:port`` for one that runs (needs ``boeki[dask]``); or any executor of
        :mod:`concurrent.futures`, as Ray's and Dask's are.
    start
        A point to begin from.
    progress
        Called with how many more are done.

    Yields
    ------
    dict or BoekiError
        The results by name; or why there is none for this scenario.
    """
    _check_kept(keep)
    chunks = _chunks(tasks)
    with _executor(engine, count) as (executor, workers):
        waiting: list[Any] = []
        for chunk in chunks:
            waiting.append(_submit(executor, chunk, tuple(keep), start))
            if len(waiting) > workers * _AHEAD:
                yield from _done(waiting.pop(0), progress)
        for future in waiting:
            yield from _done(future, progress)


def _check_kept(keep: Sequence[str]) -> None:
    for name in keep:
        if not isinstance(getattr(Equilibrium, name, None), property) and not hasattr(
            getattr(Equilibrium, name, None), "func"
        ):
            raise InputError(f"an equilibrium has no result {name!r}")


def _chunks(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    left = iter(tasks)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _submit(executor: Executor | None, chunk: list[Task], keep: tuple[str, ...], start: Any) -> Any:
    if executor is None:
        return _solved(chunk, keep, start)
    return executor.submit(_solved, chunk, keep, start)


def _done(
    future: Any, progress: Callable[[int], None] | None
) -> Iterator[dict[str, Array] | BoekiError]:
    results = future if isinstance(future, list) else future.result()
    if progress is not None:
        progress(len(results))
    yield from results


def _solved(
    chunk: list[Task], keep: tuple[str, ...], start: Point | None
) -> list[dict[str, Array] | BoekiError]:
    """Results of some scenarios; runs in a worker."""
    found: list[dict[str, Array] | BoekiError] = []
    for task in chunk:
        try:
            solution = solve(problem_of(task.world, task.shocks), start)
        except (NotSolved, InputError) as error:
            found.append(error)
            continue
        equilibrium = Equilibrium(task.world, solution)
        found.append({name: np.asarray(getattr(equilibrium, name)) for name in keep})
    return found


@contextmanager
def _executor(engine: str | Executor | None, count: int | None) -> Iterator[tuple[Any, int]]:
    workers = os.cpu_count() or 1
    if engine is None:
        if workers == 1 or (count is not None and count <= _CHUNK):
            yield None, 1
            return
        # Forked, so that workers have the code without importing it; one thread each.
        with _one_thread_each(), ProcessPoolExecutor(workers) as pool:
            yield pool, workers
    elif isinstance(engine, str):
        with _dask(engine) as (executor, size):
            yield executor, size
    else:
        yield engine, workers


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


@contextmanager
def _dask(engine: str) -> Iterator[tuple[Any, int]]:
    kind, _, address = engine.partition("://")
    if kind != "dask":
        raise InputError(f"no engine {engine!r} for many scenarios: dask, or dask://host:port")
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra("dask", "an ensemble on Dask") from None
    with Client(address or None) as client:  # type: ignore[no-untyped-call]
        yield client.get_executor(), max(1, len(client.scheduler_info()["workers"]))
