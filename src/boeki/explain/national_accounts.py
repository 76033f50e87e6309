"""National accounts by period: from a table that the caller has, or from series of a lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ibis import _

from boeki.errors import InputError, NoFigure
from boeki.lake import Lake
from boeki.measure.levels.line import Line, line_of
from boeki.terms import areas

if TYPE_CHECKING:
    import pandas as pd

Records = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Named series of one length of period.

    Attributes
    ----------
    lines
        Name to series.
    freq
        ``A``, ``Q`` or ``M``; of all of them.
    sources, rows, published
        Evidence, where they come out of a lake.
    """

    lines: Mapping[str, Line]
    freq: str
    sources: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    published: dt.date | None = None
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def months(self) -> list[int]:
        """First months of all periods, in order."""
        return sorted({m for line in self.lines.values() for m in line.values})

    def get(self, name: str, month: int) -> Decimal | None:
        """A figure, or None."""
        line = self.lines.get(name)
        return line.values.get(month) if line else None

    def label(self, month: int) -> str:
        """A period as it is written."""
        return next(iter(self.lines.values())).label(month)


def tidy(name: Any) -> str:
    """A component's name as a column: ``Government consumption`` → ``government_consumption``."""
    return "_".join(str(name).strip().lower().replace("-", " ").split())


def records_of(table: Records | pd.DataFrame) -> list[Mapping[str, Any]]:
    """The rows of a table; an index with a name becomes a column."""
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        frame = table if "period" in table.columns else table.reset_index()
        return [{str(k): v for k, v in r.items()} for r in frame.to_dict("records")]
    return [dict(r) for r in table]


def wide_accounts(table: Records | pd.DataFrame, unit: str = "") -> Accounts:
    """Accounts of a table with one row a period and one column a series.

    Raises
    ------
    InputError
        Where there is no column ``period``, no other one, or no row.
    """
    rows = records_of(table)
    if not rows:
        raise InputError("the table has no rows")
    if "period" not in rows[0]:
        raise InputError(f"the table needs a column period; it has {', '.join(map(str, rows[0]))}")
    names = [str(c) for c in rows[0] if c != "period"]
    _once((r["period"] for r in rows), "period")
    series = {tidy(n): {r["period"]: r.get(n) for r in rows} for n in names}
    return _accounts(series, unit)


def long_accounts(
    table: Records | pd.DataFrame, measures: Sequence[str], unit: str = ""
) -> dict[str, Accounts]:
    """Accounts of a table with one row a period and component, one for each measure.

    Parameters
    ----------
    table
        Columns ``period``, ``component`` and the measures.
    measures
        ``value`` and ``volume``, say; those that the table lacks are left out.

    Raises
    ------
    InputError
        Where a column is missing, or a component is there twice in a period.
    """
    rows = records_of(table)
    if not rows:
        raise InputError("the table has no rows")
    have = [m for m in measures if m in rows[0]]
    lacking = [c for c in ("period", "component") if c not in rows[0]] or ([] if have else measures)
    if lacking:
        raise InputError(f"the table lacks the columns {', '.join(lacking)}")
    _once(((r["period"], tidy(r["component"])) for r in rows), "period and component")
    out = {}
    for measure in have:
        series: dict[str, dict[Any, Any]] = {}
        for r in rows:
            series.setdefault(tidy(r["component"]), {})[r["period"]] = r[measure]
        out[measure] = _accounts(series, unit)
    return out


def lake_accounts(
    lake: Lake, reporter: str, keys: Mapping[str, str], as_of: dt.date | None = None
) -> Accounts:
    """Accounts of series that a lake has.

    Parameters
    ----------
    lake, reporter, as_of
        Where, whose, and as known when.
    keys
        Name to the key of the series.

    Raises
    ------
    NoFigure
        Where one of the series is not there.
    InputError
        Where one is there twice (two publishers, two adjustments), or of several units.
    """
    whose = areas.find(reporter).code
    table = lake.series(as_of).filter(_.key.isin(sorted(keys.values())), _.area == whose)
    rows = lake.execute(table.order_by("key", "month", "row")).to_pylist()
    series: dict[str, dict[Any, Any]] = {}
    units: dict[str, str] = {}
    for name, key in keys.items():
        mine = [r for r in rows if r["key"] == key]
        if not mine:
            raise NoFigure(f"the lake has no series {key} of {areas.name(whose)}")
        if len({r["period"] for r in mine}) < len(mine) or len({r["unit"] for r in mine}) > 1:
            raise InputError(f"the lake has {key} of {areas.name(whose)} in several ways: give one")
        series[name] = {r["period"]: r["value"] for r in mine}
        units[name] = mine[0]["unit"]
    found = _accounts(series, "", whose)
    return Accounts(
        found.lines, found.freq, tuple(sorted({r["source"] for r in rows})),
        tuple(r["row"] for r in rows), max(r["published"] for r in rows), units,
    )  # fmt: skip


def _accounts(
    series: Mapping[str, Mapping[Any, Any]], unit: str, reporter: str | None = None
) -> Accounts:
    lines = {
        name: line_of(values, unit=unit, name=name, reporter=reporter)
        for name, values in series.items()
        if any(v is not None and v == v for v in values.values())
    }
    if not lines:
        raise InputError("every column of the table is empty")
    freqs = {line.freq for line in lines.values()}
    if len(freqs) > 1:
        raise InputError(f"the series are of several frequencies: {', '.join(sorted(freqs))}")
    return Accounts(lines, freqs.pop())


def _once(keys: Iterable[Any], what: str) -> None:
    seen: set[Any] = set()
    for key in keys:
        if key in seen:
            raise InputError(f"the table has the {what} {key} twice")
        seen.add(key)
