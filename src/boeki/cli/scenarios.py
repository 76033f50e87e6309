"""What all simulations take: a scenario from a file or in words, and a baseline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from boeki.world.world import World

FILE = click.Path(exists=True, path_type=Path)
shock = click.option(
    "-s",
    "--shock",
    "shocks",
    multiple=True,
    metavar="'KIND WORD=VALUE …'",
    help="A shock in words, as a scenario has them; also besides a file. Several names by commas.",
)
optional_file = click.argument("file", type=FILE, required=False, metavar="[FILE]")


def opened_world(path: Path | None) -> World | None:
    """A baseline; None for the one aboard."""
    if path is None:
        return None
    from boeki.world import open_world

    return open_world(path)


def scenario_of(file: Path | None, shocks: tuple[str, ...], *, needed: bool = True) -> Any:
    """A scenario from a file, from words, or from both."""
    from boeki.model.scenario import from_words, read_scenario

    if file is None and not shocks:
        if needed:
            raise click.UsageError(
                "name a scenario, such as examples/chip-export-ban.toml, or a --shock, such as "
                "'tariff from=CHN to=USA rate=25%'"
            )
        return None
    return from_words(shocks, read_scenario(file) if file is not None else None)
