"""What carries over between sentences, and what a figure is about once that is settled."""

from __future__ import annotations

from dataclasses import dataclass

from boeki.check.claim import Claim
from boeki.check.extract.frames import Frame
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL


@dataclass(slots=True)
class Context:
    """What carries over from one sentence to the next."""

    reporter: str | None = None
    partner: str = "WLD"
    product: str = TOTAL
    measure: str | None = None
    sign: str = ""
    period: Period | None = None
    base: str | None = None
    currency: str | None = None
    rate: str | None = None
    topic: str = TOTAL
    company: bool = False
    #: The last country whose customs trade was spoken of: what a passage returns to after sentences
    #: on a world market.
    home: str | None = None
    share: Claim | None = None
    #: The last partner named: "that country", "the latter".
    latter: str = "WLD"
    #: The flow of the last quantity: what "in value" returns to.
    flow: str | None = None
    #: The last industry named, for its sales.
    industry: str | None = None
    #: Currency and scale of the rows of a table, as its head gives them.
    table: tuple[str, int] | None = None


@dataclass(slots=True)
class Subject:
    """A frame with everything settled that the sentence or the passage settles."""

    measure: str | None
    sign: str
    product: str
    reporter: str | None
    partner: str
    frame: Frame
