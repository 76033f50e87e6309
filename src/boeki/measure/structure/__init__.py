"""The structure of trade: shares, concentration, advantage, complexity, similarity, dependence.

Each module has a core on arrays and, beside it, a function that reads a lake or a data frame.
"""

from boeki.measure.structure.comparative_advantage import (
    balassa,
    comparative_advantage,
    symmetric,
    vollrath,
)
from boeki.measure.structure.complementarity import complementarity, overlap
from boeki.measure.structure.economic_complexity import complexity_indices, economic_complexity
from boeki.measure.structure.eligibility import Eligibility, specialised
from boeki.measure.structure.export_similarity import export_similarity
from boeki.measure.structure.fitness import fitness, fitness_complexity
from boeki.measure.structure.grubel_lloyd import grubel_lloyd
from boeki.measure.structure.herfindahl_hirschman import concentration, herfindahl_hirschman
from boeki.measure.structure.import_dependence import import_dependence
from boeki.measure.structure.market_share import market_share
from boeki.measure.structure.proximity import (
    densities,
    product_density,
    product_proximity,
    proximities,
)
from boeki.measure.structure.theil import theil, theil_index
from boeki.measure.structure.trade_intensity import trade_intensity

__all__ = [
    "Eligibility",
    "balassa",
    "comparative_advantage",
    "complementarity",
    "complexity_indices",
    "concentration",
    "densities",
    "economic_complexity",
    "export_similarity",
    "fitness",
    "fitness_complexity",
    "grubel_lloyd",
    "herfindahl_hirschman",
    "import_dependence",
    "market_share",
    "overlap",
    "product_density",
    "product_proximity",
    "proximities",
    "specialised",
    "symmetric",
    "theil",
    "theil_index",
    "trade_intensity",
    "vollrath",
]
