"""Printings: every value with which the figures of one series were ever published, and what stood
on a day.

Rows are read as the office gave them. What boeki once misread is left out: the same bytes, read
otherwise, are no revision of the office.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from boeki.errors import InputError, NoFigure, NotYetPublished, UnknownTerm
from boeki.lake import Lake
from boeki.lake.readings import document_sql
from boeki.lake.selection import Selection
from boeki.terms import areas, products
from boeki.terms.measures import MEASURES
from boeki.terms.offices import COMPILERS

#: From the least final to the most: what a source has merely said of another time counts as known
#: later.
MATURITY = ("provisional", "revised", "stated", "final")

#: Measure to the flows that it is made of.
_SIDES = {"balance": ("export", "import"), "trade": ("export", "import")}
_FREQS = {"M": 1, "Q": 3, "A": 12, "FY": 12}


@dataclass(frozen=True, slots=True)
class Printing:
    """A value as it was published.

    Attributes
    ----------
    published, value, resolution
        When, how much in plain units, and the size of the last digit that was printed. The value
        is None where the office took the figure out again.
    statuses
        How final the export side is, then the import side; one where there is one side.
    vintages, sources, rows
        How the documents call it, the documents, and the rows of the lake.
    """

    published: dt.date
    value: Decimal | None
    resolution: Decimal
    statuses: tuple[str, ...]
    vintages: tuple[str, ...]
    sources: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """All that was ever printed of one figure, in order."""

    printings: tuple[Printing, ...]

    @cached_property
    def days(self) -> list[dt.date]:
        """The days of publication, one a printing."""
        return [p.published for p in self.printings]

    def on(self, day: dt.date) -> Printing | None:
        """What stood on a day; None before the first, and where it had been taken out."""
        place = bisect.bisect_right(self.days, day)
        found = self.printings[place - 1] if place else None
        return found if found is not None and found.value is not None else None


#: A side (``export``, ``import``, or ``whole`` where the measure itself was stated), the number of
#: months (0 for some days of one) and the first month.
Key = tuple[str, int, int]


@dataclass(frozen=True)
class Series:
    """One series with its past.

    Attributes
    ----------
    measure, reporter, partner, product, unit, office
        What it is, and whose figures.
    adjusted
        Whether it is seasonally adjusted.
    figures
        What was printed of each side and period.
    partial
        The same of the first days of a month, by side, number of days and month.
    """

    measure: str
    reporter: str
    partner: str
    product: str
    unit: str
    office: str
    adjusted: bool
    figures: Mapping[Key, Past]
    partial: Mapping[Key, Past]

    def at(self, month: int, months: int, day: dt.date) -> Printing | None:
        """The figure of a period as known on a day: stated, or put together from its parts.

        Of several at hand the newest counts, then the one printed most finely.
        """
        found = [self._side("whole", month, months, day)]
        sides = [self._side(s, month, months, day) for s in _SIDES.get(self.measure, ())]
        if sides and all(sides):
            found.append(_net(self.measure, [s for s in sides if s]))
        return max((f for f in found if f), key=_standing, default=None)

    def days(self, month: int, months: int) -> list[dt.date]:
        """Every day on which something of a period was published."""
        inside = {(months, month), *((1, m) for m in range(month, month + months))}
        return sorted(
            {d for (_, n, m), past in self.figures.items() if (n, m) in inside for d in past.days}
        )

    def months(self, months: int, phase: int) -> list[int]:
        """First months of the periods of which something was published, in order."""
        held = {m for _, n, m in self.figures if n in (1, months)}
        return sorted({m - (m - phase) % months for m in held})

    def _side(self, side: str, month: int, months: int, day: dt.date) -> Printing | None:
        past = self.figures.get((side, months, month))
        whole = past.on(day) if past else None
        if months == 1 or self.measure in ("rate", "sales") or "price" in self.measure:
            return whole
        parts = [self.figures.get((side, 1, m)) for m in range(month, month + months)]
        known = [p.on(day) for p in parts if p]
        if len(known) < months or not all(known):
            return whole
        added = _added([k for k in known if k])
        return max((f for f in (whole, added) if f), key=_standing)


def _standing(printing: Printing) -> tuple[dt.date, Decimal]:
    return printing.published, -printing.resolution


def _value(printing: Printing) -> Decimal:
    assert printing.value is not None  # what was taken out never stands
    return printing.value


def _added(parts: list[Printing]) -> Printing:
    """The sum of months, as final as the least final of them."""
    sides = zip(*(p.statuses for p in parts), strict=True)
    return Printing(
        max(p.published for p in parts),
        sum((_value(p) for p in parts), Decimal(0)),
        sum((p.resolution for p in parts), Decimal(0)),
        tuple(min(side, key=maturity) for side in sides),
        _once(v for p in parts for v in p.vintages),
        _once(s for p in parts for s in p.sources),
        tuple(r for p in parts for r in p.rows),
    )


def _net(measure: str, sides: list[Printing]) -> Printing:
    """Exports minus imports, or their sum."""
    exports, imports = sides
    sign = -1 if measure == "balance" else 1
    return Printing(
        max(exports.published, imports.published),
        _value(exports) + sign * _value(imports),
        exports.resolution + imports.resolution,
        exports.statuses + imports.statuses,
        _once(exports.vintages + imports.vintages),
        _once(exports.sources + imports.sources),
        exports.rows + imports.rows,
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def maturity(status: str) -> int:
    """How final a status is, from 0; words that are not known count as the least final."""
    return MATURITY.index(status) if status in MATURITY else 0


def read_series(
    measure: str,
    reporter: str,
    *,
    partner: str = "WLD",
    product: str = "TOTAL",
    adjusted: bool = False,
    office: str | None = None,
    valuation: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake,
) -> Series:
    """Every printing of one series.

    Parameters
    ----------
    measure, reporter, partner, product, adjusted
        As :func:`boeki.measure.table.measure_series` has them.
    office
        Whose figures; None where the lake has one office's. Offices do not revise one another.
    valuation
        ``fob``, ``cif`` …; needed where the office gives a flow in several.
    as_of
        Only what was published by this day.
    lake
        Where the figures are.

    Raises
    ------
    UnknownTerm
        For an area, product or measure that is none.
    InputError
        Where the lake has the series from several offices, or in several currencies, valuations or
        trade systems; the message lists them.
    NoFigure, NotYetPublished
        Where the lake has nothing, or had nothing yet on the day.
    """
    if measure not in MEASURES:
        raise UnknownTerm("measure", measure, MEASURES)
    who, whom, what = areas.find(reporter).code, areas.find(partner).code, products.find(product)
    if measure in _SIDES and what.startswith("JP-PC:"):
        raise InputError(
            f"{what} is one product among exports and another among imports: ask for its exports "
            "and its imports"
        )
    rows = _stated(lake, measure, who, whom, what)
    if measure not in ("rate", "sales"):
        rows += _flows(lake, measure, who, whom, what)
    rows = [r for r in rows if (r["adjustment"] == "sa") == adjusted]
    name = f"{measure} of {areas.name(who)} with {areas.get(whom).in_sentence}, {what}"
    rows = _of_one_office(rows, office, name)
    if not rows:
        raise NoFigure(f"the lake holds no {name}: `boeki figures` lists what is aboard")
    known = [r for r in rows if as_of is None or r["published"] <= as_of]
    if not known:
        first = min(r["published"] for r in rows)
        raise NotYetPublished(
            f"the lake holds no {name} published by {as_of}; the first was published {first}"
        )
    known = _of_one_kind(known, valuation, name)
    return Series(
        measure, who, whom, what, known[0]["unit"], known[0]["office"], adjusted,
        _pasts(r for r in known if r["days"] is None),
        _pasts(r | {"months": r["days"]} for r in known if r["days"] is not None),
    )  # fmt: skip


_PRINTED = "month, months, period, published, retrieved, revision, resolution, status, vintage"


def _query(lake: Lake, table: str, columns: str, where: str) -> list[dict[str, Any]]:
    """Rows in the order in which they were known, without what was misread.

    Of several readings of a document the last is right.
    """
    own = f"(PARTITION BY figure, {document_sql()}, published)"
    found = lake.query(
        f"SELECT {columns}, {_PRINTED}, office, source, row FROM (SELECT *, "  # noqa: S608
        f"revision < max(revision) OVER {own} AS misread FROM {{{table}}} WHERE {where}) "
        "WHERE NOT misread ORDER BY month, months, published, retrieved, revision, source DESC"
    )
    return list(found.to_pylist())


def _flows(lake: Lake, measure: str, who: str, whom: str, what: str) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    sides = _SIDES.get(measure, (measure.partition("_")[0].removesuffix("s"),))
    columns = (
        "flow, value, quantity, unit AS counted, currency, valuation, system, classification, "
        "adjustment"
    )
    for flow in sides:
        chosen = Selection(reporter=who, partner=whom, product=what, flow=flow).where("flows")
        for row in _query(lake, "flows", columns, chosen):
            side = flow if measure in _SIDES else "whole"
            figure = _measured(measure, row)
            out.append(row | figure | {"side": side, "days": _first_days(row)})
    return [r for r in out if r["value"] is not None or r["status"] == "withdrawn"]


def _measured(measure: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Value, unit and resolution of a volume or a unit value; of the rest as they are."""
    value, quantity, unit = row["value"], row["quantity"], row["currency"]
    if measure.endswith("_volume"):
        return {"value": quantity, "unit": row["counted"], "resolution": Decimal(1)}
    if measure.endswith("_price"):
        price = round(value / quantity, 6) if value is not None and quantity else None
        return {"value": price, "unit": f"{unit}/{row['counted']}", "resolution": Decimal(0)}
    return {"unit": unit}


def _first_days(row: Mapping[str, Any]) -> int | None:
    """How many days of a month a figure covers from its first day on; None for whole months."""
    if row["months"]:
        return None
    first, _, last = row["period"].partition("/")
    return int(last[8:10]) if last and first[8:10] == "01" and first[:7] == last[:7] else -1


def _stated(lake: Lake, measure: str, who: str, whom: str, what: str) -> list[dict[str, Any]]:
    """Figures of ``series``: rates, sales, and balances that were stated without both flows."""
    key = "exchange_rate" if measure == "rate" else measure
    where = f"{Selection(reporter=who, key=key).where('series')} AND unit <> '%'"
    out = []
    for row in _query(lake, "series", "value, unit, dimensions, publisher", where):
        told = dict(row["dimensions"])
        adjustment = told.pop("adjustment", "nsa")
        # A rate is against a currency, and every partner that pays in it is meant.
        partner = told.pop("partner", "WLD")
        if measure == "rate":
            partner = {"USD": "USA"}.get(told.pop("currency", ""), partner)
        if partner == whom and told.pop("product", "TOTAL") == what and row["months"]:
            kind = {"system": str(sorted(told.items())), "classification": "", "valuation": ""}
            row |= kind | {"side": "whole", "days": None, "adjustment": adjustment}
            out.append(row)
    return out


def _of_one_office(
    rows: list[dict[str, Any]], office: str | None, name: str
) -> list[dict[str, Any]]:
    held = sorted({r["office"] for r in rows})
    if office is not None:
        if held and office not in held:
            raise UnknownTerm("office", office, held)
        return [r for r in rows if r["office"] == office]
    national = [o for o in held if o not in COMPILERS] or held
    if len(national) > 1:
        raise InputError(
            f"the lake holds {name} from several offices ({', '.join(national)}), which do not "
            "revise one another: say which (office=, --office)"
        )
    return [r for r in rows if r["office"] in national]


def _of_one_kind(
    rows: list[dict[str, Any]], valuation: str | None, name: str
) -> list[dict[str, Any]]:
    """Refuse to take a figure of another kind for a revision."""
    if len(units := sorted({str(r["unit"]) for r in rows})) > 1:
        raise InputError(f"{name} is held in {', '.join(units)}: such figures are not compared")
    out = []
    for flow in dict.fromkeys(r.get("flow") for r in rows):
        of_flow = [r for r in rows if r.get("flow") == flow]
        valuations = sorted({r["valuation"] for r in of_flow})
        if len(valuations) > 1:
            if valuation not in valuations:
                raise InputError(
                    f"{name}: {flow}s are held in the valuations {', '.join(valuations)}: "
                    "say which (valuation=, --valuation)"
                )
            of_flow = [r for r in of_flow if r["valuation"] == valuation]
        if len(systems := sorted({r["system"] for r in of_flow})) > 1:
            raise InputError(f"{name} is held of several kinds: {'; '.join(systems)}")
        # The total of an office is the same in each of its classifications.
        most = max(
            sorted({r["classification"] for r in of_flow}),
            key=lambda c: sum(r["classification"] == c for r in of_flow),
        )
        out += [r for r in of_flow if r["classification"] == most]
    return out


def _pasts(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Past]:
    kept: dict[Key, list[Printing]] = {}
    for r in rows:
        kept.setdefault((r["side"], r["months"], r["month"]), []).append(
            Printing(
                r["published"], r["value"], r["resolution"] or Decimal(0), (r["status"],),
                (r["vintage"] or "",), (r["source"],), (r["row"],),
            )
        )  # fmt: skip
    return {key: Past(tuple(printings)) for key, printings in kept.items()}


def span(freq: str, reporter: str) -> tuple[int, int]:
    """Months in a period of a frequency, and the month of the year in which one begins, from 0.

    Raises
    ------
    UnknownTerm
        For another frequency than ``M``, ``Q``, ``A`` and ``FY``.
    """
    from boeki.terms.periods import Period

    if freq not in _FREQS:
        raise UnknownTerm("frequency", freq, _FREQS)
    return _FREQS[freq], Period.parse("FY2000", reporter).first % 12 if freq == "FY" else 0


def text_of(status: Iterable[str]) -> str:
    """How final a figure is, in words: ``revised / provisional`` where its two sides differ."""
    return " / ".join(dict.fromkeys(status))


__all__ = ["MATURITY", "Past", "Printing", "Series", "maturity", "read_series", "span", "text_of"]
