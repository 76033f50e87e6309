"""``boeki sources``: where official figures can be pulled from."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from boeki.cli.printing import forms, print_csv, print_line, print_table
from boeki.cli.shared import print_json

if TYPE_CHECKING:
    from boeki.sources.base import About

    # Only newer versions of click have a type that takes arguments.
    _TextType = click.ParamType[str, str]
else:
    _TextType = click.ParamType


class SourceName(_TextType):
    """A source, by name; completes names."""

    name = "SOURCE"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[Any]:
        """Sources whose name begins as typed."""
        from click.shell_completion import CompletionItem

        from boeki.sources import registered

        return [CompletionItem(name) for name in registered() if name.startswith(incomplete)]


SOURCE = SourceName()


@click.command()
@click.argument("name", required=False, type=SOURCE)
@forms
def sources(name: str | None, as_json: bool, as_csv: bool) -> None:
    """List the sources of official figures, or all that is to be known about one.

    With a NAME: what it holds and takes, its terms, what of it was tried on real bytes, and what
    was built from documentation only.

    \b
    Examples:
      boeki sources
      boeki sources japan-customs
    """
    from boeki.sources import get, registered

    if name is None:
        lines = [_line(each) for each in registered()]
        if as_json:
            print_json(lines)
        elif as_csv:
            print_csv(lines)
        else:
            _print_lines(lines)
        return
    about = get(name).about
    if as_json:
        print_json(_facts(about))
    elif as_csv:
        print_csv([_line(name)])
    else:
        _print_about(about)


def _line(name: str) -> dict[str, Any]:
    """One source in one line, with what is wrong where it cannot be loaded."""
    from boeki.errors import BoekiError
    from boeki.sources import get

    line = {"name": name, "publisher": "", "what": "", "cadence": "", "key": "", "error": ""}
    try:
        about = get(name).about
    except Exception as error:  # those of others are loaded too, and may fail in any way
        said = "" if isinstance(error, BoekiError) else f"source {name!r} could not be loaded: "
        return {**line, "error": f"{said}{error}"}
    told = {key: getattr(about, key) for key in ("publisher", "what", "cadence", "key")}
    return {**line, **told}


def _facts(about: About) -> dict[str, Any]:
    """All facts about a source as plain values."""
    return {
        **asdict(about),
        "names": dict(about.names),
        "options": dict(about.options),
        "key_is_set": bool(about.key and os.environ.get(about.key)),
    }


def _print_lines(lines: list[dict[str, Any]]) -> None:
    print_table(("source", "what, and when"), [(x["name"], _told(x)) for x in lines])
    print_line("\n`boeki sources NAME` tells all about one; `boeki pull NAME` brings it in.")


def _told(line: dict[str, Any]) -> str:
    """What a source has, when it comes, and the key that it takes, a line each."""
    if line["error"]:
        return str(line["error"])
    key = f"key: {_key(line['key'])}" if line["key"] else ""
    return "\n".join(filter(None, [line["what"], line["cadence"], key]))


def _key(variable: str) -> str:
    if not variable:
        return ""
    return f"{variable} ({'set' if os.environ.get(variable) else 'not set'})"


def _print_about(about: About) -> None:
    print_line(f"{about.name}: {about.title}", "bold")
    print_line(about.what)
    facts = {
        "publisher": about.publisher,
        "home": about.home,
        "standing": about.standing,
        "office": about.office,
        "cadence": about.cadence,
        "units": about.units,
        "valuation": about.valuation,
        "system": about.system,
        "key": _key(about.key),
        "licence": about.licence,
        "citation": about.citation,
    }
    print_line("")
    print_table(("", ""), [(k, v) for k, v in facts.items() if v])
    for head, told in (("names", about.names), ("options", about.options)):
        if told:
            print_line(f"\n{head}", "bold")
            print_table(("", ""), list(told.items()))
    for head, listed in (
        ("tried on real bytes", about.verified),
        ("built from documentation only", about.unverified),
    ):
        if listed:
            print_line(f"\n{head}", "bold")
            for text in listed:
                print_line(f"  - {text}")
