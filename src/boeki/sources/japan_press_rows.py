"""The rows of a press release: flows, and the growth, shares and indexes that it states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boeki.errors import UnknownTerm
from boeki.sources import japan_release
from boeki.sources.base import Fault
from boeki.sources.japan_office import (
    COUNTRY,
    EU27_SINCE,
    NONE,
    Money,
    Volume,
    flow_row,
    status,
)
from boeki.sources.japan_press_names import AREAS, COMMODITIES
from boeki.sources.japan_release import Indexes, Line, Release
from boeki.terms import products
from boeki.terms.periods import Period

MILLION = 1_000_000
WORLD = "WLD"

#: Elements of a table of indexes, without the flow: what they are of. The growth of an index of
#: value is that of the value, whose key it takes.
_MEASURES = {"kingaku": "value", "suryo": "volume", "kakaku": "unit_value"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for all figures of a release.

    Attributes
    ----------
    period, before
        What it is about, and what it compares with.
    status
        Of the figures of the period: of ``export``, ``import`` and ``balance``.
    published
        The day of publication.
    """

    period: Period
    before: Period
    status: Mapping[str, str]
    published: dt.date


class Reader:
    """The rows of a release, and on the way what could not be read as one.

    A release gives the same figure on several pages: a country's total among the areas and at the
    head of its own page. The first is taken, and a later one that differs is a fault.
    """

    def __init__(self, release: Release, standing: Standing) -> None:
        self._release, self._standing = release, standing
        self.faults: list[Fault] = []
        self.series_faults: list[Fault] = []

    def flows(self) -> list[Row]:
        """Exports and imports in yen, with quantities where the release gives them."""
        self.faults += [
            Fault(p, p, "boeki does not know this table") for p in self._release.unknown
        ]
        rows: dict[tuple[str, ...], Row] = {}
        key = ("flow", "partner", "product", "period")
        sources = (self._totals(), self._areas(), self._commodities())
        for where, row in (found for rows_ in sources for found in rows_):
            self._keep(rows, key, where, row, self.faults)
        return list(rows.values())

    def series(self) -> list[Row]:
        """Growth, shares, contributions and indexes as the release states them."""
        rows: dict[tuple[str, ...], Row] = {}
        key = ("key", "dimensions", "period", "unit")
        sources = (
            self._total_rates(),
            self._area_rates(),
            self._commodity_rates(),
            self._indexes(),
        )
        for where, row in (found for rows_ in sources for found in rows_):
            self._keep(rows, key, where, row, self.series_faults)
        return list(rows.values())

    @staticmethod
    def _keep(
        rows: dict[tuple[str, ...], Row],
        key: tuple[str, ...],
        where: str,
        row: Row,
        faults: list[Fault],
    ) -> None:
        had = rows.setdefault(tuple(str(row[k]) for k in key), row)
        if had["value"] != row["value"]:
            what = ", ".join(str(row[k]) for k in key)
            reason = f"another page of the release says {had['value']}"
            faults.append(Fault(where, f"{what}: {row['value']}", reason))

    # --- flows ----------------------------------------------------------------------------------

    def _totals(self) -> Iterator[tuple[str, Row]]:
        now, before = self._standing.period, self._standing.before
        totals = self._release.totals
        cells = {
            "sogakutonen": (now, self._standing.status),
            "sogakuzennen": (before, dict.fromkeys(totals, self._known(before))),
        }
        for cell, (period, states) in cells.items():
            numbers = self._numbers(
                {item: line.cells[cell] for item, line in totals.items()}, totals
            )
            for flow in ("export", "import") if numbers else ():
                money = Money.of(numbers[flow], MILLION)
                row = flow_row(flow, WORLD, products.TOTAL, period, money, states[flow])
                yield totals[flow].where, row

    def _areas(self) -> Iterator[tuple[str, Row]]:
        period = self._standing.period
        for line in self._release.areas:
            area = self._area(line.cells["chiikikuni"], line, self.faults)
            texts = {
                "export": line.cells["exportkagakue"],
                "import": line.cells["importkagakue"],
                "balance": line.cells["sashihikikagakue"],
            }
            numbers = self._numbers(texts, dict.fromkeys(texts, line)) if area else {}
            for flow in ("export", "import") if numbers else ():
                money = Money.of(numbers[flow], MILLION)
                state = self._standing.status[flow]
                yield line.where, flow_row(flow, area, products.TOTAL, period, money, state)

    def _numbers(self, texts: Mapping[str, str], lines: Mapping[str, Line]) -> dict[str, Decimal]:
        """Exports, imports and balance; nothing, with a fault, where they do not balance."""
        line = lines["balance"]
        said = ", ".join(f"{item} {text}" for item, text in texts.items())
        try:
            read = {item: japan_release.number(text) for item, text in texts.items()}
        except ValueError as error:
            self.faults.append(Fault(line.where, said, str(error)))
            return {}
        # A dash is nothing shipped: 0 to the balance, and no figure of its own.
        found = {item: number for item, number in read.items() if number is not None}
        balance = found.get("export", Decimal(0)) - found.get("import", Decimal(0))
        if balance != found.get("balance", Decimal(0)):
            reason = (
                f"exports less imports are {balance:,}, not the balance that stands beside them"
            )
            self.faults.append(Fault(line.where, said, reason))
            return {}
        return found if {"export", "import"} <= set(found) else self._half(found, line, said)

    def _half(self, found: dict[str, Decimal], line: Line, said: str) -> dict[str, Decimal]:
        """A line with a dash for exports or imports, as nothing in the releases at hand has it."""
        self.faults.append(Fault(line.where, said, "exports or imports are a dash"))
        return {}

    def _commodities(self) -> Iterator[tuple[str, Row]]:
        period = self._standing.period
        for line, flow, area, code in self._products(self.faults):
            try:
                value = japan_release.number(line.cells["kagaku"])
                volume = self._volume(line)
            except ValueError as error:
                self.faults.append(Fault(line.where, line.said, str(error)))
                continue
            # A dash is no figure: nothing was shipped.
            if value is not None:
                money = Money.of(value, MILLION)
                state = self._standing.status[flow]
                yield line.where, flow_row(flow, area, code, period, money, state, volume)
            elif volume is not NONE:
                self.faults.append(Fault(line.where, line.said, "a quantity without a value"))

    def _volume(self, line: Line) -> Volume:
        """The quantity of a line; none, with a fault, where its unit is not known."""
        quantity = japan_release.number(line.cells["suryo"])
        if quantity is None:
            return NONE
        try:
            return Volume.of(quantity, line.cells["tani"])
        except UnknownTerm as error:
            reason = f"{error} The value is kept without the quantity."
            self.faults.append(Fault(line.where, line.said, reason))
            return NONE

    # --- series ---------------------------------------------------------------------------------

    def _total_rates(self) -> Iterator[tuple[str, Row]]:
        for item, line in self._release.totals.items():
            key = f"{_plural(item)}.yoy"
            text = line.cells["nobiritsu"]
            yield from self._stated(key, WORLD, products.TOTAL, text, line, item)

    def _area_rates(self) -> Iterator[tuple[str, Row]]:
        cells = (("export", "export"), ("import", "import"), ("balance", "sashihiki"))
        for line in self._release.areas:
            area = self._area(line.cells["chiikikuni"], line, [])
            for item, tag in cells if area else ():
                text = line.cells[f"{tag}nobiritsu"]
                key = f"{_plural(item)}.yoy"
                yield from self._stated(key, area, products.TOTAL, text, line, item)

    def _commodity_rates(self) -> Iterator[tuple[str, Row]]:
        for line, flow, area, code in self._products([]):
            product = _term(code, flow)
            for key, tag, unit in (
                (f"{flow}s.yoy", "kagakunobiritsu", "%"),
                (f"{flow}_volume.yoy", "suryonobiritsu", "%"),
                (f"{flow}s.share", "koseihi", "%"),
                (f"{flow}s.contribution", "zogenkiyodo", "pt"),
            ):
                yield from self._stated(key, area, product, line.cells[tag], line, flow, unit)

    def _stated(
        self,
        key: str,
        partner: str,
        product: str,
        text: str,
        line: Line,
        item: str,
        unit: str = "%",
    ) -> Iterator[tuple[str, Row]]:
        """A rate of the period as it is printed; nothing where the release has a dash."""
        value = self._read(japan_release.rate, text, line)
        if value is not None:
            state = self._standing.status[item]
            row = _series_row(key, partner, product, self._standing.period, value, unit, state)
            yield line.where, row

    def _indexes(self) -> Iterator[tuple[str, Row]]:
        for table in self._release.indexes:
            for line in table.lines:
                period = japan_release.monthly(line.cells["period"], line.where)
                area = self._area(line.cells["area"], line, self.series_faults, period)
                if area:
                    yield from self._index(table, line, area, period)

    def _index(
        self, table: Indexes, line: Line, area: str, period: Period
    ) -> Iterator[tuple[str, Row]]:
        for flow in ("export", "import"):
            state = self._index_status(flow, period, line)
            for tag, measure in _MEASURES.items():
                value = self._read(japan_release.rate, line.cells[f"{flow}{tag}"], line)
                if value is None:
                    continue
                grown = f"{flow}s" if measure == "value" else f"{flow}_{measure}"
                key = f"{grown}.yoy" if table.growth else f"{flow}_{measure}_index"
                unit = "%" if table.growth else table.base
                yield line.where, _series_row(key, area, products.TOTAL, period, value, unit, state)

    def _index_status(self, flow: str, period: Period, line: Line) -> str:
        if period == self._standing.period:
            return self._standing.status[flow]
        flagged = line.cells.get(f"{flow}p", "")
        return "provisional" if flagged == "(P)" else self._known(period)

    # --- both -----------------------------------------------------------------------------------

    def _known(self, period: Period) -> str:
        """Where the figures of another period stood on the day of the release."""
        return status(period, None, self._standing.published)

    def _products(self, faults: list[Fault]) -> Iterator[tuple[Line, str, str, str]]:
        """Every line of commodities: flow, area and code with it."""
        for page in self._release.commodities:
            area = self._area(page.area, page.lines[0], faults)
            for line in page.lines if area else ():
                name = line.cells["shuyoshohin"]
                code = COMMODITIES[page.flow].get(name, "")
                if code:
                    yield line, page.flow, area, code
                else:
                    what = UnknownTerm(
                        f"commodity among {page.flow}s", name, COMMODITIES[page.flow]
                    )
                    faults.append(Fault(line.where, line.said, str(what)))

    def _area(
        self, name: str, line: Line, faults: list[Fault], period: Period | None = None
    ) -> str:
        """The area of a name; empty, with a fault, where the name is not known."""
        plain = name.strip().removeprefix("(").removesuffix(")").strip()
        area = AREAS.get(plain, "")
        reason = "" if area else str(UnknownTerm("area of a release", name, AREAS))
        if area == "EU27" and (period or self._standing.period).first < EU27_SINCE.first:
            reason = f"before {EU27_SINCE} the European Union had other members than EU27"
        if reason:
            faults.append(Fault(line.where, line.said, reason))
        return "" if reason else area

    def _read(self, how: Callable[[str], Decimal | None], text: str, line: Line) -> Decimal | None:
        try:
            return how(text)
        except ValueError as error:
            self.series_faults.append(Fault(line.where, line.said, str(error)))
            return None


def _plural(item: str) -> str:
    return item if item == "balance" else f"{item}s"


def _term(code: str, flow: str) -> str:
    """The word of the vocabulary for a code, which is a dimension of a series."""
    found = products.by_code(code, flow)
    return found.term if found else products.TOTAL


def _series_row(
    key: str, partner: str, product: str, period: Period, value: Decimal, unit: str, state: str
) -> Row:
    return {
        "key": key,
        "area": COUNTRY,
        "dimensions": [("partner", partner), ("product", product)],
        "freq": period.kind,
        "period": str(period),
        # "-0.0" is a small decrease, rounded; a zero has no sign here.
        "value": value + 0,
        "unit": unit,
        "resolution": Decimal(1).scaleb(int(value.as_tuple().exponent)),
        "status": state,
    }
