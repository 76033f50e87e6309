"""Causes: which flow of which product is said to explain which change, and how strongly."""

from __future__ import annotations

import pytest

from boeki.check.claim import Claim, Passage
from boeki.check.extract import extract


def causes(text: str) -> list[Claim]:
    return [
        c for c in extract(Passage(text, "2024-06-20", {"reporter": "KOR"})) if c.kind == "cause"
    ]


@pytest.mark.parametrize(
    ("text", "product", "effect", "strength"),
    [
        ("Exports rose 5% in May, driven by chips.", "semiconductors", "exports", "main"),
        ("Exports rose 5% in May thanks to car shipments.", "motor_vehicles", "exports", "main"),
        (
            "The trade deficit shrank 5% in May due to lower imports of crude oil.",
            "crude_oil",
            "balance",
            "major",
        ),
        (
            "Exports fell 5% in May, partly because of weak steel exports.",
            "steel",
            "exports",
            "some",
        ),
        ("Strong ship exports boosted the trade balance in May.", "ships", "balance", "major"),
        (
            "Rising battery exports contributed to the trade surplus in May.",
            "batteries",
            "balance",
            "some",
        ),
    ],
)
def test_cause(text, product, effect, strength):
    found = causes(text)
    assert [(c.product, c.effect, c.strength) for c in found] == [(product, effect, strength)]
    assert text[found[0].start : found[0].end] == found[0].quote


def test_what_was_said_before_is_taken_up():
    text = (
        "The trade deficit narrowed 40% in May from a year earlier. "
        "Wafer steppers aside, exports of chip tools climbed 60%. "
        "Such exports had a strong effect on the trade balance."
    )
    cause = causes(text)[-1]
    assert (cause.product, cause.measure, cause.effect) == (
        "semiconductor_equipment",
        "exports",
        "balance",
    )
    assert (str(cause.period), cause.base, cause.strength) == ("2024-05", "yoy", "major")


@pytest.mark.parametrize(
    "text",
    [
        "Exports rose 5% in May, helped by a weaker won.",
        "The drop was not due to chips.",
        "The minister was driven by car to the port.",
    ],
)
def test_no_cause_in_trade(text):
    assert causes(text) == []
