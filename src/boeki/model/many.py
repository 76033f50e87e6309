"""Many scenarios at once: both cores busy, memory bounded, or on an engine that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.cores import cores
from boeki.errors import BoekiError, InputError, MissingExtra
from boeki.model.backends import Backend, best_backend, check_backend
from boeki.model.baseline import baseline_of, differs_in_elasticities, with_elasticities
from boeki.model.batch import alone, joins, solve_together
from boeki.model.equilibrium import Equilibrium
from boeki.model.exact_hat import Point
from boeki.model.handed import Handed, folder_in_memory, hand, taken
from boeki.model.home_links import home_links
from boeki.model.problem import Problem
from boeki.model.shocks import Shocks, problem_of
from boeki.model.slow_moves import slow_moves
from boeki.model.solve import Solution
from boeki.model.workers import processes
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

#: Scenarios that a worker is handed at once, and solves together.
_CHUNK = 8
#: Scenarios that go to a device at once: enough to keep it busy, few enough for memory here.
_ON_DEVICE = 64
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

    In processes of this machine: by NumPy scenarios of the same world together, as
    :func:`boeki.model.batch.solve_together` does, by Numba each alone.

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
        for chunk in _chunks(tasks, _ON_DEVICE):
            yield from _done(_solved(chunk, tuple(keep), start, backend), progress)
        return
    left = iter(tasks)
    first = next(left, None)
    if first is None:
        return
    if backend is None:
        cells = first.world.trade_share.size
        backend = best_backend(cells, count) if engine is None else "numpy"
    with _workers(engine, count, first, backend) as workers:
        waiting: list[Any] = []
        for chunk in _chunks(chain([first], left)):
            waiting.append(workers.submit(chunk, tuple(keep), start, backend))
            if len(waiting) > workers.count * _AHEAD:
                yield from _done(waiting.pop(0), progress)
        for future in waiting:
            yield from _done(future, progress)


def _check_kept(keep: Sequence[str]) -> None:
    for name in keep:
        if not isinstance(getattr(Equilibrium, name, None), property | cached_property):
            raise InputError(f"an equilibrium has no result {name!r}")


def _chunks(tasks: Iterable[Task], size: int = _CHUNK) -> Iterator[list[Task]]:
    left = iter(tasks)
    while chunk := list(islice(left, size)):
        yield chunk


@dataclass(frozen=True)
class _Workers:
    """Who solves.

    Attributes
    ----------
    count
        How many at once.
    executor
        None for nobody else.
    common
        The world that all of them have.
    own
        Whether they are processes of this machine that nobody else gave.
    folder
        For what is handed to these.
    """

    count: int = 1
    executor: Executor | None = None
    common: World | None = None
    own: bool = False
    folder: Path | None = None

    def submit(
        self, chunk: list[Task], keep: tuple[str, ...], start: Point | None, backend: Backend
    ) -> Any:
        """Results of a chunk, or the promise of them."""
        if self.executor is None:
            return _solved(chunk, keep, start, backend)
        if not self.own:
            return self.executor.submit(_solved, chunk, keep, start, backend)
        packed = chunk if self.common is None else [_packed(task, self.common) for task in chunk]
        handed = hand((packed, keep, start, backend), self.folder)
        return self.executor.submit(_solved_of, handed)


def _solved_of(handed: Handed) -> list[dict[str, Array] | BoekiError]:
    return _solved(*taken(handed))


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
    if backend == "jax":
        return _on_device(tasks, keep, start)
    found: dict[int, dict[str, Array] | BoekiError] = {}
    waiting: dict[int, Problem] = {}
    for place, task in enumerate(tasks):
        problem = _problem(task, backend)
        if isinstance(problem, Problem) and joins(problem, backend):
            waiting[place] = problem
            continue
        # Those that are solved alone are solved at once, so that arrays lie where the last ones
        # did.
        solution = alone(problem, start, backend) if isinstance(problem, Problem) else problem
        found[place] = _kept(keep, task, solution)
    together = solve_together(list(waiting.values()), start, backend=backend)
    for place, solution in zip(waiting, together, strict=True):
        found[place] = _kept(keep, tasks[place], solution)
    return [found[place] for place in range(len(tasks))]


def _on_device(
    tasks: list[Task], keep: tuple[str, ...], start: Point | None
) -> list[dict[str, Array] | BoekiError]:
    """As above; what waits for the device is made and read by all processors."""
    with ThreadPoolExecutor(cores()) as threads:
        problems = list(threads.map(_problem, tasks))
        sound = [p for p in problems if isinstance(p, Problem)]
        solved = iter(solve_together(sound, start, backend="jax"))
        solutions = [next(solved) if isinstance(p, Problem) else p for p in problems]
        return list(threads.map(partial(_kept, keep), tasks, solutions))


def _problem(task: Task, backend: Backend = "numpy") -> Problem | InputError:
    try:
        return problem_of(task.world, task.shocks, backend)
    except InputError as error:
        return error


def _kept(
    keep: tuple[str, ...], task: Task, solution: Solution | BoekiError
) -> dict[str, Array] | BoekiError:
    if isinstance(solution, BoekiError):
        return solution
    equilibrium = Equilibrium(task.world, solution)
    return {name: np.asarray(getattr(equilibrium, name)) for name in keep}


@contextmanager
def _workers(
    engine: str | Executor | None, count: int | None, first: Task, backend: Backend
) -> Iterator[_Workers]:
    """Where to solve."""
    workers = cores()
    if engine is None:
        if workers == 1 or (count is not None and count <= _CHUNK):
            yield _Workers()
            return
        # Where workers are forked they have the code, the world and its links without asking.
        home_links(baseline_of(first.world))
        slow_moves(baseline_of(first.world))
        if backend == "numba":
            _solved([first], KEPT, None, backend)
        with (
            processes(workers, _begin, (first.world,)) as pool,
            folder_in_memory() as folder,
        ):
            yield _Workers(workers, pool, first.world, True, folder)
    elif isinstance(engine, str):
        with _dask(engine) as (executor, size):
            yield _Workers(size, executor)
    else:
        yield _Workers(workers, engine)


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
