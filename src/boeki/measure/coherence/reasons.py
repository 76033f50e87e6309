"""Why two countries' figures of one flow may differ: what of it shows in the lake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from boeki.errors import InputError
from boeki.measure.coherence.hubs import HUBS, hubs_between
from boeki.measure.coherence.sides import Question, Row, Side, side_of
from boeki.terms import areas
from boeki.terms.wording import amount

#: Hubs of which the amounts are named, largest first.
_MOST = 3


def reasons_of(rows: Sequence[Row], asked: Question, sides: Sequence[Side], lag: int) -> list[str]:
    """Known reasons for an asymmetry, as sentences; the ones that figures show come with them.

    Parameters
    ----------
    rows, asked
        What the two report, of their exports to hubs too, and what was asked.
    sides
        Exports and imports of both directions.
    lag
        Months by which the importer's period lies later.
    """
    a, b = sides[0].reporter, sides[0].partner
    out = [
        "Exports go to the last known destination, imports come from the country of origin: goods "
        "sold through a third country are in one figure and not in the other."
    ]
    out += [f"{areas.name(h)} is {HUBS[h]}." if HUBS[h].startswith("an ") else
            f"{areas.name(h)}: {HUBS[h]}." for h in hubs_between(a, b)]  # fmt: skip
    out += _through_hubs(rows, asked, sides)
    out += _timing(asked, lag)
    return out + _systems(sides) + _valuations(sides) + _days(sides)


def _through_hubs(rows: Sequence[Row], asked: Question, sides: Sequence[Side]) -> list[str]:
    """What goes to hubs instead, of one product: it may be bound for the partner."""
    if asked.digits:
        return []
    out = []
    for side in (s for s in sides if s.flow == "export" and s.office):
        found: list[tuple[Decimal, str]] = []
        for hub in (h for h in HUBS if h not in (side.reporter, side.partner)):
            if value := _exports_to(rows, asked, side, hub):
                found.append((value, areas.get(hub).in_sentence))
        for value, name in sorted(found, reverse=True)[:_MOST]:
            out.append(
                f"{areas.get(side.reporter).possessive} exports to {name} were "
                f"{amount(value, side.currency)} in the same time: what of them went on to "
                f"{areas.get(side.partner).in_sentence} is in its imports from "
                f"{areas.get(side.reporter).in_sentence}."
            )
    return out or [
        "The lake does not show what went through Hong Kong, Singapore, the Netherlands, Belgium, "
        "the United Arab Emirates or Panama."
    ]


def _exports_to(rows: Sequence[Row], asked: Question, side: Side, hub: str) -> Decimal | None:
    try:
        there = side_of(rows, asked, side.reporter, hub, "export", side.office)
    except InputError:
        return None
    values = [f.value for key, f in there.figures.items() if key[3] in ("fob", "fas")]
    return sum(values, Decimal(0)) if values else None


def _timing(asked: Question, lag: int) -> list[str]:
    if lag:
        return [f"The importer's period lies {lag} month{'s' * (lag != 1)} later."]
    if min(p.months for p in asked.periods) < 12:
        return [
            "Goods arrive weeks after they left: over short periods a lag of a month or two can "
            "matter."
        ]
    return []


def _systems(sides: Iterable[Side]) -> list[str]:
    held = {s.reporter: s.system for s in sides if s.system}
    if len(set(held.values())) < 2:
        return []
    said = " and ".join(f"{areas.name(r)} by the {s}" for r, s in sorted(held.items()))
    return [
        f"{said} trade system: goods that pass through customs warehouses and free zones are in "
        "the general system's figures, and not in the special one's."
    ]


def _valuations(sides: Iterable[Side]) -> list[str]:
    out = []
    for side in sides:
        name = areas.get(side.reporter).possessive
        if side.flow == "export" and "fas" in side.valuations():
            out.append(f"{name} exports are valued alongside ship (FAS): loading is not in them.")
        if side.flow == "import" and "customs" in side.valuations():
            out.append(f"{name} imports have a customs value, which is close to FOB.")
    return out


def _days(sides: Iterable[Side]) -> list[str]:
    days = {s.reporter: max(f.published for f in s.figures.values()) for s in sides if s.figures}
    if len(days) < 2 or len(set(days.values())) < 2:
        return []
    said = ", ".join(f"{areas.name(r)} {day}" for r, day in sorted(days.items()))
    return [f"The two are not of one day ({said}): one side may be revised already."]
