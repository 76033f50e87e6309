"""Import dependence: who supplies what, how concentrated, and whether it could be replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Unpack

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.structure import names
from boeki.measure.structure.flows import Flows, Trade
from boeki.measure.structure.herfindahl_hirschman import concentration
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade, untold
from boeki.terms import groups

#: The European Commission's thresholds: above them a product counts as dependent.
CDI1, CDI2, CDI3 = 0.4, 0.5, 1.0

METHOD = Method(
    "Import dependence",
    "CDI1 = Σ s² of suppliers > 0.4; CDI2 = extra-group imports / all imports > 0.5; CDI3 = "
    "extra-group imports / exports > 1; dependent where all that can be computed hold",
    "European Commission (2021), Strategic Dependencies and Capacities, SWD(2021) 352; Arjona, "
    "Connell and Herghelegiu (2023), An Enhanced Methodology to Monitor the EU's Strategic "
    "Dependencies and Vulnerabilities",
    "explanation/structure.md",
)


@dataclass(frozen=True, slots=True)
class Dependence:
    """How a product is supplied from outside.

    Attributes
    ----------
    imports
        From outside.
    concentration
        CDI1: Σ s² of outside suppliers.
    largest, largest_share
        The largest supplier, and its part in percent.
    suppliers
        How many there are.
    outside
        CDI2: part of outside imports in all; None for a country, of which all are.
    to_exports
        CDI3: outside imports over exports; None where nothing is exported or exports are not
        known.
    """

    imports: Decimal
    concentration: float
    largest: str
    largest_share: float
    suppliers: int
    outside: float | None
    to_exports: float | None


def dependence(
    suppliers: Mapping[str, Decimal], inside: Decimal | None, exports: Decimal | None
) -> Dependence:
    """How a product is supplied.

    Parameters
    ----------
    suppliers
        Imports from each supplier outside; none negative, not all nil.
    inside
        Imports from other members of the group; None for a country.
    exports
        Exports of the product, of a group those of all members to all; None where not known.
    """
    c = concentration([float(v) for v in suppliers.values()])
    whole = sum(suppliers.values(), Decimal(0))
    largest = max(sorted(suppliers), key=lambda s: suppliers[s])
    outside = None if inside is None else float(whole / (whole + inside))
    ratio = float(whole / exports) if exports else None
    return Dependence(whole, c.index, largest, 100 * c.largest, c.lines, outside, ratio)


def import_dependence(
    country: str,
    period: str | int = "",
    *,
    single_source: float = 50.0,
    production: Mapping[str, float | Decimal] | None = None,
    product: str | None = None,
    **reading: Unpack[Reading],
) -> Answer:
    """On whom a country or a group depends for each product that it imports.

    Parameters
    ----------
    country
        Whose imports: a country, or a group (``EU27``), of which trade between members is inside.
    period
        When.
    single_source
        From which part of its largest supplier on, in percent, a product counts as single-source.
    production
        Output of each product at home, in the same currency; gives the imports' part of apparent
        use, imports / (output + imports − exports).
    product
        Only this product.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a product: dependent ones first, then by imports.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures by product and partner, or of several kinds.
    """
    if not 0 < single_source <= 100:
        raise InputError(f"a share of {single_source} % is none: give more than 0, up to 100")
    source, members = _source(country, period, reading)
    goods = (product,) if product else ()
    bought = source.flows("import", "partner", "product", reporters=members, products=goods)
    sold = _sold(source, members, goods)
    rows, unlike = _rows(bought, sold, set(members), single_source, production or {})
    said = [*notes(bought), *untold(bought), *_returned(bought, members), *unlike,
            *_said(rows, sold, members, single_source)]  # fmt: skip
    given = bool(production)
    flows = (bought, sold) if sold else (bought,)
    name = names.country(members[0]) if len(members) == 1 else groups.find(country)
    return answer(
        f"Import dependence of {name} by product, {source.period}",
        rows,
        _columns(bought.currency, group=len(members) > 1, production=given),
        METHOD,
        about=about(source, *flows, country=name, members=list(members),
                    single_source=single_source, cdi1=CDI1, cdi2=CDI2, cdi3=CDI3),
        notes=said,
        chart=Chart("ranking", "name", ("concentration",)),
        **evidence(*flows),
    )  # fmt: skip


def _source(
    country: str, period: str | int, reading: Mapping[str, Any]
) -> tuple[Trade, tuple[str, ...]]:
    """Where to read, and the country or the members of the group."""
    try:
        group = groups.find(country)
    except UnknownTerm:
        source = trade(period, None if reading.get("data") is not None else country, **reading)
        return source, (source.code(country),)
    source = trade(period, None, **reading)
    return source, tuple(sorted(groups.members(group, _day(source))))


def _day(source: Trade) -> Any:
    """The last day of the period, on which membership is read; None where it is not known."""
    from boeki.errors import BadPeriod
    from boeki.terms.periods import Period

    try:
        return Period.parse(source.period).end if source.period else None
    except BadPeriod:
        return None


def _sold(source: Trade, members: tuple[str, ...], goods: tuple[str, ...]) -> Flows | None:
    try:
        return source.flows("export", "product", reporters=members, products=goods)
    except (NoFigure, InputError):
        return None


def _rows(
    bought: Flows,
    sold: Flows | None,
    members: set[str],
    single_source: float,
    production: Mapping[str, float | Decimal],
) -> tuple[list[dict[str, Any]], list[str]]:
    suppliers, inside = _sides(bought, members)
    exports, unlike = _exports(bought, sold)
    words, group = bought.told.get("classification", ""), len(members) > 1
    rows = []
    for product, outside in suppliers.items():
        own = None if exports is None else exports.get(product, Decimal(0))
        found = dependence(outside, inside.get(product, Decimal(0)) if group else None, own)
        rows.append(_row(product, words, found, own, single_source, production))
    rows.sort(key=lambda r: (not r["dependent"], -r["imports"], r["code"]))
    keep = {c.name for c in _columns("", group=group, production=bool(production))}
    return [{k: v for k, v in r.items() if k in keep} for r in rows], unlike


def _sides(
    bought: Flows, members: set[str]
) -> tuple[dict[str, dict[str, Decimal]], dict[str, Decimal]]:
    """Imports of each product from each supplier outside, and from inside in all."""
    suppliers: dict[str, dict[str, Decimal]] = {}
    inside: dict[str, Decimal] = {}
    for (_reporter, partner, product), value in bought.amounts().items():
        if partner in members and len(members) > 1:
            inside[product] = inside.get(product, Decimal(0)) + value
            continue
        of = suppliers.setdefault(product, {})
        of[partner] = of.get(partner, Decimal(0)) + value
    return suppliers, inside


def _returned(bought: Flows, members: tuple[str, ...]) -> list[str]:
    """What must be known of a country that is told among its own suppliers."""
    if len(members) > 1:
        return []
    back = [v for (_reporter, partner, _p), v in bought.amounts().items() if partner in members]
    if not back:
        return []
    part = float(sum(back) / bought.total() * 100)
    return [
        f"{part:.2g} % of imports are goods of {names.country(members[0])} itself that come back: "
        "it counts as a supplier."
    ]


def _exports(bought: Flows, sold: Flows | None) -> tuple[dict[str, Decimal] | None, list[str]]:
    """Exports by product, where they can be set against the imports."""
    if sold is None:
        return None, ["Exports are not known, so CDI3 is left out."]
    for key in ("classification", "currency"):
        if sold.told.get(key) != bought.told.get(key):
            return None, [f"Exports are of another {key} than imports, so CDI3 is left out."]
    out: dict[str, Decimal] = {}
    for (_reporter, product), value in sold.amounts().items():
        out[product] = out.get(product, Decimal(0)) + value
    unlike = sold.told.get("valuation") != bought.told.get("valuation")
    note = "CDI3 sets imports (CIF) against exports (FOB), which makes it somewhat larger."
    return out, [note] if unlike else []


def _row(
    product: str,
    words: str,
    found: Dependence,
    exports: Decimal | None,
    single_source: float,
    production: Mapping[str, float | Decimal],
) -> dict[str, Any]:
    use, why = _use(product, found.imports, exports, production)
    return {
        "code": product,
        "name": names.product(product, words) or product,
        "imports": found.imports,
        "suppliers": found.suppliers,
        "concentration": found.concentration,
        "largest": names.country(found.largest),
        "largest_share": found.largest_share,
        "single_source": found.largest_share >= single_source,
        "outside": None if found.outside is None else 100 * found.outside,
        "to_exports": found.to_exports,
        "use": use,
        "dependent": _dependent(found, exports),
        "note": "; ".join(filter(None, (
            "nothing is exported" if exports == 0 else "" if exports else "exports are not known",
            why,
        ))),
    }  # fmt: skip


def _dependent(found: Dependence, exports: Decimal | None) -> bool:
    """Whether every criterion that can be computed holds; without exports nothing replaces
    imports.
    """
    held = [found.concentration > CDI1]
    if found.outside is not None:
        held.append(found.outside > CDI2)
    if exports is not None:
        held.append(found.to_exports is None or found.to_exports > CDI3)
    return all(held)


def _use(
    product: str,
    imports: Decimal,
    exports: Decimal | None,
    production: Mapping[str, float | Decimal],
) -> tuple[float | None, str]:
    """Imports in percent of apparent use, or why not."""
    if not production:
        return None, ""
    if product not in production:
        return None, "no production is given"
    if exports is None:
        return None, "apparent use needs exports"
    apparent = Decimal(str(production[product])) + imports - exports
    if apparent <= 0:
        return None, "apparent use is not above nil: stocks or re-exports"
    return float(imports / apparent * 100), ""


def _said(
    rows: Iterable[Mapping[str, Any]],
    sold: Flows | None,
    members: tuple[str, ...],
    single_source: float,
) -> list[str]:
    rows = list(rows)
    whole = sum(r["imports"] for r in rows)
    if not whole:
        return []
    dependent = [r for r in rows if r["dependent"]]
    single = [r for r in rows if r["single_source"]]
    out = []
    for some, what in (
        (dependent, "meet every criterion that can be computed"),
        (single, f"come to {single_source:g} % or more from one supplier"),
    ):
        part = float(sum(r["imports"] for r in some) / whole * 100)
        out.append(f"{len(some)} of {len(rows)} products, {part:.1f} % of imports, {what}.")
    if len(members) == 1:
        out.append("CDI2 compares a group's imports from outside with all: a country has none.")
    return out


def _columns(currency: str, *, group: bool, production: bool) -> list[Column]:
    columns = [
        Column("code", "product code"),
        Column("name", "product"),
        Column("imports", "imports from outside" if group else "imports", currency),
        Column("suppliers", "number of suppliers", shown=False),
        Column("concentration", "concentration of suppliers (CDI1)", places=3),
        Column("largest", "largest supplier"),
        Column("largest_share", "share of the largest supplier", "%"),
        Column("single_source", "whether one supplier dominates", shown=False),
    ]
    if group:
        columns.append(Column("outside", "imports from outside in all (CDI2)", "%"))
    columns.append(Column("to_exports", "imports over exports (CDI3)", places=2))
    if production:
        columns.append(Column("use", "imports in apparent use", "%"))
    return [
        *columns,
        Column("dependent", "whether all criteria hold"),
        Column("note", "why a cell is empty", shown=False),
    ]


__all__ = ["CDI1", "CDI2", "CDI3", "Dependence", "dependence", "import_dependence"]
