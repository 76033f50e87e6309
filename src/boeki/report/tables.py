"""Series drawn in plain text, for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeGuard

_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """A series as one line of blocks, from its lowest value to its highest; a gap is a space.

    Examples
    --------
    >>> sparkline([-2, -1, None, 0, 5])
    '▁▂ ▃█'
    """
    known = [v for v in values if _is_known(v)]
    if not known:
        return " " * len(values)
    low, high = min(known), max(known)
    step = (high - low) / (len(_BLOCKS) - 1)
    return "".join(
        " " if not _is_known(v) else _BLOCKS[round((v - low) / step) if step else 3] for v in values
    )


def chart_lines(
    labels: Sequence[str], values: Sequence[float | None], width: int = 80, *, digits: int = 1
) -> list[str]:
    """A series as horizontal bars on both sides of a zero axis, one line a value.

    Parameters
    ----------
    labels, values
        Of equal length; a value that is None or not finite has no bar and is printed as ``–``.
    width
        The most columns that a line takes; at least eight are kept for the bars.
    digits
        Decimals of the values printed.

    Examples
    --------
    >>> print("\\n".join(chart_lines(["Oct", "Nov", "Dec"], [-4.0, -1.0, 2.0], 24)))
    Oct  ████████│      −4.0
    Nov        ██│      −1.0
    Dec          │████   2.0
    """
    if len(labels) != len(values):
        raise ValueError(f"{len(labels)} labels for {len(values)} values: give one for each")
    if not values:
        return []
    printed = [f"{v:,.{digits}f}".replace("-", "−") if _is_known(v) else "–" for v in values]
    before, after = max(map(len, labels)), max(map(len, printed))
    # Two spaces after the label, one for the axis, two before the value.
    left, right = _sides(values, max(width - before - after - 5, 8))
    lines = []
    for label, value, words in zip(labels, values, printed, strict=True):
        bar = _bar(value if _is_known(value) else 0.0, left, right)
        lines.append(f"{label:<{before}}  {bar}  {words:>{after}}")
    return lines


class _Side:
    """One side of the axis: how many columns it has and the value that fills them."""

    def __init__(self, columns: int, full: float) -> None:
        self.columns, self.full = columns, full

    def halves(self, value: float) -> int:
        """Half columns that a value fills; any value but zero fills one."""
        if not value or not self.full:
            return 0
        return max(1, round(value / self.full * self.columns * 2))


def _sides(values: Sequence[float | None], columns: int) -> tuple[_Side, _Side]:
    """Share the columns so that one unit is equally long on both sides."""
    known = [v for v in values if _is_known(v)]
    low, high = -min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    if not low + high:
        return _Side(0, 0.0), _Side(columns, 0.0)
    left = round(columns * (low / (low + high)))
    left = min(max(left, 1 if low else 0), columns - (1 if high else 0))
    return _Side(left, low), _Side(columns - left, high)


def _bar(value: float, left: _Side, right: _Side) -> str:
    minus, plus = left.halves(max(-value, 0.0)), right.halves(max(value, 0.0))
    before = "▐" * (minus % 2) + "█" * (minus // 2)
    after = "█" * (plus // 2) + "▌" * (plus % 2)
    return f"{before:>{left.columns}}│{after:<{right.columns}}"


def _is_known(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)
