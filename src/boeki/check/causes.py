"""Causal claims: the share of the change that the named cause accounts for, and its rank among
causes.

``main``   supported where the named cause is the largest of its level of detail
``major``  supported where it is among the three largest and accounts for at least a quarter of the
change ``some``   supported where it worked in the direction of the change at all
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from decimal import Decimal

from boeki.check.answer import document
from boeki.check.claim import Claim
from boeki.check.panel import Panel
from boeki.check.verdict import Cause, Checked, Figure, Judgement, Verdict
from boeki.check.wording import BASES
from boeki.errors import NoFigure
from boeki.explain import (
    CommodityChanges,
    Contribution,
    Decomposition,
    commodity_changes,
    decompose,
)
from boeki.explain.contributions import SIGNS, sections
from boeki.lake import Lake
from boeki.terms import areas, products
from boeki.terms.wording import amount, ordinal, percent

#: A "major" cause accounts for at least this much of the change, in percent, and is among the
#: first so many.
MAJOR_SHARE, MAJOR_RANK = 25.0, 3
#: How many causes are shown.
SHOWN = 6
_FLOWS = {"exports": ("export",), "imports": ("import",)}


@dataclass(slots=True)
class Decompositions:
    """Decompositions asked for while an article is checked; the changes behind them are read
    once.
    """

    lake: Lake
    _done: dict[tuple[object, ...], CommodityChanges] = field(default_factory=dict)

    def get(self, claim: Claim, level: int) -> Decomposition:
        """The decomposition that answers a claim, at a level of the classification."""
        if claim.reporter is None or claim.period is None or not claim.period.months:
            raise NoFigure("the text does not say whose trade, or which period, is explained")
        measure = claim.effect or "balance"
        if measure not in SIGNS:
            raise NoFigure(f"changes of {measure} are not decomposed by commodity")
        if claim.partner != "WLD":
            raise NoFigure("the lake holds no commodities by partner to decompose this with")
        base = claim.base if claim.base in ("yoy", "mom") else "yoy"
        key = (claim.reporter, claim.period.span, base)
        if key not in self._done:
            self._done[key] = commodity_changes(self.lake, claim.reporter, claim.period, base)
        return decompose(self._done[key], measure, level)


def judge_cause(claim: Claim, panel: Panel, done: Decompositions, today: dt.date) -> Checked:
    """Hold a causal claim against the decomposition of the change that it explains."""
    try:
        named, whole = _named(claim, done)
    except NoFigure as reason:
        return Checked(claim, "unverifiable", str(reason), diagnosis=str(reason))
    place, part = named
    verdict = _verdict(claim, place, part)
    figure = _figure(panel, whole, place, part)
    larger = _larger(whole, place)
    return Checked(
        claim,
        verdict,
        _line(part, place, larger),
        newest=Judgement(verdict, today, figure),
        tolerance=_needs(claim),
        diagnosis=_diagnosis(whole, place, part, larger),
        evidence=(figure,),
        causes=_causes(whole, part),
        notes=(_note(whole),),
    )


def _named(claim: Claim, done: Decompositions) -> tuple[tuple[int, Contribution], Decomposition]:
    """The named cause in the decomposition at its own level of detail."""
    flows = _FLOWS.get(claim.measure, ("export", "import"))
    if claim.effect not in ("exports", "imports"):
        # "Thanks to cheaper oil" says no flow: what a country does not export, it imports.
        flows = (*flows, *(f for f in ("export", "import") if f not in flows))
    for flow in flows:
        commodity = products.commodity(claim.product, flow)
        if commodity is None:
            continue
        whole = done.get(claim, commodity.level)
        if found := whole.find(flow, claim.product):
            return found, whole
    what = products.name(claim.product).lower()
    if claim.product == "TOTAL":
        raise NoFigure(
            "the cause named is not a commodity, so no decomposition by commodity answers it"
        )
    raise NoFigure(
        f"the lake holds no {' or '.join(f + 's' for f in flows)} of {what} to hold this against"
    )


def _verdict(claim: Claim, place: int, part: Contribution) -> Verdict:
    holds = {
        "main": place == 1,
        "major": place <= MAJOR_RANK and part.share >= MAJOR_SHARE,
        "some": part.share > 0,
    }
    return "supported" if holds[claim.strength or "main"] else "contradicted"


def _needs(claim: Claim) -> str:
    return {
        "main": "the main cause must be the largest of its level of detail",
        "major": f"a major cause must be among the {MAJOR_RANK} largest "
        f"with at least {MAJOR_SHARE:.0f} % of the change",
        "some": "a contributing cause must work in the direction of the change",
    }[claim.strength or "main"]


def _figure(panel: Panel, whole: Decomposition, place: int, part: Contribution) -> Figure:
    effect = {"balance": "trade balance"}.get(whole.measure, whole.measure)
    source = next(s for s in whole.sources if s in panel.lake.documents)
    base = BASES.get(whole.base, whole.base)
    return Figure(
        label=f"Share of {describe(part)} in the change of "
        f"{areas.get(whole.reporter).possessive} {effect}, "
        f"{whole.period.label}, {base}",
        value=None if math.isnan(part.share) else Decimal(repr(part.share)),
        unit="%",
        text=f"{percent(part.share, signed=False)} ({amount(part.change, whole.currency)} of "
        f"{amount(whole.change, whole.currency)}), {ordinal(place)} largest of its level of detail",
        published=whole.published,
        status="final",
        rows=whole.rows[:6],
        **document(panel, source),
    )


def describe(part: Contribution) -> str:
    """A cause in words: ``imports of coal``."""
    return f"{part.flow}s of {part.name[0].lower()}{part.name[1:]}"


def _line(part: Contribution, place: int, larger: list[tuple[Contribution, str]]) -> str:
    own = f"{percent(part.share, signed=False)} of the change, {ordinal(place)} largest"
    ahead = ", ".join(f"{_plainly(p.name)} {percent(p.share, signed=False)}" for p, _ in larger[:2])
    return f"{own}; ahead: {ahead}" if ahead else own


def _plainly(name: str) -> str:
    name = name.partition(" (")[0]
    return name[0].lower() + name[1:]


def _larger(whole: Decomposition, place: int) -> list[tuple[Contribution, str]]:
    """The causes ahead of a place, each with what its section as a whole did."""
    by_section = sections(whole.parts)
    out = []
    for part in whole.ranked[: place - 1]:
        total = by_section[part.flow, part.section]
        aside = ""
        if part.section != part.term and whole.change:
            share = float(total / whole.change * 100)
            if share > part.share:
                aside = (
                    f"{products.name(part.section).lower()} in all {percent(share, signed=False)}"
                )
        out.append((part, aside))
    return out


def _diagnosis(
    whole: Decomposition, place: int, part: Contribution, larger: list[tuple[Contribution, str]]
) -> str:
    own = (
        f"{describe(part).capitalize()} account for {percent(part.share, signed=False)} "
        f"of the change "
        f"({amount(part.change, whole.currency)} of {amount(whole.change, whole.currency)}), "
        f"the {ordinal(place)} largest cause of its level of detail."
    )
    if not larger:
        return own
    ahead = ", ".join(
        f"{describe(p)} ({percent(p.share, signed=False)}{'; ' + aside if aside else ''})"
        for p, aside in larger[:3]
    )
    return f"{own} Ahead of it: {ahead}."


def _causes(whole: Decomposition, named: Contribution) -> tuple[Cause, ...]:
    lines = [
        Cause(place, describe(p), p.change, whole.currency, p.share, p is named)
        for place, p in enumerate(whole.ranked, start=1)
    ]
    return tuple(c for c in lines if c.rank <= SHOWN or c.named)


def _note(whole: Decomposition) -> str:
    residual = (
        f"; {amount(whole.residual, whole.currency)} is not allocated" if whole.residual else ""
    )
    return (
        f"Decomposed on the newest figures (published {whole.published}): "
        f"{len(whole.parts)} commodities add up to the change of "
        f"{amount(whole.change, whole.currency)}{residual}. "
        "A decomposition says where a change arose, not what set it off."
    )
