"""Sums in arrays, against sums made one by one."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import IntegrityError
from boeki.lake.cells import Cells, LastYear

FIRST = 12 * 2020
SIZES = {"product": 3, "partner": 2}
NONE = ibis.table({"cell": "int64"}, name="none")


def cells(step: int, *, told: int = FIRST, back: int = 12) -> Cells:
    """Two years."""
    return Cells(NONE, range(FIRST, FIRST + 24, step), SIZES, told, back)


def batch(*rows: tuple[int | None, Any], kind: Any = None) -> pa.RecordBatch:
    of, values = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(of, pa.int64()), pa.array(values, kind or pa.decimal128(20, 3))],
        names=["cell", "value"],
    )


@settings(deadline=None)
@given(
    step=st.sampled_from([1, 3, 12]),
    told=st.sampled_from([FIRST, FIRST + 12]),
    back=st.sampled_from([0, 12]),
    given_=st.lists(
        st.tuples(
            st.integers(0, 23), st.integers(0, 2), st.integers(0, 1),
            st.decimals(0, 10**12, places=3),
        ),
        min_size=1,
    ),
    cut=st.integers(0, 30),
)  # fmt: skip
def test_sums_are_those_of_the_rows(
    step: int, told: int, back: int, given_: list[tuple[int, int, int, Decimal]], cut: int
) -> None:
    sums: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    count: dict[tuple[int, int, int], int] = defaultdict(int)
    numbered = []
    for month, product, partner, value in given_:
        place = month // step
        key = FIRST + place * step, product, partner
        sums[key] += value
        count[key] += 1
        numbered.append(((place * 3 + product) * 2 + partner, value))
    whole = batch(*numbered)
    # Slices begin amid the memory of what they are cut from, and may be empty.
    parts = [whole.slice(0, cut), whole.slice(cut)]
    asked = cells(step, told=told, back=back)
    reader = asked.added_up(parts)
    assert reader is not None
    table = reader.read_all()
    table.validate(full=True)
    assert table.schema == asked.schema
    assert [tuple(r.values()) for r in table.to_pylist()] == [
        (
            *key,
            sums[key],
            sums.get((key[0] - back, *key[1:])) if back else None,
            count[key],
        )
        for key in sorted(sums)
        if key[0] >= told
    ]


@pytest.mark.parametrize("step", [1, 3, 12])
def test_a_span_leaves_its_last_year_to_the_next(step: int) -> None:
    slots = 12 // step
    both = [(n * 6, Decimal(n + 1)) for n in range(2 * slots)]
    whole = cells(step).added_up([batch(*both)])
    assert whole is not None
    left = LastYear()
    first = Cells(NONE, range(FIRST, FIRST + 12, step), SIZES, FIRST, 12, left=left)
    second = Cells(NONE, range(FIRST, FIRST + 24, step), SIZES, FIRST + 12, 12, given=left)
    # What was not added up yet has left nothing.
    assert second.added_up([batch(*both[slots:])]) is None
    one = first.added_up([batch(*both[:slots])])
    other = second.added_up([batch(*both[slots:])])
    assert one is not None
    assert other is not None
    parts = pa.concat_tables([one.read_all(), other.read_all()])
    assert parts.to_pylist() == whole.read_all().to_pylist()
    assert left == LastYear()


@pytest.mark.parametrize(
    "values",
    [("-0.001",), (None,), ("9" * 17 + ".999",), ("8" + "0" * 14, "8" + "0" * 14)],
    ids=["below nothing", "missing", "more than 64 bits", "a sum of nineteen digits"],
)
def test_what_does_not_fit_is_left_to_others(values: tuple[str | None, ...]) -> None:
    rows = [(0, None if v is None else Decimal(v)) for v in values]
    assert cells(12).added_up([batch((1, Decimal(1))), *(batch(r) for r in rows)]) is None


@pytest.mark.parametrize("cell", [None, -1, 12], ids=["no code", "before", "after"])
def test_a_row_without_a_cell_is_an_error_and_not_left_out(cell: int | None) -> None:
    with pytest.raises(IntegrityError, match="not among its own"):
        cells(12).added_up([batch((0, Decimal(1)), (cell, Decimal(1)))])
