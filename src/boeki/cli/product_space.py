"""``boeki measure rca``, ``complexity``, ``fitness``, ``proximity``: who is good at what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from boeki.cli.answers import answered, show
from boeki.cli.reading import period, reading, split
from boeki.cli.shared import AREA

if TYPE_CHECKING:
    from boeki.measure.structure.eligibility import Eligibility

F = TypeVar("F", bound=Callable[..., Any])

_OF = click.option(
    "--of", type=click.Choice(["country", "product"]), default="country", help="Of which."
)
_RULE = {
    "min_country_trade": ("Only countries that export so much.", float, 0.0),
    "min_product_trade": ("Only products of which the world exports so much.", float, 0.0),
    "min_diversity": ("Only countries with so many advantages.", int, 1),
    "min_ubiquity": ("Only products in which so many have one.", int, 1),
    "threshold": ("Index from which on a country has an advantage.", float, 1.0),
}


def _eligible(command: F) -> F:
    """The options that say who takes part; by themselves they leave out nobody."""
    for name, (words, sort, default) in reversed(_RULE.items()):
        flag = "--" + name.replace("_", "-")
        command = click.option(flag, type=sort, default=default, help=words)(command)
    return command


def _rule(options: dict[str, Any]) -> Eligibility:
    from boeki.measure.structure.eligibility import Eligibility

    return Eligibility(**{name: options.pop(name) for name in _RULE})


@click.command()
@click.argument("country", type=AREA, required=False)
@period
@click.option("--imports", is_flag=True, help="Vollrath's indices too, which need imports.")
@reading
@answered
def rca(country: str | None, period: str, imports: bool, **rest: Any) -> None:
    """Measure in which products a country has a revealed comparative advantage.

    \b
    Examples:
      boeki measure rca JPN --period 2022 --office baci
      boeki measure rca JPN --period 2022 --office baci --imports
    """
    from boeki.measure.structure.comparative_advantage import comparative_advantage

    read, printed = split(rest)
    show(comparative_advantage(country, period, imports=imports, **read), **printed)


@click.command()
@period
@_OF
@_eligible
@reading
@answered
def complexity(period: str, of: Any, **rest: Any) -> None:
    """Measure economic complexity of countries or products (ECI, PCI).

    \b
    Examples:
      boeki measure complexity --period 2022 --office baci
      boeki measure complexity --period 2022 --office baci --min-country-trade 1e9 --of product
    """
    from boeki.measure.structure.economic_complexity import economic_complexity

    rule = _rule(rest)
    read, printed = split(rest)
    show(economic_complexity(period, of=of, rule=rule, **read), **printed)


@click.command()
@period
@_OF
@click.option("--iterations", type=click.IntRange(1), default=200, help="Most iterations.")
@_eligible
@reading
@answered
def fitness(period: str, of: Any, iterations: int, **rest: Any) -> None:
    """Measure fitness of countries or complexity of products (Tacchella et al.).

    \b
    Examples:
      boeki measure fitness --period 2022 --office baci
      boeki measure fitness --period 2022 --office baci --of product --iterations 50
    """
    from boeki.measure.structure.fitness import fitness_complexity

    rule = _rule(rest)
    read, printed = split(rest)
    show(fitness_complexity(period, of=of, iterations=iterations, rule=rule, **read), **printed)


@click.command()
@click.argument("country", type=AREA, required=False)
@period
@click.option("--product", metavar="CODE", help="Products near this one, instead of a country.")
@_eligible
@reading
@answered
def proximity(country: str | None, period: str, product: str | None, **rest: Any) -> None:
    """Measure which products lie near one, or near to what a country exports.

    \b
    Examples:
      boeki measure proximity JPN --period 2022 --office baci
      boeki measure proximity --product 848620 --period 2022 --office baci
    """
    from boeki.measure.structure.proximity import product_density, product_proximity

    if (country is None) == (product is None):
        raise click.UsageError("name either a country or a --product")
    rule = _rule(rest)
    read, printed = split(rest)
    if product is not None:
        found = product_proximity(product, period, rule=rule, **read)
    else:
        found = product_density(country or "", period, rule=rule, **read)
    show(found, **printed)
