"""Herfindahl–Hirschman index of concentration, plain and normalised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.structure import names
from boeki.measure.structure.flows import Direction, Flows, Trade
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade, untold

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

By = Literal["partner", "product"]
#: Of a total that its parts leave open so much, the index is given with its bounds.
_OPEN = 0.0005

METHOD = Method(
    "Herfindahl–Hirschman index",
    "H = Σ s², s = share of a line; normalised (H − 1/n) / (1 − 1/n); effective number 1/H",
    "Hirschman (1964), The Paternity of an Index, American Economic Review 54(5)",
    "explanation/structure.md",
)


@dataclass(frozen=True, slots=True)
class Concentration:
    """How concentrated a set of values is.

    Attributes
    ----------
    index
        Σ s², between 1/n and 1.
    normalised
        (H − 1/n)/(1 − 1/n), between 0 and 1; NaN for a single line.
    effective
        1/H: so many equal lines are as concentrated.
    lines
        How many are above nil.
    largest
        The largest share.
    """

    index: float
    normalised: float
    effective: float
    lines: int
    largest: float


def concentration(values: ArrayLike) -> Concentration:
    """The Herfindahl–Hirschman index of values.

    Parameters
    ----------
    values
        ``(line,)``, none negative; lines of nil are not counted.

    Raises
    ------
    InputError
        Where a value is negative or not finite, or all are nil.
    """
    x = np.asarray(values, dtype=np.float64)
    if not np.isfinite(x).all() or (x < 0).any():
        raise InputError("concentration is of values that are finite and not negative")
    x = x[x > 0]
    if not x.size:
        raise InputError("there is no concentration of nothing: all values are nil")
    s = x / x.sum()
    index, n = float(s @ s), int(x.size)
    normalised = (index - 1 / n) / (1 - 1 / n) if n > 1 else float("nan")
    return Concentration(index, normalised, 1 / index, n, float(s.max()))


def herfindahl_hirschman(
    country: str | None = None,
    period: str | int = "",
    *,
    flow: Direction = "export",
    by: By = "partner",
    product: str = "TOTAL",
    partner: str = "WLD",
    **reading: Unpack[Reading],
) -> Answer:
    """How concentrated a country's trade is on few partners, or on few products.

    Parameters
    ----------
    country
        Whose trade; None for every country there is.
    period
        When.
    flow
        ``export`` or ``import``.
    by
        Concentration over ``partner`` or ``product``.
    product, partner
        Only of this product, or only with this partner.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a country, most concentrated first. Where the lines do not add up to the total that
        the country states, ``low`` and ``high`` say between which values the index lies: the open
        part spread over endless lines, or all of it one line.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, or of several kinds.
    """
    if by not in ("partner", "product"):
        raise UnknownTerm("breakdown", by, ["partner", "product"])
    source = trade(period, country, **reading)
    who = (source.code(country),) if country else ()
    goods = () if product == "TOTAL" else (product,)
    place = () if partner == "WLD" else (source.code(partner),)
    found = source.flows(flow, by, reporters=who, partners=place, products=goods)
    stated = _stated(source, flow, who, place, goods)
    rows = [_row(code, values, stated.get(code)) for code, values in _by_reporter(found)]
    rows.sort(key=lambda r: -r["index"])
    said = [*notes(found), *(untold(found) if by == "partner" else [])]
    whole = all(r["covered"] >= 100 * (1 - _OPEN) for r in rows)
    if not whole:
        said.append(
            f"The {by}s that are told do not make up the stated total: low and high are the bounds "
            "of the index of the whole, index is that of the told part."
        )
    whose = f"{names.country(who[0])}'s" if who else "countries'"
    return answer(
        f"Concentration of {whose} {flow}s by {by}, {source.period}",
        rows,
        _columns(by, found.currency, whole=whole),
        METHOD,
        about=about(
            source, found, country=who[0] if who else None, flow=flow, by=by, product=product,
            partner=partner,
        ),
        notes=said,
        chart=Chart("ranking", "name", ("index",)),
        **evidence(found),
    )  # fmt: skip


def _stated(
    source: Trade, flow: Direction, who: tuple[str, ...], place: Any, goods: Any
) -> dict[str, Decimal]:
    """Each country's whole, as it states it where it does."""
    try:
        whole = source.flows(flow, reporters=who, partners=place, products=goods)
    except (NoFigure, InputError):
        return {}
    return {key[0]: value for key, value in whole.amounts().items()}


def _by_reporter(found: Flows) -> Iterable[tuple[str, list[Decimal]]]:
    out: dict[str, list[Decimal]] = {}
    for key, value in found.amounts().items():
        out.setdefault(key[0], []).append(value)
    return out.items()


def _row(code: str, values: list[Decimal], whole: Decimal | None) -> dict[str, Any]:
    told = sum(values, Decimal(0))
    total = max(told, whole or told)
    c = concentration([float(v) for v in values])
    part = float(told / total)
    low = c.index * part**2
    return {
        "code": code,
        "name": names.country(code),
        "index": c.index,
        "normalised": None if np.isnan(c.normalised) else c.normalised,
        "effective": c.effective,
        "lines": c.lines,
        "largest": 100 * c.largest,
        "value": told,
        "covered": 100 * part,
        "low": low,
        "high": low + (1 - part) ** 2,
        "note": "" if c.lines > 1 else "a single line has no normalised index",
    }


def _columns(by: By, currency: str, *, whole: bool) -> list[Column]:
    return [
        Column("code", "country code", shown=False),
        Column("name", "country"),
        Column("index", "Herfindahl–Hirschman index", places=4),
        Column("normalised", "normalised index", places=4),
        Column("effective", f"effective number of {by}s", places=1),
        Column("lines", f"number of {by}s"),
        Column("largest", f"share of the largest {by}", "%"),
        Column("value", "trade that is told by line", currency, shown=False),
        Column("covered", "part of the stated total that is told", "%", shown=not whole),
        Column("low", "lower bound of the index of the whole", places=4, shown=not whole),
        Column("high", "upper bound of the index of the whole", places=4, shown=not whole),
        Column("note", "why a cell is empty", shown=False),
    ]
