"""Codes as numbers, for questions over many rows.

Offices write products and partners as words. Millions of rows are sorted out by number in half the
time and half the memory; the words are put back when the answer is there. A number stands for one
word only: that is seen to, and where two share one the words are kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

#: From so many rows on it pays to look first at which codes there are.
MANY = 1_000_000
#: More words than this are no codes.
_MOST = 500_000


#: Two lakes on one engine must not take each other's tables.
_NUMBER = itertools.count()


@dataclass(frozen=True, slots=True)
class Codes:
    """The words in a column.

    Attributes
    ----------
    told
        ``code``, and the ``number`` that an engine has for it.
    table
        The same, known to the engine.
    """

    told: pa.Table
    table: ibis.Table

    def numbers(self, codes: Collection[str]) -> list[int]:
        """The numbers of those of some words that are there."""
        # Takes as long to load as a small question takes; so it is loaded for large ones only.
        import pyarrow.compute as pc

        have = pc.is_in(self.told["code"], pa.array(sorted(codes), pa.string()))
        return list(self.told.filter(have)["number"].to_pylist())


def codes_of(engine: Any, rows: ibis.Table, columns: Sequence[str]) -> dict[str, Codes]:
    """The words in columns, with their numbers.

    Parameters
    ----------
    engine
        What runs expressions.
    rows
        Where the words stand.
    columns
        Columns of text.

    Returns
    -------
    dict of Codes
        By column; without the columns that cannot be numbered.
    """
    import pyarrow.compute as pc

    each = [
        rows.select(code=rows[column])
        .distinct()
        .select(column=ibis.literal(column), code=_.code, number=engine.number(_.code))
        for column in columns
    ]
    found = engine.execute(ibis.union(*each) if len(each) > 1 else each[0])
    out = {}
    for column in columns:
        told = found.filter(pc.equal(found["column"], column)).select(["code", "number"])
        if _one_to_one(told):
            out[column] = Codes(told, engine.table(f"codes_{column}_{next(_NUMBER)}", told))
    return out


def _one_to_one(told: pa.Table) -> bool:
    """Whether every word has a number, and no other word has the same."""
    if told["code"].null_count or told.num_rows > _MOST:
        return False
    return bool(len(told["number"].unique()) == told.num_rows)
