"""``boeki lake``: what a lake has, whether it is as it should be, and looking after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from boeki.cli.printing import counted, forms, print_csv, print_line, print_table, size
from boeki.cli.shared import print_json
from boeki.cli.vintages import revisions, vintages

if TYPE_CHECKING:
    from boeki.lake.findings import Verified
    from boeki.lake.status import Status


@click.group()
def lake() -> None:
    """Look into a lake of figures, verify it, and look after it.

    Which lake is said by `boeki --lake PLACE` or BOEKI_LAKE. Without one, these are the figures
    that come with boeki.

    \b
    Examples:
      boeki lake revisions --reporter JPN --flow balance
      boeki --lake ~/trade lake status
      boeki --lake ~/trade lake verify --sample 20
    """


lake.add_command(vintages)
lake.add_command(revisions)


@lake.command()
@forms
def status(as_json: bool, as_csv: bool) -> None:
    """Tell what is there: tables, offices with their figures and vintages, raw bytes, quarantine.

    CSV has a line an office.

    \b
    Example:
      boeki --lake ~/trade lake status
    """
    from boeki.lake import open_lake
    from boeki.lake.status import status as look

    found = look(open_lake())
    if as_json:
        print_json(found.to_dict())
    elif as_csv:
        print_csv([_row(office) for office in found.to_dict()["offices"]])
    else:
        _print_status(found)


def _row(office: dict[str, Any]) -> dict[str, Any]:
    return {**office, "quarantine": sum(office["quarantine"].values())}


def _print_status(found: Status) -> None:
    print_line(found.place or "the figures that come with boeki, in memory", "bold")
    print_line(
        f"engine {found.engine}; {found.replies:,} raw replies, {size(found.raw_bytes)}; "
        f"{found.shipped:,} figures come with boeki\n"
    )
    if found.tables:
        rows = [(t.name, t.rows, t.files, size(t.bytes), t.version) for t in found.tables]
        heads = ("table", "rows", "files", "size", "version")
        print_table(heads, rows, right=heads[1:])
        print_line("")
    # What fits into 80 columns; --json and --csv have the rest.
    print_table(
        ("office", "figures", "rows", "first", "last", "vintages", "pulled"),
        [
            (
                o.office, o.figures, o.rows, o.first, o.last, o.vintages,
                f"{o.pulled:%Y-%m-%d}" if o.pulled else "",
            )
            for o in found.offices
        ],
        right=("figures", "rows", "vintages"),
    )  # fmt: skip
    refused = [(o.office, n, why) for o in found.offices for why, n in o.quarantine.items()]
    if refused:
        print_line("\nquarantine: rows that were refused", "bold")
        print_table(("office", "rows", "reason"), refused, right=("rows",))
    if found.unread:
        print_line(f"\n{found.unread} replies came and were not read to their end: pull again")


@lake.command()
@click.option("--office", default="", help="Of this office only: japan-customs.")
@click.option("--source", default="", help="Of this document only.")
@click.option("--reason", default="", help="With this in the reason.")
@forms
def quarantine(office: str, source: str, reason: str, as_json: bool, as_csv: bool) -> None:
    """List rows and lines that were refused, and why.

    They are not among the figures. What is refused wrongly can be let in by a mended boeki with
    `boeki pull SOURCE --offline --again`.

    \b
    Examples:
      boeki --lake ~/trade lake quarantine
      boeki --lake ~/trade lake quarantine --office comext --reason "no code" --csv
    """
    import json

    from boeki.lake import open_lake
    from boeki.lake.quarantine import quarantine as look

    lines = [q.to_dict() for q in look(open_lake(), office=office, source=source, reason=reason)]
    if as_json:
        print_json(lines)
        return
    texts = [{**x, "content": json.dumps(x["content"], ensure_ascii=False)} for x in lines]
    if as_csv:
        print_csv(texts)
        return
    columns = ("source", "place", "reason", "content")
    if texts:
        print_table(columns, [[x[c] for c in columns] for x in texts])
    print_line(f"{len(texts):,} rows and lines in quarantine")


@lake.command()
@click.option(
    "--sample", type=click.IntRange(1), help="Look at so many raw replies only, by chance."
)
@click.option(
    "--cached",
    is_flag=True,
    help="Of a lake in an object store, look at this machine's copies of raw replies: quicker.",
)
@forms
@click.pass_context
def verify(
    ctx: click.Context, sample: int | None, cached: bool, as_json: bool, as_csv: bool
) -> None:
    """Hold a lake against its raw bytes, and look whether it is sound in itself.

    Raw bytes are held against their hashes and parsed again, row by row. Documents must be there,
    and no figure may stand twice. Figures that an office withdrew and missing periods are warned
    of; how far partners make the world is told.

    Exit status: 0 where nothing is wrong, 1 where an error was found.

    \b
    Examples:
      boeki --lake ~/trade lake verify
      boeki --lake ~/trade lake verify --sample 20 --json
    """
    from boeki.cli.progress import CheckBar
    from boeki.ingest.verify import verify as look
    from boeki.lake import open_lake

    with CheckBar() as bar:
        found = look(open_lake(), sample=sample, progress=bar, cached=cached)
    if as_json:
        print_json(found.to_dict())
    elif as_csv:
        print_csv([finding.to_dict() for finding in found.findings])
    else:
        _print_findings(found)
    ctx.exit(0 if found.ok else 1)


def _print_findings(found: Verified) -> None:
    style = {"error": "bold red", "warning": "yellow", "info": "dim"}
    for finding in found.findings:
        print_line(f"{finding.severity}: {finding.where}", style[finding.severity])
        print_line(f"  {finding.message}")
    looked = ", ".join(f"{name} {count:,}" for name, count in found.checked.items())
    print_line(f"looked at: {looked}")
    errors, warnings = len(found.of("error")), len(found.of("warning"))
    print_line(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}", "bold")


@lake.command()
@click.option(
    "--dry-run/--remove", default=True, help="Only tell what would go (the default), or remove it."
)
@click.option(
    "--hours",
    type=click.IntRange(1),
    default=168,
    show_default=True,
    help="Keep what a version of so many hours ago needs.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def vacuum(dry_run: bool, hours: int, as_json: bool) -> None:
    """Remove files that no recent version needs, and what broken-off pulls left behind.

    No figure, no vintage and no raw bytes ever go. Nothing at all goes without --remove.

    \b
    Examples:
      boeki --lake ~/trade lake vacuum
      boeki --lake ~/trade lake vacuum --remove
    """
    from boeki.lake import open_lake
    from boeki.lake.upkeep import vacuum as clean

    done = clean(open_lake(), hours=hours, dry_run=dry_run)
    if as_json:
        print_json(done.to_dict())
        return
    for table, files in done.files.items():
        print_line(f"{table}: {counted(len(files), 'file')} that no version of {hours} h ago needs")
    for path in done.abandoned:
        print_line(f"left behind: {path}")
    word = "would be removed; --remove does it" if dry_run else "removed"
    print_line(f"{counted(done.count, 'file')} {word}", "bold")


@lake.command()
@forms
def optimize(as_json: bool, as_csv: bool) -> None:
    """Put small files together, which makes reading faster after many pulls.

    \b
    Example:
      boeki --lake ~/trade lake optimize
    """
    from boeki.lake import open_lake
    from boeki.lake.upkeep import optimize as compact

    done = [c.to_dict() for c in compact(open_lake())]
    if as_json:
        print_json(done)
    elif as_csv:
        print_csv(done)
    elif done:
        heads = ("table", "files before", "files after", "rows")
        print_table(heads, [list(row.values()) for row in done], right=heads[1:])
    else:
        print_line("nothing was pulled to this lake yet")


@lake.command()
@click.option("--anew", is_flag=True, help="Drop what was copied before, of every lake, first.")
@forms
def copy(anew: bool, as_json: bool, as_csv: bool) -> None:
    """Copy the lake into the database that --engine names, ahead of the first question.

    Only what the database does not have is copied: after a pull, what that has brought. DuckDB and
    Spark read the lake's files by themselves and need no copy.

    \b
    Example:
      boeki --lake ~/trade --engine postgresql://host/database lake copy
    """
    from boeki.cli.progress import CountBar
    from boeki.lake import open_lake
    from boeki.lake.copying import copy as carry
    from boeki.lake.copying import size as rows_of

    found = open_lake()
    with CountBar("copying rows", rows_of(found)) as bar:
        done = [c.to_dict() for c in carry(found, anew=anew, progress=bar)]
    if as_json:
        print_json(done)
    elif as_csv:
        print_csv(done)
    else:
        heads = ("table", "rows", "copied just now")
        print_table(heads, [list(row.values()) for row in done], right=heads[1:])
