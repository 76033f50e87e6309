"""Measures: what a user can ask for by name."""

from __future__ import annotations

#: ``trade`` is exports plus imports; volumes and prices (unit values) are of a product.
MEASURES = (
    "exports",
    "imports",
    "balance",
    "trade",
    "export_volume",
    "import_volume",
    "export_price",
    "import_price",
    "sales",
    "rate",
)
