"""``boeki explain``: what a change is made of."""

from __future__ import annotations

import click

from boeki.cli.lazy import LazyGroup

#: Decomposition to the module that has it.
DECOMPOSITIONS: dict[str, tuple[str, str]] = {
    "change": ("boeki.cli.change", "The first page of a change: what `explain AREA PERIOD` shows."),
    "contributions": ("boeki.cli.change", "What did how much, by commodity and partner."),
    "price-volume": ("boeki.cli.prices", "Price, volume and exchange rate."),
    "margins": ("boeki.cli.prices", "What is new, lost, and went on."),
    "variety": ("boeki.cli.prices", "New and lost varieties in import prices."),
    "gap": ("boeki.cli.coherence", "Why two official numbers differ."),
    "growth-accounting": ("boeki.cli.growth_accounting", "Net exports in the growth of GDP."),
    "saving-investment": (
        "boeki.cli.growth_accounting",
        "The current account as saving less investment.",
    ),
    "market-share": (
        "boeki.cli.market_share_change",
        "Why exports or a share of the market changed.",
    ),
    "embodied": ("boeki.cli.value_added", "Value added, jobs and income in exports."),
    "multipliers": ("boeki.cli.value_added", "What a rise of exports adds at home."),
    "value-added": ("boeki.cli.value_added", "Value added in gross exports."),
}


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
