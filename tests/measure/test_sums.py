"""Years in spans, each of which is told once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.measure.sums import Span, spans


@given(
    years=st.sets(st.integers(1990, 2024), min_size=1).map(lambda y: tuple(sorted(y))),
    room=st.integers(2, 40),
    compared=st.booleans(),
)
def test_every_year_is_told_once_and_the_one_before_it_read(
    years: tuple[int, ...], room: int, compared: bool
) -> None:
    found = spans(years, room, compared=compared)
    told = [y for s in found for y in years if s.first <= y <= s.last]
    assert tuple(told) == years
    for s in found:
        assert s.last - s.read < room
        if compared:
            assert all(s.read <= y - 1 for y in years if s.first <= y <= s.last and y - 1 in years)
        else:
            assert s.read == s.first


@pytest.mark.parametrize(
    ("room", "compared", "wanted"),
    [
        (9, True, [Span(2018, 2018, 2022)]),
        (2, True, [Span(2018, 2018, 2019), Span(2019, 2020, 2020), Span(2022, 2022, 2022)]),
        (2, False, [Span(2018, 2018, 2019), Span(2020, 2020, 2020), Span(2022, 2022, 2022)]),
        (1, True, []),
        (0, False, []),
    ],
)
def test_spans(room: int, compared: bool, wanted: list[Span]) -> None:
    assert spans((2018, 2019, 2020, 2022), room, compared=compared) == wanted
