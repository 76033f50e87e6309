"""boeki: measure, explain and check a country's trade, each answer with its evidence.

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
    from boeki.check.article import Article, read_article
    from boeki.check.check import check_article, check_passages
    from boeki.check.claim import Claim, Passage
    from boeki.check.extract import extract
    from boeki.check.verdict import Checked, Figure, Report
    from boeki.errors import BoekiError
    from boeki.explain import Decomposition, contributions
    from boeki.ingest import Query, pull
    from boeki.lake import Lake, open_lake
    from boeki.measure.breakdown import Breakdown, break_down
    from boeki.measure.cube import Cube, measure_cube
    from boeki.measure.table import Measured, measure_series
    from boeki.report.page import render_page
    from boeki.terms.periods import Period

__version__ = "0.1.0"

#: Name to the module that has it. Nothing is imported before it is asked for, so that a look at
#: the help stays quick.
_HOME = {
    "Article": "boeki.check.article",
    "BoekiError": "boeki.errors",
    "Breakdown": "boeki.measure.breakdown",
    "Checked": "boeki.check.verdict",
    "Claim": "boeki.check.claim",
    "Cube": "boeki.measure.cube",
    "Decomposition": "boeki.explain",
    "Figure": "boeki.check.verdict",
    "Lake": "boeki.lake",
    "Measured": "boeki.measure.table",
    "Passage": "boeki.check.claim",
    "Period": "boeki.terms.periods",
    "Query": "boeki.ingest",
    "Report": "boeki.check.verdict",
    "break_down": "boeki.measure.breakdown",
    "check_article": "boeki.check.check",
    "check_passages": "boeki.check.check",
    "contributions": "boeki.explain",
    "extract": "boeki.check.extract",
    "measure_cube": "boeki.measure.cube",
    "measure_series": "boeki.measure.table",
    "open_lake": "boeki.lake",
    "pull": "boeki.ingest",
    "read_article": "boeki.check.article",
    "render_page": "boeki.report.page",
}

__all__ = [
    "Article",
    "BoekiError",
    "Breakdown",
    "Checked",
    "Claim",
    "Cube",
    "Decomposition",
    "Figure",
    "Lake",
    "Measured",
    "Passage",
    "Period",
    "Query",
    "Report",
    "break_down",
    "check_article",
    "check_passages",
    "contributions",
    "extract",
    "measure_cube",
    "measure_series",
    "open_lake",
    "pull",
    "read_article",
    "render_page",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
