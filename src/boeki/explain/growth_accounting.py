"""Growth accounting: what exports, imports and domestic demand did for the growth of GDP."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.explain import chain
from boeki.explain.chain import Years
from boeki.explain.national_accounts import Accounts, Records, long_accounts
from boeki.measure.levels.compare import reasons

if TYPE_CHECKING:
    import pandas as pd

Formula = Literal["chain", "simple", "fisher"]
Base = Literal["previous", "yoy"]
#: Formula to what it is, and where it is taken from.
FORMULAS = {
    "chain": (
        "weights of the year before: c = w(y−1) · growth for years; by annual overlap for quarters",
        "IMF (2017), Quarterly National Accounts Manual, chapter 8; Australian Bureau of "
        "Statistics, Concepts, Sources and Methods, paragraphs 6.34 to 6.40",
    ),
    "simple": (
        "c = (x − x₀) / Y₀",
        "IMF (2017), Quarterly National Accounts Manual, chapter 8",
    ),
    "fisher": (
        "c = (p / P + p₀)(q − q₀) / Σ (p / P + p₀) q₀, P the Fisher price index",
        "Ehemann, Katz and Moulton (2002), Journal of Economic and Social Measurement 28; "
        "Bureau of Economic Analysis, NIPA Handbook, chapter 4",
    ),
}
_PAGE = "explanation/growth-accounting.md"
_BASES = ("previous", "yoy")
_NEEDED = ("gdp", "exports", "imports")
_MADE = ("net_exports", "domestic_demand", "residual", "period", "note")


@dataclass(frozen=True, slots=True)
class _Data:
    """Values and volumes of GDP and its components."""

    value: Accounts | None
    volume: Accounts

    @property
    def parts(self) -> list[str]:
        """Components besides GDP, in the order of the table."""
        return [n for n in self.volume.lines if n != "gdp"]

    @property
    def step(self) -> int:
        return self.volume.lines["gdp"].step


def explain_growth(
    table: Records | pd.DataFrame | Mapping[str, Accounts],
    *,
    formula: Formula = "chain",
    base: Base = "previous",
    annualise: bool = False,
    import_content: Mapping[str, float] | None = None,
    start: str | None = None,
    end: str | None = None,
) -> Answer:
    """Explain the growth of GDP by exports, imports and the other expenditures.

    Parameters
    ----------
    table
        One row a period and component: ``period``, ``component`` (``gdp``, ``exports``,
        ``imports`` and, if wanted, the others), ``volume`` (chain-linked, or at fixed prices) and,
        but for the simple formula, ``value`` (current prices; for quarters not at annual rates
        unless all are). Imports are written with a plus and taken away. Or ``value`` and
        ``volume`` as :func:`boeki.explain.national_accounts.lake_accounts` reads them.
    formula
        ``chain`` for volumes at prices of the year before, chain-linked, quarters by annual overlap
        (Europe, Japan's annual accounts, Australia); ``fisher`` for Fisher volumes (United States,
        Canada); ``simple`` for volumes that add up, at fixed prices.
    base
        Growth on the ``previous`` period, or on the same one a year before (``yoy``).
    annualise
        Growth on the period before at an annual rate.
    import_content
        Component to the share of imports in it (direct and indirect, from 0 to 1), of every
        component but imports: adds contributions net of imports.
    start, end
        First and last period shown.

    Returns
    -------
    Answer
        One row a period: growth of ``gdp`` in percent, the contribution of each component in
        percentage points, of ``net_exports`` and ``domestic_demand``, and the ``residual``: what
        the components leave of the growth. Where no other component than exports and imports is
        given, domestic demand is what they leave.

    Raises
    ------
    InputError
        For missing columns and components, figures not above 0 where a formula needs them, and
        import contents that are not shares.
    UnknownTerm
        For another formula or base.
    """
    data = _data(table, formula, base, annualise)
    if import_content is not None:
        _check_content(data, import_content)
    months = data.volume.lines["gdp"].months(start, end)
    rows = [_row(data, m, formula, base, annualise, import_content) for m in months]
    rows = _without_first(rows)
    columns = _columns(data, import_content, base, annualise, any(r["note"] for r in rows))
    said, source = FORMULAS[formula]
    others = [n for n in data.parts if n not in _NEEDED]
    shown = ("domestic_demand", "net_exports", *(("residual",) if others else ()))
    notes = _notes(data, formula, others, import_content)
    used = [a for a in (data.value, data.volume) if a]
    return answer(
        f"Contributions to the growth of GDP, {rows[0]['period']} to {rows[-1]['period']}",
        rows, columns, Method("Contributions to growth", said, source, _PAGE),
        about={"formula": formula, "base": base, "annualised": annualise,
               "import_content": dict(import_content) if import_content else None},
        notes=notes, sources=[s for a in used for s in a.sources],
        evidence=[r for a in used for r in a.rows],
        published=max((a.published for a in used if a.published), default=None),
        chart=Chart("bars", "period", shown),
    )  # fmt: skip


def _data(
    table: Records | pd.DataFrame | Mapping[str, Accounts], formula: str, base: str, annualise: bool
) -> _Data:
    if formula not in FORMULAS:
        raise UnknownTerm("formula for contributions", formula, FORMULAS)
    if base not in _BASES:
        raise UnknownTerm("base", base, _BASES)
    if annualise and base != "previous":
        raise InputError("growth on the year is at an annual rate already")
    found = table if isinstance(table, Mapping) else long_accounts(table, ("value", "volume"))
    if "volume" not in found or (formula != "simple" and "value" not in found):
        needed = "volume" if formula == "simple" else "value and volume"
        raise InputError(f"the table needs {needed} of each component for this formula")
    data = _Data(found.get("value"), found["volume"])
    _check_parts(data, formula)
    return data


def _check_parts(data: _Data, formula: str) -> None:
    for accounts in (data.volume, data.value):
        lacking = [n for n in _NEEDED if accounts and n not in accounts.lines]
        if lacking:
            raise InputError(f"the table lacks {', '.join(lacking)} in its column component")
    taken = [n for n in data.parts if n in _MADE]
    if taken:
        raise InputError(f"{', '.join(taken)} is computed here: leave it out of the table")
    if data.volume.freq not in ("A", "Q", "FY"):
        raise InputError("national accounts are of years or quarters")
    if formula != "simple" and data.value:
        missing = [n for n in data.volume.lines if n not in data.value.lines]
        if missing:
            raise InputError(f"there are no values of {', '.join(missing)}")


def _check_content(data: _Data, content: Mapping[str, float]) -> None:
    wanted = {n for n in data.parts if n != "imports"}
    if wanted == {"exports"}:
        wanted |= {"domestic_demand"}
    if set(content) != wanted:
        raise InputError(f"give the import content of {', '.join(sorted(wanted))}, and of no other")
    for name, share in content.items():
        if not 0 <= share <= 1:
            raise InputError(f"import content of {name}: {share} is no share from 0 to 1")


def _without_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows from the first that has growth on."""
    known = next((i for i, r in enumerate(rows) if r["gdp"] is not None), None)
    if known is None:
        raise InputError(f"there is no growth of GDP to explain: {rows[-1]['note']}")
    return rows[known:]


def _row(
    data: _Data,
    month: int,
    formula: str,
    base: str,
    annualise: bool,
    content: Mapping[str, float] | None,
) -> dict[str, Any]:
    back = month - (12 if base == "yoy" else data.step)
    cells, why = _contributions(data, month, back, formula)
    if annualise and cells["gdp"]:
        grown = cells.pop("gdp")
        known = {n: c for n, c in cells.items() if c is not None}
        periods = 12 // data.step
        cells = cells | chain.annualised(known, grown, periods)
        cells["gdp"] = ((1 + grown / 100) ** periods - 1) * 100
    out = _summed(data, cells, content)
    return {"period": data.volume.label(month), **out, "note": reasons(why)}


def _contributions(
    data: _Data, month: int, back: int, formula: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Growth of GDP and the contribution of each component; imports with their minus."""
    y, y0 = (_float(data.volume, "gdp", m) for m in (month, back))
    cells: dict[str, Any] = dict.fromkeys(("gdp", *data.parts))
    if y is None or y0 is None:
        return cells, {"gdp": f"no volume in {data.volume.label(month if y is None else back)}"}
    if y0 <= 0:
        raise InputError(f"GDP is not above 0 in {data.volume.label(back)}")
    cells["gdp"] = (y / y0 - 1) * 100
    if formula == "fisher":
        return _fisher(data, month, back, cells)
    why: dict[str, str] = {}
    for name in data.parts:
        value, reason = _one(data, name, month, back, formula)
        cells[name] = None if value is None else -value if name == "imports" else value
        if reason:
            why[name] = reason
    return cells, why


def _one(data: _Data, name: str, month: int, back: int, formula: str) -> tuple[float | None, str]:
    """One component's contribution, imports as if they were added."""
    x, x0 = (_float(data.volume, name, m) for m in (month, back))
    y0 = _float(data.volume, "gdp", back)
    if x is None or x0 is None or y0 is None:
        return None, f"no volume in {data.volume.label(month if x is None else back)}"
    if formula == "simple":
        return chain.simple_contribution(x, x0, y0), ""
    if data.step == 12:
        v0, total = (_float(data.value, n, back) for n in (name, "gdp"))
        if v0 is None or not total:
            return None, f"no value in {data.volume.label(back)}"
        if not x0:
            return None, f"the volume of {data.volume.label(back)} is nil"
        return chain.weighted_contribution(v0, x, x0, total), ""
    return _overlapped(data, name, month, back, (x, x0, y0))


def _overlapped(
    data: _Data, name: str, month: int, back: int, volumes: tuple[float, float, float]
) -> tuple[float | None, str]:
    year, base_year = month // 12, back // 12
    needed = [year - 1] if base_year == year else [year - 1, year - 2]
    ours, theirs = (_years(data, n, needed) for n in (name, "gdp"))
    if ours is None or theirs is None:
        return None, f"the quarters of {min(needed)} are not all there"
    if any(not ours.volume[y] for y in needed):
        return None, "a year's volume is nil"
    return chain.annual_overlap_contribution(ours, theirs, *volumes, year, base_year), ""


def _years(data: _Data, name: str, years: Sequence[int]) -> Years | None:
    value: dict[int, float] = {}
    volume: dict[int, float] = {}
    for year in years:
        months = range(year * 12, year * 12 + 12, data.step)
        worth = [_float(data.value, name, m) for m in months]
        size = [_float(data.volume, name, m) for m in months]
        if any(v is None for v in (*worth, *size)):
            return None
        value[year] = math.fsum(v for v in worth if v is not None)
        volume[year] = math.fsum(v for v in size if v is not None) / len(size)
    return Years(value, volume)


def _fisher(
    data: _Data, month: int, back: int, cells: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    prices: list[tuple[float, float]] = []
    quantities: list[tuple[float, float]] = []
    for name in data.parts:
        pair = [(_float(data.value, name, m), _float(data.volume, name, m)) for m in (month, back)]
        if any(v is None or not q for v, q in pair):
            return cells, {name: "no value or no volume in one of the two periods"}
        sign = -1 if name == "imports" else 1
        (v, q), (v0, q0) = ((float(v or 0), float(q or 0)) for v, q in pair)
        prices.append((v / q, v0 / q0))
        quantities.append((sign * q, sign * q0))
    p, p0 = zip(*prices, strict=True)
    q1, q0s = zip(*quantities, strict=True)
    if len(data.parts) <= len(_NEEDED) - 1:
        raise InputError("the Fisher formula needs every component of GDP, not trade alone")
    return cells | dict(
        zip(data.parts, chain.fisher_contributions(p, p0, q1, q0s), strict=True)
    ), {}


def _summed(
    data: _Data, cells: dict[str, Any], content: Mapping[str, float] | None
) -> dict[str, Any]:
    """Net exports, domestic demand and the residual, and what is net of imports."""
    others = [n for n in data.parts if n not in _NEEDED]
    grown = cells["gdp"]
    net = _sum(cells["exports"], cells["imports"])
    home = _sum(*(cells[n] for n in others)) if others else _less(grown, net)
    out = {"gdp": grown, **{n: cells[n] for n in data.parts}, "net_exports": net}
    out["domestic_demand"] = home
    out["residual"] = _less(grown, _sum(net, home)) if others else None
    if content is not None:
        out |= _adjusted(out, others, content)
    return out


def _adjusted(
    cells: Mapping[str, Any], others: Sequence[str], content: Mapping[str, float]
) -> dict[str, Any]:
    names = ["exports", *(others or ["domestic_demand"])]
    if cells["imports"] is None or any(cells[n] is None for n in names):
        return dict.fromkeys([*(f"{n}_net" for n in names), "import_content"])
    own = chain.import_adjusted({n: cells[n] for n in names}, cells["imports"], content)
    rest = own.pop("import_content")
    return {**{f"{n}_net": c for n, c in own.items()}, "import_content": rest}


def _sum(*values: float | None) -> float | None:
    return None if any(v is None for v in values) else math.fsum(v for v in values if v is not None)


def _less(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _float(accounts: Accounts | None, name: str, month: int) -> float | None:
    value = accounts.get(name, month) if accounts else None
    return None if value is None else float(value)


def _columns(
    data: _Data,
    content: Mapping[str, float] | None,
    base: str,
    annualise: bool,
    noted: bool,
) -> list[Column]:
    kind = "on the year" if base == "yoy" else "on the period before"
    kind += ", at an annual rate" if annualise else ""
    others = [n for n in data.parts if n not in _NEEDED]
    how = "" if others else ", as what trade leaves"
    out = [Column("period", "Period"), Column("gdp", f"Growth of GDP {kind}", "%", places=2)]
    out += [Column(n, n.replace("_", " ").capitalize(), "pp") for n in data.parts]
    out += [
        Column("net_exports", "Net exports", "pp"),
        Column("domestic_demand", f"Domestic demand{how}", "pp"),
        Column("residual", "What the components leave", "pp", shown=bool(others)),
    ]
    if content is not None:
        names = ["exports", *(others or ["domestic_demand"])]
        out += [
            Column(f"{n}_net", f"{n.replace('_', ' ').capitalize()}, net of imports in it", "pp")
            for n in names
        ]
        out.append(Column("import_content", "Imports beyond the given import content", "pp"))
    return [*out, Column("note", "Why something is null", shown=noted)]


def _notes(
    data: _Data, formula: str, others: Sequence[str], content: Mapping[str, float] | None
) -> list[str]:
    out = []
    if not others:
        out.append("Domestic demand is what net exports leave of the growth of GDP.")
    if formula == "simple":
        out.append("Chain-linked volumes do not add up: with them, the residual is their doing.")
    if formula == "chain" and data.step < 12:
        out.append(
            "The formula is that of annual overlap: with another way of linking, or volumes "
            "adjusted for the season one by one, a small residual stays."
        )
    if content is None:
        out.append(
            "All imports are set against exports here; many are for domestic demand. Give import "
            "contents to allot them."
        )
    else:
        out.append(
            "Import contents are held as given: what imports did beyond them stands by itself."
        )
    return out
