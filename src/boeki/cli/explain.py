"""``boeki explain``: what a change is made of."""

from __future__ import annotations

import click

from boeki.cli.lazy import LazyGroup

#: Decomposition to the module that has it.
DECOMPOSITIONS: dict[str, tuple[str, str]] = {}


class _Explanations(LazyGroup):
    """Decompositions; a country at the head stands for the first page of its change."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.homes and not args[0].startswith("-"):
            args = ["change", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Explanations, homes=DECOMPOSITIONS)
def explain() -> None:
    """Explain a change of trade: which commodities, partners, prices and volumes did how much.

    Every decomposition adds up to the change that it explains, to the last digit.

    \b
    Examples:
      boeki explain JPN 2024-11 --vs yoy
      boeki explain JPN 2024-11 --measure exports --level 3
    """
