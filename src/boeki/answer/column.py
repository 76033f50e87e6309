"""A column of an answer: what stands in it and in which unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tidy table.

    Attributes
    ----------
    name
        As in the table, in ``snake_case``.
    meaning
        In the field's words, a few of them.
    unit
        A currency (``JPY``), ``%``, ``pp`` (percentage points), ``2020=100``, ``t`` …; empty for
        words, codes and pure numbers.
    places
        Decimals that people are shown; None to let the unit decide. Files have all of them.
    shown
        Whether people are shown it at all; files always have it.
    """

    name: str
    meaning: str
    unit: str = ""
    places: int | None = None
    shown: bool = True

    @property
    def money(self) -> bool:
        """Whether it is an amount in a currency."""
        return len(self.unit) == 3 and self.unit.isalpha() and self.unit.isupper()

    def to_dict(self) -> dict[str, str]:
        """As JSON has it."""
        return {"name": self.name, "meaning": self.meaning, "unit": self.unit}
