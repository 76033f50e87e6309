"""Mirror flows: an exporter's figures against its partner's imports, and how far they are apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.lake import Lake, open_lake
from boeki.measure.coherence.asymmetry import asymmetry, margin_of, to_fob
from boeki.measure.coherence.hubs import HUBS
from boeki.measure.coherence.reasons import reasons_of
from boeki.measure.coherence.sides import Question, Reported, Row, Side, read_rows, side_of
from boeki.measure.levels.line import Values, line_of
from boeki.measure.rates import Kind, Rate, RateBook
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

if TYPE_CHECKING:
    import pandas as pd

_METHOD = Method(
    "Mirror comparison",
    "difference = X − M; asymmetry = (X − M) / ((X + M) / 2); ratio = M(CIF) / X(FOB); M(FOB) = "
    "M(CIF) / (1 + margin)",
    "United Nations, International Merchandise Trade Statistics: Compilers Manual, Revision 1 "
    "(IMTS 2010-CM)",
    "explanation/coherence.md",
)
#: Values that have no freight and insurance in them.
_FREE = ("fob", "customs", "fas")
_PLACES = Decimal("0.001")


def measure_mirror(
    reporter: str,
    partner: str,
    period: str | Sequence[str],
    *,
    product: str = TOTAL,
    digits: int | None = None,
    classification: str = "",
    office: str | None = None,
    partner_office: str | None = None,
    cif_margin: str | Real | Decimal | None = None,
    currency: str | None = None,
    rate: Kind = "average",
    lag: int = 0,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Hold each country's exports against the other's imports.

    Parameters
    ----------
    reporter, partner
        Area codes or names; both must be reporters in the lake.
    period
        One or several: months, quarters or years. One that was not printed is the sum of its
        months, where every one of them is there.
    product
        ``TOTAL`` or a code, with or without its classification (``HS2022:8486``).
    digits
        Keep the products with codes of so many digits apart, instead of one product.
    classification
        Of the products. Both sides must have the same: two editions give one code two meanings.
    office, partner_office
        Whose statistics each side is taken from; None where the lake has but one's. One name alone
        stands for both.
    cif_margin
        Freight and insurance in percent of the FOB value, by which CIF imports are brought to FOB:
        a number, or ``imf`` for the 6 % of the IMF. None to leave imports as they are valued, and
        to say so. Where the lake has the importer's own FOB or customs value too, that is taken.
    currency
        What both are converted into; needed where they are in two.
    rate
        With a conversion: the ``average`` of the months, or the rate at their ``end``.
    lag
        Months by which the importer's period lies later: goods that leave in December arrive in
        January.
    as_of
        Only what was published by this day.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a period, direction and product: ``exports``, ``imports`` as reported,
        ``imports_fob``, ``difference``, ``asymmetry`` and ``ratio``. Where one side is missing,
        what needs both is null. The notes name what may keep the two apart.

    Raises
    ------
    InputError
        For several offices, classifications, currencies or trade systems on one side, two
        classifications, two currencies without ``currency``, or one country on both sides.
    NoFigure
        Where neither country reports the flow, or there is no exchange rate.
    """
    lake = lake or open_lake()
    a, b = areas.find(reporter).code, areas.find(partner).code
    if a == b:
        raise InputError(f"{a} does not trade with itself: name two countries")
    margin, who = margin_of(cif_margin)
    asked = _asked(period, product, digits, classification, as_of)
    if partner_office is None:
        partner_office = office
    rows = read_rows(lake, asked, (a, b), HUBS, lag)
    pairs = [
        _pair(rows, asked, *way, lag) for way in ((a, b, office, partner_office),
                                                  (b, a, partner_office, office))
    ]  # fmt: skip
    if not any(p.exports.figures or p.imports.figures for p in pairs):
        raise _nothing(a, b, asked)
    to = currency or _one_currency(pairs)
    rates = _Rates(lake, as_of, to, rate, pairs, asked.periods, lag)
    lines = [
        _row(pair, when, code, margin, rates, lag)
        for pair in pairs
        for code in pair.products
        for when in asked.periods
    ]
    why = reasons_of(rows, asked, [s for p in pairs for s in (p.exports, p.imports)], lag)
    return _answer(asked, pairs, lines, rates, (margin, who), (lag, why))


def mirror_of(
    exports: Values | pd.Series,
    imports: Values | pd.Series,
    *,
    unit: str,
    cif_margin: str | Real | Decimal | None = None,
    exporter: str = "exporter",
    importer: str = "importer",
) -> Answer:
    """Hold two reports of one flow against each other that the caller has.

    Parameters
    ----------
    exports, imports
        Period to value: exports FOB, imports CIF, both in ``unit``.
    unit
        Their currency.
    cif_margin
        As in :func:`measure_mirror`.
    exporter, importer
        Names, for headings.
    """
    margin, who = margin_of(cif_margin)
    x, m = (line_of(v, unit=unit, name=n) for v, n in ((exports, "exports"), (imports, "imports")))
    if x.freq != m.freq:
        raise InputError(f"exports are of frequency {x.freq}, imports of {m.freq}")
    rows = []
    for month in sorted({*x.values, *m.values}):
        cif = m.values.get(month)
        fob = to_fob(cif, margin) if cif is not None and margin is not None else None
        cells = _compared(x.values.get(month), cif, fob, importer, exporter)
        rows.append({"period": x.label(month), **cells})
    columns = [Column("period", "Period"), *_amounts(unit), Column("note", "Why something is null")]
    notes = [_margin_note(margin, who, reported=False)]
    return answer(
        f"Mirror comparison, {exporter} to {importer}", rows, columns, _METHOD,
        about={"unit": unit, "cif_margin": margin}, notes=notes,
        chart=Chart("line", "period", ("exports", "imports")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pair:
    """One direction of trade, seen from both ends."""

    exports: Side
    imports: Side

    @property
    def products(self) -> list[str]:
        return sorted(self.exports.products | self.imports.products)

    @property
    def way(self) -> str:
        return f"{self.exports.reporter} → {self.imports.reporter}"


def _asked(
    period: str | Sequence[str],
    product: str,
    digits: int | None,
    classification: str,
    as_of: dt.date | None,
) -> Question:
    texts = [period] if isinstance(period, str) else list(period)
    if not texts:
        raise InputError("name at least one period")
    periods = tuple(Period.parse(t) for t in texts)
    if any(p.days for p in periods):
        raise InputError("flows are of whole months: name months, quarters or years")
    if any(p.kind == "FY" for p in periods):
        raise InputError(
            "fiscal years differ from country to country: name months, as 2024-04/2025-03"
        )
    system, _colon, code = product.rpartition(":")
    if digits is not None and digits < 1:
        raise InputError("codes have one digit or more")
    return Question(periods, code, digits, classification or system, as_of)


def _pair(
    rows: Sequence[Row],
    asked: Question,
    exporter: str,
    importer: str,
    office: str | None,
    other: str | None,
    lag: int,
) -> _Pair:
    later = Question(
        tuple(p.shift(lag) for p in asked.periods), asked.product, asked.digits,
        asked.classification, asked.as_of,
    )  # fmt: skip
    exports = side_of(rows, asked, exporter, importer, "export", office)
    imports = side_of(rows, later, importer, exporter, "import", other)
    known = {s.classification for s in (exports, imports) if s.classification}
    if len(known) > 1 and asked.product != TOTAL:
        raise InputError(
            f"products are by {exports.classification} on one side and by "
            f"{imports.classification} on the other: bring them to one classification first"
        )
    return _Pair(exports, imports)


def _nothing(a: str, b: str, asked: Question) -> NoFigure:
    when = ", ".join(p.label for p in asked.periods)
    return NoFigure(
        f"the lake has no trade of {areas.name(a)} with {areas.name(b)} for {when}, as neither "
        "reports it: `boeki lake status` shows what there is, `boeki pull comtrade` brings both "
        "sides"
    )


def _one_currency(pairs: Iterable[_Pair]) -> str:
    held = {s.currency for p in pairs for s in (p.exports, p.imports) if s.currency}
    if len(held) > 1:
        raise InputError(
            f"the two sides are in {' and '.join(sorted(held))}: name the currency to compare in"
        )
    return held.pop()


class _Rates:
    """Exchange rates of every side and period, where one is needed."""

    def __init__(
        self,
        lake: Lake,
        as_of: dt.date | None,
        to: str,
        kind: Kind,
        pairs: Iterable[_Pair],
        periods: Iterable[Period],
        lag: int,
    ) -> None:
        self.to, self.kind = to, kind
        sides = [s for p in pairs for s in (p.exports, p.imports)]
        moneys = {s.currency for s in sides if s.currency} - {to}
        spans = {(p.first + later, p.months) for p in periods for later in (0, lag)}
        book = RateBook(lake, as_of, {*moneys, to}) if moneys else None
        self.found = {m: book.rates(m, to, kind, spans) if book else {} for m in moneys}
        for money, rates in self.found.items():
            if not rates:
                raise NoFigure(
                    f"the lake has no official exchange rate between {money} and {to} for these "
                    "periods: `boeki pull ecb-fx` brings daily rates of some 30 currencies"
                )

    def convert(self, value: Decimal, money: str, period: Period) -> tuple[Decimal | None, str]:
        """A value in the currency of comparison, and the rate in words."""
        if money == self.to:
            return value, ""
        rate = self.found[money].get(period.span)
        if rate is None:
            return None, ""
        return _exchanged(value, rate, money, self.to), f"{rate.value} {rate.unit} ({rate.day})"


def _exchanged(value: Decimal, rate: Rate, money: str, to: str) -> Decimal:
    over = rate.unit == f"{money}/{to}"
    return (value / rate.value if over else value * rate.value).quantize(_PLACES, ROUND_HALF_EVEN)


def _row(
    pair: _Pair, when: Period, code: str, margin: Decimal | None, rates: _Rates, lag: int
) -> dict[str, Any]:
    later = when.shift(lag)
    out = pair.exports.find(when, code, "fob", "fas")
    into = pair.imports.find(later, code, "cif", *_FREE)
    free = pair.imports.find(later, code, *_FREE)
    x, x_rate = _converted(out, pair.exports, when, rates)
    m, m_rate = _converted(into, pair.imports, later, rates)
    own, _rate = _converted(free, pair.imports, later, rates)
    fob, basis = _free_value(m, own, margin)
    cells = _compared(x, m, fob, pair.imports.reporter, pair.exports.reporter)
    why = [cells.pop("note")]
    if (out and x is None) or (into and m is None):
        why.append("no exchange rate for the whole of the period")
    return {
        "period": str(when),
        "direction": pair.way,
        "product": code,
        **cells,
        "imports_basis": basis if m is not None else "",
        "exports_rate": x_rate,
        "imports_rate": m_rate,
        "note": "; ".join(w for w in why if w),
    }


def _converted(
    figure: Reported | None, side: Side, period: Period, rates: _Rates
) -> tuple[Decimal | None, str]:
    return rates.convert(figure.value, side.currency, period) if figure else (None, "")


def _free_value(
    cif: Decimal | None, own: Decimal | None, margin: Decimal | None
) -> tuple[Decimal | None, str]:
    """Imports without freight and insurance, and where that comes from."""
    if own is not None:
        return own, "fob, as reported"
    if cif is not None and margin is not None:
        return to_fob(cif, margin), f"cif, less {margin} %"
    return None, "cif"


def _compared(
    x: Decimal | None, m: Decimal | None, fob: Decimal | None, importer: str, exporter: str
) -> dict[str, Any]:
    """The comparison of one row: with FOB imports where they are known, else as reported."""
    held = fob if fob is not None else m
    both = asymmetry(x, held) if x is not None and held is not None else None
    plain = asymmetry(x, m) if x is not None and m is not None else None
    lacking = [
        f"{who} reports no {flow}"
        for who, flow, value in ((exporter, "exports", x), (importer, "imports", m))
        if value is None
    ]
    return {
        "exports": x,
        "imports": m,
        "imports_fob": fob,
        "difference": both.difference if both else None,
        "asymmetry": both.percent if both else None,
        "ratio": plain.ratio if plain else None,
        "note": "; ".join(lacking),
    }


def _amounts(unit: str, *, free: bool = True) -> list[Column]:
    return [
        Column("exports", "Exports, as the exporter reports them", unit),
        Column("imports", "Imports, as the importer reports them", unit),
        Column("imports_fob", "Imports without freight and insurance", unit, shown=free),
        Column("difference", "Exports minus imports (FOB where known)", unit),
        Column("asymmetry", "Difference in percent of the mean of the two", "%"),
        Column("ratio", "Imports as reported over exports", places=3),
    ]


def _margin_note(margin: Decimal | None, who: str, *, reported: bool) -> str:
    if reported:
        return "Imports are compared at the importer's own FOB or customs value, where it has one."
    if margin is None:
        return (
            "Imports are CIF where the importer values them so, exports FOB: freight and insurance "
            "are in the difference. Give a CIF/FOB margin to take them out."
        )
    return f"CIF imports are brought to FOB with a margin of {margin} % ({who})."


def _answer(
    asked: Question,
    pairs: Sequence[_Pair],
    rows: list[dict[str, Any]],
    rates: _Rates,
    margin: tuple[Decimal | None, str],
    told: tuple[int, list[str]],
) -> Answer:
    lag, why = told
    a, b = pairs[0].exports.reporter, pairs[0].imports.reporter
    sides = [s for p in pairs for s in (p.exports, p.imports)]
    figures = [f for s in sides for f in s.figures.values()]
    reported = any(r["imports_basis"] == "fob, as reported" for r in rows)
    converted = any(r["exports_rate"] or r["imports_rate"] for r in rows)
    notes = [_margin_note(*margin, reported=reported), *why]
    if converted:
        notes.append(f"Converted into {rates.to} by official rates ({rates.kind} of the period).")
    one = not asked.digits
    what = "" if asked.product == TOTAL else f", {asked.product}"
    columns = [
        Column("period", "Period"),
        Column("direction", "Exporter → importer"),
        Column("product", "Product", shown=not one),
        *_amounts(rates.to, free=any(r["imports_fob"] is not None for r in rows)),
        Column("imports_basis", "How imports are valued in the difference", shown=reported),
        Column("exports_rate", "Rate of exchange of exports", shown=converted),
        Column("imports_rate", "Rate of exchange of imports", shown=converted),
        Column("note", "Why something is null", shown=any(r["note"] for r in rows)),
    ]
    return answer(
        f"Mirror flows of {areas.name(a)} and {areas.name(b)}{what}, "
        f"{', '.join(str(p) for p in asked.periods)}",
        rows, columns, _METHOD,
        about={
            "reporter": a, "partner": b, "periods": [str(p) for p in asked.periods],
            "product": asked.product if one else f"{asked.digits} digits",
            "offices": {s.reporter: s.office for s in sides if s.office},
            "classification": sides[0].classification, "currency": rates.to,
            "rate": rates.kind if converted else None, "cif_margin": margin[0],
            "cif_margin_source": margin[1], "lag": lag, "as_of": asked.as_of,
        },
        notes=notes, sources=[s for f in figures for s in f.sources],
        evidence=[row for f in figures for row in f.rows],
        published=max((f.published for f in figures), default=None),
        chart=Chart("bars", "period", ("asymmetry",), color="direction")
        if one and any(r["asymmetry"] is not None for r in rows) else None,
    )  # fmt: skip
