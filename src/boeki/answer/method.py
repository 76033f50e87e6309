"""How an answer was computed, so that it can be cited and done again by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the literature.

    Attributes
    ----------
    name
        ``Grubel–Lloyd index``.
    formula
        In one line of plain text: ``GL = 1 − |X − M| / (X + M)``.
    reference
        The paper or manual it is taken from, as one cites it.
    page
        The page of the documentation that explains it: ``explanation/structure.md``.
    """

    name: str
    formula: str
    reference: str
    page: str = ""

    def to_dict(self) -> dict[str, str]:
        """As JSON has it."""
        return {
            "name": self.name,
            "formula": self.formula,
            "reference": self.reference,
            "page": self.page,
        }
