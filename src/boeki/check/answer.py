"""What a resolver answers with: the figures for a claim, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boeki.check.panel import Panel, Point
from boeki.check.verdict import Figure


class Unresolved(Exception):
    """No figure in the lake answers a claim; the message says why."""


@dataclass(frozen=True, slots=True)
class Official:
    """A figure that answers a claim.

    Attributes
    ----------
    value
        In the claim's unit and convention.
    resolution
        Size of the last digit known, in the same unit.
    figure
        The figure as evidence.
    point
        The row of the panel it was read from, where it was.
    note
        What a reader should know of it: that it may be longer, that it is derived.
    """

    value: Decimal
    resolution: Decimal
    figure: Figure
    point: Point | None = None
    note: str = ""


def document(panel: Panel, source: str) -> dict[str, Any]:
    """What a figure says of the document it comes from."""
    d = panel.lake.documents[source]
    return {
        "source": source,
        "title": d["title"],
        "publisher": d["publisher"],
        "link": d["url"] or "",
        "licence": d["licence"],
        "standing": d["standing"],
    }
