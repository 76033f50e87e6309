"""A small chart of a series, as SVG that stands inside a page: no script, no style of its own.

Shapes carry classes (``bar``, ``bar marked``, ``band``, ``zero``, ``line``, ``dot``, ``tick``,
``value``), which the page colours for light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from boeki.check.article import printable
from boeki.check.verdict import Chart
from boeki.terms.wording import number

#: Size of the drawing in its own units, and what is kept free above and below for words.
WIDTH, HEIGHT, TOP, BOTTOM = 400.0, 116.0, 18.0, 18.0
#: With more values than this, bars are too thin to tell apart and a line is drawn.
MOST_BARS = 48


def series_svg(chart: Chart, uid: str) -> str:
    """Draw a series with the marked period standing out.

    Parameters
    ----------
    chart
        What to draw; values that are None or not finite stay gaps.
    uid
        Unlike that of any other chart of the page; letters, digits and hyphens.

    Returns
    -------
    str
        An ``<svg>`` element with a title and a description, escaped; empty where there is no value.
    """
    values = [v if v is not None and math.isfinite(v) else None for v in chart.values]
    if not any(v is not None for v in values):
        return ""
    marked = (
        chart.marked if chart.marked is not None and chart.marked in range(len(values)) else None
    )
    draw = _bars if len(values) <= MOST_BARS else _line
    scale = _Scale(values)
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-labelledby="{uid}-t {uid}-d" focusable="false">',
        f'<title id="{uid}-t">{_clean(chart.title)}, {_clean(chart.unit)}</title>',
        f'<desc id="{uid}-d">{_clean(describe(chart))}</desc>',
        *_band(scale, marked),
        *draw(values, scale, marked),
        f'<line class="zero" x1="0" x2="{WIDTH:g}" y1="{scale.zero:.1f}" y2="{scale.zero:.1f}"/>',
        *_words(chart, values, scale, marked),
        "</svg>",
    ]
    return "".join(parts)


def describe(chart: Chart) -> str:
    """The chart in words, for those who do not see it.

    Examples
    --------
    >>> describe(Chart("Balance", "bn JPY", ("2024-10", "2024-11"), (-462.1, -117.6)))
    '2 periods, 2024-10 to 2024-11. Lowest −462.1 in 2024-10, highest −117.6 in 2024-11.'
    """
    pairs = zip(chart.periods, chart.values, strict=True)
    known = [(v, p) for p, v in pairs if v is not None and math.isfinite(v)]
    if not known:
        return "No values."
    (low, at_low), (high, at_high) = min(known), max(known)
    words = (
        f"{len(chart.periods)} periods, {chart.periods[0]} to {chart.periods[-1]}. "
        f"Lowest {_value(low)} in {at_low}, highest {_value(high)} in {at_high}."
    )
    if chart.marked is not None and chart.marked in range(len(chart.values)):
        words += f" {chart.periods[chart.marked]}: {_value(chart.values[chart.marked])}."
    return words


def _value(value: float | None) -> str:
    return "no value" if value is None or not math.isfinite(value) else number(value, 1)


class _Scale:
    """Where a value stands on the drawing; zero is always on it."""

    def __init__(self, values: Sequence[float | None]) -> None:
        known = [v for v in values if v is not None]
        self.low, self.high = min(0.0, *known), max(0.0, *known)
        self.step = WIDTH / len(values)
        self.zero = self.y(0.0)

    def y(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return TOP + (self.high - value) / span * (HEIGHT - TOP - BOTTOM)

    def x(self, index: int) -> float:
        return (index + 0.5) * self.step


def _band(scale: _Scale, marked: int | None) -> list[str]:
    """A tint behind the marked period, which shows where it is even if its bar is tiny."""
    if marked is None:
        return []
    width = max(scale.step, 6.0)
    return [
        f'<rect class="band" x="{scale.x(marked) - width / 2:.1f}" y="{TOP:g}" '
        f'width="{width:.1f}" height="{HEIGHT - TOP - BOTTOM:g}"/>'
    ]


def _bars(values: Sequence[float | None], scale: _Scale, marked: int | None) -> list[str]:
    gap = min(3.0, scale.step * 0.25)
    width = min(scale.step - gap, 36.0)
    out = []
    for i, value in enumerate(values):
        if value is None:
            continue
        top, low = sorted((scale.y(value), scale.zero))
        name = "bar marked" if i == marked else "bar"
        out.append(
            f'<rect class="{name}" x="{scale.x(i) - width / 2:.1f}" y="{top:.1f}" '
            f'width="{width:.1f}" height="{max(low - top, 0.8):.1f}"/>'
        )
    return out


def _line(values: Sequence[float | None], scale: _Scale, marked: int | None) -> list[str]:
    out, run = [], list[str]()
    for i, value in enumerate([*values, None]):
        if value is not None:
            run.append(f"{scale.x(i):.1f},{scale.y(value):.1f}")
        elif run:  # a line of one point has no length, so it is doubled to show as a dot
            points = " ".join(run if len(run) > 1 else run * 2)
            out.append(f'<polyline class="line" points="{points}"/>')
            run = []
    if marked is not None and (value := values[marked]) is not None:
        out.append(
            f'<circle class="dot" cx="{scale.x(marked):.1f}" cy="{scale.y(value):.1f}" r="4"/>'
        )
    return out


def _words(
    chart: Chart, values: Sequence[float | None], scale: _Scale, marked: int | None
) -> list[str]:
    """First and last period below; above, the marked one with its value."""
    low = HEIGHT - 4
    out = [_word("tick", 0, low, "start", chart.periods[0])]
    if len(values) > 1:
        out.append(_word("tick", WIDTH, low, "end", chart.periods[-1]))
    if marked is not None:
        x = scale.x(marked)
        anchor = "start" if x < 80 else "end" if x > WIDTH - 80 else "middle"
        at = {"start": max(x - scale.step / 2, 0), "end": min(x + scale.step / 2, WIDTH)}.get(
            anchor, x
        )
        words = f"{chart.periods[marked]}  {_value(values[marked])}"
        out.append(_word("value", at, 12, anchor, words))
    return out


def _word(name: str, x: float, y: float, anchor: str, words: str) -> str:
    return (
        f'<text class="{name}" x="{x:.1f}" y="{y:g}" text-anchor="{anchor}">{_clean(words)}</text>'
    )


def _clean(words: str) -> str:
    return escape(printable(words), {'"': "&quot;", "'": "&#39;"})
