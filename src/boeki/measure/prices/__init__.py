"""Prices and volumes: unit values, index numbers, terms of trade."""

from boeki.measure.prices.formulas import FORMULAS, find_formula
from boeki.measure.prices.geks import SPLICES, geks
from boeki.measure.prices.index import (
    IndexSeries,
    price_index_numbers,
    quantity_index_numbers,
)
from boeki.measure.prices.panel import Panel, panel_of
from boeki.measure.prices.panel_lake import Goods, read_panel
from boeki.measure.prices.price_index import price_index

__all__ = [
    "FORMULAS",
    "SPLICES",
    "Goods",
    "IndexSeries",
    "Panel",
    "find_formula",
    "geks",
    "panel_of",
    "price_index",
    "price_index_numbers",
    "quantity_index_numbers",
    "read_panel",
]
