"""Places through which other countries' goods pass, so that partners disagree about them."""

from __future__ import annotations

#: Area code to why its name on a flow may stand for another country's.
HUBS = {
    "HKG": "an entrepôt for China: most of its exports are re-exports",
    "SGP": "an entrepôt: about half of its exports are re-exports",
    "NLD": "what passes through Rotterdam may count as its trade (re-exports, quasi-transit)",
    "BEL": "what passes through Antwerp may count as its trade (re-exports, quasi-transit)",
    "ARE": "an entrepôt: Dubai's free zones re-export much of what they import",
    "PAN": "the Colón free zone re-exports what it imports, and may stand outside the statistics",
}


def hubs_between(*pair: str) -> tuple[str, ...]:
    """The hubs that are a pair's own members, by code."""
    return tuple(code for code in pair if code in HUBS)
