"""``boeki completion``: the script for tab completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from boeki.cli.main import cli


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that turns on tab completion in a shell.

    \b
    Example:
      boeki completion bash >> ~/.bashrc
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(cli, {}, "boeki", "_BOEKI_COMPLETE").source())
