"""``boeki figures``: what is aboard."""

from __future__ import annotations

from typing import Any

import click

from boeki.cli.shared import print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--links", is_flag=True, help="Show where each document stands, and on what terms.")
def figures(as_json: bool, as_csv: bool, links: bool) -> None:
    """List the figures that are aboard: source, coverage, vintages.

    \b
    Examples:
      boeki figures
      boeki figures --json
    """
    from boeki.lake import open_lake

    lines = open_lake().holdings()
    if as_json:
        print_json(
            [{k: str(v) if k in ("published",) else v for k, v in line.items()} for line in lines]
        )
    elif as_csv:
        _print_csv(lines)
    else:
        _print_table(lines, links)


def _print_csv(lines: list[dict[str, Any]]) -> None:
    import sys

    from boeki.terms.csv_safety import write_csv

    write_csv(lines, sys.stdout)


def _print_table(lines: list[dict[str, Any]], links: bool) -> None:
    """One paragraph a document: what it is, then what of it is aboard."""
    from itertools import groupby

    from rich.console import Console
    from rich.text import Text

    console = Console()
    for source, group in groupby(
        sorted(lines, key=lambda x: (x["publisher"], x["source"])), lambda x: x["source"]
    ):
        held = list(group)
        head = held[0]
        console.print(Text(f"{head['publisher']}: {head['title']}", style="bold"))
        for line in held:
            covered = (
                line["first"]
                if line["first"] == line["last"]
                else f"{line['first']} – {line['last']}"
            )
            console.print(Text(f"  {line['figures']:<34} {covered:<22} {line['rows']:>5} rows"))
        console.print(
            Text(f"  published {head['published']}, {head['standing']}, {source}", style="dim")
        )
        if links:
            console.print(Text(f"  {head['url']}\n  {head['licence']}", style="dim"))
    total = sum(line["rows"] for line in lines)
    documents = len({line["source"] for line in lines})
    days = sorted({line["published"] for line in lines})
    console.print(
        f"\n{total:,} figures from {documents} documents, {len(days)} vintages, "
        f"{days[0]} to {days[-1]}"
    )
