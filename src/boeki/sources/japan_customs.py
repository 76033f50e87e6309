"""Japan Customs: the time series of trade, as files that are overwritten as figures are revised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from boeki.errors import InputError, UnknownTerm
from boeki.sources import facts, japan_layout
from boeki.sources.base import Document, Fault, Identity, Parsed, Part, Query, Raw, Request
from boeki.sources.japan_layout import NAME, SECTIONS, Column, Sheet
from boeki.sources.japan_office import (
    CALENDAR,
    EU27_SINCE,
    NONE,
    OFFICE,
    TERMS,
    Money,
    Volume,
    agent,
    check_query,
    flow_row,
    flow_table,
    status,
    wanted_flows,
)
from boeki.terms import areas
from boeki.terms.codes import area_map, from_area, to_area
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

ADDRESS = "https://www.customs.go.jp/toukei/suii/html/data/{}.csv"
#: The regions whose numbers are known.
REGIONS = {"001": "ASIA", "003": "NAMERICA", "010": "EU27"}
THOUSAND = 1000

#: A file has every month of every column: a cell that has become a dash was taken back.
_CELLS = (("flow", "partner", "product"), ("flow", "partner", "period"))
_DEFAULT = {"": ("d41ma", "d51ma", "d61ma"), "export": ("d51ma",), "import": ("d61ma",)}
_COUNTRY = {"export": "d52ma{}", "import": "d62ma{}"}
_FAMILIES = ("d41ma", "d42maNNN", "d51ma", "d61ma", "d52maNNN", "d62maNNN")
_TITLES = {
    "d41": "total exports and imports by month",
    "d42": "exports and imports by month: {}",
    "d51": "exports by principal commodity and month",
    "d61": "imports by principal commodity and month",
    "d52": "exports by principal commodity and month: {}",
    "d62": "imports by principal commodity and month: {}",
}


class JapanCustoms:
    """The time series of Japan's customs."""

    about = facts("japan-customs")

    def requests(self, query: Query) -> Iterable[Request]:
        """The files that answer a query: those named, else by partner, else of the world."""
        check_query(query, self.about.name, ("path",))
        if query.products:
            raise InputError(
                f"{self.about.name} has all commodities in one file: leave the product out"
            )
        if path := query.options.get("path", ""):
            return [_local(query, path)]
        names = query.names or tuple(_chosen(query))
        return [_request(name) for name in dict.fromkeys(names)]

    def parse(self, raw: Raw) -> Parsed:
        """What a file says, the months that are not out yet left aside."""
        name = raw.request.name
        sheet = japan_layout.read(raw.path, name)
        reader = _Reader(name, sheet, raw.day)
        rows = flow_table(reader.rows())
        identities = tuple(_identities(name, sheet))
        part = Part(_document(name, raw.day), "flows", rows, identities, reader.faults, _CELLS)
        return Parsed((part,))


def _chosen(query: Query) -> Iterator[str]:
    """The files for the partners and flows of a query that names none."""
    flows = wanted_flows(query)
    if not query.partners:
        yield from _DEFAULT[flows[0] if len(flows) == 1 else ""]
    for partner in query.partners:
        if partner == areas.WORLD:
            yield from _DEFAULT[flows[0] if len(flows) == 1 else ""]
        elif region := next((n for n, a in REGIONS.items() if a == partner), ""):
            yield f"d42ma{region}"
        else:
            yield from (_COUNTRY[flow].format(_code(partner)) for flow in flows)


def _code(partner: str) -> str:
    """The office's code of a country, the present one where it has had several."""
    codes = from_area(OFFICE, partner)
    if not codes:
        known = [*area_map(OFFICE).values(), *REGIONS.values()]
        raise UnknownTerm("partner of Japan's customs", partner, known)
    return codes[0]


def _local(query: Query, path: str) -> Request:
    """A file that the user has, under the name that is given or its own."""
    if len(query.names) > 1:
        raise InputError("one path is one file: name it once, or not at all")
    name = query.names[0] if query.names else Path(path).stem
    return Request(_checked(name), path)


def _request(name: str) -> Request:
    return Request(_checked(name), ADDRESS.format(name), headers=agent())


def _checked(name: str) -> str:
    """A name that stands for a file; a number that stands for no area is an error here already."""
    if NAME.fullmatch(name) is None:
        raise UnknownTerm("time series of Japan's customs", name, _FAMILIES)
    _about(name)
    return name


def _about(name: str) -> str:
    """The area that a file is about."""
    matched = NAME.fullmatch(name)
    if matched is None or not (matched["region"] or matched["country"]):
        return areas.WORLD
    if region := matched["region"]:
        if region not in REGIONS:
            raise UnknownTerm("region of Japan's customs", region, REGIONS)
        return REGIONS[region]
    return to_area(OFFICE, matched["country"])


def _document(name: str, day: dt.date) -> Document:
    title = _TITLES[name[:3]].format(areas.name(_about(name)))
    return Document(
        name=f"{name}@{day}",
        title=f"Trade statistics, time series: {title}",
        published=day,
        vintage=f"time series {day:%Y-%m}",
        note=(
            f"The file does not date itself: {day} is when its server says that it was changed, or "
            f"when it was fetched, and so an upper bound. {CALENDAR} {TERMS}"
        ),
    )


class _Reader:
    """The rows of a sheet, and on the way what could not be read as one."""

    def __init__(self, name: str, sheet: Sheet, day: dt.date) -> None:
        self._name, self._sheet, self._day = name, sheet, day
        self._whole = _about(name)
        self.faults: list[Fault] = []

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every figure as a row, column by column."""
        for column in self._sheet.columns:
            partner = self._partner(column)
            if partner:
                yield from self._of(column, partner)

    def _partner(self, column: Column) -> str:
        """The area of a column; empty, with a fault, where its code stands for none."""
        if not column.partner:
            return self._whole
        try:
            return to_area(OFFICE, column.partner)
        except UnknownTerm as error:
            what = f"{column.flow}s, country {column.partner}, {len(self._sheet.months)} months"
            self._fault(column.value, what, str(error))
            return ""

    def _of(self, column: Column, partner: str) -> Iterator[dict[str, Any]]:
        months = self._months(column, partner)
        column = self._measured(column)
        newest = self._sheet.months[-1][0]
        for month, cells in months:
            where = f"{month}, {column.flow} {column.product}"
            try:
                value = japan_layout.number(cells[column.value])
                volume = _volume(column, cells)
            except ValueError as error:
                self._fault(column.value, where, str(error))
                continue
            if value is None and volume is not NONE:
                self._fault(column.value, where, "a quantity without a value")
            elif not value and column.product == TOTAL and self._whole == areas.WORLD:
                self._fault(column.value, where, "no total in a month that is out")
            elif value is not None:
                state = status(month, newest, self._day)
                money = Money.of(value, THOUSAND)
                yield flow_row(column.flow, partner, column.product, month, money, state, volume)

    def _months(self, column: Column, partner: str) -> Sequence[tuple[Period, Sequence[str]]]:
        """The months of a column, without those in which the union was another."""
        months = self._sheet.months
        if partner != "EU27":
            return months
        kept = [m for m in months if m[0] >= EU27_SINCE]
        if before := len(months) - len(kept):
            what = f"{column.flow}s, {before} months before {EU27_SINCE}"
            self._fault(column.value, what, "the European Union then had other members than EU27")
        return kept

    def _measured(self, column: Column) -> Column:
        """A column whose quantities can be told; without them, and a fault, where they cannot."""
        if column.quantity is None:
            return column
        at = column.quantity
        given = sum(cells[at].strip() != "-" for _, cells in self._sheet.months)
        if not given:
            return replace(column, quantity=None)
        reason = "the header gives no unit"
        if column.unit:
            try:
                Volume.of(0, column.unit)
            except UnknownTerm as error:
                reason = str(error)
            else:
                return column
        what = f"{given} quantities of {column.flow} {column.product}"
        self._fault(at, what, f"{reason}; the values are kept without them")
        return replace(column, quantity=None)

    def _fault(self, column: int, said: str, reason: str) -> None:
        self.faults.append(Fault(f"{self._name}, column {column + 1}", said, reason))


def _volume(column: Column, cells: Sequence[str]) -> Volume:
    if column.quantity is None:
        return NONE
    quantity = japan_layout.number(cells[column.quantity])
    return NONE if quantity is None else Volume.of(quantity, column.unit)


def _identities(name: str, sheet: Sheet) -> Iterator[Identity]:
    """The equations that the office's own figures fulfil, to the last digit."""
    group = ("flow", "partner", "period")
    codes = [c.product for c in sheet.columns]
    if name.startswith("d42"):
        yield Identity(
            "the countries of a region are not more than the region",
            ("flow", "period"),
            f"sum(value) FILTER (partner <> '{_about(name)}') "
            f"<= max(value) FILTER (partner = '{_about(name)}')",
        )
    if name in ("d51ma", "d61ma"):
        yield Identity("the nine sections add up to the total", group, _sum(TOTAL, SECTIONS))
        for code in codes:
            parts = tuple(code.split("+"))
            if len(parts) > 1 and set(parts) <= set(codes):
                words = f"{' and '.join(parts)} add up to {code}"
                yield Identity(words, group, _sum(code, parts))


def _sum(whole: str, parts: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{p}'" for p in parts)
    return f"sum(value) FILTER (product IN ({listed})) = max(value) FILTER (product = '{whole}')"
