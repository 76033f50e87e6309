"""The figures that an article's claims can be held against, as known on several days at once.

One pass through the lake computes every indicator for the reporters that an article names; each
claim is then a look-up, and so is each of the dozens of others that its number might have been
meant for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from boeki import measure
from boeki.lake import NEWEST, Lake

#: Fields that place a figure; a series of figures shares all but the month.
Key = tuple[dt.date, str, str, str, str, int]

_BASES = ("yoy", "mom", "qoq")
#: Column whose signs make a run.
_RUNS = {"sign": "value", "growth": "yoy_growth"}
_INDEX = ("as_of", "measure", "reporter", "partner", "product", "months")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure with every indicator: a row of the panel, read column by column as it is
    needed.
    """

    _table: Any = field(repr=False)
    _row: int = field(repr=False)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._table.column(name)[self._row].as_py()

    def get(self, name: str) -> Any:
        """An indicator by name, such as ``yoy_growth``."""
        return self._table.column(name)[self._row].as_py()


class Panel:
    """Indicators for some reporters as known on some days.

    Parameters
    ----------
    lake
        Where the figures are.
    days
        The days; :data:`boeki.lake.NEWEST` for now. Where the lake holds nothing that was known on
        a day, the oldest vintage stands in and says so.
    reporters
        Whose figures.
    lengths
        Lengths in months of the periods that are asked about.
    terms
        Product terms that are asked about; None for all.
    measures
        Measures that are asked about; None for all.
    runs
        Which runs are asked about: ``sign`` (surpluses, deficits), ``growth`` (rises, falls on the
        year).
    """

    def __init__(
        self,
        lake: Lake,
        days: Iterable[dt.date],
        reporters: Iterable[str],
        lengths: Iterable[int] = (1,),
        terms: Iterable[str] | None = None,
        measures: Iterable[str] | None = None,
        runs: Iterable[str] = ("sign", "growth"),
    ) -> None:
        self.lake = lake
        self.days = tuple(sorted(set(days)))
        self.reporters = frozenset(reporters)
        self.lengths = frozenset(lengths) | {1}
        self.terms = None if terms is None else frozenset(terms) | {"TOTAL"}
        self.measures = None if measures is None else frozenset(measures)
        self.runs = frozenset(runs)

    @cached_property
    def _table(self) -> Any:
        observed = self.lake.keep(
            measure.observations(
                self.lake,
                self.days,
                stand_in=True,
                measures=self.measures,
                windows=self.lengths,
                reporters=sorted(self.reporters),
                products=self.terms,
            )
        )
        # Kept stage by stage: as one expression DuckDB computes the early stages over and over.
        stages = [observed]
        for base in _BASES:
            if base != "qoq" or self.lengths & {3}:
                stages.append(self.lake.keep(measure.change(stages[-1], base)))
        found = stages[-1]
        for run in sorted(self.runs):
            # Runs are counted in narrow rows: the evidence would be carried through every window.
            narrow = stages[-1].select("series", "month", "months", _RUNS[run])
            counted = measure.streak(narrow, _RUNS[run], run).drop("months", _RUNS[run])
            found = found.left_join(counted, ["series", "month"]).drop(
                "series_right", "month_right"
            )
        table = self.lake.execute(found).combine_chunks()
        for stage in stages:
            self.lake.drop(stage)
        return table

    @cached_property
    def _places(self) -> Mapping[Key, Mapping[int, list[int]]]:
        series, months = (self._table.column(c).to_pylist() for c in ("series", "month"))
        firsts = {number: row for row, number in reversed(list(enumerate(series)))}
        # All rows of a series share their key, which is made into words once.
        index = [self._table.column(c) for c in _INDEX]
        places: dict[Key, dict[int, list[int]]] = {}
        own = {
            number: places.setdefault(tuple(column[row].as_py() for column in index), {})
            for number, row in firsts.items()
        }
        for row, (number, month) in enumerate(zip(series, months, strict=True)):
            own[number].setdefault(month, []).append(row)
        return places

    def points(
        self,
        day: dt.date,
        name: str,
        reporter: str,
        partner: str,
        product: str,
        span: tuple[int, int],
    ) -> list[Point]:
        """The figures of one kind for a period: more than one where several sources have it."""
        month, months = span
        rows = self._places.get((day, name, reporter, partner, product, months), {}).get(month, [])
        return [Point(self._table, row) for row in rows]

    def months(
        self, day: dt.date, name: str, reporter: str, partner: str, product: str, length: int
    ) -> Mapping[int, list[int]]:
        """First months for which there are figures of one kind, with their rows."""
        return self._places.get((day, name, reporter, partner, product, length), {})

    def history(self, point: Point) -> list[tuple[int, Decimal]]:
        """Month and value of every figure of a point's own series, in time order."""
        key = (
            point.as_of,
            point.measure,
            point.reporter,
            point.partner,
            point.product,
            point.months,
        )
        series, found = point.series, []
        for month, rows in self._places.get(key, {}).items():
            found += [
                (month, p.value) for row in rows if (p := Point(self._table, row)).series == series
            ]
        return sorted(found)

    def partners(
        self, day: dt.date, name: str, reporter: str, product: str, length: int
    ) -> Iterator[str]:
        """Partners for which there are figures of one kind."""
        for d, m, r, partner, p, months in self._places:
            if (d, m, r, p, months) == (day, name, reporter, product, length):
                yield partner

    def covers(self, reporter: str, name: str) -> tuple[int, int] | None:
        """First and last month for which there are monthly figures of a measure for all goods."""
        months = self.months(self.days[-1], name, reporter, "WLD", "TOTAL", 1)
        return (min(months), max(months)) if months else None

    @cached_property
    def stated(self) -> Mapping[tuple[Any, ...], list[dict[str, Any]]]:
        """Growth rates that a source itself states, by day, measure, base, reporter, partner,
        product, months, month.
        """
        out: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        table = measure.stated(self.lake, self.days, stand_in=True)
        for row in self.lake.execute(
            table.filter(table.reporter.isin(sorted(self.reporters)))
        ).to_pylist():
            key = tuple(
                row[c]
                for c in (
                    "as_of",
                    "measure",
                    "base",
                    "reporter",
                    "partner",
                    "product",
                    "months",
                    "month",
                )
            )
            out.setdefault(key, []).append(row)
        return out

    @cached_property
    def markets(self) -> Mapping[tuple[dt.date, str], list[dict[str, Any]]]:
        """Suppliers' shares, ranks and revenues by day and product."""
        out: dict[tuple[dt.date, str], list[dict[str, Any]]] = {}
        series = self.lake.series(self.days, stand_in=True)
        wanted = series.key.isin(["market_share", "market_rank", "supplier_revenue"])
        # In one order, whatever the engine: the evidence is shown in it.
        told = series.filter(wanted).order_by("published", "source", "row")
        for row in self.lake.execute(told).to_pylist():
            row["dimensions"] = dict(row["dimensions"])
            out.setdefault((row["as_of"], row["dimensions"]["product"]), []).append(row)
        return out


def vintage_days(
    lake: Lake, reporters: Iterable[str], periods: Iterable[str], measures: Iterable[str]
) -> tuple[dt.date, ...]:
    """Days on which a figure of some reporters for some periods was first published or revised."""
    who, when = sorted(reporters), sorted(periods)
    keys = sorted({"exchange_rate" if m == "rate" else m for m in measures})
    flows, series = lake.all_flows, lake.all_series
    chosen = flows.filter(flows.reporter.isin(who), flows.period.isin(when))
    said = series.filter(series.area.isin(who), series.period.isin(when), series.key.isin(keys))
    days = chosen.select("published").union(said.select("published"), distinct=True)
    return tuple(sorted(lake.execute(days).column("published").to_pylist()))


__all__ = ["NEWEST", "Panel", "Point", "vintage_days"]
