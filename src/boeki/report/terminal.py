"""A report in a terminal: a verdict, the words and the evidence of each claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from boeki.check.article import printable
from boeki.check.verdict import Checked, Report, Verdict
from boeki.report.words import SIGNS, article_name, cause_change, cause_share, day, readings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

#: A colour for each verdict, from the sixteen that every terminal has and its user has chosen.
STYLES: dict[Verdict, str] = {
    "supported": "bold green",
    "revised": "bold blue",
    "contradicted": "bold red",
    "misattributed": "bold magenta",
    "disputed": "bold yellow",
    "inconsistent": "bold red",
    "unverifiable": "bold dim",
}

#: Signs for an output that has only ASCII.
_PLAIN_SIGNS: dict[Verdict, str] = {
    "supported": "+",
    "revised": "~",
    "contradicted": "x",
    "misattributed": ">",
    "disputed": "<",
    "inconsistent": "!",
    "unverifiable": "?",
}

_QUOTE = 160
_CAUSES = 3


def print_report(report: Report, console: Console, *, details: bool = False) -> None:
    """Print a report as a table, and below it how many claims got which verdict.

    Parameters
    ----------
    report
        What was found. Its text is not trusted: markup and control characters in it have no effect.
    console
        Where to print; its width, colours and encoding are respected.
    details
        Print the diagnosis, both states of knowledge and the decomposition below each claim, too.
    """
    write = _Writer(console)
    console.print(write.text(_heading(report), "bold"))
    console.print()
    if report.claims:
        console.print(_table(report, write, details))
    else:
        console.print(write.text("No claim about trade was found in it."))
        console.print()
    for line in write.summary(report, console.width):
        console.print(line, soft_wrap=True)


def summary_line(report: Report) -> str:
    """How many claims got which verdict: ``3 supported · 2 revised``."""
    return " · ".join(f"{n} {verdict}" for verdict, n in report.summary.items()) or "no claims"


def _heading(report: Report) -> str:
    name = article_name(report)
    return f"{name}, {day(report.published)}; figures as of {day(report.checked)}"


class _Writer:
    """Makes text safe for one console: no markup, no control characters, only what it encodes."""

    def __init__(self, console: Console) -> None:
        self.encoding = console.encoding
        self.has_signs = self._can("".join(SIGNS.values()))

    def _can(self, words: str) -> bool:
        try:
            words.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def text(self, words: str, style: str = "") -> Text:
        from rich.text import Text

        words = " ".join(printable(words).split())
        if not self._can(words):
            words = words.encode(self.encoding, "replace").decode(self.encoding)
        return Text(words, style=style)

    def verdict(self, verdict: Verdict) -> Text:
        sign = (SIGNS if self.has_signs else _PLAIN_SIGNS)[verdict]
        return self.text(f"{sign} {verdict}", STYLES[verdict])

    def summary(self, report: Report, width: int) -> Iterator[Text]:
        """The summary in as many lines as it takes, broken between verdicts only."""
        line, joint = self.text(""), " · " if self.has_signs else ", "
        for verdict, count in report.summary.items():
            part = self.text(f"{count} {verdict}", STYLES[verdict])
            if line and len(line) + len(joint) + len(part) > width:
                yield line
                line = self.text("")
            line = line.append(joint if line else "").append_text(part)
        yield line or self.text(summary_line(report))


def _table(report: Report, write: _Writer, details: bool) -> Table:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")

    def extra(checked: Checked) -> list[Table]:
        return [_causes(checked, write)] if details and checked.causes else []

    for number, checked in enumerate(report.claims, 1):
        body = Group(Text("\n").join(_lines(checked, write, details)), *extra(checked), Text())
        table.add_row(str(number), write.verdict(checked.verdict), body)
    return table


def _lines(checked: Checked, write: _Writer, details: bool) -> Iterator[Text]:
    """What is worth a line: words, evidence, what the number really is, what changed since."""
    yield write.text(f"“{shorten(checked.claim.quote)}”")
    yield write.text(checked.line, "bold")
    for words in _details(checked) if details else ():
        yield write.text(words, "dim")


def _causes(checked: Checked, write: _Writer) -> Table:
    """The largest causes, and the one that the claim names wherever it stands."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for cause in checked.causes:
        if cause.rank > _CAUSES and not cause.named:
            continue
        label = f"{cause.label} (named)" if cause.named else cause.label
        cells = (str(cause.rank), label, cause_change(cause), cause_share(cause))
        table.add_row(*map(write.text, cells), style="bold" if cause.named else "")
    return table


def _details(checked: Checked) -> Iterator[str]:
    words = [w for w in (checked.diagnosis, checked.settles) if w and w not in checked.line]
    yield from words
    seen = readings(checked)
    if len(seen) == 2 and not words:
        yield "; ".join(
            f"{j.official.text if j.official else 'no figure'} ({j.verdict}) on {day(j.as_of)}"
            for j in seen
        )


def shorten(words: str, most: int = _QUOTE) -> str:
    """Words on one line, cut at a space where they are longer than ``most``."""
    words = " ".join(words.split())
    if len(words) <= most:
        return words
    cut = words[:most].rsplit(" ", 1)[0] if " " in words[:most] else words[:most]
    return cut.rstrip(",;:.–—") + " …"
