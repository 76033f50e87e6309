"""What every indicator of structure can be asked with besides its own question."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypedDict

from boeki.measure.structure.flows import Flows, Trade
from boeki.terms import areas

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from boeki.lake import Lake


class Reading(TypedDict, total=False):
    """Where the figures come from; each of these may be left out.

    Attributes
    ----------
    digits
        Only codes of so many digits: needed where a lake has several levels of a classification.
    level
        Of Japan's principal commodities, whose codes do not show it (default: 2).
    office, classification
        Whose statistics and which codes, where a lake has several.
    as_of
        Only what was published by this day.
    data
        A data frame or table of one's own instead of the lake, with columns ``country``,
        ``value`` and, as the question needs them, ``product``, ``partner``, ``flow``, ``period``.
    lake
        Where the figures are; None for the lake that ``BOEKI_LAKE`` names, or for those that the
        package ships.
    """

    digits: int | None
    level: int
    office: str | None
    classification: str | None
    as_of: dt.date | None
    data: pd.DataFrame | pa.Table | None
    lake: Lake | None


def trade(period: str | int = "", reporter: str | None = None, **reading: Any) -> Trade:
    """Where the flows of a period are read.

    Parameters
    ----------
    period
        The period; may be left out with a table of one period.
    reporter
        By whose custom a fiscal year is read.
    reading
        As :class:`Reading` has it.
    """
    data, lake = reading.pop("data", None), reading.pop("lake", None)
    if data is not None:
        from boeki.measure.structure.frame_trade import frame_trade

        return frame_trade(data, str(period))
    from boeki.lake import open_lake
    from boeki.measure.structure.lake_trade import trade_of

    return trade_of(lake or open_lake(), str(period), reporter, **reading)


def about(trade: Trade, *flows: Flows, **more: Any) -> dict[str, Any]:
    """What was asked and what the figures are, for the head of an answer."""
    told: dict[str, Any] = {}
    for key in ("office", "classification", "currency", "valuation"):
        held = list(dict.fromkeys(f.told[key] for f in flows if key in f.told))
        if held:
            told[key] = held[0] if len(held) == 1 else held
    return {"period": trade.period or None, **more, **told}


def evidence(*flows: Flows) -> dict[str, Any]:
    """Documents, rows and the newest day of flows, as an answer takes them."""
    days = [f.published for f in flows if f.published]
    return {
        "sources": [s for f in flows for s in f.sources],
        "evidence": [r for f in flows for r in f.rows],
        "published": max(days, default=None),
    }


def notes(*flows: Flows) -> list[str]:
    """The notes of flows, each once."""
    return list(dict.fromkeys(n for f in flows for n in f.notes))


def untold(flows: Flows) -> list[str]:
    """What must be known of partners that are not countries: stores, free zones, secret ones."""
    amounts, at = flows.amounts(), flows.keys.index("partner")
    kinds = {a.code: a.kind for a in areas.areas()}
    held = [v for k, v in amounts.items() if kinds.get(k[at]) == "unspecified"]
    if not held:
        return []
    part = float(sum(held) / flows.total() * 100)
    return [
        f"{part:.2g} % is with partners that are not told; each of their codes counts as a partner."
    ]


def world(flows: Flows) -> str:
    """Who the world is that a country is compared with."""
    return f"The world is the {len(flows.reporters)} exporters of these figures."


def both_sides(exports: Flows, imports: Flows) -> list[str]:
    """Notes of two flows, and what must be known of comparing them.

    Raises
    ------
    InputError
        Where they are in unlike currencies, or of unlike offices or classifications.
    """
    from boeki.errors import InputError

    for key in ("office", "classification", "currency"):
        one, other = exports.told.get(key), imports.told.get(key)
        if one != other:
            raise InputError(
                f"exports and imports have unlike kinds of {key} ({one}, {other}): name the "
                "office and the classification"
            )
    out = notes(exports, imports)
    one, other = exports.told.get("valuation", ""), imports.told.get("valuation", "")
    if one != other:
        out.append(
            f"Exports are {one.upper()}, imports {other.upper()}: freight and insurance make "
            "imports look larger."
        )
    return out
