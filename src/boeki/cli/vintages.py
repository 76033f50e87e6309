"""``boeki lake vintages`` and ``boeki lake revisions``: what was known when, and what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import click

from boeki.cli.printing import counted, forms, print_csv, print_line, print_table
from boeki.cli.shared import AREA, DAY, PRODUCT, print_json

if TYPE_CHECKING:
    from boeki.lake.revisions import Printing, Revision, Revisions
    from boeki.lake.selection import Selection

F = TypeVar("F", bound=Callable[..., Any])

#: How many revisions a table for people shows unless it is told otherwise.
_SHOWN = 100
_OPTIONS = (
    click.option("--office", help="Of this office only: japan-customs."),
    click.option("--reporter", type=AREA, help="Whose trade, or the area of a series."),
    click.option("--partner", type=AREA, help="With whom."),
    click.option("--product", type=PRODUCT, help="Of what: a term or a code."),
    click.option("--flow", metavar="FLOW", help="export, import …"),
    click.option("--key", metavar="KEY", help="The key of a series."),
    click.option("--from", "start", metavar="PERIOD", help="First period, such as 2023-11."),
    click.option("--to", "end", metavar="PERIOD", help="Last period."),
)


def _chosen(command: F) -> F:
    """The options that say which figures are meant."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _selection(given: dict[str, Any]) -> Selection:
    from boeki.lake.selection import Selection
    from boeki.terms.areas import find
    from boeki.terms.periods import Period

    told = {name: value for name, value in given.items() if value}
    for name in ("reporter", "partner"):
        if name in told:
            told[name] = find(told[name]).code
    for name in ("start", "end"):
        if name in told:
            told[name] = Period.parse(told[name])
    return Selection(**told)


@click.command()
@_chosen
@forms
def vintages(as_json: bool, as_csv: bool, **given: Any) -> None:
    """List what each document said on its day, and how many figures of it were new or revised.

    A pulled row is kept only where it says something new.

    \b
    Examples:
      boeki lake vintages
      boeki --lake ~/trade lake vintages --office japan-customs --from 2024-11 --to 2024-11
    """
    from boeki.lake import open_lake
    from boeki.lake.vintages import vintages as look

    lines = [v.to_dict() for v in look(open_lake(), _selection(given))]
    if as_json:
        print_json(lines)
    elif as_csv:
        print_csv(lines)
    else:
        _print_vintages(lines)


def _print_vintages(lines: list[dict[str, Any]]) -> None:
    rows = [
        (
            v["published"],
            v["first"] if v["first"] == v["last"] else f"{v['first']} – {v['last']}",
            v["rows"],
            v["firsts"],
            v["revisions"],
            v["corrections"] or "",
            v["withdrawn"] or "",
            v["source"],
        )
        for v in lines
    ]
    heads = ("published", "periods", "rows", "first", "revised", "reread", "withdrawn", "document")
    # Columns that say nothing take the room of the names of documents.
    shown = [n for n, head in enumerate(heads) if n not in (5, 6) or any(r[n] for r in rows)]
    print_table([heads[n] for n in shown], [[r[n] for n in shown] for r in rows], right=heads[1:7])


@click.command()
@_chosen
@click.option("--since", type=DAY, help="Only what was published on this day or later.")
@click.option(
    "--largest",
    type=click.IntRange(1),
    metavar="N",
    help="List only the N that changed most, in percent (a table: 100).",
)
@click.option(
    "--everything", is_flag=True, help="Also vintages that kept the value, rounding aside."
)
@click.option("--summary", is_flag=True, help="How far on the whole, by office and period.")
@click.option(
    "--withdrawn",
    is_flag=True,
    help="Instead, figures that were given once and that a later state leaves out.",
)
@forms
def revisions(
    since: dt.date | None,
    largest: int | None,
    everything: bool,
    summary: bool,
    withdrawn: bool,
    as_json: bool,
    as_csv: bool,
    **given: Any,
) -> None:
    """List what was revised: from which value in which document to which, and by how much.

    Differences that the last digits printed can make are no revisions. `--flow balance` follows
    exports less imports of all goods, which is revised whenever one of them is. What a mended boeki
    reads otherwise in the same bytes is told apart as a correction of reading, and is no revision.

    \b
    Examples:
      boeki lake revisions --reporter JPN --flow balance --from 2024-11 --to 2024-11
      boeki --lake ~/trade lake revisions --since 2026-11-01 --largest 20
      boeki --lake ~/trade lake revisions --office japan-customs --summary --csv
    """
    from boeki.lake import open_lake
    from boeki.lake.revisions import revisions as look

    if withdrawn:
        _withdrawn(given, since, as_json=as_json, as_csv=as_csv)
        return
    table = not (as_json or as_csv or summary)
    found = look(
        open_lake(),
        _selection(given),
        since=since,
        largest=largest or (_SHOWN if table else None),
        everything=everything,
    )
    if as_json:
        told = found.to_dict()
        print_json(told["extents"] if summary else told)
    elif as_csv:
        print_csv(e.to_dict() for e in found.extents) if summary else print_csv(
            r.row() for r in found.listed
        )
    elif summary:
        _print_extents(found)
    else:
        _print_revisions(found)


def _withdrawn(
    given: dict[str, Any], since: dt.date | None, *, as_json: bool, as_csv: bool
) -> None:
    """List figures that stand no more."""
    from boeki.lake import open_lake
    from boeki.lake.withdrawn import withdrawn as look

    found = look(open_lake(), _selection(given), since=since)
    lines = [w.to_dict() for w in found]
    if as_json:
        print_json(lines)
    elif as_csv:
        print_csv(lines)
    else:
        for w in found:
            print_line(f"{w.name}, {w.period}, {w.unit}", "bold")
            print_line(f"  {w.known}  {_exact(w.value)}  {w.before}")
            why = "boeki had misread it: taken out" if w.reading else "withdrawn"
            print_line(f"  {w.published}  {why}  {w.source}")
        print_line(counted(len(found), "withdrawn figure"), "bold")


def _print_revisions(found: Revisions) -> None:
    """Each figure with its printings below one another, as far as they are listed."""
    from itertools import groupby

    told = [(r, _change(r)) for r in found.listed]
    values = [_exact(p.value) for r in found.listed for p in (r.before, r.after)]
    wide = max(map(len, values), default=0)
    changed = max((len(change) for _, change in told), default=0)
    for (name, period, unit), steps in groupby(told, lambda t: (t[0].name, t[0].period, t[0].unit)):
        print_line(f"{name}, {period}, {unit}", "bold")
        last = None
        for revision, change in steps:
            if revision.before != last or revision.reading:
                print_line(_printing(revision.before, wide, f"{'':>{changed}}"))
            line = _printing(revision.after, wide, f"{change:>{changed}}")
            print_line(f"{line}  correction of reading" if revision.reading else line)
            last = revision.after
    said = counted(found.total - found.readings, "revision")
    if found.readings:
        said += f", {counted(found.readings, 'correction')} of reading"
    if more := found.total - len(found.listed):
        said += f"; {more:,} that changed less are not shown: --largest N shows more"
    print_line(said, "bold")


def _change(r: Revision) -> str:
    from boeki.terms.wording import percent, quantity

    difference = quantity(r.difference, _of_differences(r.unit))
    return difference if r.percent is None else f"{difference} {percent(r.percent, 3):>10}"


def _printing(p: Printing, wide: int, change: str) -> str:
    return f"  {p.published}  {_exact(p.value):>{wide}}  {change}  {p.status}".rstrip()


def _of_differences(unit: str) -> str:
    """The unit in which two figures differ: percentages do so in points."""
    return "pp" if unit == "%" else unit


def _exact(value: Any) -> str:
    """All digits of a number, with thousands apart."""
    from boeki.terms.wording import number

    places = max(0, -value.normalize().as_tuple().exponent)
    return number(value, places)


def _print_extents(found: Revisions) -> None:
    """How far figures were revised."""
    from boeki.terms.wording import percent, quantity

    def amount(value: float | None, unit: str) -> str:
        if value is None:
            return ""
        return quantity(Decimal(str(value)), _of_differences(unit))

    def share(value: float | None, *, signed: bool) -> str:
        return "" if value is None else percent(value, 2, signed=signed)

    heads = ("figures of", "revisions", "mean size", "largest", "mean size %", "bias %")
    rows = [
        (
            f"{e.office} {e.period}",
            e.revisions,
            amount(e.mean_absolute, e.unit),
            amount(e.largest, e.unit),
            share(e.mean_absolute_percent, signed=False),
            share(e.bias_percent, signed=True),
        )
        for e in found.extents
    ]
    print_table(heads, rows, right=heads[1:])
