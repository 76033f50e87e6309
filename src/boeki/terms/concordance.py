"""From one classification to another: which codes, and how much of each.

Pairs of codes are the United Nations' and WITS's. Between neighbouring vintages of the HS they
carry weights: from each vintage to the next from 1992 to 2017, and from 2017 back to 2012. These
were estimated by the Growth Lab at Harvard University (comtrade-downloader, Apache-2.0) so that
world trade in one vintage becomes world trade in the other. No weights exist for other splits. The
part that each target takes is then unknown, and is said to be, never guessed.

HS 2022 knows far more pairs with older vintages than the SITC or BEC need. Where a way merely
passes through HS 2022, it takes the pairs of the United Nations' conversion tables, which send each
code of HS 2022 to one older code, and the others only for older codes that these leave out.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from boeki.errors import InputError
from boeki.terms import classifications
from boeki.terms.products import TOTAL

#: The tables that there are, and what taking one costs a way between classifications. Vintages of
#: the HS follow one another with weights, so a way along them is better than one through HS 2022;
#: straight to and from HS 2022 the official table is better than any way.
_TABLES: Mapping[tuple[str, str], float] = {
    **dict.fromkeys(pairwise(classifications.HS[:-1]), 1.0),
    ("HS2017", "HS2012"): 1.0,
    **{("HS2022", name): 6.0 for name in classifications.HS[:-1]},
    **{("HS2022", f"SITC{n}"): 1.0 for n in "1234"},
    ("HS2017", "BEC4"): 1.0,
    ("HS2022", "BEC4"): 0.9,
    ("HS1992", "ISIC3"): 1.0,
    ("HS1996", "ISIC3"): 1.0,
    ("HS2002", "ISIC3"): 0.95,
    ("HS2007", "ISIC3"): 0.9,
    ("ISIC31", "ISIC3"): 1.0,
    ("ISIC4", "ISIC31"): 1.0,
}

#: A code's targets, each with the part of it that goes there; None where that is not known.
Split = dict[str, float | None]

#: Stands among targets for the part of a code that has no counterpart.
_LOST = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A code that another becomes.

    Attributes
    ----------
    code
        In the classification that was asked for.
    weight
        Which part of the other code's value goes there, from 0 to 1; None where it is not known.
        Many are tiny: the official pair exists, and the estimate found hardly any trade for it.
    ambiguous
        Whether the code is split and nobody says how: ``weight`` is None.
    main
        Whether the United Nations' conversion table sends the whole code there. It does so for
        want of anything better, as UN Comtrade does with its data; only from HS 2022 to older HS.
    """

    code: str
    weight: float | None
    ambiguous: bool
    main: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of codes of a whole table; attributes as in :class:`Target`."""

    from_code: str
    to_code: str
    weight: float | None
    ambiguous: bool
    main: bool = False


def convert(code: str, from_: str, to: str) -> tuple[Target, ...]:
    """What a code of one classification is in another.

    Parameters
    ----------
    code
        One of the finest, or ``TOTAL``.
    from_, to
        Classifications, as :func:`boeki.terms.classifications.classification` reads them.

    Returns
    -------
    tuple of Target
        By weight, then by code. Where no target is ambiguous, weights add up to 1, or to less
        where a part of the code has no counterpart. Empty for a code without any.

    Raises
    ------
    UnknownTerm
        Where there is no such classification or code.
    InputError
        Where the code has others below it, or no table leads to the classification.
    """
    start, end = classifications.classification(from_), classifications.classification(to)
    if code == TOTAL:
        return (Target(TOTAL, 1.0, False),)
    if classifications.children(start, code):
        below = ", ".join(classifications.children(start, code)[:3])
        raise InputError(f"{start} {code} has codes below it; convert those: {below} …")
    return tuple(
        Target(r.to_code, r.weight, r.ambiguous, r.main)
        for r in _by_source(start, end).get(code, ())
    )


@cache
def concordance(from_: str, to: str) -> tuple[Row, ...]:
    """The whole table from one classification to another, by code.

    Codes without counterpart do not occur in it; :func:`unmatched` names them.

    Raises
    ------
    UnknownTerm
        Where there is no such classification.
    InputError
        Where no table leads from the one to the other.
    """
    start, end = classifications.classification(from_), classifications.classification(to)
    return tuple(row for rows in _by_source(start, end).values() for row in rows)


def unmatched(from_: str, to: str) -> tuple[str, ...]:
    """The finest codes of a classification that have no counterpart in another.

    Raises
    ------
    UnknownTerm, InputError
        As for :func:`concordance`.
    """
    start, end = classifications.classification(from_), classifications.classification(to)
    found = _by_source(start, end)
    return tuple(c for c in _finest(start) if c not in found)


def route(from_: str, to: str) -> tuple[str, ...]:
    """The classifications through which a conversion goes, both ends included.

    Raises
    ------
    UnknownTerm
        Where there is no such classification.
    InputError
        Where no table leads from the one to the other.
    """
    start, end = classifications.classification(from_), classifications.classification(to)
    queue: list[tuple[float, tuple[str, ...]]] = [(0.0, (start,))]
    done: set[str] = set()
    while queue:
        cost, way = heapq.heappop(queue)
        if way[-1] == end:
            return way
        if way[-1] in done:
            continue
        done.add(way[-1])
        for (a, b), price in _TABLES.items():
            for here, there in ((a, b), (b, a)):
                if here == way[-1] and (there == end or _leads_on(there, start, end)):
                    heapq.heappush(queue, (cost + price, (*way, there)))
    raise InputError(f"no table leads from {start} to {end}")


def _leads_on(classification: str, start: str, end: str) -> bool:
    """Whether a way may go through a classification: one that is coarser than both ends may not."""
    return classification in classifications.HS or (
        classification.startswith("ISIC") and "ISIC" in start[:4] + end[:4]
    )


@cache
def _by_source(start: str, end: str) -> dict[str, tuple[Row, ...]]:
    way = route(start, end)
    if len(way) == 1:
        return {c: (Row(c, c, 1.0, False),) for c in _finest(start)}
    main = _main(start, end) if len(way) == 2 else frozenset()
    splits: dict[str, Split] = {c: {c: 1.0} for c in _finest(start)}
    for here, there in pairwise(way):
        step = _step(here, there, passing="HS2022" in way[1:-1])
        splits = {code: _follow(split, step) for code, split in splits.items()}
    return {
        code: tuple(
            Row(code, target, part, part is None, (code, target) in main)
            for target, part in sorted(_settled(split).items(), key=_largest_first)
            if target != _LOST
        )
        for code, split in splits.items()
        if split.keys() != {_LOST}
    }


def _largest_first(item: tuple[str, float | None]) -> tuple[float, str]:
    return -(item[1] or 0.0), item[0]


def _follow(split: Split, step: Mapping[str, Split]) -> Split:
    """One table further. A part is unknown as soon as anything unknown flows into it."""
    found: Split = {}
    for code, part in split.items():
        for target, share in step.get(code, {_LOST: 1.0}).items():
            earlier = found.get(target, 0.0)
            known = part is not None and share is not None and earlier is not None
            found[target] = earlier + part * share if known else None  # type: ignore[operator]
    return found


def _settled(split: Split) -> Split:
    """A split with the parts that follow from the others: one target takes all, a last the rest."""
    if len(split) == 1:
        return dict.fromkeys(split, 1.0)
    unknown = [target for target, part in split.items() if part is None]
    if len(unknown) == 1:
        rest = 1.0 - sum(part for part in split.values() if part is not None)
        return {**split, unknown[0]: min(max(rest, 0.0), 1.0)}
    return split


@cache
def _step(here: str, there: str, passing: bool) -> dict[str, Split]:
    """One table in the direction that is wanted; weights only as it has them.

    Parameters
    ----------
    passing
        Whether HS 2022 lies inside the way.
    """
    turned = (here, there) not in _TABLES
    rows = list(classifications.rows(f"{there}-{here}" if turned else f"{here}-{there}"))
    if passing and any(r["main"] for r in rows):
        led = {r["to_code"] for r in rows if r["main"]}
        rows = [r for r in rows if r["main"] or (turned and r["to_code"] not in led)]
    found: dict[str, Split] = {}
    for r in rows:
        one, other = (r["to_code"], r["from_code"]) if turned else (r["from_code"], r["to_code"])
        weight = float(r["weight"]) if r["weight"] and not turned else None
        found.setdefault(one, {})[other] = weight
    return {code: _settled(split) for code, split in found.items()}


@cache
def _main(here: str, there: str) -> frozenset[tuple[str, str]]:
    if (here, there) not in _TABLES:
        return frozenset()
    rows = classifications.rows(f"{here}-{there}")
    return frozenset((r["from_code"], r["to_code"]) for r in rows if r["main"])


@cache
def _finest(classification: str) -> tuple[str, ...]:
    return tuple(
        c
        for c in classifications.codes(classification)
        if not classifications.children(classification, c)
    )
