"""``boeki pull``: official figures into a lake."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from boeki.cli.printing import counted, print_line, print_table
from boeki.cli.shared import AREA, print_json
from boeki.cli.sources import SOURCE

if TYPE_CHECKING:
    from boeki.ingest.pull import Pulled
    from boeki.lake import Lake
    from boeki.sources.base import Query, Source

#: Input–output tables that `boeki world pull` fetches too; `boeki world make` makes worlds of them.
TABLES = ("oecd", "wiod2013", "wiod2016", "figaro", "exiobase")
_FLOWS = ("export", "import", "re-export", "re-import", "domestic-export")


def _complete_names(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """What the source that was typed takes as names."""
    from boeki.errors import BoekiError
    from boeki.sources import get

    try:
        names = get(ctx.params["source"]).about.names
    except (BoekiError, KeyError):
        return []
    return [name for name in names if name.startswith(incomplete)]


@click.command()
@click.argument("source", type=SOURCE)
@click.argument("names", nargs=-1, metavar="[NAMES]...", shell_complete=_complete_names)
@click.option("--from", "start", metavar="PERIOD", help="First period, such as 2023-11.")
@click.option("--to", "end", metavar="PERIOD", help="Last period.")
@click.option("--reporter", "reporters", type=AREA, multiple=True, help="Whose trade; repeatable.")
@click.option("--partner", "partners", type=AREA, multiple=True, help="With whom; repeatable.")
@click.option(
    "--product",
    "products",
    metavar="CODE",
    multiple=True,
    help="Codes of the source's classification; repeatable.",
)
@click.option("--flow", "flows", type=click.Choice(_FLOWS), multiple=True, help="Repeatable.")
@click.option("--freq", type=click.Choice(["M", "Q", "A"]), help="Monthly, quarterly, yearly.")
@click.option(
    "-o",
    "--option",
    "options",
    metavar="KEY=VALUE",
    multiple=True,
    help="What only this source understands, see `boeki sources NAME`; or the day of a file that "
    "does not say it, published=YYYY-MM-DD.",
)
@click.option("--dry-run", is_flag=True, help="Print the addresses and ask nobody.")
@click.option("--offline", is_flag=True, help="Ask nobody: read what the lake has kept.")
@click.option("--again", is_flag=True, help="Read replies once more that were read before.")
@click.option("--refresh", is_flag=True, help="Ask again for what came within the last hour.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def pull(
    source: str,
    names: tuple[str, ...],
    start: str | None,
    end: str | None,
    reporters: tuple[str, ...],
    partners: tuple[str, ...],
    products: tuple[str, ...],
    flows: tuple[str, ...],
    freq: str | None,
    options: tuple[str, ...],
    dry_run: bool,
    offline: bool,
    again: bool,
    refresh: bool,
    as_json: bool,
) -> None:
    """Bring figures of SOURCE into a lake, with every vintage.

    NAMES are the source's own names of files or tables; `boeki sources SOURCE` lists them. Bytes
    are kept before they are read. What was pulled before adds nothing; a revision is added beside
    what it revises. A pull that was stopped goes on when it is run again.

    Exit status: 0 when all replies were read, 1 where one failed, 2 where the question cannot be
    put, 130 when it was stopped. Rows that were refused are warned of and put into quarantine.

    Input–output tables (oecd, wiod2013, wiod2016, figaro,
    exiobase) go into a folder, not into the lake: see `boeki
    world pull`.

    \b
    Examples:
      boeki --lake ~/trade pull japan-customs
      boeki --lake ~/trade pull comtrade --reporter Japan --product 848620 --freq A --from 2020
      boeki pull japan-press 2024-11 --dry-run
    """
    from boeki import sources
    from boeki.ingest.dated import dated
    from boeki.sources.base import Query
    from boeki.terms.areas import find

    if source in TABLES:
        if dry_run or offline:
            raise click.UsageError(
                f"{source} is files and no rows of the lake: --dry-run and --offline do not know it"
            )
        _fetch_tables(source, start, end, _pairs(options))
        return
    chosen = sources.get(source)
    query = Query(
        names=names,
        start=_period(start),
        end=_period(end),
        reporters=tuple(find(a).code for a in reporters),
        partners=tuple(find(a).code for a in partners),
        products=products,
        flows=flows,
        freq=freq or "",
        options=_pairs(options),
    )
    if dry_run:
        _print_addresses(chosen, dated(query, chosen.about)[0], as_json)
    else:
        fresh = {"fresh": dt.timedelta(0)} if refresh else {}
        _pull(chosen, query, as_json, {"offline": offline, "again": again, **fresh})


def _fetch_tables(name: str, start: str | None, end: str | None, options: dict[str, str]) -> None:
    """Input–output tables are files, and no flows of a lake: they go into a folder."""
    from boeki.errors import UnknownTerm
    from boeki.world.fetch import fetch_tables

    for option in options:
        if option not in ("into", "edition"):
            raise UnknownTerm(f"option of {name}", option, ("into", "edition"))
    first, last = _period(start), _period(end or start)
    years = range(first.first // 12, last.last // 12 + 1) if first and last else ()
    place = options.get("into", "tables")
    for file in fetch_tables(name, place, years, edition=options.get("edition")):
        click.echo(str(file))


def _period(text: str | None) -> Any:
    from boeki.terms.periods import Period

    return Period.parse(text) if text else None


def _pairs(options: tuple[str, ...]) -> dict[str, str]:
    out: dict[str, str] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals or not key:
            raise click.UsageError(f"{option!r} is no option of a source: write it as KEY=VALUE")
        out[key] = value
    return out


def _print_addresses(source: Source, query: Query, as_json: bool) -> None:
    asked = [(r.name, r.shown) for r in source.requests(query)]
    if as_json:
        print_json([{"name": name, "address": address} for name, address in asked])
    else:
        for name, address in asked:
            click.echo(f"{name}\t{address}")


def _pull(source: Source, query: Query, as_json: bool, how: dict[str, Any]) -> None:
    from boeki.cli.progress import PullBar
    from boeki.errors import BoekiError, Unreachable
    from boeki.ingest.pull import Pulled
    from boeki.ingest.pull import pull as run

    lake = _open(make=not how["offline"])
    bar = PullBar()
    status, said, wrong = 0, "", None
    try:
        with bar:
            run(lake, source, query, progress=bar, **how)
    except KeyboardInterrupt:
        status, said = 130, "stopped: what is told above was kept; the same command goes on"
    except Unreachable as error:
        status, said = 1, str(error)
    except BoekiError as error:
        wrong = error
    # Whatever ended the pull, what came of it until then is in the lake, and is told.
    pulled = Pulled(source.about.name, tuple(bar.replies))
    if wrong is None or bar.replies:
        _print(source, pulled, as_json)
        _doubt(source, query, pulled)
        _beside(source, lake, pulled)
    if wrong is not None:
        raise wrong
    if said:
        click.echo(f"boeki: {said}", err=True)
    if status or pulled.failed:
        raise click.exceptions.Exit(status or 1)


def _open(*, make: bool) -> Any:
    from boeki.errors import LakeError
    from boeki.lake import open_lake

    if not os.environ.get("BOEKI_LAKE"):
        raise LakeError(
            "where should the figures be kept? Name a folder: `boeki --lake DIR pull …`, or set "
            "BOEKI_LAKE"
        )
    return open_lake(make=make)


def _print(source: Source, pulled: Pulled, as_json: bool) -> None:
    if as_json:
        print_json(_plain(pulled))
    else:
        _print_summary(source, pulled)
    _warn(source, pulled)


def _plain(pulled: Pulled) -> dict[str, Any]:
    return {
        "source": pulled.source,
        "added": pulled.added,
        "refused": pulled.refused,
        "withdrawn": pulled.withdrawn,
        "failed": len(pulled.failed),
        "replies": [
            {
                **asdict(reply),
                "added": reply.added,
                "refused": reply.refused,
                "withdrawn": reply.withdrawn,
            }
            for reply in pulled.replies
        ],
    }


def _print_summary(source: Source, pulled: Pulled) -> None:
    if pulled.replies:
        rows = [(r.name, r.state, r.added, r.refused or "") for r in pulled.replies]
        print_table(("reply", "", "new rows", "refused"), rows, right=("new rows", "refused"))
    counts = {
        state: sum(r.state == state for r in pulled.replies)
        for state in ("read", "unchanged", "failed")
    }
    told = ", ".join(f"{n} {state}" for state, n in counts.items() if n) or "no replies"
    print_line(f"{source.about.title}: {told}; {counted(pulled.added, 'new row')}", "bold")


def _doubt(source: Source, query: Query, pulled: Pulled) -> None:
    """Say that a file was dated by its last change, which may be later than its figures are."""
    told = source.about.dated or "path" not in query.options or "published" in query.options
    if told or not pulled.added or source.about.standing == "own":
        return
    click.echo(
        "boeki: NOTE: the file does not say when it was published: its figures are dated by its "
        "last change, and count as newer than all that are dated before. That day stays. Of an "
        "older edition say its day when it is first pulled: --option published=YYYY-MM-DD",
        err=True,
    )


def _beside(source: Source, lake: Lake, pulled: Pulled) -> None:
    """Say where a version could not take the place of those before it, as lines were refused."""
    if source.about.dated != "version" or not pulled.refused:
        return
    mine = f"{source.about.office}/"
    versions = {d["vintage"] for name, d in lake.documents.items() if name.startswith(mine)}
    if len(versions) > 1:
        click.echo(
            f"boeki: WARNING: the lake has {', '.join(sorted(versions))}, and lines of this one "
            "were refused: what it leaves out of older ones is not taken out, as it may be among "
            "these lines, and counts in sums",
            err=True,
        )


def _warn(source: Source, pulled: Pulled) -> None:
    """Say on standard error what is not in the lake, and why."""
    for reply in pulled.failed:
        click.echo(f"boeki: {reply.name} failed: {reply.error}", err=True)
    if pulled.withdrawn:
        click.echo(
            f"boeki: WARNING: withdrawn by {source.about.office}, and no longer among the figures: "
            f"{counted(pulled.withdrawn, 'figure')}. `boeki lake revisions --office "
            f"{source.about.office} --withdrawn` lists them",
            err=True,
        )
    if not pulled.refused:
        return
    reasons: dict[str, int] = {}
    for reply in pulled.replies:
        for taken in reply.taken:
            for reason, count in taken.reasons.items():
                reasons[reason] = reasons.get(reason, 0) + count
    click.echo(
        f"boeki: WARNING: refused, and not among the figures: {counted(pulled.refused, 'row')}",
        err=True,
    )
    most = sorted(reasons.items(), key=lambda item: -item[1])
    for reason, count in most[:10]:
        click.echo(f"  {count:>9,}  {reason}", err=True)
    if len(most) > 10:
        rest = sum(count for _reason, count in most[10:])
        click.echo(f"  {rest:>9,}  for {len(most) - 10} more reasons", err=True)
    click.echo(f"`boeki lake quarantine --office {source.about.office}` lists them.", err=True)
