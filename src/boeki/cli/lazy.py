"""Groups whose commands are imported when they are called, not when help is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """A group that knows where its commands are.

    Parameters
    ----------
    homes
        Command to the module that has it and its line in the help.
    others
        What else stands for a command, so that a misspelt one can be told what comes near.
    """

    def __init__(
        self, *args: Any, homes: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.homes = dict(homes or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of its commands, in order."""
        return sorted({*self.homes, *self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, imported now."""
        if cmd_name not in self.homes:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(self.homes[cmd_name][0])
        command = getattr(module, cmd_name.replace("-", "_"))
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was named, or what comes near it."""
        from boeki.errors import nearest

        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            near = nearest(args[0], known, most=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"no such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with its line, none of them imported."""
        lines = [(name, self._line(ctx, name)) for name in self.list_commands(ctx)]
        if lines:
            with formatter.section("Commands"):
                formatter.write_dl(lines)

    def _line(self, ctx: click.Context, name: str) -> str:
        if name in self.homes:
            return self.homes[name][1]
        command = super().get_command(ctx, name)
        return command.get_short_help_str(80) if command else ""
