"""What a verification finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

Severity = Literal["error", "warning", "info"]
_ORDER = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    severity
        ``error`` where a figure may be wrong or its evidence is gone; ``warning`` for what should
        be looked at; ``info`` for what a reader may want to know.
    check
        Which check found it: ``raw`` ``rows`` ``documents`` ``duplicates`` ``reading``
        ``withdrawn`` ``gaps`` ``identities``.
    where
        What it is about.
    message
        What was found, and what to do.
    count
        How many rows, figures or files are concerned.
    """

    severity: Severity
    check: str
    where: str
    message: str
    count: int = 1

    def to_dict(self) -> dict[str, Any]:
        """The columns of a table."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a verification.

    Attributes
    ----------
    findings
        Errors first.
    checked
        How many things each check looked at.
    """

    findings: tuple[Finding, ...]
    checked: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether no error was found."""
        return not self.of("error")

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(f for f in self.findings if f.severity == severity)

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values."""
        return {
            "ok": self.ok,
            "checked": self.checked,
            "findings": [f.to_dict() for f in self.findings],
        }


class Progress(Protocol):
    """Is told how a verification goes on."""

    def step(self, check: str, done: int, whole: int) -> None:
        """So many things of so many have been looked at."""


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings with errors first, then by check and place."""
    return tuple(sorted(findings, key=lambda f: (_ORDER.index(f.severity), f.check, f.where)))


def told(progress: Progress | None, check: str, done: int, whole: int) -> None:
    """Tell how far a check is, where somebody wants to know."""
    if progress:
        progress.step(check, done, whole)


def some(names: Iterable[str], most: int = 3) -> str:
    """The first few of many names, and how many more there are."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
