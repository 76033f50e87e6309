"""Of each figure the newest row by a day, on rows as a lake stores them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import pyarrow as pa
import pytest

from boeki.lake.known import CHAIN, NEWEST, known, on_days

DAYS = [dt.date(2024, 1, d) for d in range(1, 8)]
NAMES = ("figure", "published", "retrieved", "revision", "source", "value", "replaces", "until")
SORTS = {"published": pa.date32(), "retrieved": pa.date32(), "until": pa.date32()}

Line = tuple[int, int, int, int, str, int]


def rows(*lines: Line | tuple[Any, ...]) -> Any:
    """Figure, day of publication, of retrieval, number, document, value; and, where its place is
    known, the number of the row that it replaces and the day until which it stands.
    """
    made = [dict(zip(NAMES, (*line, None, None)[:8], strict=True)) for line in lines]
    for row in made:
        for day in SORTS:
            row[day] = None if row[day] is None else DAYS[row[day]]
    schema = pa.schema(
        [(n, SORTS.get(n, pa.string() if n == "source" else pa.int64())) for n in NAMES]
    )
    return ibis.memtable(pa.Table.from_pylist(made, schema=schema))


def values(moving: Any, aboard: Any, day: int | None, *, stand_in: bool = False) -> Any:
    """Figure and value of what is known on a day; a figure that is known twice stands twice."""
    as_of = None if day is None else DAYS[day]
    chain = None if moving is None else moving.select(*CHAIN)
    parts = known(moving, chain, aboard, as_of, stand_in=stand_in)
    whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
    found = ibis.duckdb.connect().to_pyarrow(whole).to_pylist()
    return sorted((r["figure"], r["value"]) for r in found)


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        # The later day of publication, whenever it came.
        ([(1, 2, 2, 0, "a", 10), (1, 1, 5, 1, "a", 11)], 10),
        # Of one day, what was retrieved later.
        ([(1, 1, 3, 1, "a", 10), (1, 1, 2, 2, "b", 11)], 10),
        # Of one retrieval, what the lake took in later.
        ([(1, 1, 2, 1, "a", 10), (1, 1, 2, 3, "c", 11), (1, 1, 2, 2, "b", 12)], 11),
        # In memory rows have no order of arrival: then the name of the document decides.
        ([(1, 1, 2, 1, "b", 10), (1, 1, 2, 1, "a", 11)], 11),
    ],
)
def test_which_row_is_the_newest(lines: list[Line], value: int) -> None:
    for order in (lines, lines[::-1]):
        assert values(None, rows(*order), None) == [(1, value)]
        # Some of them pulled, and some aboard.
        assert values(rows(order[0]), rows(*order[1:]), None) == [(1, value)]


#: Taken in in this order: 10 on day 1, 14 on day 5, then late 12 on day 3, and 11 on day 2.
LINKED = (
    (1, 1, 6, 0, "a", 10, None, None),
    (1, 5, 6, 1, "d", 14, 0, None),
    (1, 3, 6, 2, "c", 12, 0, 5),
    (1, 2, 6, 3, "b", 11, 0, 3),
)


@pytest.mark.parametrize(
    ("day", "value"), [(0, None), (1, 10), (2, 11), (3, 12), (4, 12), (5, 14), (6, 14), (None, 14)]
)
def test_rows_that_know_their_place(day: int | None, value: int | None) -> None:
    wanted = [] if value is None else [(1, value)]
    assert values(rows(*LINKED), None, day) == wanted
    # Compared one by one they say the same, and so they do beside another figure's rows aboard.
    assert values(None, rows(*LINKED), day) == wanted
    assert values(rows(*LINKED), rows((2, 6, 6, 0, "e", 20)), day) == wanted + [(2, 20)] * (
        day in (6, None)
    )


def test_of_what_was_published_later_the_oldest_stands_in() -> None:
    assert values(rows(*LINKED), None, 0, stand_in=True) == [(1, 10)]
    assert values(rows(*LINKED), None, 2, stand_in=True) == [(1, 11)]
    assert values(None, rows((1, 3, 3, 0, "a", 10), (1, 2, 4, 1, "b", 11)), 0, stand_in=True) == [
        (1, 11)
    ]


def test_the_same_day_asked_for_twice_is_one_day() -> None:
    table = rows((1, 0, 0, 0, "a", 10))
    shown = ibis.duckdb.connect().to_pyarrow(
        on_days(table, (DAYS[1], DAYS[1], None), stand_in=False)
    )
    assert sorted(r["as_of"] for r in shown.to_pylist()) == [DAYS[1], NEWEST]
