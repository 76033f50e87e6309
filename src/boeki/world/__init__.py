"""Input–output tables of the world and of single economies, and the worlds of the model."""

from boeki.world.adjustments import adjustments
from boeki.world.aggregate_world import aggregate_world
from boeki.world.build import input_output_table
from boeki.world.caliendo_parro import CaliendoParro, read_caliendo_parro
from boeki.world.elasticities import (
    Elasticities,
    elasticities,
    elasticity_sets,
    published_elasticities,
)
from boeki.world.embedded import embedded_world
from boeki.world.fetch import fetch_tables
from boeki.world.from_table import world_from_table
from boeki.world.kite import read_kite
from boeki.world.leontief import Leontief
from boeki.world.national import national_table
from boeki.world.open_world import open_world
from boeki.world.product_trade import product_trade
from boeki.world.read import read_table, read_tables
from boeki.world.research import ResearchIntensity, research_intensity
from boeki.world.satellite import Satellite, read_satellite
from boeki.world.sector_schemes import isic3_divisions
from boeki.world.table import InputOutputTable
from boeki.world.world import World
from boeki.world.world_file import read_world
from boeki.world.zoom import zoom

__all__ = [
    "CaliendoParro",
    "Elasticities",
    "InputOutputTable",
    "Leontief",
    "ResearchIntensity",
    "Satellite",
    "World",
    "adjustments",
    "aggregate_world",
    "elasticities",
    "elasticity_sets",
    "embedded_world",
    "fetch_tables",
    "input_output_table",
    "isic3_divisions",
    "national_table",
    "open_world",
    "product_trade",
    "published_elasticities",
    "read_caliendo_parro",
    "read_kite",
    "read_satellite",
    "read_table",
    "read_tables",
    "read_world",
    "research_intensity",
    "world_from_table",
    "zoom",
]
