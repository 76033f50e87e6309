"""The first page of a change, in the terminal and as one HTML file that opens offline."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from boeki.report.answers import print_answer, written

if TYPE_CHECKING:
    from jinja2 import Template

    from boeki.answer import Answer
    from boeki.explain.first_page import FirstPage

#: Name of a section to its heading.
HEADINGS = {
    "headline": "What happened",
    "releases": "With which values it was published",
    "groups": "What did it: by group of goods",
    "commodities": "What did it: by commodity",
    "partners": "With whom: by partner",
    "indexes": "Price and volume, by the office's own indexes",
    "exports": "Price and volume of exports, by product",
    "imports": "Price and volume of imports, by product",
    "rates": "Exchange rate",
    "adjusted": "Without season and calendar",
}
#: Rows of the long tables in a terminal.
_DRAWN = ("groups", "commodities", "partners")
_ROWS = {"exports": 6, "imports": 6}


def print_first_page(page: FirstPage, console: Console | None = None, *, most: int = 40) -> None:
    """Print a first page for people.

    Parameters
    ----------
    page
        What to print.
    console
        Where; None for the standard output.
    most
        Rows of a table at most.
    """
    console = console or Console()
    console.print(Text(page.title, style="bold"), soft_wrap=False)
    for line in page.lines:
        console.print(Text(line))
    for name, found in page.sections.items():
        console.print()
        shown = replace(found, title=HEADINGS[name], chart=_chart(name, found))
        print_answer(shown, console, most=min(most, _ROWS.get(name, most)), method=False)
    for name, why in page.absent.items():
        console.print()
        console.print(Text(f"{HEADINGS[name]}: not told. {why}", style="yellow"))
    if page.sources:
        console.print()
        console.print(Text(f"Sources: {', '.join(page.sources)}.", style="dim"))


def _chart(name: str, found: Answer) -> Any:
    """Only the breakdowns are drawn: a page has one picture or two, not nine."""
    return found.chart if name in _DRAWN else None


def render_first_page(page: FirstPage) -> str:
    """Render a first page as one HTML text without scripts, which needs nothing from elsewhere.

    Parameters
    ----------
    page
        What to render.
    """
    sections = [
        {"name": name, "heading": HEADINGS[name], **_section(name, found)}
        for name, found in page.sections.items()
    ]
    absent = [(HEADINGS[name], why) for name, why in page.absent.items()]
    return _template().render(page=page, sections=sections, absent=absent)


def _section(name: str, found: Answer) -> dict[str, Any]:
    """Heads and cells of a table, with a bar for each row of a breakdown."""
    heads, cells = written(found)
    bars: list[tuple[float, float]] = []
    if found.chart and name in _DRAWN:
        effects = [float(v or 0) for v in found.table.column("effect").to_pylist()]
        bars = _bars(effects)
    rows = [
        {"cells": row, "bar": bars[i] if i < len(bars) else None} for i, row in enumerate(cells)
    ]
    return {"heads": heads, "rows": rows, "bars": bool(bars), "answer": found}


def _bars(effects: list[float]) -> list[tuple[float, float]]:
    """Left end and width of a bar of each value, in percent of the room, around a common zero."""
    low, high = min(0.0, *effects), max(0.0, *effects)
    room = (high - low) or 1.0
    zero = -low / room * 100
    out = []
    for value in effects:
        width = abs(value) / room * 100
        out.append((zero - width if value < 0 else zero, width if math.isfinite(width) else 0.0))
    return out


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = resources.files(__package__).joinpath("explained.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
