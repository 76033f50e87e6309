"""Measures: what a user can ask for by name."""

from __future__ import annotations

#: Measure to what it is, in one line.
MEASURES = {
    "exports": "Exports (FOB, customs basis).",
    "imports": "Imports (CIF in most countries, customs basis).",
    "balance": "Exports minus imports.",
    "trade": "Exports plus imports.",
    "export_volume": "Quantity exported of a product.",
    "import_volume": "Quantity imported of a product.",
    "export_price": "Unit value of exports of a product.",
    "import_price": "Unit value of imports of a product.",
    "sales": "An industry's billings, where an association publishes them.",
    "rate": "The exchange rate with a partner.",
}
