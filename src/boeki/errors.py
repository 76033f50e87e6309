"""What can go wrong, as one tree.

    BoekiError
    ├── InputError            what the caller gave cannot be used
    │   ├── UnknownTerm       no such area, product, measure or unit; near matches are listed
    │   ├── BadPeriod         not a period
    │   └── UnreadableText    an article that is empty, binary or in no known encoding
    ├── NoFigure              the lake holds no figure that answers the question
    │   └── NotYetPublished   it holds one, but none published by the day asked for
    ├── IntegrityError        figures that contradict their own identities
    ├── NotSolved             equations to which no solution was found
    ├── SourceError           an official source, or the way to it
    │   ├── Unreachable       it did not answer, or not whole, however often it was asked
    │   ├── Refused           it answered that it will not serve this
    │   ├── NotAsExpected     what came is not what was asked for, or not in the known layout
    │   ├── Oversize          more bytes than a reply of this source has any business to have
    │   └── MissingKey        it wants a key that the environment does not have
    ├── LakeError             the lake cannot be read or written
    └── MissingExtra          an optional part of boeki is not installed

Every message says what is wrong and what to do next.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cached_property, lru_cache

#: So few terms are all named where none of them comes near.
_FEW = 20


class BoekiError(Exception):
    """Base of all errors that boeki raises on purpose."""


class InputError(BoekiError):
    """What the caller gave cannot be used."""


class UnknownTerm(InputError):
    """A code or name that the vocabulary does not have.

    Parameters
    ----------
    sort
        What was looked up: ``area``, ``product``, ``measure`` …
    given
        What the caller wrote.
    known
        The terms that exist; the nearest are named in the message.
    """

    def __init__(self, sort: str, given: str, known: Iterable[str] = ()) -> None:
        super().__init__(sort, given)
        self.sort, self.given, self.known = sort, given, list(known)

    # What comes near is looked for when somebody asks: it takes milliseconds, and where thousands
    # of codes are tried one after another nobody ever does.
    @cached_property
    def near(self) -> tuple[str, ...]:
        """The terms that look most like the one given, best first."""
        return nearest(self.given, self.known)

    def __str__(self) -> str:
        return f"unknown {self.sort} {self.given!r}: {_instead(self.near, self.known)}"


class UnknownSector(UnknownTerm):
    """A sector that a world does not have; it may be a product within one that it has."""

    def __str__(self) -> str:
        return (
            f"{super().__str__()} `boeki world show --by sector` lists them; `boeki world zoom` "
            "splits one by product, such as semiconductor equipment out of machinery."
        )


def _instead(near: Iterable[str], terms: list[str]) -> str:
    """What may have been meant; all that there is where nothing comes near and it is little."""
    if near := list(near):
        return f"did you mean {', '.join(near)}?"
    if 0 < len(terms) <= _FEW:
        return f"there {'is' if len(terms) == 1 else 'are'} {', '.join(terms)}."
    return "nothing comes near it."


class BadPeriod(InputError):
    """Text that is not a period."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(
            f"{given!r} is not a period: write 2024-11, 2024-Q4, 2024-H1, 2024, FY2024, "
            "a span such as 2024-01/2024-11, or days such as 2024-11-01/2024-11-20"
        )


class UnknownFiscalYear(BadPeriod):
    """A fiscal year of a country of which it is not known when it begins: none is assumed."""

    def __init__(self, given: str, whose: str) -> None:
        self.given = given
        InputError.__init__(
            self,
            f"the fiscal year of {whose} is not known here: ask for calendar years, or write the "
            f"months of {given}, as 2024-04/2025-03",
        )


class UnreadableText(InputError):
    """An article that is empty, binary, too large or in no known encoding."""


class NoFigure(BoekiError):
    """The lake holds no figure that answers the question."""


class NotYetPublished(NoFigure):
    """The lake holds a figure, but none that was published by the day asked for."""


class IntegrityError(BoekiError):
    """Figures that contradict their own identities."""


class NotSolved(BoekiError):
    """Equations to which no solution was found: no point is returned that is none."""


class SourceError(BoekiError):
    """Something went wrong with an official source, or on the way to it."""


class Unreachable(SourceError):
    """The source did not answer, or not whole, however often it was asked."""


class Refused(SourceError):
    """The source answered that it will not serve this.

    Parameters
    ----------
    message
        What was asked, what was answered, and what to do.
    status
        The HTTP status, 0 where there was none.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        self.status = status
        super().__init__(message)


class NotAsExpected(SourceError):
    """What came is not what was asked for, or not in the layout that boeki knows."""


class Oversize(SourceError):
    """More bytes than a reply of this source has any business to have."""


class MissingKey(SourceError):
    """The source wants a key that the environment does not have."""


class LakeError(BoekiError):
    """The lake cannot be read or written: no such place, no right, no room, a damaged file."""


class MissingExtra(BoekiError):
    """An optional part of boeki is not installed.

    Parameters
    ----------
    extra
        Its name: ``sdmx`` for ``boeki[sdmx]``.
    purpose
        What it is needed for.
    """

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra = extra
        super().__init__(f"{purpose} needs an extra: pip install 'boeki[{extra}]'")


def nearest(given: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The terms that look most like the one given, best first."""
    return _nearest(given, tuple(known), most)


# A file that has a code wrong has it wrong in every line.
@lru_cache(maxsize=1024)
def _nearest(given: str, known: tuple[str, ...], most: int) -> tuple[str, ...]:
    folded: dict[str, str] = {}
    for term in known:
        folded.setdefault(term.casefold(), term)
    close = difflib.get_close_matches(given.casefold(), list(folded), n=most, cutoff=0.5)
    return tuple(folded[c] for c in close)
