"""The public names: documented, importable, and light."""

from __future__ import annotations

import ast
import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import boeki
from boeki.cli.main import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference" / "cli.md"


def test_the_public_names_are_sorted() -> None:
    assert list(boeki.__all__) == sorted(set(boeki.__all__))


@pytest.mark.parametrize("name", boeki.__all__)
def test_a_public_name_resolves_and_is_documented(name: str) -> None:
    thing = getattr(boeki, name)
    assert thing.__name__ == name
    own = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    # A dataclass without a docstring gets its signature for one.
    assert own
    assert not own.startswith(f"{name}(")
    assert own.partition("\n")[0].endswith((".", "?"))


def test_the_directory_has_the_public_names() -> None:
    assert set(boeki.__all__) <= set(dir(boeki))


def test_what_type_checkers_see_is_what_resolves() -> None:
    tree = ast.parse(Path(boeki.__file__).read_text(encoding="utf-8"))
    shown = {
        alias.asname or alias.name: node.module
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert shown == boeki._HOME
    assert sorted(shown) == list(boeki.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'chek_article'"):
        boeki.chek_article  # noqa: B018


def test_the_examples_of_the_package_hold() -> None:
    tried = doctest.testmod(boeki)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_the_package_is_typed() -> None:
    assert (Path(boeki.__file__).parent / "py.typed").is_file()


@pytest.mark.parametrize("module", ["boeki", "boeki.cli", "boeki.errors", "boeki.terms.periods"])
def test_an_import_brings_nothing_heavy(module: str) -> None:
    heavy = ("ibis", "duckdb", "pandas", "pyarrow", "numpy", "jinja2", "rich", "bs4")
    program = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not REFERENCE.is_file(), reason="docs/reference/cli.md is not written yet")
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert f"boeki {name}" in text
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    options = [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"]
    assert [o for o in options if o not in text] == []
