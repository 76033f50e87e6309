"""The labelled passages beside this file, as a floor under what is read right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from boeki.check.passages import label_claims, read_passages

PASSAGES = Path(__file__).with_name("passages.jsonl")
FIELDS = ("measure", "reporter", "partner", "product", "period")


def test_passages_are_read_right():
    lines = PASSAGES.read_text(encoding="utf-8").splitlines()
    labels = {row["id"]: row["claims"] for row in map(json.loads, lines)}
    found = {name: label_claims(passage) for name, passage in read_passages(lines)}
    right = sum(_right(labels[name], found[name]) for name in labels)
    said = sum(map(len, labels.values())) + sum(map(len, found.values()))
    assert 2 * right / said >= 0.93


def _right(labels: list[dict[str, Any]], found: list[dict[str, Any]]) -> int:
    """How many labels have a claim of their own that agrees with them in every field."""
    left = list(found)
    count = 0
    for label in labels:
        match = next((c for c in left if _agrees(label, c)), None)
        if match is not None:
            left.remove(match)
            count += 1
    return count


def _agrees(label: dict[str, Any], claim: dict[str, Any]) -> bool:
    if any(label[f] != claim[f] for f in ("kind", "unit", *FIELDS)):
        return False
    if any(f in label and label[f] != claim.get(f) for f in ("base", "sign")):
        return False
    a, b = label["value"], claim["value"]
    if a is None or b is None or isinstance(a, list) or isinstance(b, list):
        return bool(a == b)
    return bool(abs(a - b) <= 0.0005 * abs(a))
