"""What a lake has, one line for each document and kind of figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boeki.lake.store import Lake

_KINDS = """
    SELECT reporter, CASE
      WHEN product = 'TOTAL' AND partner = 'WLD' THEN 'flows: all goods, world'
      WHEN product = 'TOTAL' THEN 'flows: all goods, by area'
      WHEN partner = 'WLD' THEN 'flows: commodities'
      ELSE 'flows: commodities, by area' END AS figures, period, source, published
    FROM {flows} UNION ALL
    SELECT area, 'series: ' || split_part(key, '.', 1), period, source, published FROM {series}
"""


def holdings(lake: Lake) -> list[dict[str, Any]]:
    """As :meth:`boeki.lake.Lake.holdings` has it."""
    found = lake.query(
        "SELECT k.figures, "
        "string_agg(DISTINCT k.reporter, ' ' ORDER BY k.reporter) AS reporter, "
        "min(k.period) AS first, max(k.period) AS last, count(*) AS rows, k.published, "
        "k.source, d.publisher, d.title, d.standing, d.url, d.licence "
        f"FROM ({_KINDS}) k JOIN documents d USING (source) "
        "GROUP BY ALL ORDER BY k.figures, k.published, k.source"
    )
    return list(found.to_pylist())
