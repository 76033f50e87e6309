"""Types and options that several commands share."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    # Only newer versions of click have a type that takes arguments.
    _DayType = click.ParamType[dt.date, Any]
    _TextType = click.ParamType[str, str]
else:
    _DayType = _TextType = click.ParamType


class Day(_DayType):
    """A day, as ISO 8601 writes it."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """Read the day, or say how to write one."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day: write it as 2025-01-10", param, ctx)


class AreaCode(_TextType):
    """An area, by code or name; completes codes."""

    name = "AREA"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[Any]:
        """Areas whose code begins as typed."""
        from click.shell_completion import CompletionItem

        from boeki.terms.areas import areas

        upper = incomplete.upper()
        return [CompletionItem(a.code, help=a.name) for a in areas() if a.code.startswith(upper)]


class ProductTerm(_TextType):
    """A product, by term or code; completes terms."""

    name = "PRODUCT"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[Any]:
        """Terms that begin as typed."""
        from click.shell_completion import CompletionItem

        from boeki.terms.products import name, terms

        return [CompletionItem(t, help=name(t)) for t in terms() if t.startswith(incomplete)]


DAY, AREA, PRODUCT = Day(), AreaCode(), ProductTerm()


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
