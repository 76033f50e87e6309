"""Bars on standard error for what takes long; nothing where nobody looks."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from boeki.ingest.pull import Reply
    from boeki.sources.base import Request


class _Bar:
    """A bar on standard error, shown only in a terminal."""

    def __init__(self, *columns: Any) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        shown = sys.stderr.isatty()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            *columns,
            console=Console(stderr=True),
            transient=True,
            disable=not shown,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()


class PullBar(_Bar):
    """How a pull goes on: the reply that is coming, its bytes, and how many replies there are.

    Attributes
    ----------
    replies
        Those that are finished with, whatever became of the pull.
    """

    def __init__(self) -> None:
        from rich.progress import DownloadColumn

        super().__init__(DownloadColumn())
        self.replies: list[Reply] = []

    def asked(self, request: Request, left: int) -> None:
        """Begin a reply."""
        done = len(self.replies)
        said = f"{request.name} ({done + 1} of {done + 1 + left})"
        self._bar.update(self._task, description=said, completed=0, total=None)

    def came(self, size: int, whole: int | None) -> None:
        """Show the bytes that have come."""
        self._bar.update(self._task, completed=size, total=whole)

    def done(self, reply: Reply) -> None:
        """Finish a reply."""
        self.replies.append(reply)


class CheckBar(_Bar):
    """How a verification goes on: the check, and how far it is."""

    def __init__(self) -> None:
        from rich.progress import MofNCompleteColumn

        super().__init__(MofNCompleteColumn())

    def step(self, check: str, done: int, whole: int) -> None:
        """Show how far a check is."""
        self._bar.update(self._task, description=f"checking {check}", completed=done, total=whole)


class Steps(_Bar):
    """Steps of which nobody knows how long they take: the one that runs now."""

    def __init__(self, doing: str) -> None:
        super().__init__()
        self._doing = doing

    def __call__(self, step: str) -> None:
        """Show the step that begins."""
        self._bar.update(self._task, description=f"{self._doing}: {step}")


class CountBar(_Bar):
    """How many of many are done; called with how many more."""

    def __init__(self, doing: str, whole: int | None) -> None:
        from rich.progress import MofNCompleteColumn, TimeRemainingColumn

        super().__init__(MofNCompleteColumn(), TimeRemainingColumn())
        self._bar.update(self._task, description=doing, total=whole)

    def __call__(self, more: int) -> None:
        """So many more are done."""
        self._bar.advance(self._task, more)

    def at(self, what: str) -> None:
        """One more begins: say which."""
        self._bar.update(self._task, description=what, advance=1)
