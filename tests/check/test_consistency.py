"""The article's own arithmetic."""

from __future__ import annotations

from boeki.check.consistency import arithmetic

from .conftest import make


def levels(now, then):
    return [
        make("level", "balance", now, "JPY", step="1e8"),
        make("level", "balance", then, "JPY", step="1e8", period="2023-11"),
    ]


GROWTH = make("change", "balance", "-85.5", "%", base="yoy", step="0.1")


def test_a_number_is_held_against_those_nearest_to_it():
    # Twice the same growth, once beside the levels that give it and once beside others.
    claims = [
        *levels(-117_600_000_000, -813_800_000_000),
        GROWTH,
        *levels(-400_000_000_000, -813_800_000_000),
        *levels(-400_000_000_000, -813_800_000_000),
        GROWTH,
    ]
    assert [(c.claims, c.agrees) for c in arithmetic(claims)] == [
        ((0, 1, 2), True),
        ((5, 6, 7), False),
    ]


def test_each_number_is_held_against_others_once():
    claims = [*levels(-117_600_000_000, -813_800_000_000), GROWTH] * 200
    assert len(arithmetic(claims)) == 200


def test_other_currencies_periods_partners_and_measures_are_left_alone():
    now, then = levels(-117_600_000_000, -813_800_000_000)
    for field in ({"unit": "USD"}, {"partner": "CHN"}, {"measure": "exports"}, {"adjusted": True}):
        from dataclasses import replace

        assert arithmetic([now, replace(then, **field), GROWTH]) == []
    assert arithmetic([then, then, GROWTH]) == []


def test_a_change_of_sign_has_no_growth():
    claims = [*levels(117_600_000_000, -813_800_000_000), GROWTH]
    (found,) = arithmetic(claims)
    assert not found.agrees
    assert "undefined" in found.text
