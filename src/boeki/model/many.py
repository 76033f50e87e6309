"""Many scenarios at once: both cores busy, memory bounded, or on an engine that is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import BoekiError, InputError, MissingExtra
from boeki.model.backends import Backend, best_backend, check_backend
from boeki.model.baseline import baseline_of, differs_in_elasticities, with_elasticities
from boeki.model.batch import solve_together
from boeki.model.equilibrium import Equilibrium
from boeki.model.exact_hat import Point
from boeki.model.home_links import home_links
from boeki.model.problem import Problem
from boeki.model.shocks import Shocks, problem_of
from boeki.model.workers import processes
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

#: Scenarios that a worker is handed at once, and solves together.
_CHUNK = 8
#: Chunks that wait for each worker: memory stays bounded however many scenarios there are.
_AHEAD = 3
#: What is kept of each equilibrium where nothing else is asked for.
KEPT = ("welfare", "real_wage")


@dataclass(frozen=True)
class Task:
    """One scenario of many: a world of its own, or another's, with shocks."""

    world: World
    shocks: Shocks


@dataclass(frozen=True)
class _OfCommon:
    """A scenario of the world that every worker has, but for elasticities if there are any."""

    trade_elasticity: Array | None
    shocks: Shocks


def solve_many(
    tasks: Iterable[Task],
    keep: Sequence[str] = KEPT,
    *,
    count: int | None = None,
    engine: str | Executor | None = None,
    start: Point | None = None,
    progress: Callable[[int], None] | None = None,
    backend: Backend | None = None,
) -> Iterator[dict[str, Array] | BoekiError]:
    """Solve many scenarios; results come in the order of the tasks.

    By NumPy, scenarios of the same world are solved together, by
    :func:`boeki.model.batch.solve_together`, in processes; by Numba each alone, in threads.

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
    backend
        ``numpy``; ``numba`` (``boeki[fast]``); or ``jax`` (``boeki[gpu]``), in this process, on
        the device that JAX finds. None takes ``numba`` where it is installed and pays: for many
        scenarios of a large world on this machine.

    Yields
    ------
    dict or BoekiError
        The results by name; or why there is none for this scenario.
    """
    _check_kept(keep)
    if backend is not None:
        check_backend(backend)
    if backend == "jax":
        for chunk in _chunks(tasks):
            yield from _done(_solved(chunk, tuple(keep), start, backend), progress)
        return
    left = iter(tasks)
    first = next(left, None)
    if first is None:
        return
    if backend is None:
        cells = first.world.trade_share.size
        backend = best_backend(cells, count) if engine is None else "numpy"
    with _executor(engine, count, first.world, backend) as (executor, workers, common):
        waiting: list[Any] = []
        for chunk in _chunks(chain([first], left)):
            waiting.append(_submit(executor, chunk, tuple(keep), start, common, backend))
            if len(waiting) > workers * _AHEAD:
                yield from _done(waiting.pop(0), progress)
        for future in waiting:
            yield from _done(future, progress)


def _check_kept(keep: Sequence[str]) -> None:
    for name in keep:
        if not isinstance(getattr(Equilibrium, name, None), property | cached_property):
            raise InputError(f"an equilibrium has no result {name!r}")


def _chunks(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    left = iter(tasks)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _submit(
    executor: Executor | None, chunk: list[Task], keep: tuple[str, ...], start: Point | None,
    common: World | None, backend: Backend,
) -> Any:  # fmt: skip
    if executor is None:
        return _solved(chunk, keep, start, backend)
    packed = chunk if common is None else [_packed(task, common) for task in chunk]
    return executor.submit(_solved, packed, keep, start, backend)


def _packed(task: Task, common: World) -> Task | _OfCommon:
    """A task as it is sent: without the world where the worker has it."""
    if task.world is common:
        return _OfCommon(None, task.shocks)
    if differs_in_elasticities(task.world, common):
        return _OfCommon(task.world.trade_elasticity, task.shocks)
    return task


#: The world of a worker, handed to it when it starts.
_common: list[World] = []


def _begin(world: World) -> None:
    _common[:] = [world]


def _unpacked(task: Task | _OfCommon) -> Task:
    if isinstance(task, Task):
        return task
    world, theta = _common[0], task.trade_elasticity
    return Task(world if theta is None else with_elasticities(world, theta), task.shocks)


def _done(
    future: Any, progress: Callable[[int], None] | None
) -> Iterator[dict[str, Array] | BoekiError]:
    results = future if isinstance(future, list) else future.result()
    if progress is not None:
        progress(len(results))
    yield from results


def _solved(
    chunk: Sequence[Task | _OfCommon],
    keep: tuple[str, ...],
    start: Point | None,
    backend: Backend = "numpy",
) -> list[dict[str, Array] | BoekiError]:
    """Results of some scenarios; runs in a worker."""
    tasks = [_unpacked(task) for task in chunk]
    if backend == "numba" and len(tasks) > 1:
        # One after the other, so that their arrays lie where the last ones did.
        return [found for task in tasks for found in _solved([task], keep, start, backend)]
    problems: list[Problem | InputError] = []
    for task in tasks:
        try:
            problems.append(problem_of(task.world, task.shocks))
        except InputError as error:
            problems.append(error)
    sound = [p for p in problems if isinstance(p, Problem)]
    solutions = iter(solve_together(sound, start, backend=backend))
    found: list[dict[str, Array] | BoekiError] = []
    for task, problem in zip(tasks, problems, strict=True):
        solution = next(solutions) if isinstance(problem, Problem) else problem
        if isinstance(solution, BoekiError):
            found.append(solution)
            continue
        equilibrium = Equilibrium(task.world, solution)
        found.append({name: np.asarray(getattr(equilibrium, name)) for name in keep})
    return found


@contextmanager
def _executor(
    engine: str | Executor | None, count: int | None, world: World, backend: Backend
) -> Iterator[tuple[Any, int, World | None]]:
    """Where to solve, how many workers there are, and the world that all of these have."""
    workers = os.cpu_count() or 1
    if engine is None:
        if workers == 1 or (count is not None and count <= _CHUNK):
            yield None, 1, None
            return
        if backend == "numba":
            # Compiled sums leave the interpreter to others: threads will do, and need no copies.
            with ThreadPoolExecutor(workers) as threads:
                yield threads, workers, None
            return
        # Where workers are forked they have the code, the world and its links without asking.
        home_links(baseline_of(world))
        with processes(workers, _begin, (world,)) as pool:
            yield pool, workers, world
    elif isinstance(engine, str):
        with _dask(engine) as (executor, size):
            yield executor, size, None
    else:
        yield engine, workers, None


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
