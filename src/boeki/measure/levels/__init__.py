"""Levels, growth, runs, records and ranks of one series."""

from boeki.measure.levels.fiscal import FISCAL_YEARS, FiscalYear, fiscal_year
from boeki.measure.levels.growth import KINDS, growth_of, measure_growth
from boeki.measure.levels.line import Line, line_of, read_line
from boeki.measure.levels.ranks import TIES, measure_ranks, rank_values
from boeki.measure.levels.ratios import (
    cover_ratio,
    measure_levels,
    normalised_balance,
    openness,
)
from boeki.measure.levels.records import measure_records
from boeki.measure.levels.runs import measure_runs

__all__ = [
    "FISCAL_YEARS",
    "KINDS",
    "TIES",
    "FiscalYear",
    "Line",
    "cover_ratio",
    "fiscal_year",
    "growth_of",
    "line_of",
    "measure_growth",
    "measure_levels",
    "measure_ranks",
    "measure_records",
    "measure_runs",
    "normalised_balance",
    "openness",
    "rank_values",
    "read_line",
]
