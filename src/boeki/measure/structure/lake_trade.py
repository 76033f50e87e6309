"""The flows of a lake in one period, added up as an indicator needs them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _

from boeki.errors import InputError, NoFigure
from boeki.lake import Lake
from boeki.measure.cube import By, Cube, measure_cube
from boeki.measure.structure.flows import Direction, Flows, Key
from boeki.terms import areas
from boeki.terms import products as goods
from boeki.terms.periods import Period

#: Periods that figures are given for as they stand; others are added up from months.
_DIRECT = {"M": "M", "Q": "Q", "A": "A"}
#: Offices whose exports to a country are, by their own method, its imports.
_RECONCILED = frozenset({"baci"})
#: Above so many rows an answer names their documents only.
_MOST_ROWS = 2000
_VALUE = pa.decimal128(38, 3)
_MIRROR = (
    "Imports are what the world's exporters told (FOB): {office} reconciles both sides into one."
)


@dataclass(frozen=True, slots=True)
class Question:
    """Which cells of the lake are added up."""

    flow: str
    by: tuple[By, ...]
    reporters: Collection[str]
    partners: Collection[str]
    products: Collection[str]


@dataclass(frozen=True, slots=True)
class LakeTrade:
    """The flows of a lake in a period.

    Attributes
    ----------
    lake, as_of
        Where the figures are; only what was published by this day.
    when
        The period.
    digits, office, classification
        As :func:`boeki.measure.cube.measure_cube` has them.
    level
        Of Japan's principal commodities, whose codes do not show it.
    """

    lake: Lake
    when: Period
    digits: int | None = None
    office: str | None = None
    classification: str | None = None
    level: int = 2
    as_of: dt.date | None = None

    @property
    def period(self) -> str:
        """The period as it is written."""
        return str(self.when)

    def code(self, area: str) -> str:
        """The code of an area by its code or name."""
        return areas.find(area).code

    def flows(
        self,
        flow: Direction,
        *keys: Key,
        reporters: Collection[str] = (),
        partners: Collection[str] = (),
        products: Collection[str] = (),
        together: bool = False,
    ) -> Flows:
        """As :meth:`boeki.measure.structure.flows.Trade.flows` has it.

        Where partners are added up, a reporter's stated trade with the world is taken if there is
        one, else the sum of its partners; and likewise its stated total of all goods.
        """
        codes = tuple(c for p in products for c in product_codes(p, flow))
        by = keys if together else ("reporter", *keys)
        asked = Question(flow, by, reporters, partners, codes)
        if together:
            if (found := self._read(asked)) is None:
                raise NoFigure(self._nothing(asked))
            return found
        try:
            return self._own(asked)
        except NoFigure:
            if flow == "export":
                raise
            mirrored = self._mirrored(asked)
            if mirrored is None:
                raise
            return mirrored

    def _own(self, asked: Question) -> Flows:
        """Flows as the reporters themselves told them."""
        parts: list[Flows] = []
        done: set[str] = set()
        for option in _options(asked):
            found = self._read(option)
            if found is None:
                continue
            taken = pa.array(sorted(done), pa.string())
            new = found.table.filter(pc.invert(pc.is_in(found.table["reporter"], taken)))
            if new.num_rows:
                parts.append(replace(found, table=new))
                done |= set(found.reporters)
            if asked.reporters and done >= set(asked.reporters):
                break
        if not parts:
            raise NoFigure(self._nothing(asked))
        return _joined(parts)

    def _mirrored(self, asked: Question) -> Flows | None:
        """Imports as exports of all others, where the office reconciled the two."""
        swap = {"reporter": "partner", "partner": "reporter", "product": "product"}
        by = tuple(swap[k] for k in asked.by)
        others = [p for p in asked.partners if p != areas.WORLD]
        told = Question("export", by, others, asked.reporters, asked.products)  # type: ignore[arg-type]
        for option in _of_products(told):
            found = self._read(option)
            if found is not None and found.told["office"] in _RECONCILED:
                table = found.table.rename_columns(
                    [swap.get(c, c) for c in found.table.column_names]
                )
                note = _MIRROR.format(office=found.told["office"].upper())
                return replace(found, table=table, keys=asked.by, notes=(*found.notes, note))
        return None

    def _read(self, asked: Question) -> Flows | None:
        """Sums of the period, or None where the lake has nothing of the kind."""
        if freq := _DIRECT.get(self.when.kind):
            found = self._summed(asked, freq, [str(self.when)])
            if found is not None:
                return found
        if self.when.months > 1:
            months = [str(Period(self.when.first + i, 1)) for i in range(self.when.months)]
            return self._summed(asked, "M", months)
        if self.when.months < 1:
            raise InputError(f"{self.when} is no period of whole months: name a year or a month")
        return None

    def _summed(self, asked: Question, freq: str, periods: Sequence[str]) -> Flows | None:
        asked = self._levelled(asked, freq)
        cube = self._cube(asked, freq, periods)
        if cube is None:
            return None
        each = cube.table.filter(_.period.isin(list(periods)))
        if len(periods) > 1:
            each = each.filter(_.reporter.isin(self._whole(cube, each, periods)))
        sums = each.group_by(*asked.by).agg(value=_.value.sum(), figures=_.figures.sum())
        # Trade of nil is no flow, whether the office prints a zero or leaves the line out.
        table = self.lake.execute(sums.filter(_.value != 0).order_by(*asked.by))
        if not table.num_rows:
            return None
        told = {
            c: str(getattr(cube, c)) for c in ("office", "classification", "currency", "valuation")
        }
        documents = self._documents(asked, freq, periods, told, table)
        found = table.drop_columns(["figures"])
        found = found.set_column(len(asked.by), "value", found["value"].cast(_VALUE))
        if "product" in asked.by and told["classification"] == "JP-PC":
            found = _in_terms(found, asked.flow)
        return Flows(found, tuple(asked.by), told, (), *documents)

    def _levelled(self, asked: Question, freq: str) -> Question:
        """One level of Japan's own commodities, whose codes do not show their level."""
        if asked.products or not self._of_japan(asked.flow, freq):
            return asked
        level = self.level if "product" in asked.by else 1
        own = [c for c in goods.commodities() if c.flow == asked.flow and c.level == level]
        if not own:
            held = sorted({c.level for c in goods.commodities() if c.flow == asked.flow})
            raise InputError(
                f"Japan's {asked.flow}s have no commodities of level {level}: give "
                f"{', '.join(map(str, held[:-1]))} or {held[-1]}"
            )
        return replace(asked, products=tuple(c.code for c in own))

    def _of_japan(self, flow: str, freq: str) -> bool:
        """Whether the figures asked for are by Japan's principal commodities."""
        if self.classification is not None:
            return self.classification == "JP-PC"
        office = {"office": self.office} if self.office else {}
        found = self.lake.kinds("flows", ("classification",), flow=flow, freq=freq, **office)
        return found == {("JP-PC",)}

    def _whole(self, cube: Cube, each: ibis.Table, periods: Sequence[str]) -> list[str]:
        """Reporters of which there are figures for every month."""
        counted = each.group_by("reporter").agg(months=_.period.nunique())
        rows = self.lake.execute(counted).to_pylist()
        return [r["reporter"] for r in rows if r["months"] == len(periods)] or [""]

    def _cube(self, asked: Question, freq: str, periods: Sequence[str]) -> Cube | None:
        by: tuple[By, ...] = tuple(dict.fromkeys(("reporter", *asked.by)))
        if "product" in by:
            # Last, so that levels are seen to.
            by = (*(k for k in by if k != "product"), "product")
        try:
            return measure_cube(
                self.lake,
                asked.flow,
                by=by,
                office=self.office,
                classification=self.classification,
                freq=freq,
                start=periods[0],
                end=periods[-1],
                reporters=asked.reporters,
                partners=asked.partners,
                products=asked.products,
                digits=None if asked.products else self.digits,
                as_of=self.as_of,
                compared=False,
                # They would be added to what they are made of.
                stated_totals=bool(asked.products),
            )
        except NoFigure:
            return None

    def _documents(
        self,
        asked: Question,
        freq: str,
        periods: Sequence[str],
        told: dict[str, str],
        table: pa.Table,
    ) -> tuple[tuple[str, ...], tuple[str, ...], dt.date | None]:
        """Documents and rows behind sums, and the day of the newest."""
        columns = ("source", "published", "row", "reporter", "partner", "flow", "product", "freq")
        more = ("period", "classification")
        rows = self.lake.flows(self.as_of, columns=(*columns, *more), office=told["office"]).filter(
            _.flow == asked.flow,
            _.freq == freq,
            _.period.isin(list(periods)),
            _.classification == told["classification"],
        )
        rows = self._same(rows, asked)
        few = int(pc.sum(table["figures"]).as_py()) <= _MOST_ROWS
        kept = rows.select("source", "published", "row") if few else None
        grouped = rows.group_by("source").agg(published=_.published.max())
        found = self.lake.execute(kept if kept is not None else grouped)
        names = tuple(sorted(set(found["source"].to_pylist())))
        newest = max(found["published"].to_pylist(), default=None)
        return names, tuple(sorted(found["row"].to_pylist())) if few else (), newest

    def _same(self, rows: ibis.Table, asked: Question) -> ibis.Table:
        """Only the rows that were added up."""
        if asked.reporters:
            rows = rows.filter(_.reporter.isin(sorted(asked.reporters)))
        if asked.partners:
            rows = rows.filter(_.partner.isin(sorted(asked.partners)))
        else:
            groups = sorted(a.code for a in areas.areas() if a.kind == "group")
            rows = rows.filter(~_.partner.isin(groups))
        if asked.products:
            return rows.filter(_["product"].isin(sorted(asked.products)))
        rows = rows.filter(_["product"] != goods.TOTAL)
        return rows if self.digits is None else rows.filter(_["product"].length() == self.digits)

    def _nothing(self, asked: Question) -> str:
        who = ", ".join(areas.name(r) for r in sorted(asked.reporters)[:5]) or "any country"
        apart = " and ".join(k for k in asked.by if k != "reporter")
        by = f" by {apart}" if apart else ""
        day = f" published by {self.as_of}" if self.as_of else ""
        return (
            f"the lake holds no {asked.flow}s of {who}{by} for {self.when.label}{day}: `boeki lake "
            "status` shows what it has, `boeki pull` brings more"
        )


def product_codes(product: str, flow: str) -> tuple[str, ...]:
    """The code of a product term in Japan's classification, or a code without its classification.

    Returns
    -------
    tuple of str
        One code, or none for all goods.
    """
    if product == goods.TOTAL:
        return ()
    if product in goods.terms() and (c := goods.commodity(product, flow)):
        return (c.code,)
    return (product.rpartition(":")[2],)


def _in_terms(table: pa.Table, flow: str) -> pa.Table:
    """Codes of Japan's commodities as the terms that exports and imports have in common."""
    named = [c.term if (c := goods.by_code(p, flow)) else p for p in table["product"].to_pylist()]
    at = table.column_names.index("product")
    return table.set_column(at, "product", pa.array(named, pa.string()))


def _options(asked: Question) -> Iterator[Question]:
    """Ways to get at sums over partners and products: as stated first, then added up."""
    world = [(areas.WORLD,), ()] if "partner" not in asked.by and not asked.partners else [None]
    whole = [(goods.TOTAL,), ()] if "product" not in asked.by and not asked.products else [None]
    for partners, codes in itertools.product(world, whole):
        yield replace(
            asked,
            partners=asked.partners if partners is None else partners,
            products=asked.products if codes is None else codes,
        )


def _of_products(asked: Question) -> Iterator[Question]:
    """As :func:`_options` does, of products alone."""
    stated = "product" not in asked.by and not asked.products
    for codes in [(goods.TOTAL,), ()] if stated else [asked.products]:
        yield replace(asked, products=codes)


def _joined(parts: list[Flows]) -> Flows:
    """Flows of several reporters, found in several ways."""
    first = parts[0]
    for other in parts[1:]:
        unlike = [k for k, v in first.told.items() if other.told[k] != v]
        if unlike:
            held = ", ".join(sorted({first.told[unlike[0]], other.told[unlike[0]]}))
            raise InputError(
                f"figures with several kinds of {unlike[0]} do not stand side by side ({held}): "
                "name the office and the classification"
            )
    table = pa.concat_tables([p.table for p in parts]).sort_by(
        [(k, "ascending") for k in first.keys]
    )
    return replace(
        first,
        table=table,
        notes=tuple(dict.fromkeys(n for p in parts for n in p.notes)),
        sources=tuple(sorted({s for p in parts for s in p.sources})),
        rows=tuple(dict.fromkeys(r for p in parts for r in p.rows)),
        published=max((p.published for p in parts if p.published), default=None),
    )


def trade_of(lake: Lake, period: str, reporter: str | None, **narrowed: Any) -> LakeTrade:
    """The trade of a lake in a period.

    Parameters
    ----------
    lake, period
        Where, and when.
    reporter
        By whose custom a fiscal year is read; None where no one country is asked for.
    narrowed
        ``digits``, ``level``, ``office``, ``classification``, ``as_of``.
    """
    if not period:
        raise InputError("name a period, such as 2022")
    when = Period.parse(period, areas.find(reporter).code if reporter else None)
    return LakeTrade(lake, when, **narrowed)
