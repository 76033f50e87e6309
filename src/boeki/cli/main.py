"""The ``boeki`` command and what all its commands share."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import click

from boeki import __version__
from boeki.cli.lazy import LazyGroup

#: Command to the module that has it, loaded only when it is called: ``boeki --help`` must answer
#: at once.
COMMANDS = {
    "check": ("boeki.cli.check", "Check an article against official figures."),
    "claims": ("boeki.cli.check", "Print the claims of passages, one JSON object a line."),
    "completion": ("boeki.cli.completion", "Print the script for tab completion."),
    "explain": ("boeki.cli.explain", "Explain a change of trade: what did how much of it."),
    "figures": ("boeki.cli.figures", "List the figures that are aboard."),
    "lake": ("boeki.cli.lake", "Look into a lake, verify it, and look after it."),
    "measure": ("boeki.cli.measure", "Measure a country's trade: series and indicators."),
    "pull": ("boeki.cli.pull", "Bring official figures into a lake."),
    "simulate": ("boeki.cli.simulate", "Simulate what if: the world economy with shocks."),
    "sources": ("boeki.cli.sources", "List the sources of official figures."),
    "world": ("boeki.cli.world", "Look into and make the world that simulations start from."),
}


class _Main(LazyGroup):
    """The group of all commands, which may be one end of a pipe."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; that the reader of a pipe has gone is no error."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (BrokenPipeError, SystemExit) as stop:
            if not any(isinstance(e, BrokenPipeError) for e in (stop, stop.__context__)):
                raise
            # The reader of a pipe has gone: that is its business, not an error of ours. Click and
            # Rich would exit with 1, which says that --fail-on has hit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None
        return result


@click.group(cls=_Main, homes=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="boeki")
@click.option(
    "--lake",
    "place",
    metavar="PLACE",
    help="The lake of pulled figures: a folder, or s3://bucket/path (default: BOEKI_LAKE).",
)
@click.option(
    "--engine",
    metavar="ENGINE",
    help="What computes: duckdb, spark://host:port, postgresql://host/database, "
    "clickhouse://host/database (default: BOEKI_ENGINE).",
)
@click.pass_context
def cli(ctx: click.Context, place: str | None, engine: str | None) -> None:
    """boeki (貿易, trade): what happened, why, and is it true, each answer with its evidence.

    \b
    Examples:
      boeki check article.txt --published 2025-01-10 --html out.html
      boeki measure balance JPN --from 2023-11 --to 2024-11
      boeki --lake ~/trade pull japan-customs
      boeki --lake ~/trade lake status
    """
    for variable, value in (("BOEKI_LAKE", place), ("BOEKI_ENGINE", engine)):
        if value is not None:
            _set_for(ctx, variable, value)


def _set_for(ctx: click.Context, variable: str, value: str) -> None:
    """Set a variable of the environment for as long as a command runs: whatever it calls opens its
    lake by it.
    """
    before = os.environ.get(variable)

    def restore() -> None:
        if before is None:
            os.environ.pop(variable, None)
        else:
            os.environ[variable] = before

    os.environ[variable] = value
    ctx.call_on_close(restore)


def main(args: list[str] | None = None) -> None:
    """Run the command line; errors that boeki raises become a sentence and exit status 2."""
    from boeki.errors import BoekiError

    # A short life with many objects that all live to its end: looking for garbage finds none.
    gc.set_threshold(200_000, 20, 20)
    try:
        status: Any = cli.main(args=args, prog_name="boeki", standalone_mode=False)
    except click.exceptions.Exit as stop:
        status = stop.exit_code
    except click.ClickException as error:
        error.show()
        status = 2
    except click.Abort:
        click.echo("stopped", err=True)
        status = 130
    except BoekiError as error:
        click.echo(f"boeki: {error}", err=True)
        status = 2
    except Exception as fault:
        # A fault of ours. A user gets a sentence; whoever mends it asks for the traceback.
        if os.environ.get("BOEKI_DEBUG"):
            raise
        click.echo(
            f"boeki: something went wrong inside ({type(fault).__name__}: {fault}). "
            "Please report it, with what the same command prints under BOEKI_DEBUG=1.",
            err=True,
        )
        status = 3
    sys.exit(status if isinstance(status, int) else 0)
