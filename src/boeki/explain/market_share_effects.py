"""The effects of constant-market-share analysis, exact, for each product in each market."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from decimal import Context, Decimal, localcontext
from typing import Literal

from boeki.errors import InputError

#: Amounts by product and market.
Cells = Mapping[tuple[str, str], Decimal]
#: a_ij, b_ij and c_j.
Terms = tuple[Decimal, Decimal, Decimal]
Effects = dict[tuple[str, str], dict[str, Decimal]]
Weights = Literal["initial", "final", "average", "interaction"]
Order = Literal["commodity-first", "market-first"]

FOUR = ("growth", "commodity", "market", "competitiveness", "interaction", "unmatched")
FIVE = (
    "market_share",
    "commodity_composition",
    "commodity_adaptation",
    "market_composition",
    "market_adaptation",
)
#: Places that effects are rounded to: of currency, and of percentage points.
_MONEY, _POINTS = Decimal("1e-6"), Decimal("1e-18")
#: Digits carried in between.
_WIDE = Context(prec=60)
_NONE = Decimal(0)


def four_effects(
    own: tuple[Cells, Cells],
    market: tuple[Cells, Cells],
    *,
    weights: Weights = "initial",
    order: Order = "commodity-first",
) -> Effects:
    """Richardson's effects in each cell; they add up to the change of exports exactly.

    With shares s = q/Q of the base, and ΔQ the change of the market, the exports that the country
    would have gained at constant shares are, ever finer, sΔQ, s_i ΔQ_ij and s_ij ΔQ_ij. The first
    is the growth effect, their differences the commodity and the market effect, and what is left
    of the change is Q_ij Δs_ij, the competitiveness effect (Richardson 1971, eqs. 1 to 4).

    Parameters
    ----------
    own
        Exports of the country by product and market, earlier and later.
    market
        Exports of the world, or of competitors, likewise.
    weights
        Which period's shares are held constant. ``interaction``: initial shares, with
        competitiveness Q_ij Δs_ij of the initial market and ΔQ_ij Δs_ij apart.
    order
        Whether the shares s_i are those in a commodity, or in a market.

    Returns
    -------
    dict
        Cell to its effects, as :data:`FOUR` names them. ``unmatched`` is the whole change of cells
        of which a share is not defined: the country sells there and the reference does not.
    """
    with localcontext(_WIDE):
        cells = sorted({*own[0], *own[1], *market[0], *market[1]})
        open_ = {c for c in cells if _undefined(c, own, market, weights)}
        matched = [c for c in cells if c not in open_]
        at = 0 if order == "commodity-first" else 1
        bases = [_shares(own[t], market[t], matched, at) for t in (0, 1)]
        out = {c: _four(c, own, market, bases, weights, order) for c in matched}
        return out | {c: _only_unmatched(_at(own[1], c) - _at(own[0], c)) for c in sorted(open_)}


def _undefined(
    cell: tuple[str, str], own: tuple[Cells, Cells], market: tuple[Cells, Cells], weights: Weights
) -> bool:
    """Whether the country sells where the reference does not, in a period whose share counts."""
    periods = {"initial": (0,), "final": (1,)}.get(weights, (0, 1))
    return any(_at(own[t], cell) and not _at(market[t], cell) for t in periods)


class _Shares:
    """Shares of one period: of all, of each commodity or market, and of each cell."""

    __slots__ = ("cell", "line", "whole")

    def __init__(
        self,
        whole: Decimal,
        line: dict[str, Decimal],
        cell: dict[tuple[str, str], Decimal],
    ) -> None:
        self.whole, self.line, self.cell = whole, line, cell


def _shares(own: Cells, market: Cells, cells: list[tuple[str, str]], at: int) -> _Shares:
    lines: dict[str, list[Decimal]] = {}
    for cell in cells:
        sums = lines.setdefault(cell[at], [_NONE, _NONE])
        sums[0] += _at(own, cell)
        sums[1] += _at(market, cell)
    whole = [sum((s[i] for s in lines.values()), _NONE) for i in (0, 1)]
    if not whole[1]:
        raise InputError("the reference sells nothing in one of the periods: there is no share")
    return _Shares(
        _over(*whole),
        {name: _over(*sums) for name, sums in lines.items()},
        {c: _over(_at(own, c), market[c]) for c in cells if market.get(c)},
    )


def _four(
    cell: tuple[str, str],
    own: tuple[Cells, Cells],
    market: tuple[Cells, Cells],
    bases: list[_Shares],
    weights: Weights,
    order: Order,
) -> dict[str, Decimal]:
    at = 0 if order == "commodity-first" else 1
    before, after = _at(market[0], cell), _at(market[1], cell)
    rates = [(b.whole, b.line[cell[at]], b.cell.get(cell, _NONE)) for b in bases]
    held = _held(rates, weights)
    # What each ever finer constant share would have gained; rounded here, so that differences of
    # them add up to the last digit.
    coarse, line, fine = ((s * (after - before)).quantize(_MONEY) for s in held)
    change = _at(own[1], cell) - _at(own[0], cell)
    left, interaction = change - fine, _NONE
    if weights == "interaction":
        pure = (before * (rates[1][2] - rates[0][2])).quantize(_MONEY)
        left, interaction = pure, left - pure
    first, second = ("commodity", "market") if at == 0 else ("market", "commodity")
    effects = {"growth": coarse, first: line - coarse, second: fine - line,
               "competitiveness": left, "interaction": interaction, "unmatched": _NONE}  # fmt: skip
    return {name: effects[name] for name in FOUR}


def _held(rates: list[tuple[Decimal, Decimal, Decimal]], weights: Weights) -> tuple[Decimal, ...]:
    """The shares that are held constant."""
    if weights == "final":
        return rates[1]
    if weights == "average":
        return tuple((a + b) / 2 for a, b in zip(*rates, strict=True))
    return rates[0]


def _only_unmatched(change: Decimal) -> dict[str, Decimal]:
    return {name: change if name == "unmatched" else _NONE for name in FOUR}


def five_effects(own: tuple[Cells, Cells], market: tuple[Cells, Cells]) -> Effects:
    """Fagerberg and Sollie's effects in each cell, in percentage points of market share.

    With a_ij the country's share of imports of commodity i by market j, b_ij the commodity's share
    of the market's imports and c_j the market's share of all, the country's share of the world
    market is M = Σ a_ij b_ij c_j. Changes are weighted by the initial period (Fagerberg and Sollie
    1987, eqs. 1 to 11).

    Parameters
    ----------
    own, market
        As :func:`four_effects` takes them; the country must be part of the reference.

    Returns
    -------
    dict
        Cell to its effects, as :data:`FIVE` names them. They add up to the change of a·b·c exactly,
        which is that of the share to 18 places.

    Raises
    ------
    InputError
        Where the country sells more than the market buys: it is no part of the reference.
    """
    with localcontext(_WIDE):
        _inside(own, market)
        cells = sorted({*market[0], *market[1]})
        then, now = (_terms(own[t], market[t]) for t in (0, 1))
        return {cell: _five(then(cell), now(cell)) for cell in cells}


def _inside(own: tuple[Cells, Cells], market: tuple[Cells, Cells]) -> None:
    for mine, theirs in zip(own, market, strict=True):
        more = [c for c, v in mine.items() if v > theirs.get(c, _NONE)]
        if more:
            raise InputError(
                f"in {len(more)} cells such as {more[0]} the country sells more than the market "
                "buys: its market share needs the world, or competitors and itself, as reference"
            )


def _terms(own: Cells, market: Cells) -> Callable[[tuple[str, str]], Terms]:
    """A function that gives a_ij, b_ij and c_j of a cell; nil where the market buys nothing."""
    by_market: dict[str, Decimal] = {}
    for (_product, place), value in market.items():
        by_market[place] = by_market.get(place, _NONE) + value
    whole = sum(by_market.values(), _NONE)

    def of(cell: tuple[str, str]) -> Terms:
        bought, place = market.get(cell, _NONE), by_market.get(cell[1], _NONE)
        return (
            _over(own.get(cell, _NONE), bought),
            _over(bought, place),
            100 * _over(place, whole),
        )

    return of


def _five(
    then: tuple[Decimal, Decimal, Decimal], now: tuple[Decimal, Decimal, Decimal]
) -> dict[str, Decimal]:
    (a0, b0, c0), (a1, b1, c1) = then, now
    # Products are rounded, and effects are differences of them: so they add up to the last digit.
    start, end = _round(a0 * b0 * c0), _round(a1 * b1 * c1)
    share, mix, both = _round(a1 * b0 * c0), _round(a0 * b1 * c0), _round(a1 * b1 * c0)
    place = _round(a0 * b0 * c1)
    effects = (
        share - start,
        mix - start,
        both - share - mix + start,
        place - start,
        end - both - place + start,
    )
    return dict(zip(FIVE, effects, strict=True))


def summed(effects: Mapping[Hashable, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Each effect over all cells."""
    out: dict[str, Decimal] = {}
    with localcontext(_WIDE):
        for cell in effects.values():
            for name, value in cell.items():
                out[name] = out.get(name, _NONE) + value
    return out


def _round(value: Decimal) -> Decimal:
    return value.quantize(_POINTS)


def _at(cells: Cells, cell: tuple[str, str]) -> Decimal:
    return cells.get(cell, _NONE)


def _over(top: Decimal, bottom: Decimal) -> Decimal:
    return top / bottom if bottom else _NONE
