"""Codes as numbers, for questions over many rows.

Offices write products and partners as words. DuckDB sorts millions of rows out by number in half
the time and half the memory; the words are put back when the answer is there.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
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
        ``code``, and its ``number``: 0, 1 … in the order of the codes.
    table
        The same, known to the engine.
    """

    told: pa.Table
    table: ibis.Table

    def __len__(self) -> int:
        return int(self.told.num_rows)

    def numbers(self, codes: Collection[str]) -> list[int]:
        """The numbers of those of some words that are there."""
        wanted = set(codes)
        return [row["number"] for row in self.told.to_pylist() if row["code"] in wanted]


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
    out = {}
    for column in columns:
        # Told apart first and numbered then: of the words alone, DuckDB looks at the dictionaries
        # of files only.
        words = rows.select(code=rows[column]).distinct()
        number = ibis.row_number().over(order_by=_.code).cast("int32")
        told = engine.execute(words.select("code", number=number))
        if told.num_rows <= _MOST and not told["code"].null_count:
            out[column] = Codes(told, engine.table(f"codes_{column}_{next(_NUMBER)}", told))
    return out


def numbered(table: ibis.Table, codes: Mapping[str, Codes]) -> ibis.Table:
    """A table with ``COLUMN_number`` beside each column that has codes; null beside other words."""
    for column, words in codes.items():
        named = words.table.rename(f"{column}_{{name}}")
        table = table.left_join(named, table[column] == named[f"{column}_code"])
    return table
