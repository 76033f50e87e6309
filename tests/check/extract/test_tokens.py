"""Tokens and sentences of clean and of damaged text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.check.extract.tokens import LONGEST, sentences, tokens


def split(text: str) -> list[str]:
    return [text[s[0].start : s[-1].end] for s in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Exports rose. Imports fell.", ["Exports rose.", "Imports fell."]),
        ("the gap wideningAnother thing", ["the gap widening", "Another thing"]),
        ("in March.Its imports fell", ["in March.", "Its imports fell"]),
        ("in 2021The gap grew", ["in 2021", "The gap grew"]),
        ("rose 4.5%This was", ["rose 4.5%", "This was"]),
        ("The U.S. deficit fell by 3.5 percent.", ["The U.S. deficit fell by 3.5 percent."]),
        ("Trade with the U.S. The gap grew.", ["Trade with the U.S.", "The gap grew."]),
        ("Since Nov. 2020 it rose.", ["Since Nov. 2020 it rose."]),
        ("It was $3.5bn.The rest", ["It was $3.5bn.", "The rest"]),
        ("Advertisements\nOil rose.\nAdvertisements", ["Oil rose."]),
        ("- Exports: 5\n- Imports: 6", ["- Exports: 5", "- Imports: 6"]),
        ("A headline\n\nA paragraph.", ["A headline", "A paragraph."]),
    ],
)
def test_sentences(text, parts):
    assert split(text) == parts


def test_a_wrapped_line_goes_on():
    text = "The ministry said on Thursday that the country's total exports to\nChina had fallen."
    assert len(split(text)) == 1


@given(st.text(max_size=300))
def test_tokens_stand_where_they_say(text):
    last = 0
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
        assert token.start >= last
        last = token.end


def test_endless_text_is_cut():
    assert all(len(s) <= LONGEST for s in sentences("tea " * 2000))


def test_a_genitive_is_a_token_of_its_own():
    assert [t.text for t in tokens("Chile’s and Peru's")] == ["Chile", "’s", "and", "Peru", "'s"]
