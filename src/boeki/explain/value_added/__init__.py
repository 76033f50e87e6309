"""Value added in trade, from any inter-country input–output table."""

from boeki.explain.value_added.decompositions import explain_value_added
from boeki.explain.value_added.effects import (
    explain_embodied_in_exports,
    explain_export_multipliers,
)
from boeki.explain.value_added.indicators import (
    measure_gvc_participation,
    measure_upstreamness,
)
from boeki.explain.value_added.years import over_years

__all__ = [
    "explain_embodied_in_exports",
    "explain_export_multipliers",
    "explain_value_added",
    "measure_gvc_participation",
    "measure_upstreamness",
    "over_years",
]
