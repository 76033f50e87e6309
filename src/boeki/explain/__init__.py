"""Decompositions: each adds up to the change that it explains."""

from boeki.explain.contributions import (
    CommodityChanges,
    Contribution,
    Decomposition,
    commodity_changes,
    contributions,
    decompose,
)

__all__ = [
    "CommodityChanges",
    "Contribution",
    "Decomposition",
    "commodity_changes",
    "contributions",
    "decompose",
]
