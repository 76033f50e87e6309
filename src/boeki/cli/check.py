"""``boeki check`` and ``boeki claims``: articles in, evidence out."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import click

from boeki.cli.shared import AREA, DAY, print_json

_VERDICTS = ("contradicted", "misattributed", "disputed", "inconsistent", "revised", "unverifiable")


@click.command()
@click.argument("article", type=click.Path(allow_dash=True))
@click.option("--published", type=DAY, help="The day on which it appeared (default: today).")
@click.option("--reporter", type=AREA, help="The country it is about, where the text does not say.")
@click.option(
    "--html", "page", type=click.Path(dir_okay=False), help="Write the annotated page to this file."
)
@click.option("--details", is_flag=True, help="Print diagnosis and evidence below each claim.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--fail-on",
    type=click.Choice(_VERDICTS),
    multiple=True,
    help="Exit with status 1 if a claim gets this verdict; may be repeated.",
)
def check(
    article: str,
    published: dt.date | None,
    reporter: str | None,
    page: str | None,
    details: bool,
    as_json: bool,
    fail_on: tuple[str, ...],
) -> None:
    """Check the claims of ARTICLE against official figures.

    ARTICLE is a .txt, .md or .html file, or - for standard input.

    Exit status: 0 when it was checked, 1 with --fail-on and a hit, 2 where the input cannot be
    used.

    \b
    Examples:
      boeki check article.txt --published 2025-01-10
      boeki check article.html --html checked.html --fail-on contradicted
    """
    from boeki.check.article import read_article
    from boeki.check.check import check_article
    from boeki.terms.areas import find

    read = read_article(article)
    code = find(reporter).code if reporter else None
    report = check_article(read.text, published=published, reporter=code, name=read.name)
    if page:
        from boeki.report.page import render_page

        _write(page, render_page(report))
    if as_json:
        print_json(report.to_dict())
    else:
        from rich.console import Console

        from boeki.report.terminal import print_report

        print_report(report, Console(), details=details)
        if page:
            click.echo(f"The annotated page is in {page}")
    hits = [c for c in report.claims if c.verdict in fail_on]
    if hits:
        raise click.exceptions.Exit(1)


def _write(path: str, text: str) -> None:
    from boeki.errors import InputError

    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}; name another file"
        ) from error


@click.command()
@click.argument("passages", type=click.Path(allow_dash=True))
def claims(passages: str) -> None:
    """Print the numeric claims of PASSAGES, one JSON object a line with `id` and `claims`.

    PASSAGES has one JSON object a line: `id`, `text`, `published`, and optionally `context` with
    a `reporter`.

    \b
    Example:
      boeki claims passages.jsonl > claims.jsonl
    """
    from boeki.check.passages import label_claims, read_passages

    source = sys.stdin if passages == "-" else _opened(passages)
    with (
        source,
        click.progressbar(list(read_passages(source)), label="passages", file=sys.stderr) as bar,
    ):
        for name, passage in bar:
            click.echo(
                json.dumps({"id": name, "claims": label_claims(passage)}, ensure_ascii=False)
            )


def _opened(path: str):  # type: ignore[no-untyped-def]
    from boeki.errors import InputError

    try:
        return Path(path).open(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
