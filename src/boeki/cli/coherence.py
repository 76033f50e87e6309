"""``boeki measure mirror`` and ``bop-bridge``, and ``boeki explain gap``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA, DAY, PRODUCT
from boeki.terms.measures import MEASURES

_ATTRIBUTES = (
    "measure", "reporter", "period", "partner", "product", "as_of", "adjusted", "currency", "rate",
    "growth", "window", "value",
)  # fmt: skip


@click.command()
@click.argument("reporter", type=AREA)
@click.argument("partner", type=AREA)
@click.option(
    "--period", "periods", multiple=True, required=True, help="A period; may be given again."
)
@click.option("--product", default="TOTAL", help="TOTAL or a code, such as HS2022:8486.")
@click.option("--digits", type=click.IntRange(1), help="Keep codes of so many digits apart.")
@click.option("--classification", default="", help="Of the products, where there are several.")
@click.option("--office", help="Whose statistics REPORTER's side is taken from.")
@click.option("--partner-office", help="And PARTNER's; the same unless named.")
@click.option(
    "--cif-margin",
    metavar="PERCENT",
    help="Freight and insurance in percent of FOB, or imf (6 %): brings CIF imports to FOB.",
)
@click.option("--currency", metavar="CODE", help="Compare in this currency.")
@click.option(
    "--rate",
    type=click.Choice(["average", "end"]),
    default="average",
    help="With --currency: average of the months, or rate at their end.",
)
@click.option("--lag", type=int, default=0, help="Months by which imports lie later.")
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@answered
def mirror(
    reporter: str, partner: str, periods: tuple[str, ...], cif_margin: str | None, rate: Any,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **asked: Any,
) -> None:  # fmt: skip
    """Exports of REPORTER and PARTNER against each other's imports.

    Both must be reporters in the lake: `boeki pull comtrade` brings them.

    \b
    Examples:
      boeki measure mirror USA CHN --period 2023 --cif-margin imf
      boeki measure mirror JPN USA --period 2024-11 --currency USD
    """
    from boeki.measure.coherence import measure_mirror

    found = measure_mirror(
        reporter, partner, list(periods), cif_margin=cif_margin, rate=rate, **asked
    )
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("reporter", type=AREA)
@click.argument("period")
@click.option(
    "--items",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV of adjustments: item, kind, exports, imports.",
)
@click.option("--bop-exports", help="Exports of goods in the balance of payments.")
@click.option("--bop-imports", help="Imports of goods in the balance of payments.")
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@answered
def bop_bridge(
    reporter: str, period: str, items: Path | None, bop_exports: str | None,
    bop_imports: str | None, as_of: dt.date | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """From the customs statistics of REPORTER to goods in its balance of payments.

    Kinds of adjustment: coverage, timing, valuation, processing, repair, returned, ports,
    merchanting, gold, ships, illegal, other.

    \b
    Example:
      boeki measure bop-bridge JPN 2024 --items adj.csv --bop-exports 1049e11 --bop-imports 1088e11
    """
    from boeki.cli.frames import read_frame
    from boeki.measure.coherence import measure_bop_bridge

    if (bop_exports is None) != (bop_imports is None):
        raise click.UsageError("give both --bop-exports and --bop-imports, or neither")
    table: Any = read_frame(items, ("item", "exports", "imports")) if items else ()
    bop = (bop_exports, bop_imports) if bop_exports is not None else None
    found = measure_bop_bridge(reporter, period, table, bop=bop, as_of=as_of)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("measure", type=click.Choice(list(MEASURES)), metavar="MEASURE")
@click.argument("reporter", type=AREA)
@click.argument("period")
@click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world).")
@click.option("--product", type=PRODUCT, default="TOTAL", help="Of what: a term or a code.")
@click.option(
    "--growth", type=click.Choice(["yoy", "mom"]), help="The numbers are growth rates, not levels."
)
@click.option(
    "--first", multiple=True, metavar="KEY=VALUE", help="What holds for the first number only."
)
@click.option(
    "--second", multiple=True, metavar="KEY=VALUE", help="What holds for the second number only."
)
@answered
def gap(
    measure: str, reporter: str, period: str, partner: str, product: str, growth: Any,
    first: tuple[str, ...], second: tuple[str, ...],
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """Why two official numbers of what seems to be the same thing differ.

    --first and --second say in what they differ: as_of=2024-12-18, adjusted=yes, currency=USD,
    rate=end, window=3, measure=sales, partner=…, product=…, period=…, growth=…, value=NUMBER.

    \b
    Examples:
      boeki explain gap balance JPN 2024-11 --first as_of=2024-12-18
      boeki explain gap balance JPN 2024-11 --second adjusted=yes
      boeki explain gap exports JPN 2024-11 --product semiconductor_equipment --growth yoy --second measure=sales
    """  # noqa: E501
    from boeki.explain.gap import explain_gap

    found = explain_gap(
        measure, reporter, period, partner=partner, product=product, growth=growth or "",
        first=_said(first), second=_said(second),
    )  # fmt: skip
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


def _said(pairs: tuple[str, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        name = key.strip().replace("-", "_")
        if not equals or name not in _ATTRIBUTES:
            raise click.UsageError(
                f"{pair!r}: write KEY=VALUE with one of {', '.join(_ATTRIBUTES)}"
            )
        out[name] = _typed(name, value.strip())
    return out


def _typed(name: str, value: str) -> Any:
    if name == "adjusted":
        if value not in ("yes", "no"):
            raise click.UsageError(f"adjusted={value}: write yes or no")
        return value == "yes"
    if name == "window":
        if value not in ("1", "3"):
            raise click.UsageError(f"window={value}: write 1 or 3")
        return int(value)
    return value
