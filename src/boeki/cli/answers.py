"""How commands that give an answer print it: for people, as JSON, as CSV, as a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from boeki.cli.shared import print_json

if TYPE_CHECKING:
    from boeki.answer import Answer

F = TypeVar("F", bound=Callable[..., Any])


PLOT = click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw it into FILE: .png, .svg or .pdf (needs boeki[plot]).",
)


def answered(command: F) -> F:
    """The options ``--json``, ``--csv``, ``--plot`` and ``--rows`` of a command; it hands what they
    say to :func:`show` as ``as_json``, ``as_csv``, ``plot`` and ``most``.
    """
    for option in (
        click.option(
            "--rows", "most", type=click.IntRange(1), default=40, help="Rows shown (default: 40)."
        ),
        PLOT,
        click.option("--csv", "as_csv", is_flag=True, help="Print CSV."),
        click.option(
            "--json", "as_json", is_flag=True, help="Print JSON, with method and evidence."
        ),
    ):
        command = option(command)
    return command


def show(answer: Answer, *, as_json: bool, as_csv: bool, plot: Path | None, most: int = 40) -> None:
    """Print an answer in the form asked for, and draw it where a file was named."""
    if plot is not None:
        from boeki.report.plot import save_plot

        save_plot(answer, plot)
    if as_json:
        print_json(answer.to_dict())
    elif as_csv:
        click.echo(answer.to_csv(), nl=False)
    else:
        from boeki.report.answers import print_answer

        print_answer(answer, most=most)
        if plot is not None:
            click.echo(f"Drawn: {plot}")
