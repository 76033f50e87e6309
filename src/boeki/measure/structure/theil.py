"""Theil index of concentration, with its extensive and intensive margins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.measure.structure import names
from boeki.measure.structure.flows import Direction, Flows, Trade
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

METHOD = Method(
    "Theil index of export concentration",
    "T = (1/n) Σ (x/μ) ln(x/μ) over n lines; extensive = ln(n/n₁), intensive = Theil index of the "
    "n₁ active lines; T = extensive + intensive",
    "Cadot, Carrère and Strauss-Kahn (2011), Export Diversification: What's behind the Hump?, "
    "Review of Economics and Statistics 93(2)",
    "explanation/structure.md",
)


@dataclass(frozen=True, slots=True)
class Theil:
    """A Theil index and its parts.

    Attributes
    ----------
    index
        Of all lines, between 0 and ln(lines).
    extensive
        Between active and inactive lines: ln(lines/active).
    intensive
        Within the active ones.
    active, lines
        How many lines are above nil, and how many there could be.
    """

    index: float
    extensive: float
    intensive: float
    active: int
    lines: int


def theil_index(values: ArrayLike, lines: int | None = None) -> Theil:
    """The Theil index of values.

    Parameters
    ----------
    values
        ``(line,)``, none negative.
    lines
        How many lines there could be; None for as many as were given.

    Raises
    ------
    InputError
        Where a value is negative or not finite, all are nil, or more are active than there could
        be.
    """
    x = np.asarray(values, dtype=np.float64)
    if not np.isfinite(x).all() or (x < 0).any():
        raise InputError("a Theil index is of values that are finite and not negative")
    n = x.size if lines is None else lines
    x = x[x > 0]
    if not x.size:
        raise InputError("there is no concentration of nothing: all values are nil")
    if x.size > n:
        raise InputError(f"{x.size} lines are active, and there could be {n} only")
    ratio = x / x.mean()
    intensive = float(np.mean(ratio * np.log(ratio)))
    extensive = float(np.log(n / x.size))
    return Theil(extensive + intensive, extensive, intensive, int(x.size), int(n))


def theil(
    country: str | None = None,
    period: str | int = "",
    *,
    flow: Direction = "export",
    lines: int | None = None,
    partner: str = "WLD",
    **reading: Unpack[Reading],
) -> Answer:
    """How concentrated a country's trade is on few products, and on which margin.

    Parameters
    ----------
    country
        Whose trade; None for every country there is.
    period
        When.
    flow
        ``export`` or ``import``.
    lines
        How many products there could be. Left out: the codes of the classification with so many
        digits, or, where it is not known, the products that some country of the figures trades.
    partner
        Only with this partner.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a country, most concentrated first; without the extensive margin where nothing says
        how many lines there could be.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, of several kinds, or more products than ``lines``.
    """
    source = trade(period, country, **reading)
    who = (source.code(country),) if country else ()
    place = () if partner == "WLD" else (source.code(partner),)
    found = source.flows(flow, "product", reporters=who, partners=place)
    potential, why = _potential(found, lines, _everyone(source, found, flow, place))
    rows = [_row(c, v, potential) for c, v in _vectors(found).items()]
    rows.sort(key=lambda r: -r["index"])
    whose = f"{names.country(who[0])}'s" if who else "countries'"
    return answer(
        f"Theil index of {whose} {flow}s by product, {source.period}",
        rows,
        _COLUMNS,
        METHOD,
        about=about(source, found, country=who[0] if who else None, flow=flow, lines=potential,
                    partner=partner),
        notes=[*notes(found), why],
        chart=Chart("ranking", "name", ("index",)),
        **evidence(found),
    )  # fmt: skip


def _vectors(found: Flows) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {}
    for key, value in found.amounts().items():
        out.setdefault(key[0], []).append(float(value))
    return out


def _potential(found: Flows, lines: int | None, every: Flows) -> tuple[int | None, str]:
    """How many products there could be, and who says so."""
    if lines is not None:
        return lines, f"{lines} products could be traded, as was asked."
    products = set(found.table["product"].to_pylist())
    lengths = {len(p) for p in products}
    classification = found.told.get("classification", "")
    if len(lengths) == 1 and (known := names.lines(classification, lengths.pop())):
        return max(known, 0), f"{known} products could be traded: the codes of {classification}."
    if len(every.reporters) > 1:
        n = len(set(every.table["product"].to_pylist()))
        return n, f"{n} products could be traded: all that some country of the figures trades."
    return None, (
        "How many products could be traded is not known, so the extensive margin is not: say it "
        "with lines."
    )


def _everyone(source: Trade, found: Flows, flow: Direction, place: tuple[str, ...]) -> Flows:
    """The trade of all countries of the figures, where one country was asked for."""
    if len(found.reporters) > 1:
        return found
    try:
        return source.flows(flow, "product", partners=place)
    except (NoFigure, InputError):
        return found


def _row(code: str, values: list[float], lines: int | None) -> dict[str, Any]:
    t = theil_index(values, lines)
    known = lines is not None
    return {
        "code": code,
        "name": names.country(code),
        "index": t.index,
        "extensive": t.extensive if known else None,
        "intensive": t.intensive,
        "active": t.active,
        "lines": t.lines if known else None,
        "note": "" if known else "the number of possible products is not known",
    }


_COLUMNS = (
    Column("code", "country code", shown=False),
    Column("name", "country"),
    Column("index", "Theil index", places=4),
    Column("extensive", "extensive margin (between)", places=4),
    Column("intensive", "intensive margin (within)", places=4),
    Column("active", "products traded"),
    Column("lines", "products that could be"),
    Column("note", "why a cell is empty", shown=False),
)
