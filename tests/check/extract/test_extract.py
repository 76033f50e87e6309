"""The whole reader: it never fails, its quotes stand in the text, and it does well on labels."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.check.claim import Passage
from boeki.check.extract import extract
from boeki.check.passages import label_claims, read_passages
from boeki.errors import InputError

CLAIMS = Path(__file__).parents[4] / "shared" / "claims"

_WORDS = """Japan's China exports imports deficit surplus rose fell by to from of in the a record
high low 5% $3 billion ¥4.5 trillion yen May 2023 a year earlier last month fifth
straight month largest since share market accounted for chips cars and while , . ; (
) - half doubled first quarter about nearly forecast Oct: + % 12 third second-largest
semiconductor equipment balance trade with to driven by thanks due FY24 million
tonnes barrels per day"""
WORDS = _WORDS.split()


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text):
    for claim in extract(Passage(text, "2024-06-20", {})):
        assert text[claim.start : claim.end] == claim.quote


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=300, deadline=None)
def test_quotes_stand_in_the_text(parts):
    text = " ".join(parts)
    for claim in extract(Passage(text, "2024-06-20", {"reporter": "JPN"})):
        assert claim.quote
        assert text[claim.start : claim.end] == claim.quote
        json.dumps(claim.to_label())


def test_claims_stand_in_the_order_of_the_text():
    text = "Peru's exports rose 5% in May to $3 billion, a record. Imports fell 2%."
    starts = [c["quote"] for c in label_claims(Passage(text, "2024-06-20", {}))]
    assert starts == sorted(starts, key=text.find)


def test_a_long_text_takes_time_in_proportion():
    sentence = "Peru's exports rose 5.1 percent in May from a year earlier to $3.2 billion. "
    many, more = 300, 1200
    times = []
    for n in (many, more):
        start = time.perf_counter()
        assert len(extract(Passage(sentence * n, "2024-06-20", {}))) == 2 * n
        times.append(time.perf_counter() - start)
    # Four times the text in well under sixteen times the time: no quadratic scan.
    assert times[1] < 10 * times[0] + 0.5


def test_a_bad_day_of_publication_is_refused():
    with pytest.raises(InputError, match="2024-12-18"):
        extract(Passage("Exports rose.", "yesterday", {}))


def test_passages_are_read_from_lines():
    rows = [json.dumps({"id": "a", "text": "x", "published": "2024-01-01"}), "", "  "]
    assert [i for i, _ in read_passages(rows)] == ["a"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": "a", "published": "2024-01-01"}', "'text'"),
        ('{"id": "a", "text": "x", "published": "soon"}', "published"),
        (
            '{"id": "a", "text": "x", "published": "2024-01-01", "context": {"reporter": "XXX"}}',
            "XXX",
        ),
        ('{"id": "a", "text": "x", "published": "2024-01-01", "context": [1]}', "context"),
    ],
)
def test_a_bad_line_is_named(line, said):
    good = json.dumps({"id": "z", "text": "x", "published": "2024-01-01"})
    with pytest.raises(InputError, match=r"line 2: .*") as caught:
        list(read_passages([good, line]))
    assert said in str(caught.value)


@pytest.mark.skipif(
    not (CLAIMS / "score.py").exists(), reason="the labelled passages are not beside this checkout"
)
def test_the_labelled_passages_are_read_well():
    spec = importlib.util.spec_from_file_location("score", CLAIMS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    gold = scorer.read(CLAIMS / "dev.jsonl")
    with (CLAIMS / "dev.jsonl").open(encoding="utf-8") as lines:
        predicted = {i: {"claims": label_claims(p)} for i, p in read_passages(lines)}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        scorer.score(gold, predicted)
    last = said.getvalue().strip().splitlines()[-1]
    assert float(last.split("fully_right_f1=")[1].split()[0]) >= 0.9
