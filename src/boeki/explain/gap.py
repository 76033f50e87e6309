"""The gap between two official numbers of what seems to be the same thing.

The first figure is turned into the second, one attribute at a time, and each step is what that
change does to the number. The steps add up to the gap exactly; a change that the lake cannot make
by itself is put together with the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import BoekiError, InputError, NoFigure, UnknownTerm
from boeki.explain.figure import Figure, Found, find_figure, vintage_days
from boeki.lake import Lake, open_lake
from boeki.measure.levels.line import exact
from boeki.terms import areas
from boeki.terms.wording import quantity

_METHOD = Method(
    "Step-by-step reconciliation",
    "second − first = Σ (figure after a change − figure before it), one attribute after another",
    "An identity; the size of a step depends on the order of the steps, which is fixed",
    "explanation/coherence.md",
)
#: The order of the steps: from what is known when, to what is counted.
_ORDER = (
    "as_of", "adjusted", "window", "period", "partner", "product", "measure", "reporter",
    "currency", "rate", "growth",
)  # fmt: skip
_WORDS = {
    "as_of": "vintage",
    "adjusted": "seasonal adjustment",
    "window": "average of three months",
    "rate": "kind of exchange rate",
    "growth": "kind of change",
    "measure": "what is counted",
}
_ALLOWED = tuple(f.name for f in fields(Figure))


@dataclass(frozen=True, slots=True)
class _Step:
    """One change on the way."""

    name: str
    before: str
    after: str
    start: Decimal | float
    end: Decimal | float
    note: str = ""

    @property
    def effect(self) -> Decimal | float:
        return self.end - self.start  # type: ignore[operator]


def explain_gap(
    measure: str,
    reporter: str,
    period: str,
    *,
    first: Mapping[str, Any] | None = None,
    second: Mapping[str, Any] | None = None,
    partner: str = "WLD",
    product: str = "TOTAL",
    growth: Literal["", "yoy", "mom"] = "",
    lake: Lake | None = None,
) -> Answer:
    """Explain why two numbers differ.

    Parameters
    ----------
    measure, reporter, period, partner, product
        What both are of, unless told otherwise.
    growth
        ``yoy`` or ``mom`` where they are growth rates; empty for levels.
    first, second
        In what each differs: any of ``measure``, ``reporter``, ``period``, ``partner``,
        ``product``, ``as_of`` (a day), ``adjusted``, ``currency``, ``rate``, ``growth``,
        ``window`` (3: mean of the three months that end with the period), and ``value``: the
        number as someone printed it, which is then held against the lake's first.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a step, with the number before and after it, its effect and its share of the gap.
        The effects add up to the gap.

    Raises
    ------
    InputError
        For an attribute that is none, and numbers in two units.
    NoFigure, NotYetPublished
        Where the lake has no such figure and no value was given for it.

    Examples
    --------
    >>> from boeki.explain.gap import explain_gap
    >>> found = explain_gap("balance", "JPN", "2024-11", first={"as_of": "2024-12-18"})
    >>> [round(float(row["after"]) / 1e9, 3) for row in found.records()]
    [-110.319, -120.81]
    """
    lake = lake or open_lake()
    common = {
        "measure": measure, "reporter": areas.find(reporter).code, "period": period,
        "partner": areas.find(partner).code, "product": product, "growth": growth,
    }  # fmt: skip
    a, b = (_figure(common, said) for said in (first, second))
    found_a, found_b = find_figure(lake, a), find_figure(lake, b)
    for figure, found in ((a, found_a), (b, found_b)):
        if found is None and figure.value is None:
            raise NoFigure(_lacking(lake, figure))
    unit = _one_unit(found_a, found_b)
    steps = _steps(lake, a, b, found_a, found_b)
    return _answer(lake, a, b, found_a, found_b, unit, steps)


def _figure(common: Mapping[str, Any], said: Mapping[str, Any] | None) -> Figure:
    given = {**common, **(said or {})}
    for key in given:
        if key not in _ALLOWED:
            raise UnknownTerm("attribute of a figure", key, _ALLOWED)
    for key in ("reporter", "partner"):
        given[key] = areas.find(str(given[key])).code
    if isinstance(given.get("as_of"), str):
        try:
            given["as_of"] = dt.date.fromisoformat(given["as_of"])
        except ValueError:
            raise InputError(f"{given['as_of']!r} is no day: write it as 2024-12-18") from None
    if given.get("value") is not None:
        given["value"] = exact(given["value"], "value")
    return Figure(**given)


def _lacking(lake: Lake, figure: Figure) -> str:
    try:
        find_figure(lake, figure, strict=True)
    except NoFigure as error:
        return str(error)
    return f"the lake has no {figure.words}: give its value, or other attributes"


def _one_unit(a: Found | None, b: Found | None) -> str:
    units = {f.unit for f in (a, b) if f}
    if len(units) > 1:
        raise InputError(
            f"the numbers are in {' and '.join(sorted(units))}: name one currency for both, or ask "
            "for their growth"
        )
    return units.pop() if units else ""


def _steps(
    lake: Lake, a: Figure, b: Figure, found_a: Found | None, found_b: Found | None
) -> list[_Step]:
    """From the first number to the second."""
    steps: list[_Step] = []
    first = a.value if a.value is not None else _number(found_a)
    now = first
    if a.value is not None and found_a:
        steps.append(_given(first, found_a, forward=True))
        now = found_a.value
    if found_a and found_b:
        steps += _path(lake, a, b, found_a, found_b)
        now = found_b.value
    if b.value is not None:
        if found_b:
            steps.append(_given(b.value, found_b, forward=False))
        else:
            steps.append(_Step("residual", "", "", now, _like(b.value, now), "not in the lake"))
    elif not found_a and found_b:
        steps.append(_Step("residual", "", "", _like(first, found_b.value), found_b.value,
                           "the first number is not in the lake"))  # fmt: skip
    return [s for s in steps if s.effect or s.note]


def _number(found: Found | None) -> Decimal | float:
    assert found is not None  # whoever calls has seen to it
    return found.value


def _like(value: Decimal | float, other: Decimal | float) -> Decimal | float:
    """A number of the kind of another, so that they can be subtracted."""
    return float(value) if isinstance(other, float) else Decimal(value)


def _given(value: Decimal | float, found: Found, *, forward: bool) -> _Step:
    """A number as someone printed it, against the lake's."""
    said = _like(value, found.value)
    ends = (said, found.value) if forward else (found.value, said)
    words = ("as printed", "in the lake") if forward else ("in the lake", "as printed")
    return _Step("number as printed", *words, *ends, "rounding, or another source")


def _path(lake: Lake, a: Figure, b: Figure, found_a: Found, found_b: Found) -> list[_Step]:
    """One attribute after another; those that the lake cannot change alone go together."""
    here, target = replace(a, window=found_a.window), replace(b, window=found_b.window)
    value: Decimal | float = found_a.value
    steps: list[_Step] = []
    waiting: list[str] = []
    newest = found_a.published
    for name in _ORDER:
        old, new = getattr(here, name), getattr(target, name)
        if old == new:
            continue
        following = replace(here, **{name: new})
        if name == "as_of" and not waiting:
            made = _vintages(lake, here, following, value)
            steps += made
            value = made[-1].end if made else value
            here = following
            newest = _day(lake, here, newest)
            continue
        found = found_b if following == target else _try(lake, following)
        waiting.append(name)
        here = following
        if found is not None and found.unit == found_a.unit:
            step = _changed(waiting, a, target, value, found.value)
            steps.append(_dated(step, found, newest))
            value, waiting, newest = found.value, [], found.published
    if waiting or value != found_b.value:
        steps.append(_changed(waiting or ["residual"], a, target, value, found_b.value))
    return steps


def _day(lake: Lake, figure: Figure, otherwise: dt.date) -> dt.date:
    found = _try(lake, figure)
    return found.published if found else otherwise


def _dated(step: _Step, found: Found, newest: dt.date) -> _Step:
    """Say so where a step also goes back to an older vintage, for there is no newer one."""
    if found.published >= newest:
        return step
    older = f"the figure after it was published {found.published}, the one before it {newest}"
    return replace(step, note="; ".join(filter(None, (step.note, older))))


def _try(lake: Lake, figure: Figure) -> Found | None:
    try:
        return find_figure(lake, figure)
    except BoekiError:
        return None


def _changed(
    names: list[str], a: Figure, b: Figure, start: Decimal | float, end: Decimal | float
) -> _Step:
    words = [_WORDS.get(n, n) for n in names]
    before, after = ([_said(getattr(f, n, "")) for n in names] for f in (a, b))
    note = "the lake cannot take these apart" if len(names) > 1 else ""
    return _Step(", ".join(words), ", ".join(before), ", ".join(after), start, end, note)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "–"


def _vintages(lake: Lake, old: Figure, new: Figure, value: Decimal | float) -> list[_Step]:
    """Every vintage between two days that changed the number, forwards or backwards."""
    days = vintage_days(lake, old)
    low, high = sorted((old.as_of or dt.date.max, new.as_of or dt.date.max))
    between: list[dt.date | None] = [d for d in days if low < d < high]
    if (new.as_of or dt.date.max) < (old.as_of or dt.date.max):
        between.reverse()
    steps: list[_Step] = []
    known = find_figure(lake, old)
    label = _vintage(known)
    for day in (*between, new.as_of):
        found = _try(lake, replace(old, as_of=day))
        if found is None or found.value == value:
            continue
        steps.append(_Step("vintage", label, _vintage(found), value, found.value))
        value, label = found.value, _vintage(found)
    return steps


def _vintage(found: Found | None) -> str:
    return f"{found.published} {found.status}" if found else "–"


def _answer(
    lake: Lake,
    a: Figure, b: Figure, found_a: Found | None, found_b: Found | None, unit: str,
    steps: list[_Step],
) -> Answer:  # fmt: skip
    sample = next((f.value for f in (found_a, found_b) if f), Decimal(0))
    first, second = (
        _like(f.value if f.value is not None else _number(found), sample)
        for f, found in ((a, found_a), (b, found_b))
    )
    gap = second - first  # type: ignore[operator]
    rows = [_row(step, gap) for step in steps]
    amount = "pp" if unit == "%" else unit
    notes = [
        f"First: {quantity(Decimal(str(first)), unit)}; second: "
        f"{quantity(Decimal(str(second)), unit)}."
    ]
    notes += [*_differences(found_a, found_b), *_titles(lake, found_a, found_b)]
    if not rows:
        notes.append("The two numbers are the same.")
    if len(rows) > 1:
        notes.append("In another order each step could be larger or smaller, but not their sum.")
    known = [f for f in (found_a, found_b) if f]
    return answer(
        f"What lies between two numbers: {a.words}"
        + (f", and {b.words}" if b.words != a.words else ""),
        rows, _columns(unit, amount), _METHOD,
        about={"first": a.to_dict(), "second": b.to_dict(), "gap": gap, "unit": amount},
        notes=notes, sources=[s for f in known for s in f.sources],
        evidence=[r for f in known for r in f.rows],
        published=max((f.published for f in known), default=None),
        chart=Chart("waterfall", "step", ("effect",)) if len(rows) > 1 else None,
    )  # fmt: skip


def _row(step: _Step, gap: Decimal | float) -> dict[str, Any]:
    return {
        "step": step.name,
        "from": step.before,
        "to": step.after,
        "before": step.start,
        "after": step.end,
        "effect": step.effect,
        "share": float(step.effect) / float(gap) * 100 if gap else None,
        "note": step.note,
    }


def _differences(a: Found | None, b: Found | None) -> list[str]:
    """Attributes of the figures as they were found, which nobody asked for and which differ."""
    if not a or not b:
        return []
    out = []
    for name, word in (("basis", "basis"), ("status", "status"), ("office", "office")):
        one, other = getattr(a, name), getattr(b, name)
        if one != other:
            out.append(f"They differ in {word}: {one or '–'} and {other or '–'}.")
    if a.resolution != b.resolution and a.resolution is not None and b.resolution is not None:
        out.append(
            f"They are printed to {quantity(a.resolution, a.unit)} and "
            f"{quantity(b.resolution, b.unit)}: so much of a step may be rounding."
        )
    return out


def _titles(lake: Lake, a: Found | None, b: Found | None) -> list[str]:
    """What the documents of two offices are called: what they count stands in their titles."""
    if not a or not b or a.office == b.office:
        return []
    out = []
    for word, found in (("first", a), ("second", b)):
        for source in found.sources[:2]:
            document = lake.documents[source]
            out.append(f"The {word} is from {document['publisher']}: {document['title']}.")
    return out


def _columns(unit: str, amount: str) -> list[Column]:
    return [
        Column("step", "What changes"),
        Column("from", "From"),
        Column("to", "To"),
        Column("before", "The number before", unit),
        Column("after", "The number after", unit),
        Column("effect", "Effect", amount),
        Column("share", "Share of the gap", "%", shown=False),
        Column("note", "What to know"),
    ]
