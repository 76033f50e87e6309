"""Pictures of answers, drawn with Matplotlib."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boeki.errors import InputError, MissingExtra
from boeki.report.answers import money_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from boeki.answer import Answer, Chart

#: Told apart by people with any of the common colour blindnesses (Okabe & Ito 2008).
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#b5a800")
_UP, _DOWN, _WHOLE, _MARK = "#0072b2", "#d55e00", "#555555", "#d55e00"
_FORMATS = (".png", ".svg", ".pdf")
#: Series told apart by colour, those farthest from zero; more are drawn thin and grey, for one
#: cannot tell them apart anyway.
_MOST_SERIES = len(COLORS)
_MOST_TICKS = 12
#: Names of series that have room among them.
_MOST_INSIDE = 4
#: Letters that the line at the foot has room for.
_MOST_FOOT = 165


def plot(answer: Answer) -> Figure:
    """Draw an answer.

    Parameters
    ----------
    answer
        One that says how it is best drawn.

    Returns
    -------
    matplotlib.figure.Figure
        With title, units and sources on it; a notebook shows it.

    Raises
    ------
    InputError
        Where the answer has no picture, or nothing to draw.
    MissingExtra
        Without ``boeki[plot]``.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra("plot", "drawing") from None
    if answer.chart is None or not answer.table.num_rows:
        raise InputError(f"there is nothing to draw of {answer.title!r}: read its table instead")
    chart, rows = answer.chart, answer.records()
    height = 1.8 + 0.32 * min(len(rows), chart.most + 2) if _lies(chart) else 4.6
    figure = Figure(figsize=(8.4, max(height, 3.2)), dpi=144, layout="constrained")
    axes = figure.subplots()
    _DRAW[chart.kind](axes, answer, chart, rows)
    # Of the figure, not of the axes, which long names push to the right.
    figure.suptitle(_wrapped(answer.title), x=0.01, ha="left", fontsize=11, fontweight="bold")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.supxlabel(_foot(answer), x=0.01, ha="left", fontsize=7, color="#555555")
    return figure


def save_plot(answer: Answer, path: Path) -> None:
    """Draw an answer into a file.

    Parameters
    ----------
    answer
        What to draw.
    path
        Ends in ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    InputError
        For another ending, a folder that is not there, or an answer without a picture.
    MissingExtra
        Without ``boeki[plot]``.
    """
    if path.suffix.lower() not in _FORMATS:
        raise InputError(f"{path} is no picture: end its name in {', '.join(_FORMATS)}")
    figure = plot(answer)
    from matplotlib import rc_context

    try:
        # Words stay words, which can be found and read aloud.
        with rc_context({"svg.fonttype": "none"}):
            figure.savefig(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None


def _lies(chart: Chart) -> bool:
    return chart.kind in ("ranking", "waterfall")


def _foot(answer: Answer) -> str:
    """Method and sources, which a picture must not be parted from."""
    parts = [answer.method.name]
    if answer.sources:
        more = f" and {len(answer.sources) - 3} more" if len(answer.sources) > 3 else ""
        parts.append(f"Source: {', '.join(answer.sources[:3])}{more}")
    if answer.published:
        parts.append(f"newest figure {answer.published}")
    words = " · ".join(parts)
    return words if len(words) <= _MOST_FOOT else words[: _MOST_FOOT - 2] + " …"


def _wrapped(words: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(words, 84))


def _scaled(answer: Answer, chart: Chart, rows: Sequence[dict[str, Any]]) -> tuple[float, str]:
    """What amounts are divided by, and what stands at the axis."""
    column = answer.column(chart.y[0])
    values = [row[name] for name in chart.y for row in rows]
    scale, word = money_scale(column, values)
    unit = " ".join(filter(None, (word, column.unit)))
    name = column.meaning if len(chart.y) == 1 else ""
    return float(scale), ", ".join(filter(None, (name, unit)))


def _number(value: Any, scale: float) -> float:
    """A value on the axis; what is missing stays a gap."""
    return math.nan if value is None else float(value) / scale


def _series(chart: Chart, rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows by the column that parts them; all in one where none does."""
    out: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        out.setdefault(str(row[chart.color]) if chart.color else "", []).append(row)
    return out


def _line(axes: Axes, answer: Answer, chart: Chart, rows: list[dict[str, Any]]) -> None:
    scale, label = _scaled(answer, chart, rows)
    places = {x: i for i, x in enumerate(dict.fromkeys(str(row[chart.x]) for row in rows))}
    drawn = [(name, y, part) for name, part in _series(chart, rows).items() for y in chart.y]
    values = [[_number(row[y], scale) for row in part] for _name, y, part in drawn]
    colors = _told_apart(values)
    for i, (name, y, part) in enumerate(drawn):
        told = i in colors
        at = [places[str(row[chart.x])] for row in part]
        axes.plot(
            at,
            values[i],
            color=colors.get(i, "#cccccc"),
            linewidth=1.8 if told else 0.8,
            zorder=2 if told else 1,
            marker="o" if len(part) < 15 else None,
            markersize=3.5,
            label=_label(answer, name, y, len(chart.y)) if told else None,
        )
    if chart.low and chart.high:
        low, high = ([_number(row[c], scale) for row in rows] for c in (chart.low, chart.high))
        axes.fill_between(range(len(rows)), low, high, color=COLORS[0], alpha=0.18, linewidth=0)
    _finish(axes, list(places), label, chart, legend=len(drawn) > 1)


def _told_apart(series: Sequence[Sequence[float]]) -> dict[int, str]:
    """Colours of those series that go farthest from zero, as many as there are; in their order."""
    far = [max((abs(v) for v in values if not math.isnan(v)), default=0.0) for values in series]
    farthest = sorted(range(len(series)), key=lambda i: -far[i])[:_MOST_SERIES]
    return dict(zip(sorted(farthest), COLORS, strict=False))


def _bars(axes: Axes, answer: Answer, chart: Chart, rows: list[dict[str, Any]]) -> None:
    import numpy as np

    scale, label = _scaled(answer, chart, rows)
    places = {x: i for i, x in enumerate(dict.fromkeys(str(row[chart.x]) for row in rows))}
    up, down = np.zeros(len(places)), np.zeros(len(places))
    drawn = [(name, y, part) for name, part in _series(chart, rows).items() for y in chart.y]
    for i, (name, y, part) in enumerate(drawn):
        values = np.full(len(places), np.nan)
        for row in part:
            values[places[str(row[chart.x])]] = _number(row[y], scale)
        known = np.nan_to_num(values)
        # Parts of unlike signs are stacked away from zero on both sides of it.
        bottom = np.where(known >= 0, up, down)
        color = COLORS[i % len(COLORS)]
        axes.bar(
            range(len(places)), values, bottom=bottom, width=0.8, color=color,
            label=_label(answer, name, y, len(chart.y)),
        )  # fmt: skip
        up, down = up + np.maximum(known, 0), down + np.minimum(known, 0)
    _finish(axes, list(places), label, chart, legend=len(drawn) > 1)


def _grouped(value: float, _place: float) -> str:
    """A tick's number, thousands apart, with a true minus sign."""
    return f"{value:,.10g}".replace("-", "−")


def _label(answer: Answer, name: str, y: str, several: int) -> str:
    if several == 1:
        return name
    return " ".join(filter(None, (name, answer.column(y).meaning)))


def _finish(axes: Axes, names: list[str], label: str, chart: Chart, *, legend: bool) -> None:
    """Ticks that do not run into each other, a zero line, the marked period."""
    step = max(1, math.ceil(len(names) / _MOST_TICKS))
    axes.set_xticks(range(0, len(names), step), names[::step], fontsize=8)
    axes.set_ylabel(label, fontsize=9)
    axes.tick_params(axis="y", labelsize=8)
    axes.yaxis.set_major_formatter(_grouped)
    axes.grid(axis="y", color="#e5e5e5", linewidth=0.6)
    axes.set_axisbelow(True)
    low, high = axes.get_ylim()
    if low < 0 < high:
        axes.axhline(0, color="#333333", linewidth=0.8)
    if chart.marked in names:
        axes.axvspan(
            names.index(chart.marked) - 0.5, names.index(chart.marked) + 0.5,
            color=_MARK, alpha=0.15, linewidth=0,
        )  # fmt: skip
    if legend:
        # Of many series some lie wherever the names would: beside the axes there are none.
        many = len(axes.get_legend_handles_labels()[1]) > _MOST_INSIDE
        beside: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)}
        axes.legend(fontsize=8, frameon=False, **(beside if many else {"ncols": 2}))


def _ranking(axes: Axes, answer: Answer, chart: Chart, rows: list[dict[str, Any]]) -> None:
    scale, label = _scaled(answer, chart, rows)
    shown = rows[: chart.most]
    values = [_number(row[chart.y[0]], scale) for row in shown]
    names = [str(row[chart.x]) for row in shown]
    bands = _bands(chart, shown, scale)
    _lying(axes, names, values, [0.0] * len(values), label, chart, bands=bands)


def _bands(
    chart: Chart, rows: list[dict[str, Any]], scale: float
) -> list[tuple[float, float]] | None:
    """From where to where each value may lie, where the chart says so."""
    if not (chart.low and chart.high):
        return None
    return [(_number(row[chart.low], scale), _number(row[chart.high], scale)) for row in rows]


def _waterfall(axes: Axes, answer: Answer, chart: Chart, rows: list[dict[str, Any]]) -> None:
    scale, label = _scaled(answer, chart, rows)
    values = [_number(row[chart.y[0]], scale) for row in rows]
    names = [str(row[chart.x]) for row in rows[: chart.most]]
    parts, rest = values[: chart.most], values[chart.most :]
    if rest:
        parts.append(math.fsum(rest))
        names.append(f"all others ({len(rest)})")
    starts = [math.fsum(parts[:i]) for i in range(len(parts))]
    _lying(axes, [*names, "total"], [*parts, math.fsum(parts)], [*starts, 0.0], label, chart, True)


def _lying(
    axes: Axes,
    names: list[str],
    values: list[float],
    starts: list[float],
    label: str,
    chart: Chart,
    totalled: bool = False,
    bands: list[tuple[float, float]] | None = None,
) -> None:
    """Horizontal bars from the top down, each with its value at its end, behind its band."""
    colors = [_UP if v >= 0 else _DOWN for v in values]
    if totalled:
        colors[-1] = _WHOLE
    places = range(len(values))
    axes.barh(places, values, left=starts, color=colors, height=0.7)
    short = [name if len(name) <= 44 else name[:43] + "…" for name in names]
    axes.set_yticks(places, short, fontsize=8)
    axes.invert_yaxis()
    axes.axvline(0, color="#333333", linewidth=0.8)
    ends = [s + v for s, v in zip(starts, values, strict=True)]
    outer = list(ends)
    for place, (low, high) in enumerate(bands or []):
        if math.isfinite(low) and math.isfinite(high):
            axes.plot([low, high], [place, place], "|-", color="#333333", markersize=7)
            outer[place] = max(ends[place], high)
    known = [x for x in (*outer, *starts, 0.0) if math.isfinite(x)]
    span = (max(known) - min(known)) or 1.0
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    places_shown = 0 if largest >= 1000 else 1 if largest >= 10 else 3
    for place, value, start, end in zip(places, values, starts, outer, strict=True):
        if math.isfinite(value):
            axes.text(
                max(start, end) + span * 0.01, place, _short(value, places_shown, totalled),
                va="center", fontsize=7.5,
                fontweight="bold" if names[place] == chart.marked else "normal",
            )  # fmt: skip
    axes.margins(x=0.12)
    axes.set_xlabel(label, fontsize=9)
    axes.xaxis.set_major_formatter(_grouped)
    axes.tick_params(axis="x", labelsize=8)


def _short(value: float, places: int, signed: bool) -> str:
    return f"{value:{'+' if signed else ''},.{places}f}".replace("-", "−")


def _scatter(axes: Axes, answer: Answer, chart: Chart, rows: list[dict[str, Any]]) -> None:
    for i, (name, part) in enumerate(_series(chart, rows).items()):
        x = [_number(row[chart.x], 1) for row in part]
        y = [_number(row[chart.y[0]], 1) for row in part]
        color = COLORS[i] if i < _MOST_SERIES else "#cccccc"
        axes.scatter(x, y, s=18, color=color, label=name or None, alpha=0.85)
    first, second = answer.column(chart.x), answer.column(chart.y[0])
    axes.set_xlabel(", ".join(filter(None, (first.meaning, first.unit))), fontsize=9)
    axes.set_ylabel(", ".join(filter(None, (second.meaning, second.unit))), fontsize=9)
    axes.tick_params(labelsize=8)
    if chart.color:
        axes.legend(fontsize=8, frameon=False)


def _heatmap(axes: Axes, answer: Answer, chart: Chart, rows: list[dict[str, Any]]) -> None:
    import numpy as np

    columns = list(dict.fromkeys(str(row[chart.x]) for row in rows))
    lines = list(dict.fromkeys(str(row[chart.color]) for row in rows))
    grid = np.full((len(lines), len(columns)), np.nan)
    for row in rows:
        at = lines.index(str(row[chart.color])), columns.index(str(row[chart.x]))
        grid[at] = _number(row[chart.y[0]], 1)
    most = np.nanmax(np.abs(grid))
    signed = np.nanmin(grid) < 0
    shown = axes.imshow(
        grid, cmap="PuOr" if signed else "Blues", vmin=-most if signed else 0, vmax=most,
        aspect="auto",
    )  # fmt: skip
    axes.set_xticks(range(len(columns)), columns, fontsize=7, rotation=90)
    axes.set_yticks(range(len(lines)), lines, fontsize=7)
    value = answer.column(chart.y[0])
    bar = axes.figure.colorbar(shown, ax=axes)
    bar.set_label(", ".join(filter(None, (value.meaning, value.unit))), fontsize=8)


_DRAW = {
    "line": _line,
    "bars": _bars,
    "ranking": _ranking,
    "waterfall": _waterfall,
    "scatter": _scatter,
    "heatmap": _heatmap,
}
