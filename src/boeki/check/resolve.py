"""Resolve: which figures answer a claim, as known on a day.

Each kind of claim has one resolver here; shares and places in an industry's market are in
:mod:`boeki.check.markets`. A resolver returns the figures that answer the claim, in the claim's
own unit and by its own convention (a deficit that shrinks has a negative change), or says why
there is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from boeki.check import markets, wording
from boeki.check.answer import Official, Unresolved, document
from boeki.check.claim import Claim
from boeki.check.panel import Panel, Point
from boeki.check.verdict import Figure
from boeki.check.wording import BASES
from boeki.errors import BadPeriod
from boeki.measure.change import BACK
from boeki.terms import areas, products
from boeki.terms.periods import Period
from boeki.terms.wording import amount, count, number, ordinal, percent, quantity

_LENGTH = {"M": 1, "Q": 3, "A": 12}
_MONEY = ("exports", "imports", "balance", "trade")
_FUELS = frozenset(
    {
        "crude_oil",
        "lng",
        "coal",
        "petroleum_products",
        "mineral_fuels",
        "lpg",
        "gasoline",
        "food",
        "ores",
    }
)


def officials(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    """The figures that answer a claim, as known on a day.

    Raises
    ------
    Unresolved
        Where the lake has none, with the reason.
    """
    resolver = _RESOLVERS.get(claim.kind)
    if resolver is None:
        raise Unresolved(f"a {claim.kind} is not resolved here")
    if claim.measure == "sales" and claim.kind in ("share", "rank"):
        return markets.standing_of(claim, panel, day)
    _answerable(claim)
    return resolver(claim, panel, day)


def panel_measure(claim: Claim) -> tuple[str, ...]:
    """Names under which the panel holds a claim's measure, likeliest first."""
    if claim.measure not in ("volume", "price"):
        return (claim.measure,)
    flows = ("import", "export") if claim.product in _FUELS else ("export", "import")
    kinds = ("volume",) if claim.measure == "volume" else ("price", "unit_value")
    return tuple(f"{flow}_{kind}" for flow in flows for kind in kinds)


def _answerable(claim: Claim) -> None:
    if claim.reporter is None:
        raise Unresolved("the text does not say whose trade it is")
    if claim.period is None:
        raise Unresolved("the text does not say which period it is")
    if claim.period.days:
        raise Unresolved("the lake holds whole months, not parts of one")
    if claim.product in ("services", "capital_goods", "consumer_goods", "other"):
        raise Unresolved(f"the lake holds no figures for {products.name(claim.product)}")


def missing(claim: Claim, panel: Panel) -> Unresolved:
    """Why there is no figure for a claim: the country, the period, the partner or the product."""
    assert claim.reporter is not None
    assert claim.period is not None
    name = panel_measure(claim)[0]
    covered = panel.covers(claim.reporter, "exports")
    who = areas.name(claim.reporter)
    if claim.measure == "sales":
        return Unresolved(f"the lake holds no such sales of {who} for {claim.period.label}")
    if covered is None:
        return Unresolved(f"the lake holds no trade figures of {who}")
    first, last = covered
    if claim.period.last > last:
        return Unresolved(
            f"{claim.period.label} is ahead of the figures, which end with {_month(last)}"
        )
    if claim.period.first < first:
        return Unresolved(
            f"{claim.period.label} lies before the first figures in the lake, {_month(first)}"
        )
    what = wording.label(name, claim.reporter, claim.partner, claim.product)
    if claim.adjusted:
        what = f"the seasonally adjusted {what}"
    return Unresolved(f"the lake holds no figure for {what}, {claim.period.label}")


def _month(month: int) -> str:
    return Period(month, 1).label


# -- levels
# ------------------------------------------------------------------------------------------------


def points_for(claim: Claim, panel: Panel, day: dt.date) -> list[Point]:
    """Rows of the panel for a claim's measure, product, partner and period."""
    assert claim.reporter is not None
    assert claim.period is not None
    product = "TOTAL" if claim.product == "goods" else claim.product
    for name in panel_measure(claim):
        found = panel.points(day, name, claim.reporter, claim.partner, product, claim.period.span)
        alike = [p for p in found if p.adjustment == ("sa" if claim.adjusted else "nsa")]
        if alike:
            return alike
    return []


def level(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    """The amount itself."""
    points = points_for(claim, panel, day)
    found = [_level_of(claim, panel, p) for p in points]
    known = [o for o in found if o is not None]
    if known:
        return known
    if points:
        raise Unresolved(f"the official figure is in {points[0].unit}, the claim in {claim.unit}")
    raise missing(claim, panel)


def _level_of(claim: Claim, panel: Panel, point: Point) -> Official | None:
    factor = _in_unit(point.unit, claim.unit)
    if factor is None:
        return None
    value, resolution = point.value * factor, point.resolution * factor
    figure = figure_of(
        panel, point, value=value, unit=claim.unit, text=_level_text(point, claim.unit, factor)
    )
    return Official(value, resolution, figure, point)


def _level_text(point: Point, unit: str | None, factor: Decimal) -> str:
    if point.measure in (*_MONEY, "sales"):
        return amount(point.value, point.unit, point.resolution)
    return quantity(point.value * factor, unit or point.unit)


def _in_unit(have: str, want: str | None) -> Decimal | None:
    """What to multiply with to get from one unit to another, None where there is no way."""
    factors = {("kg", "t"): Decimal("0.001"), ("t", "kg"): Decimal(1000)}
    if want is None or have == want:
        return Decimal(1)
    if "/" in have and "/" in want:
        (money, per), (currency, by) = have.split("/"), want.split("/")
        back = factors.get((by, per))
        return back if money == currency and back else None
    return factors.get((have, want))


def figure_of(
    panel: Panel,
    point: Point,
    *,
    value: Decimal | None,
    unit: str | None,
    text: str,
    base: str | None = None,
    stand_in: bool | None = None,
    more_rows: tuple[str, ...] = (),
    published: dt.date | None = None,
) -> Figure:
    """A row of the panel as evidence, with the document it comes from."""
    period = period_of(point)
    days = [d for d in (point.published, published) if d]
    return Figure(
        label=wording.label(
            point.measure, point.reporter, point.partner, point.product, period, base, point.basis
        ),
        value=value,
        unit=unit,
        text=text,
        published=max(days),
        status=point.status,
        stand_in=point.stand_in if stand_in is None else stand_in,
        rows=(*point.rows[:6], *more_rows[:6]),
        **document(panel, point.sources[0]),
    )


def period_of(point: Point) -> Period:
    """The period that a row of the panel is about, by its most usual name."""
    first, months = point.month, point.months
    if months == 1:
        return Period(first, 1, "M")
    if months == 12 and first % 12 == 0:
        return Period(first, 12, "A")
    if months == 12 and first % 12 == 3 and point.reporter in ("JPN", "IND"):
        return Period(first, 12, "FY")
    if months == 3 and first % 3 == 0:
        return Period(first, 3, "Q")
    return Period(first, months, "S")


# -- changes
# -----------------------------------------------------------------------------------------------


def change(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    """Growth in percent, or difference in currency, against the claim's base."""
    base = _base(claim)
    if claim.unit == "pp":
        return _share_change(claim, panel, day, base)
    own = [o for p in points_for(claim, panel, day) if (o := _change_of(claim, panel, p, base))]
    if own:
        return own
    if claim.unit == "%" and (said := _stated(claim, panel, day, base)):
        return said
    if points_for(claim, panel, day):
        assert claim.period is not None
        raise Unresolved(
            f"the lake holds no figure for the base, {_base_label(claim.period, base)}"
        )
    raise missing(claim, panel)


def _base(claim: Claim) -> str:
    """``yoy``, ``mom`` or ``qoq``; a base period is turned into the one it stands for."""
    assert claim.period is not None
    base = claim.base or "yoy"
    if base not in BACK:
        try:
            back = claim.period.first - Period.parse(base, claim.reporter).first
        except BadPeriod:
            raise Unresolved(f"base {base} is not understood") from None
        base = {months: name for name, months in BACK.items()}.get(back, "")
        if not base:
            raise Unresolved(f"changes against {claim.base} are not computed")
    # A year on the month before it, or a month on the quarter, is no comparison that anyone makes.
    if base != "yoy" and BACK[base] != claim.period.months:
        raise Unresolved(f"{claim.period.label} is not compared {BASES[base]}")
    return base


def _base_label(period: Period, base: str) -> str:
    return period.shift(-BACK[base]).label


def _change_of(claim: Claim, panel: Panel, point: Point, base: str) -> Official | None:
    if base == "qoq" and not panel.lengths & {3}:
        return None
    past = point.get(f"{base}_base")
    if past is None:
        return None
    before = (
        amount(past, point.unit, point.resolution)
        if point.measure in (*_MONEY, "sales")
        else quantity(past, point.unit)
    )
    extra = {
        "base": base,
        "stand_in": point.stand_in or bool(point.get(f"{base}_stand_in")),
        "more_rows": tuple(point.get(f"{base}_rows") or ()),
        "published": point.get(f"{base}_published"),
    }
    now = _level_text(point, None, Decimal(1))
    if claim.unit == "%":
        growth = point.get(f"{base}_growth")
        if growth is None:
            text = f"undefined: the sign changed ({before} to {now})"
            raise Unresolved(f"growth is {text}")
        value = Decimal(repr(growth))
        figure = figure_of(
            panel,
            point,
            value=value,
            unit="%",
            text=f"{percent(value)} ({before} to {now})",
            **extra,
        )
        return Official(value, Decimal(0), figure, point)
    if claim.unit != point.unit:
        return None
    value = difference(point, base)
    figure = figure_of(
        panel,
        point,
        value=value,
        unit=point.unit,
        text=f"{amount(value, point.unit)} ({before} to {now})",
        **extra,
    )
    return Official(value, point.resolution, figure, point)


def difference(point: Point, base: str) -> Decimal:
    """Change in currency, following the word: a deficit that widens has a positive change."""
    value, past = point.value, point.get(f"{base}_base")
    if point.measure == "balance" and value < 0 and past < 0:
        return Decimal(past - value)
    return Decimal(value - past)


def _stated(claim: Claim, panel: Panel, day: dt.date, base: str) -> list[Official]:
    """The growth that the source itself prints, where the lake has no base to compute it from."""
    assert claim.period is not None
    month, months = claim.period.span
    product = "TOTAL" if claim.product == "goods" else claim.product
    for name in panel_measure(claim):
        rows = panel.stated.get(
            (day, name, base, claim.reporter, claim.partner, product, months, month), []
        )
        if rows:
            return [_stated_of(panel, row, claim.period, base) for row in rows]
    return []


def _stated_of(panel: Panel, row: dict[str, Any], period: Period, base: str) -> Official:
    value = Decimal(row["value"])
    figure = Figure(
        label=wording.label(
            row["measure"],
            row["reporter"],
            row["partner"],
            row["product"],
            period,
            base,
            row["basis"],
        ),
        value=value,
        unit="%",
        text=f"{percent(value)} (as the source states it)",
        published=row["published"],
        status=row["status"],
        stand_in=row["stand_in"],
        rows=tuple(row["rows"]),
        **document(panel, row["sources"][0]),
    )
    return Official(value, Decimal(row["resolution"]), figure)


# -- streaks
# -----------------------------------------------------------------------------------------------


def streak(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    """How many periods in a row: of one sign for a balance, of rises or falls on the year for the
    rest.

    A streak that has just begun ("the first surplus in six months") is counted from the period of
    that sign before it.
    """
    assert claim.period is not None
    length = _LENGTH.get(claim.unit or "M", 1)
    period = claim.period
    if period.months != length:
        period = Period(period.last - length + 1, length, "M" if length == 1 else "S")
    column = "sign" if claim.measure == "balance" else "growth"
    probe = replace(claim, period=period)
    found = points_for(probe, panel, day)
    out = []
    for point in found:
        run = point.get(column)
        if run is not None:
            out.append(_streak_of(claim, panel, point, int(run), column))
    if out:
        return out
    if found:
        assert claim.reporter is not None  # narrows
        what = wording.label(claim.measure, claim.reporter, claim.partner, claim.product)
        raise Unresolved(f"what {what} were a year before {period.label} is not known")
    raise missing(probe, panel)


def _streak_of(claim: Claim, panel: Panel, point: Point, run: int, column: str) -> Official:
    unit = claim.unit or "M"
    words = {"sign": ("surplus", "deficit"), "growth": ("rise", "fall")}[column]
    word = words[0] if run > 0 else words[1]
    length, is_open = abs(run), bool(point.get(f"{column}_open"))
    if claim.base == "first" and length == 1:
        before = panel.points(
            point.as_of,
            point.measure,
            point.reporter,
            point.partner,
            point.product,
            (point.month - point.months, point.months),
        )
        same = [p for p in before if p.series == point.series]
        past = abs(int(same[0].get(column))) if same and same[0].get(column) is not None else 0
        length, is_open = past + 1, not same or bool(same[0].get(f"{column}_open"))
        text = f"first {word} after {count(past, unit)} of {words[1] if run > 0 else words[0]}"
    else:
        text = f"{count(length, unit)} of {word} in a row"
        if claim.base == "first":
            text += ", so not the first"
    if is_open and _may_be(claim, length, run):
        raise Unresolved(f"{text} are known, and what was before is not")
    note = "it may be longer: what was before is not known" if is_open else ""
    # The sign goes with the number: eleven rises do not support a claim of eleven falls.
    value = Decimal(length if (claim.sign != "-") == (run > 0) else -length)
    figure = figure_of(panel, point, value=value, unit=unit, text=text)
    return Official(value, Decimal(0), figure, point, note)


def _may_be(claim: Claim, length: int, run: int) -> bool:
    """Whether a claim is right if a run is longer than is known."""
    if (claim.sign != "-") != (run > 0) or claim.value is None:
        return False
    said = claim.value if isinstance(claim.value, tuple) else (claim.value,)
    most, least = max(map(abs, said)), min(map(abs, said))
    return least > length or (claim.hedge != "over" and most >= length)


# -- shares and ranks
# --------------------------------------------------------------------------------------


def share(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    """A product's or a partner's share of the same measure over all of them, or of another
    product's trade.
    """
    whole_product = claim.base if claim.base in products.WORDS and claim.base != "total" else None
    whole = replace(
        claim,
        product=whole_product or "TOTAL",
        partner="WLD" if whole_product is None else claim.partner,
    )
    if whole_product and claim.partner != "WLD":
        whole = replace(claim, product=whole_product, partner="WLD")
    parts, wholes = points_for(claim, panel, day), points_for(whole, panel, day)
    if not parts:
        raise missing(claim, panel)
    if not wholes:
        raise missing(whole, panel)
    part, total = parts[0], wholes[0]
    if part.unit != total.unit or not total.value:
        raise Unresolved("part and whole are not in one unit")
    value = part.value / total.value * 100
    sizes = [_level_text(p, None, Decimal(1)) for p in (part, total)]
    text = f"{number(value, 1)} % ({sizes[0]} of {sizes[1]})"
    figure = figure_of(panel, part, value=value, unit="%", text=text, more_rows=tuple(total.rows))
    return [Official(Decimal(value), Decimal(0), figure, part)]


def _share_change(claim: Claim, panel: Panel, day: dt.date, base: str) -> list[Official]:
    """A share of all trade of the reporter against the same share before, in percentage points."""
    parts = points_for(claim, panel, day)
    wholes = points_for(replace(claim, product="TOTAL", partner="WLD"), panel, day)
    if not parts or not wholes:
        raise missing(claim, panel)
    part, total = parts[0], wholes[0]
    before = [p.get(f"{base}_base") for p in (part, total)]
    if None in before or not before[1] or not total.value:
        raise Unresolved(
            f"the lake holds no share for the base, {_base_label(period_of(part), base)}"
        )
    now, then = part.value / total.value * 100, before[0] / before[1] * 100
    text = f"{number(now - then, 1, signed=True)} pp ({number(then, 1)} % to {number(now, 1)} %)"
    figure = figure_of(
        panel, part, value=now - then, unit="pp", text=text, base=base, more_rows=tuple(total.rows)
    )
    return [Official(Decimal(now - then), Decimal(0), figure, part)]


def rank(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    """A partner's place among all partner countries of the reporter."""
    if claim.partner == "WLD":
        raise Unresolved(
            "a place among all countries needs figures of all of them, which the lake does not hold"
        )
    own = points_for(claim, panel, day)
    if not own:
        raise missing(claim, panel)
    point = own[0]
    rivals = []
    for partner in panel.partners(day, point.measure, point.reporter, point.product, point.months):
        if partner == "WLD" or areas.get(partner).is_country != areas.get(claim.partner).is_country:
            continue
        rivals += [
            (p.value, partner)
            for p in panel.points(
                day,
                point.measure,
                point.reporter,
                partner,
                point.product,
                (point.month, point.months),
            )
        ]
    # "The largest deficit" counts from below, and so does a place that a deficit takes.
    rivals.sort(reverse=not (point.measure == "balance" and point.value < 0))
    place = 1 + sum(
        1
        for v, _ in rivals
        if (v < point.value if point.measure == "balance" and point.value < 0 else v > point.value)
    )
    size = amount(point.value, point.unit, point.resolution)
    known = [value for value, _partner in rivals]
    if place <= _place(claim) and _may_be_overtaken(claim, panel, day, point, known):
        raise Unresolved(
            f"{ordinal(place)} among the {len(rivals)} partners in the lake ({size}); one of those "
            "that are not may come before it"
        )
    text = f"{ordinal(place)} of {len(rivals)} ({size})"
    figure = figure_of(panel, point, value=Decimal(place), unit="rank", text=text)
    note = f"among the {len(rivals)} partners in the lake" if len(rivals) < 150 else ""
    return [Official(Decimal(place), Decimal(0), figure, point, note)]


def _place(claim: Claim) -> Decimal:
    """The place that is claimed, the last of several."""
    said = claim.value if isinstance(claim.value, tuple) else (claim.value or Decimal(1),)
    return max(map(abs, said))


def _may_be_overtaken(
    claim: Claim, panel: Panel, day: dt.date, point: Point, known: list[Decimal]
) -> bool:
    """Whether a country that the lake does not hold may trade more: what all known countries leave
    of the world is more than one of them trades. Balances leave nothing that could tell.
    """
    assert claim.partner is not None
    if point.measure == "balance" or not areas.get(claim.partner).is_country:
        return False
    of_all = points_for(replace(claim, partner="WLD"), panel, day)
    whole = next((p.value for p in of_all if p.unit == point.unit), None)
    return whole is None or whole - sum(known) > point.value


_RESOLVERS: dict[str, Callable[[Claim, Panel, dt.date], list[Official]]] = {
    "level": level,
    "change": change,
    "streak": streak,
    "share": share,
    "rank": rank,
}
