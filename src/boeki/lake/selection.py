"""Which figures of a lake a question is about, as a condition on its rows."""

from __future__ import annotations

from dataclasses import dataclass

from boeki.lake.store import Lake
from boeki.terms import products
from boeki.terms.periods import Period


@dataclass(frozen=True, slots=True)
class Selection:
    """Some of a lake's figures; what is left empty chooses nothing out.

    Attributes
    ----------
    office
        Whose statistics: ``japan-customs``.
    reporter, partner
        Area codes. The area of a series counts as its reporter.
    product
        A term (``semiconductor_equipment``) or a code (``70131``, ``HS2022:848620``).
    flow
        ``export``, ``import`` …; series have none.
    key
        The key of a series; flows have none.
    start, end
        First and last period.
    """

    office: str = ""
    reporter: str = ""
    partner: str = ""
    product: str = ""
    flow: str = ""
    key: str = ""
    start: Period | None = None
    end: Period | None = None

    def tables(self) -> tuple[str, ...]:
        """The tables that can have such figures."""
        if self.flow:
            return ("flows",)
        return ("series",) if self.key else ("flows", "series")

    def where(self, table: str) -> str:
        """SQL that is true of the rows of ``flows`` or ``series`` that are meant."""
        area = "reporter" if table == "flows" else "area"
        parts = [_is("office", self.office), _is(area, self.reporter), _is("key", self.key)]
        if table == "flows":
            parts += [_is("partner", self.partner), _is("flow", self.flow), _coded(self.product)]
        else:
            parts += [_has("partner", self.partner), _has("product", self.product)]
        if self.start:
            parts.append(f"month >= {self.start.first}")
        if self.end:
            parts.append(f"month + greatest(months, 1) - 1 <= {self.end.last}")
        return " AND ".join(part for part in parts if part) or "true"


def text(value: str) -> str:
    """A text as an SQL literal, in which nothing stands for a table: see :meth:`Lake.query`."""
    quoted = "'" + value.replace("'", "''") + "'"
    return "(" + quoted.replace("{", "' || chr(123) || '") + ")" if "{" in value else quoted


def several(table: str, chosen: str = "true") -> str:
    """SQL for figures that may have more than one row: those revised on disk, and those aboard.

    Most figures of a large lake have one row, and need no comparing.
    """
    return (
        f"(SELECT figure FROM {{{table}}} WHERE revision > 0 AND {chosen} "
        f"UNION SELECT figure FROM {table}_aboard)"
    )


def count(lake: Lake, table: str, chosen: str) -> int:
    """How many rows fulfil a condition."""
    found = lake.query(f"SELECT count(*) AS n FROM {{{table}}} WHERE {chosen}")
    return int(found["n"][0].as_py())


def _is(column: str, value: str) -> str:
    return f"{column} = {text(value)}" if value else ""


def _has(dimension: str, value: str) -> str:
    return f"list_contains(map_extract(dimensions, '{dimension}'), {text(value)})" if value else ""


def _coded(product: str) -> str:
    """The rows of a product: a code among exports can be another product's among imports."""
    if not product:
        return ""
    known = [c for c in products.commodities() if c.term == product]
    if known:
        told = [
            f"(classification = {text(c.classification)} AND product = {text(c.code)} "
            f"AND flow = {text(c.flow)})"
            for c in known
        ]
        return f"({' OR '.join(told)})"
    classification, _, code = product.rpartition(":")
    return " AND ".join(
        p for p in (_is("classification", classification), _is("product", code)) if p
    )
