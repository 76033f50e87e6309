"""Levels that are no money: quantities, prices and exchange rates."""

from __future__ import annotations

from boeki.check.claim import Claim
from boeki.check.extract import directions
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.levels import level
from boeki.check.extract.quantities import Quantity
from boeki.check.extract.quoting import period_of
from boeki.check.extract.reading import Reading

#: Currencies of exchange rates to the partner that they stand for.
OF_CURRENCY = {"USD": "USA", "EUR": "EA20", "CNY": "CHN", "GBP": "GBR", "JPY": "JPN"}


def by_volume(r: Reading, k: int, at: int) -> str | None:
    """Whether the change is said to be one of quantity: "in volume", "to 6.5 million tonnes"."""
    after = [t.low for t in r.tokens[at : at + 7]]
    for j, word in enumerate(after[:6]):
        if word in (",", ";", "and", "while"):
            break
        if word in ("volume", "volumes", "quantity") and j and after[j - 1] in ("in", "by"):
            return "volume"
    start = r.mentions[k].first
    for j in range(start - 2, max(-1, start - 9), -1):
        phrase = low_at(r.tokens, j), low_at(r.tokens, j + 1)
        if phrase in (("by", "volume"), ("in", "volume"), ("by", "quantity"), ("in", "tonnage")):
            return "volume"
        if phrase in (("by", "value"), ("in", "value")) or ";" in phrase:
            break
    for j in range(k + 1, min(k + 4, len(r.mentions))):
        following = r.mentions[j]
        if following.sort == "quantity":
            physical = following.data.sort == "physical"
            linked = low_at(r.tokens, r.connector(j)) in ("to", "at")
            return "volume" if physical and linked else None
    return None


def physical_level(r: Reading, k: int, q: Quantity, subject: Subject) -> Claim | None:
    product = None
    following = r.mentions[k + 1] if k + 1 < len(r.mentions) else None
    if following and following.sort == "area" and following.data.form == "adjective":
        following = r.mentions[k + 2] if k + 2 < len(r.mentions) else None
    if following and following.sort == "product" and following.first - q.after <= 2:
        product = following.data
    elif q.unit == "units" and low_at(r.tokens, q.after - 1) in (
        "vehicles",
        "cars",
        "automobiles",
        "trucks",
    ):
        product = "motor_vehicles"
    if subject.measure not in ("exports", "imports", "volume"):
        return None
    if directions.of_money(r, k, None, ""):
        return None
    named = product and following and following.sort == "product"
    until = following.after if named and following else 0
    if subject.frame.kind == "deal":
        # "Chile took in 4 million barrels of crude, 7% less": what follows is about
        # the quantity.
        subject.measure, subject.product = "volume", product or subject.product
    return level(r, k, q, subject, q.unit, measure="volume", product=product, until=until)


def priced_level(r: Reading, k: int, q: Quantity, subject: Subject) -> Claim | None:
    """A price or an exchange rate: only where it is an average or the customs', not a quote of the
    day.
    """
    words = {t.low for t in r.tokens}
    measure = "rate" if q.sort == "rate" else "price"
    if subject.measure != measure and not (
        words & {"average", "averaged", "customs", "cif", "fob", "paid", "pay", "pays", "paying"}
    ):
        return None
    if measure == "rate":
        r.context.rate = q.unit
    if measure == "price" and (named := _priced(r, k)):
        subject.product = named
    # What follows is about the price: "an average of $80 a barrel, 2 percent more than in May".
    r.priced = Subject(
        measure, "", subject.product, subject.reporter, subject.partner, subject.frame
    )
    if measure == "price":
        return level(r, k, q, subject, q.unit, measure=measure)
    partner = OF_CURRENCY.get(q.unit.split("/")[1])
    return level(r, k, q, subject, q.unit, measure=measure, partner=partner, product="TOTAL")


def _priced(r: Reading, k: int) -> str | None:
    """The product that a price is "for" or "of", right behind the figure."""
    following = r.mentions[k + 1] if k + 1 < len(r.mentions) else None
    if following is None or following.sort != "product":
        return None
    between = [t.low for t in r.tokens[r.mentions[k].after : following.first]]
    linked = len(between) < 5 and between[:1] in (["for"], ["of"])
    return str(following.data) if linked else None


def price_again(r: Reading, k: int, q: Quantity, before: list[Claim]) -> Claim | None:
    """ "Half the $262 of a year earlier": an amount that a price is held against is one."""
    if r.priced is None or not before or before[-1].measure != "price" or not r.is_base(k):
        return None
    unit = next((c.unit for c in reversed(before) if c.unit and "/" in c.unit), None)
    if unit is None or not unit.startswith(f"{q.unit}/"):
        return None
    return level(r, k, q, r.priced, unit, measure="price")


def volume_again(r: Reading, k: int, q: Quantity, before: list[Claim]) -> Claim | None:
    """ "15.3 million tonnes, against 14.7 million a year earlier"."""
    last = before[-1] if before else None
    if last is None or last.measure != "volume" or last.kind != "level" or not r.is_base(k):
        return None
    told = Subject("volume", "", last.product, last.reporter, last.partner, r.carried().frame)
    return level(r, k, q, told, last.unit, measure="volume")


def rate_again(r: Reading, k: int, q: Quantity, subject: Subject) -> Claim | None:
    """ "Up from 3.71 soles in May": a rate in short."""
    if r.context.rate is None or r.context.rate.split("/")[0] != q.unit:
        return None
    partner = OF_CURRENCY.get(r.context.rate.split("/")[1])
    attached = r.attached(k)
    after = q.after
    if attached:
        after = attached.after
    return r.claim(
        "level",
        subject,
        q.lead,
        after,
        period=period_of(r, k, subject),
        value=q.value,
        unit=r.context.rate,
        measure="rate",
        partner=partner,
        product="TOTAL",
        hedge=q.hedge,
        step=q.step,
    )
