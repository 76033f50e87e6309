"""boeki: measure, explain, simulate and check a country's trade, each answer with its evidence.

>>> import boeki
>>> lake = boeki.open_lake()
>>> text = "Japan's trade deficit was 117.6 billion yen in November 2024."
>>> boeki.check_article(text, lake).claims[0].verdict
'revised'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boeki.answer import Answer
    from boeki.check.article import Article, read_article
    from boeki.check.check import check_article, check_passages
    from boeki.check.claim import Claim, Passage
    from boeki.check.extract import extract
    from boeki.check.verdict import Checked, Figure, Report
    from boeki.errors import BoekiError
    from boeki.explain import Decomposition, contributions
    from boeki.explain.constant_market_share import constant_market_share
    from boeki.explain.contribution_table import explain_contributions
    from boeki.explain.first_page import FirstPage, explain_change
    from boeki.explain.gap import explain_gap
    from boeki.explain.growth_accounting import explain_growth
    from boeki.explain.margins import explain_margins
    from boeki.explain.price_volume import explain_price_volume
    from boeki.explain.saving_investment import explain_saving_investment
    from boeki.explain.shift_share import shift_share
    from boeki.explain.value_added import (
        explain_embodied_in_exports,
        explain_export_multipliers,
        explain_value_added,
        measure_gvc_participation,
        measure_upstreamness,
    )
    from boeki.explain.variety import explain_variety
    from boeki.ingest import Query, pull
    from boeki.lake import Lake, open_lake
    from boeki.measure.breakdown import Breakdown, break_down
    from boeki.measure.coherence import measure_bop_bridge, measure_mirror
    from boeki.measure.cube import Cube, measure_cube
    from boeki.measure.levels import (
        measure_growth,
        measure_levels,
        measure_ranks,
        measure_records,
        measure_runs,
    )
    from boeki.measure.nowcast import measure_nowcast
    from boeki.measure.prices import price_index
    from boeki.measure.prices.terms_of_trade import terms_of_trade
    from boeki.measure.prices.unit_value import unit_value
    from boeki.measure.revisions import (
        measure_releases,
        measure_revision_interval,
        measure_revisions,
    )
    from boeki.measure.seasonal import measure_adjusted
    from boeki.measure.structure import (
        comparative_advantage,
        complementarity,
        economic_complexity,
        export_similarity,
        fitness_complexity,
        grubel_lloyd,
        herfindahl_hirschman,
        import_dependence,
        market_share,
        product_proximity,
        theil,
        trade_intensity,
    )
    from boeki.measure.table import Measured, measure_series
    from boeki.model import Equilibrium, Gradient, Scenario, gradient, read_scenario, simulate
    from boeki.model.causes import explain_causes
    from boeki.model.inversion import invert
    from boeki.model.over_time import (
        BestPath,
        Boom,
        Capital,
        Flywheel,
        History,
        PathGradient,
        PushRanking,
        Stability,
        TransitionPath,
        best_path,
        flywheel_stability,
        invert_boom,
        path_gradient,
        push_research,
        simulate_path,
        timed,
        validate_history,
    )
    from boeki.model.policy import Policy, nash, optimal_policy
    from boeki.model.uncertainty import Ensemble, simulate_ensemble
    from boeki.report.page import render_page
    from boeki.report.plot import plot
    from boeki.terms.periods import Period
    from boeki.world import (
        ResearchIntensity,
        World,
        elasticities,
        embedded_world,
        read_caliendo_parro,
        read_table,
        read_world,
        research_intensity,
        world_from_table,
    )

__version__ = "0.1.0"

#: Name to the module that has it. Nothing is imported before it is asked for, so that a look at
#: the help stays quick.
_HOME = {
    "Answer": "boeki.answer",
    "Article": "boeki.check.article",
    "BestPath": "boeki.model.over_time",
    "BoekiError": "boeki.errors",
    "Boom": "boeki.model.over_time",
    "Breakdown": "boeki.measure.breakdown",
    "Capital": "boeki.model.over_time",
    "Checked": "boeki.check.verdict",
    "Claim": "boeki.check.claim",
    "Cube": "boeki.measure.cube",
    "Decomposition": "boeki.explain",
    "Ensemble": "boeki.model.uncertainty",
    "Equilibrium": "boeki.model",
    "Figure": "boeki.check.verdict",
    "FirstPage": "boeki.explain.first_page",
    "Flywheel": "boeki.model.over_time",
    "Gradient": "boeki.model",
    "History": "boeki.model.over_time",
    "Lake": "boeki.lake",
    "Measured": "boeki.measure.table",
    "Passage": "boeki.check.claim",
    "PathGradient": "boeki.model.over_time",
    "Period": "boeki.terms.periods",
    "Policy": "boeki.model.policy",
    "PushRanking": "boeki.model.over_time",
    "Query": "boeki.ingest",
    "Report": "boeki.check.verdict",
    "ResearchIntensity": "boeki.world",
    "Scenario": "boeki.model",
    "Stability": "boeki.model.over_time",
    "TransitionPath": "boeki.model.over_time",
    "World": "boeki.world",
    "best_path": "boeki.model.over_time",
    "break_down": "boeki.measure.breakdown",
    "check_article": "boeki.check.check",
    "check_passages": "boeki.check.check",
    "comparative_advantage": "boeki.measure.structure",
    "complementarity": "boeki.measure.structure",
    "constant_market_share": "boeki.explain.constant_market_share",
    "contributions": "boeki.explain",
    "economic_complexity": "boeki.measure.structure",
    "elasticities": "boeki.world",
    "embedded_world": "boeki.world",
    "explain_causes": "boeki.model.causes",
    "explain_change": "boeki.explain.first_page",
    "explain_contributions": "boeki.explain.contribution_table",
    "explain_embodied_in_exports": "boeki.explain.value_added",
    "explain_export_multipliers": "boeki.explain.value_added",
    "explain_gap": "boeki.explain.gap",
    "explain_growth": "boeki.explain.growth_accounting",
    "explain_margins": "boeki.explain.margins",
    "explain_price_volume": "boeki.explain.price_volume",
    "explain_saving_investment": "boeki.explain.saving_investment",
    "explain_value_added": "boeki.explain.value_added",
    "explain_variety": "boeki.explain.variety",
    "export_similarity": "boeki.measure.structure",
    "extract": "boeki.check.extract",
    "fitness_complexity": "boeki.measure.structure",
    "flywheel_stability": "boeki.model.over_time",
    "gradient": "boeki.model",
    "grubel_lloyd": "boeki.measure.structure",
    "herfindahl_hirschman": "boeki.measure.structure",
    "import_dependence": "boeki.measure.structure",
    "invert": "boeki.model.inversion",
    "invert_boom": "boeki.model.over_time",
    "market_share": "boeki.measure.structure",
    "measure_adjusted": "boeki.measure.seasonal",
    "measure_bop_bridge": "boeki.measure.coherence",
    "measure_cube": "boeki.measure.cube",
    "measure_growth": "boeki.measure.levels",
    "measure_gvc_participation": "boeki.explain.value_added",
    "measure_levels": "boeki.measure.levels",
    "measure_mirror": "boeki.measure.coherence",
    "measure_nowcast": "boeki.measure.nowcast",
    "measure_ranks": "boeki.measure.levels",
    "measure_records": "boeki.measure.levels",
    "measure_releases": "boeki.measure.revisions",
    "measure_revision_interval": "boeki.measure.revisions",
    "measure_revisions": "boeki.measure.revisions",
    "measure_runs": "boeki.measure.levels",
    "measure_series": "boeki.measure.table",
    "measure_upstreamness": "boeki.explain.value_added",
    "nash": "boeki.model.policy",
    "open_lake": "boeki.lake",
    "optimal_policy": "boeki.model.policy",
    "path_gradient": "boeki.model.over_time",
    "plot": "boeki.report.plot",
    "price_index": "boeki.measure.prices",
    "product_proximity": "boeki.measure.structure",
    "pull": "boeki.ingest",
    "push_research": "boeki.model.over_time",
    "read_article": "boeki.check.article",
    "read_caliendo_parro": "boeki.world",
    "read_scenario": "boeki.model",
    "read_table": "boeki.world",
    "read_world": "boeki.world",
    "render_page": "boeki.report.page",
    "research_intensity": "boeki.world",
    "shift_share": "boeki.explain.shift_share",
    "simulate": "boeki.model",
    "simulate_ensemble": "boeki.model.uncertainty",
    "simulate_path": "boeki.model.over_time",
    "terms_of_trade": "boeki.measure.prices.terms_of_trade",
    "theil": "boeki.measure.structure",
    "timed": "boeki.model.over_time",
    "trade_intensity": "boeki.measure.structure",
    "unit_value": "boeki.measure.prices.unit_value",
    "validate_history": "boeki.model.over_time",
    "world_from_table": "boeki.world",
}

__all__ = [
    "Answer",
    "Article",
    "BestPath",
    "BoekiError",
    "Boom",
    "Breakdown",
    "Capital",
    "Checked",
    "Claim",
    "Cube",
    "Decomposition",
    "Ensemble",
    "Equilibrium",
    "Figure",
    "FirstPage",
    "Flywheel",
    "Gradient",
    "History",
    "Lake",
    "Measured",
    "Passage",
    "PathGradient",
    "Period",
    "Policy",
    "PushRanking",
    "Query",
    "Report",
    "ResearchIntensity",
    "Scenario",
    "Stability",
    "TransitionPath",
    "World",
    "best_path",
    "break_down",
    "check_article",
    "check_passages",
    "comparative_advantage",
    "complementarity",
    "constant_market_share",
    "contributions",
    "economic_complexity",
    "elasticities",
    "embedded_world",
    "explain_causes",
    "explain_change",
    "explain_contributions",
    "explain_embodied_in_exports",
    "explain_export_multipliers",
    "explain_gap",
    "explain_growth",
    "explain_margins",
    "explain_price_volume",
    "explain_saving_investment",
    "explain_value_added",
    "explain_variety",
    "export_similarity",
    "extract",
    "fitness_complexity",
    "flywheel_stability",
    "gradient",
    "grubel_lloyd",
    "herfindahl_hirschman",
    "import_dependence",
    "invert",
    "invert_boom",
    "market_share",
    "measure_adjusted",
    "measure_bop_bridge",
    "measure_cube",
    "measure_growth",
    "measure_gvc_participation",
    "measure_levels",
    "measure_mirror",
    "measure_nowcast",
    "measure_ranks",
    "measure_records",
    "measure_releases",
    "measure_revision_interval",
    "measure_revisions",
    "measure_runs",
    "measure_series",
    "measure_upstreamness",
    "nash",
    "open_lake",
    "optimal_policy",
    "path_gradient",
    "plot",
    "price_index",
    "product_proximity",
    "pull",
    "push_research",
    "read_article",
    "read_caliendo_parro",
    "read_scenario",
    "read_table",
    "read_world",
    "render_page",
    "research_intensity",
    "shift_share",
    "simulate",
    "simulate_ensemble",
    "simulate_path",
    "terms_of_trade",
    "theil",
    "timed",
    "trade_intensity",
    "unit_value",
    "validate_history",
    "world_from_table",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
