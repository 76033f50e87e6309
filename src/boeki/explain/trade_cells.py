"""The cells of a reporter's trade, commodity × partner, in the two periods of a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import ibis
from ibis import _

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.reclassified import families
from boeki.lake import Lake
from boeki.measure.cube import ONE_OF_EACH
from boeki.measure.sums import narrowed
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL, commodities

By = Literal["product", "partner"]
#: What of a figure may differ between exports and imports, which are told by different customs.
_OF_FLOW = ("valuation", "system")
_COLUMNS = (
    *ONE_OF_EACH, "reporter", "partner", "flow", "product", "month", "months", "year", "value",
    "source", "published", "row",
)  # fmt: skip
#: Above so many figures an answer names their documents only.
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which change is asked for, and how it is parted.

    Attributes
    ----------
    reporter
        Area code.
    now, base
        Two periods of one length, of whole months.
    flows
        Flow to the sign with which it enters the measure.
    by
        ``product``, ``partner`` or both, in the order in which they nest.
    partner
        With whom; the world, unless partners are told apart.
    product
        One code to narrow down to; ``TOTAL`` for all goods.
    digits, level
        Of a classification whose codes show their level; of Japan's principal commodities.
    office, classification, as_of
        Whose figures, as known when.
    """

    reporter: str
    now: Period
    base: Period
    flows: Mapping[str, int]
    by: tuple[By, ...]
    partner: str = areas.WORLD
    product: str = TOTAL
    digits: int | None = None
    level: int | None = None
    office: str | None = None
    classification: str | None = None
    as_of: dt.date | None = None


@dataclass(frozen=True)
class Cells:
    """What was found.

    Attributes
    ----------
    table
        An expression: ``flow``, the columns of ``by``, ``before``, ``after`` (null where there is
        no figure) and ``effect`` on the measure.
    totals
        Flow to the stated total before and after; what is not stated is not there.
    told
        ``office``, ``classification``, ``currency``, and the valuation of each flow.
    bridged
        Families of codes that a new edition of the classification parted or joined.
    notes, sources, rows, published
        What a reader must know, and the evidence.
    """

    table: ibis.Table
    totals: Mapping[str, tuple[Decimal, Decimal]]
    told: Mapping[str, str]
    bridged: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    rows: tuple[str, ...]
    published: dt.date | None


def read_cells(lake: Lake, asked: Asked) -> Cells:
    """Read both periods of a change.

    Parameters
    ----------
    lake
        Where the figures are.
    asked
        What is wanted.

    Raises
    ------
    InputError
        For figures of several offices, classifications, currencies or valuations, and for codes of
        several levels.
    NoFigure
        Where a month of one of the two periods is not there.
    """
    whole = _in_time(lake, asked)
    seen = _seen(lake, whole, asked)
    told = _one_of_each(seen, asked)
    notes: list[str] = []
    chosen = _looked_at(lake, _products(_Chosen(whole, seen), asked, told), asked)
    chosen = _looked_at(lake, _partners(chosen, asked, notes), asked)
    spans = _spans(chosen.rows, asked)
    table = _of_spans(chosen.table, spans)
    table = table.mutate(value=narrowed(lake, told["office"], table.value))
    bridged: Mapping[str, tuple[str, ...]] = {}
    if "product" in asked.by and "," in told["classification"]:
        table, bridged = _bridge(table, told["classification"], asked.digits)
    totals = _totals(lake, _of_spans(whole, spans), asked)
    behind = _evidence(lake, table, [r for r in chosen.rows if _is_of(r, spans)])
    return Cells(_paired(table, asked), totals, told, bridged, tuple(notes), *behind)


def _in_time(lake: Lake, asked: Asked) -> ibis.Table:
    table = lake.flows(asked.as_of, columns=_COLUMNS, office=asked.office)
    table = table.filter(
        _.reporter == asked.reporter,
        _.flow.isin(sorted(asked.flows)),
        _.adjustment == "nsa",
        _.year.isin(sorted(_years(asked.base) | _years(asked.now))),
        _inside(asked.base) | _inside(asked.now),
    )
    if asked.classification is not None:
        table = table.filter(_.classification == asked.classification)
    return table


def _years(period: Period) -> set[int]:
    return set(range(period.first // 12, period.last // 12 + 1))


def _inside(period: Period) -> Any:
    return (_.month >= period.first) & (_.month + _.months <= period.last + 1) & (_.months > 0)


Seen = list[dict[str, Any]]


def _seen(lake: Lake, table: ibis.Table, asked: Asked) -> Seen:
    """Which kinds of figures there are, from one look at all rows: every later choice is made from
    this short list.
    """
    groups = sorted(a.code for a in areas.areas() if a.kind == "group")
    total = _["product"] == TOTAL
    of_office = {"office": asked.office} if asked.office else {}
    constant: dict[str, str] = {}
    for column in ("flow", *ONE_OF_EACH):
        # Not read where the files say that all rows have the same.
        held = lake.kinds("flows", (column,), **of_office)
        if held is not None and len(held) == 1:
            ((constant[column],),) = held
    apart = [*(c for c in ("flow", *ONE_OF_EACH) if c not in constant), "month", "months", "source"]
    # By partner first: what sort each is need then be asked of a few rows only.
    each = table.group_by(
        *apart, "partner", total=total, digits=total.ifelse(0, _["product"].length())
    ).agg(n=_.count(), published=_.published.max())
    kinds = each.group_by(
        *apart, "total", "digits", world=_.partner == areas.WORLD, group=_.partner.isin(groups)
    ).agg(n=_.n.sum(), published=_.published.max())
    found: Seen = lake.execute(kinds).to_pylist()
    now = range(asked.now.first, asked.now.last + 1)
    return [constant | r | {"now": r["month"] in now} for r in found]


def _one_of_each(seen: Seen, asked: Asked) -> dict[str, str]:
    """What the figures have in common, or an error that names what they have not."""
    if not seen:
        raise NoFigure(_nothing(asked, "by " + " and ".join(asked.by)))
    told: dict[str, str] = {}
    for column in ("office", "classification", "currency"):
        held = sorted({r[column] for r in seen})
        if column == "classification" and _consecutive(seen):
            # The old edition first, by their years.
            told[column] = ",".join(held)
        elif len(held) > 1:
            how = {"currency": "they do not add up"}.get(column, f"name one of them as {column}")
            raise InputError(
                f"the lake holds figures of several kinds of {column} ({', '.join(held)}): {how}"
            )
        else:
            told[column] = held[0]
    for flow in asked.flows:
        for column in _OF_FLOW:
            held = sorted({r[column] for r in seen if r["flow"] == flow})
            if len(held) > 1:
                raise InputError(
                    f"{flow}s are held with several kinds of {column} ({', '.join(held)}), which "
                    "cannot be compared: pull one of them, or name the office"
                )
            if held and column == "valuation":
                told[f"{flow}_valuation"] = held[0]
    return told


def _consecutive(seen: Seen) -> bool:
    """Whether the two periods were told in one edition of the HS each, and not in the same."""
    before = {r["classification"] for r in seen if not r["now"]}
    after = {r["classification"] for r in seen if r["now"]}
    both = before | after
    return (
        len(before) == len(after) == 1 and len(both) == 2 and all(c.startswith("HS") for c in both)
    )


@dataclass(frozen=True)
class _Chosen:
    """Rows, and what is known of them: None where they must be looked at again."""

    table: ibis.Table
    seen: Seen | None

    @property
    def rows(self) -> Seen:
        """What is known of them."""
        return self.seen or []

    def where(self, expression: Any, test: Callable[[dict[str, Any]], bool] | None) -> _Chosen:
        """Some of the rows, by an expression and by the same test of what is known."""
        known = None if test is None or self.seen is None else [r for r in self.seen if test(r)]
        return _Chosen(self.table.filter(expression), known)


def _looked_at(lake: Lake, chosen: _Chosen, asked: Asked) -> _Chosen:
    """The same rows, looked at again where it is not known what is among them."""
    if chosen.seen is not None:
        return chosen
    return _Chosen(chosen.table, _seen(lake, chosen.table, asked))


def _products(chosen: _Chosen, asked: Asked, told: Mapping[str, str]) -> _Chosen:
    """The rows of one level of products, so that no code stands beside one that contains it."""
    if asked.product != TOTAL:
        return chosen.where(_["product"] == asked.product, None)
    # An office may state all goods of the world alone, and of its partners products only.
    apart = "partner" in asked.by
    told_of = [r for r in chosen.rows if not (apart and r["group"])]
    if "product" not in asked.by and _has_both(told_of, asked, "total"):
        return chosen.where(_["product"] == TOTAL, lambda r: bool(r["total"]))
    chosen = chosen.where(_["product"] != TOTAL, lambda r: not r["total"])
    _is_level_of(told["classification"], asked)
    if told["classification"] == "JP-PC":
        level = asked.level or 2
        codes = [(c.flow, c.code) for c in commodities() if c.level == level]
        keep = [
            (_.flow == f) & _["product"].isin([c for g, c in codes if g == f]) for f in asked.flows
        ]
        return chosen.where(ibis.or_(*keep), None)
    if asked.digits is not None:
        return chosen.where(
            _["product"].length() == asked.digits, lambda r: bool(r["digits"] == asked.digits)
        )
    held = sorted({r["digits"] for r in chosen.rows})
    if len(held) > 1:
        raise InputError(
            f"codes of several levels contain one another ({', '.join(map(str, held))} digits): "
            "say which with digits= (--digits)"
        )
    return chosen


def _is_level_of(classification: str, asked: Asked) -> None:
    """Refuse a level of one classification that is asked of another, rather than overlook it."""
    if classification == "JP-PC" and asked.digits is not None:
        raise InputError(
            "Japan's principal commodities have levels, and no digits that show them: say which "
            "with level= (--level), or take figures of the HS"
        )
    if classification != "JP-PC" and asked.level is not None:
        raise InputError(
            f"levels are of Japan's principal commodities: say which codes of {classification} "
            "with digits= (--digits)"
        )


def _has_both(rows: Seen, asked: Asked, kind: str) -> bool:
    """Whether there are rows of a kind of every flow in both periods."""
    return len({(r["flow"], r["now"]) for r in rows if r[kind]}) == 2 * len(asked.flows)


def _partners(chosen: _Chosen, asked: Asked, notes: list[str]) -> _Chosen:
    """The rows of the partners asked for, of which none contains another."""
    if asked.partner != areas.WORLD:
        return chosen.where(_.partner == asked.partner, None)
    if "partner" not in asked.by:
        if _has_both(chosen.rows, asked, "world"):
            return chosen.where(_.partner == areas.WORLD, lambda r: bool(r["world"]))
        notes.append("The office states no trade with the world: its partners are added up.")
    groups = sorted(a.code for a in areas.areas() if a.kind == "group")
    return chosen.where(~_.partner.isin(groups), lambda r: not r["group"])


def _spans(seen: Seen, asked: Asked) -> tuple[list[int], int]:
    """First months of the figures that make up the two periods, and the months of one.

    Figures of the whole period are taken where there are some of every flow, else its months are
    added up, all of which must be there.
    """
    found = {(r["flow"], r["month"], r["months"]) for r in seen}
    length = asked.now.months
    starts = [asked.base.first, asked.now.first]
    if all((f, m, length) in found for f in asked.flows for m in starts):
        return starts, length
    months = [m for start in starts for m in range(start, start + length)]
    lacking = [(f, Period(m, 1)) for f in asked.flows for m in months if (f, m, 1) not in found]
    if not any(n == 1 for _flow, _month, n in found):
        lacking = [
            (f, p) for f in asked.flows for p in (asked.base, asked.now)
            if (f, p.first, length) not in found
        ]  # fmt: skip
    if lacking:
        some = ", ".join(dict.fromkeys(f"{f}s of {p}" for f, p in lacking[:4]))
        more = f" and {len(lacking) - 4} more" if len(lacking) > 4 else ""
        raise NoFigure(_nothing(asked, f"by {' and '.join(asked.by)}: lacking are {some}{more}"))
    return months, 1


def _is_of(row: Mapping[str, Any], spans: tuple[list[int], int]) -> bool:
    return row["months"] == spans[1] and row["month"] in spans[0]


def _of_spans(table: ibis.Table, spans: tuple[list[int], int]) -> ibis.Table:
    months, length = spans
    return table.filter(_.months == length, _.month.isin(months))


def _nothing(asked: Asked, what: str) -> str:
    flows = " and ".join(f"{f}s" for f in asked.flows)
    day = f" published by {asked.as_of}" if asked.as_of else ""
    return (
        f"the lake cannot tell {flows} of {areas.name(asked.reporter)}{day} for {asked.base} and "
        f"{asked.now} {what}; `boeki lake status` and `boeki figures` show what there is, `boeki "
        "pull` brings more"
    )


def _bridge(
    table: ibis.Table, editions: str, digits: int | None
) -> tuple[ibis.Table, dict[str, tuple[str, ...]]]:
    """Codes of two editions of the HS as families that both have."""
    old, new = editions.split(",")
    found = families(old, new, digits or 6)
    if not any(code != family for (_edition, code), family in found.items()):
        return table, {}

    def renamed(edition: str) -> Any:
        moved = [(c, f) for (e, c), f in found.items() if e == edition and c != f]
        return _["product"].cases(*moved, else_=_["product"]) if moved else _["product"]

    of_old = _.classification == old
    out = table.mutate(product=ibis.ifelse(of_old, renamed(old), renamed(new)))
    members: dict[str, list[str]] = {}
    for (_edition, code), family in found.items():
        members.setdefault(family, []).append(code)
    several = {f: tuple(sorted(set(m))) for f, m in members.items() if len(set(m)) > 1}
    return out, several


def _paired(table: ibis.Table, asked: Asked) -> ibis.Table:
    """One row a cell: before, after, and the effect on the measure."""
    early, late = _.month <= asked.base.last, _.month >= asked.now.first
    if asked.base.first > asked.now.first:
        early, late = _.month >= asked.base.first, _.month <= asked.now.last
    # One flow is a word that need not be sorted out of every row.
    only = next(iter(asked.flows)) if asked.by and len(asked.flows) == 1 else None
    cells = table.group_by(*([] if only else ["flow"]), *asked.by).agg(
        before=_.value.sum(where=early), after=_.value.sum(where=late)
    )
    if only is not None:
        cells = cells.mutate(flow=ibis.literal(only)).select("flow", *asked.by, "before", "after")
    change = _.after.fill_null(0) - _.before.fill_null(0)
    if len(set(asked.flows.values())) == 1:
        return cells.mutate(effect=change)
    sign = ibis.cases(*[(_.flow == f, s) for f, s in asked.flows.items()], else_=0)
    return cells.mutate(effect=change * sign)


def _totals(lake: Lake, table: ibis.Table, asked: Asked) -> dict[str, tuple[Decimal, Decimal]]:
    """What the office states for all that is parted."""
    stated = table.filter(_["product"] == asked.product, _.partner == asked.partner)
    found = lake.execute(_paired(stated, replace(asked, by=()))).to_pylist()
    return {
        r["flow"]: (r["before"], r["after"])
        for r in found
        if r["before"] is not None and r["after"] is not None
    }


def _evidence(
    lake: Lake, table: ibis.Table, seen: Seen
) -> tuple[tuple[str, ...], tuple[str, ...], dt.date | None]:
    """Documents, rows where they are few, and the day of the newest."""
    rows: tuple[str, ...] = ()
    if sum(r["n"] for r in seen) <= MOST_ROWS:
        rows = tuple(sorted(lake.execute(table.select("row"))["row"].to_pylist()))
    newest = max((r["published"] for r in seen), default=None)
    return tuple(sorted({r["source"] for r in seen})), rows, newest


def level_of(digits: int | None, level: int | None) -> None:
    """Refuse a level that is none.

    Raises
    ------
    InputError, UnknownTerm
        For a level beside 1 to 4, or digits that no code has.
    """
    if level is not None and level not in (1, 2, 3, 4):
        raise InputError(f"{level} is no level of the classification: give 1, 2, 3 or 4")
    if digits is not None and digits < 1:
        raise UnknownTerm("number of digits", str(digits), ["2", "4", "6", "8"])
