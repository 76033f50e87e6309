"""Contributions to the change of a balance, of exports or imports, by commodity and partner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import ibis
from ibis import _

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.explain.contributions import SIGNS, Contribution, commodity_changes, decompose
from boeki.explain.trade_cells import MOST_ROWS, Asked, By, Cells, level_of, read_cells
from boeki.explain.two_periods import BACK, base_of
from boeki.lake import Lake, open_lake
from boeki.measure.structure.lake_trade import product_codes
from boeki.terms import areas, products
from boeki.terms.classifications import code_known
from boeki.terms.classifications import name as name_of
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL
from boeki.terms.wording import amount, percent

PAGE = "explanation/contributions.md"
METHOD = Method(
    "Contributions to the change",
    "effect = sign · (x1 − x0), share = 100 · effect / Σ effect; imports count against a balance",
    "accounting identity: exports less imports, each the sum of its commodities and partners",
    PAGE,
)
_BY = (("product",), ("partner",), ("product", "partner"), ("partner", "product"))
#: What the parts leave over, in words.
OTHER = "Other: in none of the parts"
_SMALLER = "{0:,} smaller parts"


def explain_contributions(
    reporter: str,
    period: str,
    measure: str = "balance",
    *,
    vs: str = "yoy",
    by: By | Sequence[By] = "product",
    net: bool = False,
    partner: str = "WLD",
    product: str = TOTAL,
    level: int | None = None,
    digits: int | None = None,
    largest: int | None = None,
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Part a change by commodity, by partner or by both, to the last digit.

    Parameters
    ----------
    reporter
        Area code or name.
    period, vs
        The period, and what it is compared with: ``yoy``, ``qoq``, ``mom`` or a period of the same
        length.
    measure
        ``balance``, ``trade``, ``exports`` or ``imports``.
    by
        ``product``, ``partner``, or both: ``("product", "partner")``.
    net
        Of a balance or of total trade by partner: exports and imports of a part in one line.
    partner, product
        Narrow down to one partner, or to one product (a term or a code).
    level
        1 to 4 of Japan's principal commodities (2 where it is not said).
    digits
        Of a classification whose codes show their level: 2, 4, 6 of the HS.
    largest
        How many parts are told; the others are one line. None for all.
    office, classification
        Where the lake has several.
    as_of
        Only what was published by this day.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        Largest effect first, one row a part, in the currency of the figures; what is in none of
        the parts is a row of its own, so that the rows add up to the change. ``about`` has the
        change and the residual, which is what they leave.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For a question that is none, and for figures that do not add up.
    NoFigure
        Where the lake lacks one of the two periods.
    """
    nest = _nest(by)
    if measure not in SIGNS:
        raise UnknownTerm("measure to explain", measure, SIGNS)
    if net and nest != ("partner",):
        raise InputError("exports and imports are netted by partner: say by='partner'")
    if largest is not None and largest < 1:
        raise InputError(f"{largest} parts cannot be told: give 1 or more")
    level_of(digits, level)
    lake, whose = lake or open_lake(), areas.find(reporter).code
    now = Period.parse(period, whose)
    if now.days:
        raise InputError(f"figures are of whole months: write {Period(now.first, 1)}, not {now}")
    asked = Asked(
        whose, now, base_of(now, vs, whose), SIGNS[measure], nest, areas.find(partner).code,
        _code(product, measure), digits, level, office, classification, as_of,
    )  # fmt: skip
    if _by_sections(asked, vs, office, classification, digits):
        parted = _sections(lake, asked, measure, vs)
        if parted is not None:
            return _answer(asked, measure, *parted, largest)
    return _answer(asked, measure, *_of_cells(lake, asked, largest, net=net), largest)


def _nest(by: By | Sequence[By]) -> tuple[By, ...]:
    nest = (by,) if isinstance(by, str) else tuple(by)
    if nest not in _BY:
        raise UnknownTerm("breakdown", ", ".join(nest), ["product", "partner", "product, partner"])
    return nest


def _code(product: str, measure: str) -> str:
    """One code for all flows of a measure."""
    if product == TOTAL:
        return TOTAL
    of = {flow: product_codes(product, flow) for flow in SIGNS[measure]}
    codes = {c for found in of.values() for c in found}
    if len(codes) > 1:
        told = "; ".join(f"{flow}s: {' and '.join(sorted(c))}" for flow, c in of.items())
        raise InputError(
            f"{product} is not one code of all flows ({told}): ask for exports or for imports"
        )
    return codes.pop()


def _by_sections(
    asked: Asked, vs: str, office: str | None, classification: str | None, digits: int | None
) -> bool:
    """Whether the question is one for Japan's principal commodities as a whole, in which what a
    level leaves of each section is told apart.
    """
    return (
        asked.by == ("product",)
        and vs in ("yoy", "mom")
        and asked.partner == areas.WORLD
        and asked.product == TOTAL
        and digits is None
        and office in (None, "japan-customs")
        and classification in (None, "JP-PC")
        and asked.reporter == "JPN"
    )


Row = dict[str, Any]
#: Rows, totals before and after by flow, and what stands behind them.
_Parted = tuple[list[Row], Mapping[str, tuple[Decimal, Decimal]], dict[str, Any]]


def _sections(lake: Lake, asked: Asked, measure: str, vs: str) -> _Parted | None:
    """Commodities of a level, and what it leaves of each section; None where there are none."""
    from boeki.errors import NoFigure

    try:
        changes = commodity_changes(lake, asked.reporter, asked.now, vs, asked.as_of)
        found = decompose(changes, measure, asked.level or 2)
    except NoFigure:
        return None
    ends: dict[tuple[str, str], tuple[Decimal, Decimal]] = {
        key: (r["value"] - r[f"{vs}_difference"], r["value"]) for key, r in changes.rows.items()
    }
    rows = [_of_contribution(p, found.parts, ends) for p in found.parts]
    behind = {
        "told": {"office": "japan-customs", "classification": "JP-PC", "currency": found.currency},
        "notes": [], "sources": found.sources, "evidence": found.rows if len(found.rows)
        <= MOST_ROWS else (), "published": found.published,
    }  # fmt: skip
    return rows, {f: ends[f, TOTAL] for f in asked.flows}, behind


def _of_contribution(
    part: Contribution,
    parts: Sequence[Contribution],
    ends: Mapping[tuple[str, str], tuple[Decimal, Decimal]],
) -> Row:
    before, after = _ends(part, parts, ends)
    return {
        "flow": part.flow, "product": part.code, "term": part.term, "name": part.name,
        "partner": areas.WORLD, "before": before, "after": after, "effect": part.change,
    }  # fmt: skip


def _ends(
    part: Contribution,
    parts: Sequence[Contribution],
    ends: Mapping[tuple[str, str], tuple[Decimal, Decimal]],
) -> tuple[Decimal, Decimal]:
    """Before and after of a part; of what is left of a section, its own less its commodities'."""
    if part.term != "other":
        return ends[part.flow, part.term]
    inside = [
        p.term for p in parts
        if p.flow == part.flow and p.section == part.section and p.term != "other"
    ]  # fmt: skip
    whole = ends[part.flow, part.section]
    told = [ends[part.flow, t] for t in inside]
    return whole[0] - sum(t[0] for t in told), whole[1] - sum(t[1] for t in told)


Sums = Mapping[str, tuple[Decimal, Decimal]]


def _of_cells(lake: Lake, asked: Asked, largest: int | None, *, net: bool) -> _Parted:
    """Cells of any classification, the largest of them if not all."""
    cells = read_cells(lake, asked)
    if largest is not None and not net:
        rows, sums = _top(lake, cells, asked, largest)
    else:
        kept = replace(cells, table=lake.keep(cells.table))
        try:
            rows, sums = (_netted if net else _all)(lake, kept, asked), _summed(lake, kept)
        finally:
            lake.drop(kept.table)
    rows += _left_over(cells, asked, sums)
    stated = set(cells.totals) == set(asked.flows)
    notes = [*cells.notes, *_break_notes(cells)]
    if not stated:
        notes.append("No total is stated: the change is that of the parts, added up.")
    behind = {
        "told": cells.told, "notes": notes, "sources": cells.sources, "evidence": cells.rows,
        "published": cells.published,
    }  # fmt: skip
    return [_named(row, asked, cells) for row in rows], cells.totals if stated else sums, behind


def _all(lake: Lake, cells: Cells, asked: Asked) -> list[Row]:
    """Every cell, largest effect first."""
    ordered = cells.table.order_by(_.effect.abs().desc(), "flow", *asked.by)
    return list(lake.execute(ordered).to_pylist())


def _top(lake: Lake, cells: Cells, asked: Asked, largest: int) -> tuple[list[Row], Sums]:
    """The largest cells, those of each flow that are smaller in one row, and the sums of all; from
    one question, for there may be millions of cells.
    """
    columns = ["flow", *asked.by, "before", "after", "effect"]
    top = cells.table.order_by(_.effect.abs().desc(), "flow", *asked.by).limit(largest)
    whole = cells.table.group_by("flow").agg(
        n=_.count(), before=_.before.sum(), after=_.after.sum(), effect=_.effect.sum()
    )
    blank = {b: ibis.null("string") for b in asked.by}
    both = ibis.union(
        top.select(*columns, n=ibis.null("int64")),
        whole.select("flow", **blank, before=_.before, after=_.after, effect=_.effect, n=_.n),
    )
    found = lake.execute(both).to_pylist()
    rows = sorted((r for r in found if r["n"] is None), key=lambda r: -abs(r["effect"]))
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    smaller: list[Row] = []
    for w in sorted((r for r in found if r["n"] is not None), key=lambda r: str(r["flow"])):
        sums[w["flow"]] = (w["before"] or Decimal(0), w["after"] or Decimal(0))
        own = [r for r in rows if r["flow"] == w["flow"]]
        if w["n"] > len(own):
            rest = {
                k: (w[k] or 0) - sum(r[k] or 0 for r in own) for k in ("before", "after", "effect")
            }
            smaller.append({"flow": w["flow"], "smaller": w["n"] - len(own), **rest})
    return [*rows, *smaller], sums


def _netted(lake: Lake, cells: Cells, _asked: Asked) -> list[Row]:
    """Exports and imports of each partner in one line."""
    flow = {"export": _.flow == "export", "import": _.flow == "import"}
    found = cells.table.group_by("partner").agg(
        before=_.before.sum(where=flow["export"]).fill_null(0)
        - _.before.sum(where=flow["import"]).fill_null(0),
        after=_.after.sum(where=flow["export"]).fill_null(0)
        - _.after.sum(where=flow["import"]).fill_null(0),
        effect=_.effect.sum(),
    )
    ordered = found.order_by(_.effect.abs().desc(), "partner")
    return [{"flow": "balance", **r} for r in lake.execute(ordered).to_pylist()]


def _summed(lake: Lake, cells: Cells) -> Sums:
    """What the cells of each flow add up to, before and after."""
    whole = cells.table.group_by("flow").agg(before=_.before.sum(), after=_.after.sum())
    return {
        r["flow"]: (r["before"] or Decimal(0), r["after"] or Decimal(0))
        for r in lake.execute(whole).to_pylist()
    }


def _left_over(cells: Cells, asked: Asked, sums: Sums) -> list[Row]:
    """What the stated totals have beyond all cells."""
    if set(cells.totals) != set(asked.flows):
        return []
    out = []
    for flow, (before, after) in cells.totals.items():
        own = sums.get(flow, (Decimal(0), Decimal(0)))
        rest = before - own[0], after - own[1]
        if any(rest):
            effect = asked.flows[flow] * (rest[1] - rest[0])
            out.append({"flow": flow, "other": True, "before": rest[0], "after": rest[1],
                        "effect": effect})  # fmt: skip
    return out


def _break_notes(cells: Cells) -> list[str]:
    if "," not in cells.told["classification"]:
        return []
    old, new = cells.told["classification"].split(",")
    some = "; ".join(f"{f} of {', '.join(m[:6])}{' …' if len(m) > 6 else ''}"
                     for f, m in list(cells.bridged.items())[:3])  # fmt: skip
    return [
        f"One period is told in {old}, the other in {new}: {len(cells.bridged):,} families "
        f"of codes that were parted or joined are one part each, marked + ({some} …). They follow "
        "the United Nations' main pairs; smaller moves between codes remain."
    ]


def _named(row: Row, asked: Asked, cells: Cells) -> Row:
    """A row with names, and what is to be said of it."""
    code, partner = row.get("product", ""), row.get("partner", "")
    if row.get("other"):
        name = OTHER
    elif smaller := row.get("smaller"):
        name = _SMALLER.format(smaller)
    else:
        name = _product_name(code, row["flow"], cells) if code else ""
    return {
        "flow": row["flow"], "product": code, "term": code, "name": name, "partner": partner,
        "before": row["before"], "after": row["after"], "effect": row["effect"],
        "note": _note(row, asked),
    }  # fmt: skip


def _product_name(code: str, flow: str, cells: Cells) -> str:
    kind = cells.told["classification"].split(",")[-1]
    if kind == "JP-PC":
        found = products.by_code(code, flow)
        return found.name if found else code
    plain = code.rstrip("+")
    try:
        # A national code of eight or nine digits is named after the six that all countries share.
        known = next((c for c in (plain, plain[:6], plain[:4]) if code_known(kind, c)), None)
    except UnknownTerm:
        return code
    return code if known is None else name_of(kind, known) or code


def _note(row: Row, asked: Asked) -> str:
    if row.get("other"):
        return "the stated total less all parts: confidential, or not by this breakdown"
    if row.get("before") is None:
        return f"no figure for {asked.base}: new, or another code then"
    if row.get("after") is None:
        return f"no figure for {asked.now}: lost, or another code since"
    return ""


def _answer(
    asked: Asked,
    measure: str,
    rows: list[Row],
    totals: Mapping[str, tuple[Decimal, Decimal]],
    behind: dict[str, Any],
    largest: int | None,
) -> Answer:
    before = sum((asked.flows[f] * t[0] for f, t in totals.items()), Decimal(0))
    after = sum((asked.flows[f] * t[1] for f, t in totals.items()), Decimal(0))
    change = after - before
    residual = change - sum((r["effect"] for r in rows), Decimal(0))
    kept = _largest(rows, largest)
    home = behind["told"]["currency"]
    growth = float(change / before * 100) if before > 0 and measure != "balance" else None
    return answer(
        _title(asked, measure),
        [_row(r, change, before if growth is not None else None, home) for r in kept],
        _columns(asked, home, growth is not None, kept),
        METHOD,
        about={
            "reporter": asked.reporter, "measure": measure, "period": str(asked.now),
            "base": str(asked.base), "by": list(asked.by), "partner": asked.partner,
            "product": asked.product, **behind["told"], "before": before, "after": after,
            "change": change, "growth": growth, "residual": residual, "as_of": asked.as_of,
        },
        notes=[_headline(asked, measure, before, after, growth, home), *behind["notes"],
               *_residual_note(residual, home)],
        sources=behind["sources"],
        evidence=behind["evidence"],
        published=behind["published"],
        chart=Chart("waterfall", "part", ("effect",)),
    )  # fmt: skip


def _largest(rows: list[Row], largest: int | None) -> list[Row]:
    """So many of the rows, and one for those that are smaller; what is in no part comes last."""
    special = [r for r in rows if r["name"] == OTHER or r["name"].endswith("smaller parts")]
    plain = sorted((r for r in rows if r not in special), key=lambda r: -abs(r["effect"]))
    if largest is None or len(plain) <= largest:
        return [*plain, *special]
    rest = plain[largest:]
    smaller = {
        "flow": "", "product": "", "term": "", "name": _SMALLER.format(len(rest)), "partner": "",
        "before": None, "after": None,
        "effect": sum((r["effect"] for r in rest), Decimal(0)), "note": "",
    }  # fmt: skip
    return [*plain[:largest], smaller, *special]


def _row(row: Row, change: Decimal, before: Decimal | None, home: str) -> Row:
    old, new = row["before"], row["after"]
    return {
        "part": _label(row),
        "flow": row["flow"],
        "product": row["product"],
        "term": row["term"],
        "name": row["name"],
        "partner": row["partner"],
        "before": old,
        "after": new,
        "effect": row["effect"],
        "share": float(row["effect"] / change * 100) if change else None,
        "points": float(row["effect"] / before * 100) if before else None,
        "growth": float(new / old * 100 - 100) if old and new is not None and old > 0 else None,
        "note": row.get("note", "") or ("" if change else "no change: a share of it has no sense"),
    }


def _label(row: Row) -> str:
    """A part in words: ``imports: crude oil, Saudi Arabia``."""
    whom = areas.name(row["partner"]) if row["partner"] not in ("", areas.WORLD) else ""
    what = ", ".join(filter(None, (row["name"], whom)))
    return f"{row['flow']}s: {what}" if row["flow"] in ("export", "import") else what


def _columns(asked: Asked, home: str, points: bool, rows: Sequence[Row]) -> list[Column]:
    noted = any(r.get("note") for r in rows)
    return [
        Column("part", "What changed"),
        Column("flow", "export or import", shown=False),
        Column("product", "Code", shown=False),
        Column("term", "Product term or code", shown=False),
        Column("name", "Product", shown=False),
        Column("partner", "Partner", shown=False),
        Column("before", "Value in the base period", home, shown=False),
        Column("after", "Value", home, shown=False),
        Column("effect", "Effect on what is explained", home),
        Column("share", "Of the change", "%"),
        Column("points", "Of the growth rate", "pp", shown=points),
        Column("growth", "Growth of the part itself", "%"),
        Column("note", "What is missing, and why", shown=noted),
    ]


def _title(asked: Asked, measure: str) -> str:
    what = {"balance": "trade balance", "trade": "total trade"}.get(measure, measure)
    whom = f" with {areas.name(asked.partner)}" if asked.partner != areas.WORLD else ""
    goods = f" of {asked.product}" if asked.product != TOTAL else ""
    by = " and ".join({"product": "commodity", "partner": "partner"}[b] for b in asked.by)
    return (
        f"{areas.possessive(asked.reporter)} {what}{goods}{whom}: change from {asked.base} to "
        f"{asked.now}, by {by}"
    )


def _headline(
    asked: Asked,
    measure: str,
    before: Decimal,
    after: Decimal,
    growth: float | None,
    home: str,
) -> str:
    change = after - before
    grown = f" ({percent(growth)})" if growth is not None else ""
    sign = "+" if change > 0 else ""
    return (
        f"{measure.capitalize()}: {amount(before, home)} in {asked.base}, {amount(after, home)} in "
        f"{asked.now}, a change of {sign}{amount(change, home)}{grown}."
    )


def _residual_note(residual: Decimal, home: str) -> list[str]:
    if not residual:
        return []
    return [f"The parts leave {amount(residual, home)} of the change unexplained."]


#: Bases that the command line offers beside a period.
BASES = tuple(BACK)
