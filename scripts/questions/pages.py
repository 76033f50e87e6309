"""Tables and pictures of a page of results: a CSV and an SVG file each, and Markdown in the page.

A page holds ``<!-- table NAME -->`` … ``<!-- end -->``; what stands between is written anew from
the rows. With ``check`` nothing is written, and what differs from the files is told.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.model.over_time import Flywheel
from boeki.world import elasticities
from boeki.world.world import World

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "questions"
EXAMPLES = ROOT / "examples"
#: The set that has scale elasticities.
SCALE = "lashkaripour_lugovskyy_2023"
#: Figures of a table may differ by so much between machines: half of the last digit kept.
DIGITS = 4
_TOLERANCE = 2e-4

Row = Mapping[str, Any]


@dataclass
class Page:
    """A page in ``docs/questions``, with the folder of its tables and pictures.

    Attributes
    ----------
    name
        ``deficit`` for ``deficit.md`` and ``deficit/``.
    check
        Compare instead of write.
    gaps
        Where files differ from what was computed.
    """

    name: str
    check: bool = False
    gaps: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Of tables and pictures."""
        return DOCS / self.name

    def table(self, name: str, rows: Sequence[Row], shown: Mapping[str, str] | None = None,
              only: Sequence[Row] | None = None) -> None:  # fmt: skip
        """Keep rows as a CSV file, and as a table of the page.

        Parameters
        ----------
        name
            Of the file, and in the page.
        rows
            All of them.
        shown
            Columns of the page with their headings; left out, the page has no such table.
        only
            The rows that the page shows; left out, all.
        """
        path = self.folder / f"{name}.csv"
        if self.check:
            self.gaps += [f"{path.name}: {gap}" for gap in differences(read(path), rows)]
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(_csv(rows), encoding="utf-8")
        if shown:
            self._insert(name, _markdown(only if only is not None else rows, shown))

    def picture(self, name: str, title: str, rows: Iterable[Row], y: Column, color: str,
                x: str = "year") -> None:  # fmt: skip
        """Draw lines of a column over years, one for each value of another column."""
        if self.check:
            return
        kept = [{x: str(r[x]), color: str(r[color]), y.name: r[y.name]} for r in rows]
        columns = [Column(x, x), Column(color, color), y]
        method = Method("boeki simulate path", "", "", "explanation/over-time.md")
        chart = Chart("line", x, (y.name,), color=color)
        self.answer(name, answer(title, kept, columns, method, chart=chart))

    def answer(self, name: str, made: Answer) -> None:
        """Draw an answer as it draws itself."""
        if self.check:
            return
        from matplotlib import rc_context

        from boeki.report.plot import plot

        drawn = plot(made)
        # Words stay words; the same rows give the same bytes.
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
            drawn.savefig(self.folder / f"{name}.svg", metadata={"Date": None})

    def close(self) -> int:
        """Tell of gaps; 1 where there are some."""
        for gap in self.gaps:
            print(gap)
        if not self.gaps:
            print(f"{self.name}: {'as the files say' if self.check else 'written'}")
        return int(bool(self.gaps))

    def _insert(self, name: str, text: str) -> None:
        page = DOCS / f"{self.name}.md"
        if not page.exists():
            return
        found = page.read_text(encoding="utf-8")
        pattern = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        made, count = pattern.subn(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", found)
        if count != 1:
            raise SystemExit(f"{page.name} has {count} places for the table {name}, not one")
        page.write_text(made, encoding="utf-8")


def read(path: Path) -> list[dict[str, Any]]:
    """A table as it was kept; numbers as numbers."""
    return _parsed(path.read_text(encoding="utf-8"))


def differences(kept: Sequence[Row], made: Sequence[Row]) -> list[str]:
    """Where a table that was kept and one that was computed differ by more than what is rounded."""
    made = _parsed(_csv(made))
    if len(kept) != len(made):
        return [f"{len(kept)} rows are kept, {len(made)} are computed"]
    return [
        f"row {at}, {name}: {old.get(name)!r} is kept, {new[name]!r} is computed"
        for at, (old, new) in enumerate(zip(kept, made, strict=True))
        for name in new
        if not _alike(old.get(name), new[name])
    ]


def _parsed(text: str) -> list[dict[str, Any]]:
    return [{k: _number(v) for k, v in row.items()} for row in csv.DictReader(text.splitlines())]


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return bool(one == other)


def published_kappa(world: World) -> np.ndarray:
    """κ = θ ψ of Lashkaripour and Lugovskyy (2023), both theirs, ``(sector,)``; services none.

    Their ψ belong to their θ: with other θ the product, which decides whether technology comes to
    rest, would be another one (4.5 in petroleum, where they have 0.8).
    """
    found = elasticities(SCALE, world.sectors, others=5.0)
    if found.scale_elasticity is None:
        raise SystemExit(f"{SCALE} has no scale elasticities")
    return np.asarray(found.trade_elasticity * found.scale_elasticity)


def flywheel(world: World, part: float, **options: Any) -> Flywheel | None:
    """The flywheel with a part of the published κ in every sector; none for 0."""
    if not part:
        return None
    return Flywheel(psi=part * published_kappa(world) / world.trade_elasticity, **options)


def percent(ratio: Any) -> float:
    """A ratio to the baseline as a change in per cent."""
    return 100 * (float(ratio) - 1)


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: _rounded(v) for k, v in row.items()} for row in rows)
    return out.getvalue()


def _rounded(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        # No minus before a zero.
        return round(float(value), DIGITS) + 0.0
    return value


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _markdown(rows: Sequence[Row], shown: Mapping[str, str]) -> str:
    """A table; a heading ends in ``|`` and the decimals: ``real wage, %|2``."""
    heads = [heading.partition("|") for heading in shown.values()]
    first = rows[0]
    lines = [
        "| " + " | ".join(h[0] for h in heads) + " |",
        "| " + " | ".join("---" if isinstance(first[c], str) else "---:" for c in shown) + " |",
    ]
    for row in rows:
        cells = [_cell(row[c], h[2]) for c, h in zip(shown, heads, strict=True)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(value: Any, places: str) -> str:
    if value is None:
        return ""
    if not places or not isinstance(value, int | float | np.floating):
        return str(value)
    words = f"{_rounded(round(float(value), int(places))):,.{int(places)}f}"
    return words.replace("-", "−")
