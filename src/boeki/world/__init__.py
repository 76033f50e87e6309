"""Input–output tables of the world and of single economies, and the worlds of the model."""

from boeki.world.build import input_output_table
from boeki.world.caliendo_parro import CaliendoParro, read_caliendo_parro
from boeki.world.kite import read_kite
from boeki.world.leontief import Leontief
from boeki.world.national import national_table
from boeki.world.read import read_table, read_tables
from boeki.world.satellite import Satellite, read_satellite
from boeki.world.table import InputOutputTable
from boeki.world.world import World
from boeki.world.world_file import read_world

__all__ = [
    "CaliendoParro",
    "InputOutputTable",
    "Leontief",
    "Satellite",
    "World",
    "input_output_table",
    "national_table",
    "read_caliendo_parro",
    "read_kite",
    "read_satellite",
    "read_table",
    "read_tables",
    "read_world",
]
