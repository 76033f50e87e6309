"""Levels and changes: what each quantity of a sentence says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from boeki.check.claim import Claim, Number
from boeki.check.extract import directions, numbers, shares, shares_again
from boeki.check.extract.balances import balance, ends_phrase, excess, signed
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.deals import GOES
from boeki.check.extract.directions import Direction
from boeki.check.extract.levels import level
from boeki.check.extract.mentions import Mention
from boeki.check.extract.quantities import Quantity, read_hedge
from boeki.check.extract.quoting import period_of, quote_of
from boeki.check.extract.reading import Reading
from boeki.check.extract.volumes import (
    OF_CURRENCY,
    by_volume,
    physical_level,
    price_again,
    priced_level,
    rate_again,
    volume_again,
)


@dataclass(slots=True)
class _Run:
    """What has been read so far in a sentence."""

    claims: list[Claim] = field(default_factory=list)
    direction: Direction | None = None
    was: str = ""
    percent: Claim | None = None
    share: Claim | None = None


def read_amounts(r: Reading) -> list[Claim]:
    """The levels, changes and shares of a sentence, in its order."""
    run = _Run()
    for k, m in enumerate(r.mentions):
        if k in r.out:
            continue
        if m.sort == "quantity":
            _quantity(r, k, m.data, run)
        elif m.sort == "move" and m.data.form == "factor":
            _factor(r, k, m, run)
        elif m.sort == "move" and (after := _same_margin(r, m)):
            _copy(r, k, m, after, run)
    return run.claims


def _quantity(r: Reading, k: int, q: Quantity, run: _Run) -> None:
    subject = r.subject_of(k)
    if subject.measure is None and run.claims and run.claims[-1].measure in ("rate", "price"):
        subject = replace(subject, measure=run.claims[-1].measure, reporter=run.claims[-1].reporter)
    if subject.measure is None and q.sort in ("rate", "price"):
        subject.measure = q.sort
        if not _AVERAGED & {t.low for t in r.tokens}:
            return
    if subject.measure is None or _is_blocked(r, k, subject):
        return
    claim: Claim | None
    if q.sort in ("percent", "part", "points", "times"):
        share = _share(r, k, q, subject, run) if q.sort in ("percent", "part") else None
        if share:
            run.claims.append(share)
            run.was, run.share = "share", share
            r.shares.append(share)
            return
        claim = _percent(r, k, q, subject, run)
    elif q.sort in ("money", "bare"):
        claim = _money(r, k, q, subject, run)
    elif q.sort == "physical":
        claim = physical_level(r, k, q, subject)
    else:
        claim = priced_level(r, k, q, subject)
    if claim:
        run.claims.append(claim)
        run.was = claim.kind


_AVERAGED = frozenset(
    ("average", "averaged", "averaging", "customs", "mean", "paid", "pay", "pays", "paying")
)


def _share(r: Reading, k: int, q: Quantity, subject: Subject, run: _Run) -> Claim | None:
    """The share that a percentage is, said in full or in short after another."""
    before = run.share or r.context.share
    if before and (again := shares_again.read_again(r, k, q, subject, before)):
        return again
    if run.share and (other := shares_again.read_other(r, k, q, run.share)):
        return other
    share = shares.read_share(r, k, q, subject)
    if share is None and run.share and run.was == "share":
        share = shares_again.read_like(r, k, q, run.share)
    return share


def _is_blocked(r: Reading, k: int, subject: Subject) -> bool:
    """Whether a company or another matter is what the clause is about."""
    if subject.frame.kind in ("off", "company"):
        return True
    if r.context.company and r.tokens[0].low in ("its", "it", "that", "the") and not r.owners:
        return True
    m = r.mentions[k]
    for frame in reversed(r.frames):
        if frame.kind == "company" and frame.first < m.first:
            between = r.tokens[frame.after : m.first]
            return not any(
                t.text == ";" or t.low in ("while", "but", "as", "whose") for t in between
            )
    return False


def _percent(r: Reading, k: int, q: Quantity, subject: Subject, run: _Run) -> Claim | None:
    if subject.measure == "share" and subject.frame.of is None and q.sort != "points":
        return None
    direction = directions.of_percent(r, k, subject, run.direction)
    if q.sort == "times" and low_at(r.tokens, q.after) in (
        "as",
        "the",
        "that",
        "what",
        "its",
        "those",
    ):
        direction = Direction(1)
    if direction is None or (q.sort == "part" and direction.move is None):
        return None
    if r.is_base(k) and not r.mentions[k].data.sign and directions.move_after(r, k) is None:
        return None
    value = q.value
    if q.sort == "times":
        if isinstance(value, tuple) or direction.sign < 0:
            return None
        value = (value - 1) * 100
    run.direction = direction
    subject = _of_price(r, k, subject, run)
    first, after = quote_of(r, k, q, subject, direction)
    period = period_of(r, k, subject)
    measure = by_volume(r, k, q.after) or subject.measure
    if run.claims and run.claims[-1].measure == "volume" and run.was == "level" and direction.move:
        measure = "volume"
    if measure == "rate" and r.context.rate:
        subject.partner = OF_CURRENCY.get(r.context.rate.split("/")[1], subject.partner)
    if q.sort == "points" and run.share:
        of = run.share
        subject = Subject(of.measure, "", of.product, of.reporter, of.partner, subject.frame)
        measure, period = of.measure, period or of.period
    if measure == "share":
        measure = subject.frame.of.measure if subject.frame.of else "sales"
    return r.claim(
        "change",
        subject,
        first,
        after,
        period=period,
        value=signed(value, direction.sign),
        unit=q.unit,
        base=directions.base_for(r, k, direction, period),
        hedge=q.hedge,
        step=q.step,
        measure=measure,
    )


def _worth(r: Reading, k: int, subject: Subject) -> Subject:
    """The flow again, behind a quantity of it: "446,000 cars, worth 36.8 billion euros"."""
    flow = subject.frame.measure if subject.frame.measure != "volume" else r.context.flow
    if subject.measure != "volume" or low_at(r.tokens, r.connector(k)) not in ("worth", "valued"):
        return subject
    return replace(subject, measure=flow) if flow in ("exports", "imports") else subject


def _of_price(r: Reading, k: int, subject: Subject, run: _Run) -> Subject:
    """The price just given, where a change follows it with no other phrase between."""
    if r.priced is None or not run.claims or run.claims[-1].measure != "price":
        return subject
    between = range(r.mentions[k - 1].after if k else 0, r.mentions[k].first)
    named = any(f.kind == "measure" and f.first in between for f in r.frames)
    return subject if named else r.priced


def _is_amount(r: Reading, q: Quantity, subject: Subject, direction: Direction | None) -> bool:
    """Whether an amount is one of what the clause is about, not the count of some noun."""
    if q.sort == "bare" and direction is None and not ends_phrase(r, q):
        return r.leads_to(q.after, subject.frame)
    if subject.measure == "price":
        return direction is not None
    return subject.measure not in ("share", "volume")


def _money(r: Reading, k: int, q: Quantity, subject: Subject, run: _Run) -> Claim | None:
    if q.sort == "bare" and (volume := volume_again(r, k, q, run.claims)) is not None:
        return volume
    unit = q.unit or r.context.currency
    if unit is None:
        return None
    if q.unit:
        r.context.currency = q.unit
    if subject.measure == "rate" or (run.claims and run.claims[-1].measure == "rate"):
        return rate_again(r, k, q, subject)
    if (again := price_again(r, k, q, run.claims)) is not None:
        return again
    subject = _worth(r, k, subject)
    if (sign := excess(r, subject)) and low_at(r.tokens, r.connector(k)) == "by":
        return level(r, k, q, subject, unit, value=signed(q.value, sign), measure="balance")
    if subject.measure == "exports" and low_at(r.tokens, q.after) in GOES:
        # "Of these, 17.9 billion went to the United States"
        subject = replace(subject, partner=r.partner_after(q.after, q.after + 5) or subject.partner)
    direction = directions.of_money(r, k, run.direction, run.was)
    if not _is_amount(r, q, subject, direction):
        return None
    if direction:
        run.direction = direction
        period = period_of(r, k, subject)
        first, after = quote_of(r, k, q, subject, direction)
        return r.claim(
            "change",
            subject,
            first,
            after,
            period=period,
            value=signed(q.value, direction.sign),
            unit=unit,
            base=directions.base_for(r, k, direction, period),
            hedge=q.hedge,
            step=q.step,
        )
    value: Number = q.value
    if subject.measure == "balance":
        value = balance(r, k, q, subject)
    elif q.sign == "-":
        value = signed(value, -1)
    return level(r, k, q, subject, unit, value=value)


def _factor(r: Reading, k: int, m: Mention, run: _Run) -> None:
    """ "Doubled", "halved", "was triple the …"."""
    subject = _of_price(r, k, r.subject_of(k), run)
    if subject.measure in (None, "share") or _is_blocked(r, k, subject):
        return
    word, after = low_at(r.tokens, m.first), low_at(r.tokens, m.after)
    if after == "-" or (
        word in ("double", "triple", "treble", "halve") and after in ("digit", "digits")
    ):
        return
    if word in ("double", "triple", "twice", "quadruple") and not _is_predicate(r, m):
        return
    hedge, lead = read_hedge(r.tokens, m.first)
    period = period_of(r, k, subject)
    assert m.data.factor is not None
    direction = Direction(m.data.sign, m)
    run.direction = direction
    first = lead
    if r.at(lead - 1) is None and low_at(r.tokens, lead - 1) in ("was", "were", "is"):
        first = lead - 1
    if subject.frame.after == first and subject.frame.kind != "carried":
        first = subject.frame.first
    claim = r.claim(
        "change",
        subject,
        first,
        m.after,
        period=period,
        value=m.data.factor,
        unit="%",
        base=directions.base_for(r, k, direction, period),
        hedge=hedge,
        step=numbers.WORD_STEP,
        measure=by_volume(r, k, m.after) or subject.measure,
    )
    if claim:
        run.claims.append(claim)
        run.was = "change"


def _is_predicate(r: Reading, m: Mention) -> bool:
    """Whether "triple" compares figures ("triple the 5 billion of May"), or is said of something
    else.
    """
    before, after = low_at(r.tokens, m.first - 1), low_at(r.tokens, m.after)
    if low_at(r.tokens, m.first) == "half":
        return True
    return after in ("the", "that", "what", "those", "from", "as", "its", "last") or before in (
        "to",
        "than",
        "nearly",
    )


_MARGIN = frozenset(("margin", "amount", "percentage", "rate", "proportion", "extent", "degree"))


def _same_margin(r: Reading, m: Mention) -> int:
    """The token after "by the same margin", right behind a move; 0 where it is not there."""
    at = m.after
    words = [t.low for t in r.tokens[at : at + 4]]
    if (
        words[:1] == ["by"]
        and words[1:2] in (["the"], ["an"])
        and words[2:3] in (["same"], ["identical"], ["equal"])
    ):
        return at + 4 if words[3:4] and words[3] in _MARGIN else 0
    if words[:2] == ["the", "same"] and words[2:3] and words[2] in _MARGIN:
        return at + 3
    return 0


def _copy(r: Reading, k: int, m: Mention, after: int, run: _Run) -> None:
    """ "And imports dipped by an equal amount": the figure before, for another flow."""
    last = next((c for c in reversed(run.claims) if c.kind == "change"), None)
    subject = r.subject_of(k)
    if last is None or last.value is None or subject.measure is None:
        return
    value = signed(last.value, m.data.sign)
    first = subject.frame.first if subject.frame.after == m.first else m.first
    claim = r.claim(
        "change",
        subject,
        first,
        after,
        period=last.period,
        value=value,
        unit=last.unit,
        base=last.base,
        hedge=last.hedge,
        step=last.step,
    )
    if claim:
        run.claims.append(claim)


def base_of_run(claims: list[Claim]) -> str | None:
    """The first base that the changes of a sentence were given, for the sentences after it."""
    return next(
        (c.base for c in claims if c.kind == "change" and c.base in ("yoy", "mom", "qoq")), None
    )
