"""Ranks: a place among a country's partners, among countries, or among products."""

from __future__ import annotations

from decimal import Decimal

from boeki.check.claim import Claim
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.mentions import Mention
from boeki.check.extract.places import Place
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

_PAST = wordset(
    "was were became remained overtook ranked came placed stood rose fell stayed led "
    "topped regained"
)


def read_ranks(r: Reading) -> list[Claim]:
    """The ranks of a sentence, in its order; one that only says another over again is left out."""
    found: list[Claim] = []
    for k, m in enumerate(r.mentions):
        if m.sort != "place" or k in r.out:
            continue
        claim = _rank(r, k, m, m.data, found)
        if claim and not any(
            c.value == claim.value and c.reporter == claim.reporter for c in found
        ):
            found.append(claim)
    return found


def _rank(r: Reading, k: int, m: Mention, place: Place, found: list[Claim]) -> Claim | None:
    subject = r.subject_of(k)
    if place.among == "same" and subject.frame.kind in ("off", "company"):
        return None
    if any(f.kind == "company" and f.first < m.first for f in r.frames):
        return None
    owner, standing = _parties(r, m)
    product = _product(r, m)
    told = Subject(place.measure, "", product or TOTAL, None, "WLD", subject.frame)
    if place.among == "partners":
        told = _among_partners(r, m, place, owner, standing, product)
    elif place.among == "products":
        told.reporter = owner or standing or r.context.reporter
        told.product = _free_product(r, m) or r.context.product
        if told.product == TOTAL:
            return None
    elif place.among == "reporters":
        told.reporter = standing or owner or r.context.reporter
        told.measure = place.measure or ("sales" if _industry(r) else r.context.measure)
        told.product = product or r.context.product
        if place.measure == "exports":
            told.product = product or TOTAL
        told.partner = r.partner_after(m.after, m.after + 8) or "WLD"
        if "with" in (t.low for t in r.tokens[m.after : m.after + 8]):
            told.partner = "WLD"  # "…, with Germany third": another's place
        if place.measure is None and told.measure == "sales":
            told.partner = "WLD"
            told.product = _whole_industry(told.product)
    else:
        told = _same(r, m, subject, standing)
    if (
        told.measure is None
        or told.measure == "share"
        or (told.reporter is None and told.partner == "WLD")
    ):
        return None
    if told.partner == told.reporter != "WLD":
        told.partner = "WLD"
    first, after = _quote(r, m)
    return r.claim(
        "rank",
        told,
        first,
        after,
        period=_period(r, k, subject),
        value=Decimal(place.number),
        unit="rank",
    )


def _whole_industry(product: str) -> str:
    """The industry as a whole where only a part of its market was spoken of."""
    return "semiconductor_equipment" if product in ("lithography", "wafer_processing") else product


def _industry(r: Reading) -> bool:
    words = {t.low for t in r.tokens}
    return bool(words & {"industry", "market", "field", "sector"}) or r.context.measure == "sales"


def _parties(r: Reading, m: Mention) -> tuple[str | None, str | None]:
    """Whose partner ("Nepal's largest trading partner") and who holds the place ("ASEAN
    remained").
    """
    owner = None
    for x in r.mentions:
        if (
            x.sort == "area"
            and x.after <= m.first
            and m.first - x.after <= 3
            and x.data.code != "WLD"
        ):
            between = [t.low for t in r.tokens[x.after : m.first]]
            if between[:1] in (["'s"], ["’s"], ["'"], ["’"]):
                owner = x.data.code
    if (held := _apposition(r, m)) and held != owner:
        if owner:
            return owner, held
        reporter = next((c for at, c in r.owners if c != held), r.context.reporter)
        frame = next((s for s in r.subjects if s.partner == held), None)
        return (frame.reporter if frame else reporter), held
    beside = r.mention_at(m.first - 1 - (low_at(r.tokens, m.first - 1) == "the"))
    if owner is None and beside and beside.sort == "area" and beside.data.code != "WLD":
        # "And the United States the largest importer"
        return owner, str(beside.data.code)
    others = [code for at, code in r.owners if code != owner]
    before = [code for at, code in r.owners if at < m.first and code != owner]
    standing = before[-1] if before else (others[0] if others else None)
    for x in r.mentions:
        if (
            x.sort == "area"
            and m.after <= x.first <= m.after + 8
            and x.data.code not in (owner, "WLD")
        ):
            words = [t.low for t in r.tokens[m.after : x.first]]
            following = r.mention_at(x.after)
            theirs = x.data.form == "name" or (following and following.sort == "measure")
            if owner is None and words[:1] in (["for"], ["of"]) and theirs:
                owner = x.data.code
                if standing == owner:
                    standing = None
            elif standing is None and set(words) & {"was", "is", "were", "remained", "became"}:
                standing = x.data.code
    return owner, standing


def _apposition(r: Reading, m: Mention) -> str | None:
    """The area of "China, its largest trading partner, …"."""
    at = m.first - 1
    if low_at(r.tokens, at) in ("'s", "’s"):
        owner = r.mention_at(at - 1)
        at = owner.first if owner else at
    elif low_at(r.tokens, at) not in ("its", "the", "their"):
        return None
    at -= 1
    if low_at(r.tokens, at) == "country" or low_at(r.tokens, at) != ",":
        return None
    before = r.mention_at(at - 1)
    if before is None or before.sort != "area" or before.data.form != "name":
        return None
    return None if before.data.code == "WLD" else str(before.data.code)


def _among_partners(
    r: Reading,
    m: Mention,
    place: Place,
    owner: str | None,
    standing: str | None,
    product: str | None,
) -> Subject:
    held = next((c for c in r.shares if c.partner == standing != "WLD"), None)
    if owner is None and held and held.measure == place.measure:
        # "Mexico was the leading supplier with 15.5 percent of US imports"
        owner = held.reporter
    words = [t.low for t in r.tokens[max(0, m.first - 4) : m.after + 6]]
    world = owner is None and ("world" in words or "global" in words or "worldwide" in words)
    frame = r.carried().frame
    if place.measure == "sales":
        if owner and "export" in words:
            return Subject("exports", "", product or TOTAL, owner, standing or "WLD", frame)
        flow = next((s for s in reversed(r.subjects) if s.frame.first < m.first), None)
        if flow and flow.measure in ("exports", "imports") and flow.partner != "WLD":
            return Subject(flow.measure, "", flow.product, flow.reporter, flow.partner, frame)
        near = next(
            (s for s in reversed(r.subjects) if s.frame.first < m.first and s.measure == "sales"),
            None,
        )
        if near and standing is None:
            standing = near.partner
        return Subject("sales", "", product or _spoken_of(r, m), "WLD", standing or "WLD", frame)
    if place.measure == "imports" and (
        world or (owner is None and r.context.reporter in (None, standing))
    ):
        # "The second-largest supplier in the world": a place among sellers.
        measure = "sales" if world or r.context.measure == "sales" else "exports"
        reporter = standing or r.context.reporter
        return Subject(measure, "", product or _spoken_of(r, m), reporter, "WLD", frame)
    named = [
        s
        for s in r.subjects
        if s.frame.first < m.first and s.reporter not in (None, standing, "WLD")
    ]
    reporter = owner or (named[-1].reporter if named else None)
    if reporter is None and r.context.reporter != standing:
        reporter = r.context.reporter
    return Subject(place.measure, "", product or TOTAL, reporter, standing or "WLD", frame)


def _spoken_of(r: Reading, m: Mention) -> str:
    """The product of the phrase before, in the sentence or the passage."""
    before = [s.product for s in r.subjects if s.frame.first < m.first and s.product != TOTAL]
    return before[-1] if before else r.context.product


def _same(r: Reading, m: Mention, subject: Subject, standing: str | None) -> Subject:
    """A place of the clause's own figure: "fourth after the one with Peru", "second only to the
    United States".
    """
    measure = subject.measure
    if measure == "share":
        inner = subject.frame.of
        measure = inner.measure if inner and inner.measure != "share" else "sales"
    out = Subject(
        measure, subject.sign, subject.product, subject.reporter, subject.partner, subject.frame
    )
    start = r.tokens[m.first].start
    share = next((c for c in reversed(r.shares) if c.base == "world" and c.start < start), None)
    if share and subject.measure in ("share", "sales"):
        # "Holds 30 percent of the world market, second only to …": the place of the holder.
        return Subject(share.measure, "", share.product, share.reporter, share.partner, out.frame)
    if standing and out.measure == "sales" and out.reporter == "WLD":
        out.partner = standing
    elif (
        standing
        and standing != out.reporter
        and out.partner == "WLD"
        and subject.frame.kind == "carried"
    ):
        out.reporter = standing
    return out


def _product(r: Reading, m: Mention) -> str | None:
    """A product inside the phrase or right behind it: "supplier of crude", "market for chip
    equipment".
    """
    for x in r.mentions:
        if x.sort == "product" and m.first <= x.first < m.after:
            return str(x.data)
    inside = _inside(r, m)
    if inside:
        return inside
    for x in r.mentions:
        if (
            x.sort == "product"
            and m.after <= x.first <= m.after + 4
            and low_at(r.tokens, m.after) in ("of", "for", "in")
            and not any(r.at(j) in ("date", "area") for j in range(m.after, x.first))
        ):
            return str(x.data)
    return None


def _inside(r: Reading, m: Mention) -> str | None:
    from boeki.check.extract import lexicon

    words = [t.low for t in r.tokens[m.first : m.after]]
    for i in range(len(words)):
        if hit := lexicon.products().match(words, i):
            return hit[0]
    return None


def _free_product(r: Reading, m: Mention) -> str | None:
    near = [
        x
        for k, x in enumerate(r.mentions)
        if x.sort == "product" and not m.first <= x.first < m.after
    ]
    near.sort(key=lambda x: abs(x.first - m.first))
    return str(near[0].data) if near else None


def _period(r: Reading, k: int, subject: Subject) -> Period | None:
    if any(x.sort == "date" and r.is_current(x) for x in r.mentions):
        return r.current(k, subject)
    words = {t.low for t in r.tokens}
    stands = words & {"now", "stands", "is", "leads", "are"}
    past = words & _PAST or any(x.sort == "move" for x in r.mentions)
    return r.current(k, subject) if past and not stands else None


def _quote(r: Reading, m: Mention) -> tuple[int, int]:
    first, after = m.first, m.after
    while first and (
        r.tokens[first - 1].low in ("the", "a", "'s", "’s", "-") or r.at(first - 1) == "area"
    ):
        first -= 1
        if m.first - first > 5:
            break
    if low_at(r.tokens, after) in ("of", "for", "in", "to", "with", "those", "the"):
        end = after
        while end < len(r.tokens) and end - after < 8 and r.tokens[end].kind == "word":
            end += 1
            if r.at(end - 1) in ("product", "area") and r.at(end) not in ("product", "area"):
                after = end
                break
    return first, after
