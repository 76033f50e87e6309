"""Write docs/reference/cli.md from the commands themselves; --check fails where it is out of
date.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from boeki.cli.main import COMMANDS, cli

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "cli.md"


def page() -> str:
    """The reference page: the help of every command, as a terminal of 80 columns shows it."""
    parts = [
        "# Command line\n",
        "Written by `scripts/cli_reference.py`; change the commands, not this page.\n",
    ]
    parts.append(f"## boeki\n\n```text\n{_help(cli, 'boeki')}\n```\n")
    for name in sorted(COMMANDS):
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        parts += _sections(command, f"boeki {name}", "##")
    return "\n".join(parts)


def _sections(command: click.Command, name: str, head: str) -> list[str]:
    """A section for a command, and one a level below for each command of a group."""
    parts = [f"{head} {name}\n\n```text\n{_help(command, name)}\n```\n"]
    if isinstance(command, click.Group):
        context = click.Context(command)
        seen: set[int] = set()
        for part in command.list_commands(context):
            below = command.get_command(context, part)
            assert below is not None
            # Commands that share their options are one command under several names.
            if id(below.params) not in seen:
                parts += _sections(below, f"{name} {part}", f"{head}#")
            seen.add(id(below.params))
    return parts


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=80, max_content_width=80)
    return command.get_help(context)


def main() -> int:
    """Write the page, or with --check compare."""
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            print(f"{PAGE} is out of date: run python scripts/cli_reference.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
