"""Shares and places in an industry's world market, by who says so.

No customs statistic knows them. Associations and analysts state them, for different years, by
different measures, and they disagree: every source's newest word counts, and so does that on the
main part of a market where it is newer than anything on the whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from boeki.check.answer import Official, Unresolved, document
from boeki.check.claim import Claim
from boeki.check.panel import Panel
from boeki.check.verdict import Figure
from boeki.terms import areas, products
from boeki.terms.wording import number, ordinal

#: A share of more years ago than this says nothing of a claim that names no year.
STALE_YEARS = 5


@dataclass(frozen=True, slots=True)
class Table:
    """One source's table of a market in one period: what each area's suppliers hold.

    Attributes
    ----------
    product, segment, basis, period, source
        Of what, of which part of it, by what measure (value, units, revenue), when, and whose
        table.
    shares
        Area to percent; empty where only places or revenues are stated.
    places
        Area to place, computed from shares or revenues, or as stated.
    rows
        The rows of the lake behind it.
    """

    product: str
    segment: str
    basis: str
    period: str
    source: str
    shares: dict[str, Decimal]
    places: dict[str, int]
    rows: tuple[dict[str, Any], ...]

    def of_analyst(self, panel: Panel) -> bool:
        """Whether an analyst counted it, rather than an association or company speaking for
        itself.
        """
        return bool(panel.lake.documents[self.source]["standing"] == "analyst")


def standing_of(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    """What each source says of an area's share or place in the world market of a product.

    Raises
    ------
    Unresolved
        Where no source aboard says anything of it.
    """
    if claim.reporter is None:
        raise Unresolved("the text does not say whose share or place it is")
    if claim.kind == "share" and claim.base not in ("world", "total", None):
        raise Unresolved("the lake holds shares of the world market only")
    if claim.partner != "WLD":
        raise Unresolved("the lake holds shares of the world market only, not of one country's")
    answers = [(t, o) for t in _relevant(claim, panel, day) if (o := _answer(claim, panel, t))]
    found = _of_like_kind(answers)
    if not found:
        what = products.name(claim.product).lower()
        raise Unresolved(
            f"the lake holds no {claim.kind} of {areas.name(claim.reporter)} "
            f"in the world market of {what}"
        )
    return found


def _of_like_kind(answers: list[tuple[Table, Official]]) -> list[Official]:
    """Shares of a whole market by value, where there are any; counts of machines and of parts of
    the market answer another question, and stand beside them as a note.
    """
    main = [o for t, o in answers if not t.segment and t.basis != "units"]
    aside = [o.figure for t, o in answers if t.segment or t.basis == "units"]
    if not main:
        return [o for _, o in answers]
    if aside:
        told = "; ".join(f"{f.label}: {f.text}" for f in aside)
        main[0] = replace(main[0], note="; ".join(n for n in (main[0].note, told) if n))
    return main


def _relevant(claim: Claim, panel: Panel, day: dt.date) -> Iterator[Table]:
    """The newest tables of a market, then those of its main part where they are newer."""
    year = None if claim.period is None else str(claim.period.first // 12)
    published = min(day, dt.date.today()).year
    tables = list(_newest(_tables(panel, day, claim.product), year, published))
    yield from tables
    part = products.MAIN_PART.get(claim.product)
    if part is None:
        return
    newest = max((t.period for t in tables if t.of_analyst(panel)), default="")
    yield from (t for t in _newest(_tables(panel, day, part), year, published) if t.period > newest)


def _newest(tables: list[Table], year: str | None, published: int) -> Iterator[Table]:
    """Of each publisher's tables by one basis the newest that is not stale, or the one of the
    year asked for.
    """
    seen: set[tuple[str, str, str]] = set()
    for table in sorted(tables, key=lambda t: t.period, reverse=True):
        if year is not None and table.period[:4] != year:
            continue
        if year is None and published - int(table.period[:4]) > STALE_YEARS:
            continue
        mark = (table.source.partition("/")[0], table.segment, table.basis)
        if mark not in seen:
            seen.add(mark)
            yield table


def _tables(panel: Panel, day: dt.date, product: str) -> list[Table]:
    groups: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for row in panel.markets.get((day, product), []):
        dims = row["dimensions"]
        key = (dims.get("segment", ""), dims.get("basis", ""), row["period"], row["source"])
        groups.setdefault(key, []).append(row)
    return [_table(product, *key, rows) for key, rows in groups.items()]


def _table(
    product: str, segment: str, basis: str, period: str, source: str, rows: list[dict[str, Any]]
) -> Table:
    shares: dict[str, Decimal] = {}
    size: dict[str, Decimal] = {}
    places: dict[str, int] = {}
    summed: set[str] = set()
    for row in rows:
        if row["key"] == "market_rank":
            places[row["area"]] = int(row["value"])
            continue
        # An area's share is that of all its suppliers together, unless the source gives the sum
        # itself.
        whole = "supplier" not in row["dimensions"]
        if row["area"] in summed and not whole:
            continue
        summed |= {row["area"]} if whole else set()
        size[row["area"]] = row["value"] + (
            Decimal(0) if whole else size.get(row["area"], Decimal(0))
        )
        if row["key"] == "market_share":
            shares[row["area"]] = size[row["area"]]
    if len(size) > 1:
        places |= {a: 1 + sum(other > s for other in size.values()) for a, s in size.items()}
    return Table(product, segment, basis, period, source, shares, places, tuple(rows))


def _answer(claim: Claim, panel: Panel, table: Table) -> Official | None:
    area = claim.reporter or ""
    if claim.kind == "share":
        if area not in table.shares:
            return None
        value, text, unit = table.shares[area], f"{number(table.shares[area], 1)} %", "%"
    else:
        if area not in table.places:
            return None
        value, text, unit = Decimal(table.places[area]), ordinal(table.places[area]), "rank"
    own = [r for r in table.rows if r["area"] == area] or list(table.rows)
    what = products.name(table.product).lower()
    what = f"{what}, {table.segment}" if table.segment else what
    by = f" by {table.basis}" if table.basis else ""
    kind = "share of" if claim.kind == "share" else "place in"
    figure = Figure(
        label=f"{areas.get(area).possessive} {kind} the world market "
        f"for {what}{by}, {table.period}",
        value=value,
        unit=unit,
        text=text,
        published=max(r["published"] for r in own),
        status="stated",
        stand_in=any(r["stand_in"] for r in own),
        rows=tuple(r["row"] for r in own),
        **document(panel, table.source),
    )
    resolution = (
        max(r["resolution"] or Decimal(0) for r in own) if claim.kind == "share" else Decimal(0)
    )
    note = "" if table.product == claim.product else f"for {what}, the main part of the market"
    return Official(value, resolution, figure, None, note)
