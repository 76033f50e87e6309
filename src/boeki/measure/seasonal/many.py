"""Seasonal adjustment of many series at once, one run of the program each, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boeki.cores import cores
from boeki.errors import BoekiError, InputError
from boeki.measure.seasonal.adjustment import Adjusted, adjust
from boeki.measure.seasonal.binary import TIMEOUT, program
from boeki.measure.seasonal.series import Floats, TimeSeries
from boeki.measure.seasonal.spec import Spec

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class AdjustedMany:
    """Many adjusted series.

    Attributes
    ----------
    adjusted
        Those that were, by name, in the order given.
    failed
        Those that were not, each with the reason.
    """

    adjusted: Mapping[str, Adjusted]
    failed: Mapping[str, BoekiError]


def adjust_many(
    series: Mapping[str, TimeSeries | pd.Series | Sequence[float] | Floats],
    spec: Spec | Mapping[str, Spec] | None = None,
    *,
    start: str | None = None,
    freq: int | None = None,
    workers: int | None = None,
    timeout: float = TIMEOUT,
    progress: Callable[[str, int, int], None] | None = None,
) -> AdjustedMany:
    """Adjust many series on all cores.

    Parameters
    ----------
    series
        Name to series, each as :func:`boeki.measure.seasonal.adjust` takes it; the columns of a
        data frame do: ``dict(frame.items())``.
    spec
        One for all, or one a name; None for automatic choices.
    start, freq
        Of plain values.
    workers
        Runs at a time; None for one a core.
    timeout
        Seconds after which one run is given up.
    progress
        Called after each series with its name, how many are done, and how many there are.

    Returns
    -------
    AdjustedMany
        A series that cannot be adjusted stops none of the others and is never dropped: it is among
        the failed.

    Raises
    ------
    InputError
        Where specifications are given by name, and one is missing; for no workers.
    MissingExtra
        Without ``boeki[seasonal]``.
    """
    specs = _specs(series, spec)
    if workers is not None and workers < 1:
        raise InputError(f"it takes at least one worker, not {workers}")
    program()
    with ThreadPoolExecutor(workers or cores(), thread_name_prefix="x13") as pool:
        runs = {
            pool.submit(adjust, data, specs[name], start=start, freq=freq, name=name,
                        timeout=timeout): name
            for name, data in series.items()
        }  # fmt: skip
        return _collected(runs, list(series), progress)


def _collected(
    runs: Mapping[Future[Adjusted], str],
    names: Sequence[str],
    progress: Callable[[str, int, int], None] | None,
) -> AdjustedMany:
    adjusted: dict[str, Adjusted] = {}
    failed: dict[str, BoekiError] = {}
    try:
        for done, run in enumerate(as_completed(runs), 1):
            name = runs[run]
            try:
                adjusted[name] = run.result()
            except BoekiError as error:
                failed[name] = error
            if progress:
                progress(name, done, len(runs))
    finally:
        # After an interrupt what has not begun is not begun any more.
        for run in runs:
            run.cancel()
    return AdjustedMany(
        {n: adjusted[n] for n in names if n in adjusted},
        {n: failed[n] for n in names if n in failed},
    )


def _specs(
    series: Mapping[str, object], spec: Spec | Mapping[str, Spec] | None
) -> Mapping[str, Spec]:
    if not isinstance(spec, Mapping):
        return dict.fromkeys(series, spec or Spec())
    if missing := [name for name in series if name not in spec]:
        raise InputError(f"no specification for {', '.join(missing[:5])}")
    return spec
