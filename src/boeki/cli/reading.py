"""Options of commands that read the flows of a period: whose statistics, which codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from boeki.cli.shared import DAY

F = TypeVar("F", bound=Callable[..., Any])

#: What :func:`reading` hands on.
READING = ("digits", "level", "office", "classification", "as_of")


def reading(command: F) -> F:
    """The options ``--digits``, ``--level``, ``--office``, ``--classification``, ``--as-of``."""
    for option in (
        click.option("--as-of", type=DAY, help="Only what was published by this day."),
        click.option(
            "--classification", metavar="NAME", help="Which codes: HS2017 …; needed with several."
        ),
        click.option(
            "--office", metavar="NAME", help="Whose statistics: baci …; needed with several."
        ),
        click.option(
            "--level",
            type=click.IntRange(1, 4),
            default=2,
            help="Level of Japan's own commodities (default: 2).",
        ),
        click.option(
            "--digits", type=click.IntRange(1, 12), help="Only product codes of so many digits."
        ),
    ):
        command = option(command)
    return command


def period(command: F) -> F:
    """The option ``--period``, which is needed."""
    return click.option(
        "--period", required=True, metavar="PERIOD", help="When: 2022, 2024-11, 2024-Q1 …"
    )(command)


def split(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What says where to read, and how to print."""
    read = {name: options.pop(name) for name in READING}
    return read, options
