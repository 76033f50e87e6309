"""Families of codes that two editions of the HS have in common.

When the Harmonized System is amended, codes are parted, joined and moved. A change over such a
break must not be read off one code. The codes of both editions that the correspondence connects
make up a family, whose trade can be compared; a code that nothing happened to is a family of its
own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from boeki.terms.concordance import Row, concordance


@cache
def families(old: str, new: str, digits: int = 6) -> dict[tuple[str, str], str]:
    """Edition and code to the name of its family.

    Parameters
    ----------
    old, new
        Two editions: ``HS2017``, ``HS2022``.
    digits
        Of the codes asked for, 2, 4 or 6: those of fewer digits are connected where codes of six
        digits move between them.

    Returns
    -------
    dict
        The name is the family's smallest code, with ``+`` where it has several.

    References
    ----------
    Pierce & Schott (2012), Concording U.S. Harmonized System Codes over Time, Journal of Official
    Statistics 28; Van Beveren, Bernard & Vandenbussche (2012), Concording EU trade and production
    data over time, NBER Working Paper 18604.
    """
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row in _main(old, new):
        one, other = (new, row.from_code[:digits]), (old, row.to_code[:digits])
        first, second = root(one), root(other)
        if first != second:
            parent[max(first, second)] = min(first, second)
    members: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for node in list(parent):
        members.setdefault(root(node), []).append(node)
    return {node: _name(code for _e, code in own) for own in members.values() for node in own}


def _main(old: str, new: str) -> tuple[Row, ...]:
    """The pairs that most of the trade follows, where the tables tell them from the others.

    All pairs together would connect a fifth of the HS: the chapter on electronic waste of 2022, for
    one, took a little from a thousand codes.
    """
    rows = concordance(new, old)
    return tuple(r for r in rows if r.main) or rows


def _name(codes: Iterable[str]) -> str:
    several = sorted(set(codes))
    return several[0] if len(several) == 1 else f"{several[0]}+"
