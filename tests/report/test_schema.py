"""The JSON of a report keeps to its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from boeki.check.verdict import MEANING, Report
from tests.report import factory

SCHEMA: dict[str, Any] = json.loads(
    resources.files("boeki.report").joinpath("check-report.schema.json").read_text("utf-8")
)
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "check-json.md"


def validate(data: Any) -> None:
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(data)


def dumped(report: Report) -> Any:
    return json.loads(json.dumps(report.to_dict(), allow_nan=False))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_report_with_every_verdict_keeps_to_it() -> None:
    validate(dumped(factory.sample()))
    validate(dumped(Report("x", factory.PUBLISHED, factory.CHECKED)))


def test_verdicts_are_those_of_the_code() -> None:
    assert SCHEMA["$defs"]["verdict"]["enum"] == list(MEANING)
    assert list(SCHEMA["properties"]["summary"]["properties"]) == list(MEANING)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "true"},
        {"kind": "opinion"},
        {"start": -1},
        {"value": [1]},
        {"approx": False},
        {"effect": "balance"},
        {"extra": 1},
        {"known": {"verdict": "supported"}},
    ],
)
def test_what_does_not_keep_to_it_is_refused(change: dict[str, Any]) -> None:
    data = dumped(factory.sample())
    data["claims"][0] |= change
    with pytest.raises(ValidationError):
        validate(data)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)


def test_every_object_is_closed_and_every_field_described() -> None:
    found = list(objects(SCHEMA))
    assert len(found) == 6
    for schema in found:
        assert schema["additionalProperties"] is False
        for name, part in schema["properties"].items():
            assert part.get("description"), name


def test_every_field_is_in_the_reference() -> None:
    text = DOCS.read_text("utf-8")
    named = set(re.findall(r"^\| `([^`]+)`", text, re.M))
    assert {name for schema in objects(SCHEMA) for name in schema["properties"]} <= named
    example = re.search(r"```json\n(.*?)```", text, re.S)
    assert example
    validate(json.loads(example[1]))


def test_the_factory_covers_the_dataclass() -> None:
    claims = [*factory.sample().claims, factory.revised_twice()]
    for field in fields(claims[0]):
        assert any(getattr(c, field.name) for c in claims), field.name
