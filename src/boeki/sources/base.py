"""What a source is: a module that asks for bytes and reads them, and knows nothing else.

    requests(query)   which addresses hold what was asked for
    parse(raw)        what the bytes say, as canonical rows under the document they come from

Fetching, keeping, checking and appending are the same for every source and stand elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import pyarrow as pa

from boeki.terms.periods import Period

#: Money and quantities are exact, with three places; other figures have six.
MONEY = pa.decimal128(20, 3)
FINE = pa.decimal128(24, 6)

#: What a row of merchandise trade says. The rest of a row of the lake (document, days, licence)
#: comes from the document.
FLOW_ROWS = pa.schema(
    [
        ("reporter", pa.string()),  # area codes of boeki.terms.areas
        ("partner", pa.string()),
        ("flow", pa.string()),  # export, import, re-export, re-import …
        ("classification", pa.string()),  # HS2022, JP-PC, CN2024, SITC4 …
        ("product", pa.string()),  # a code, or TOTAL
        ("freq", pa.string()),  # M, Q, A …
        ("period", pa.string()),  # as str(Period) writes it
        ("value", MONEY),  # in units of the currency, not thousands
        ("currency", pa.string()),  # ISO 4217
        ("resolution", MONEY),  # size of the last digit that the source printed
        ("quantity", MONEY),  # in `unit`; null where there is none
        ("unit", pa.string()),  # null where there is no quantity
        ("weight", MONEY),  # net weight in kilograms, where the source gives it
        ("valuation", pa.string()),  # fob, cif; fas and customs for US exports and imports
        ("system", pa.string()),  # general, special, or null where it is not known
        ("adjustment", pa.string()),  # nsa, sa
        ("status", pa.string()),  # provisional, revised, final
    ]
)

#: What a row of any other figure says.
SERIES_ROWS = pa.schema(
    [
        ("key", pa.string()),
        ("area", pa.string()),
        ("dimensions", pa.map_(pa.string(), pa.string())),
        ("freq", pa.string()),
        ("period", pa.string()),
        ("value", FINE),
        ("unit", pa.string()),
        ("resolution", FINE),
        ("status", pa.string()),
    ]
)

#: A row may say for itself when it was published, where one document holds many days' figures.
PUBLISHED = pa.field("published", pa.date32())


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a source.

    Attributes
    ----------
    names
        The source's own names of files, tables or data sets: ``d41ma``, ``2024-11``, ``HS17``.
    start, end
        First and last period wanted; None leaves it open.
    reporters, partners
        Area codes of the vocabulary; empty for all that the source has.
    products
        Codes of the source's classification; empty for its default.
    flows
        ``export``, ``import`` …; empty for all.
    freq
        ``M``, ``Q``, ``A``; empty for the source's default.
    options
        What only this source understands.
    """

    names: tuple[str, ...] = ()
    start: Period | None = None
    end: Period | None = None
    reporters: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    freq: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One reply that is wanted.

    Attributes
    ----------
    name
        What it is called, unique within the source: ``d41ma``, ``HS17/2020``. The same name asked
        for again is a newer state of the same thing.
    address
        Its URL without the query, or the path of a file of the user's own.
    params
        The query that may be shown and kept.
    secrets
        Parameters and headers that may be neither shown nor kept: keys.
    headers
        What the server needs besides.
    media
        What the reply must be: ``csv`` ``xml`` ``json`` ``zip`` ``7z`` ``xlsx`` ``parquet``
        ``text``; a reply that is an HTML page instead is refused.
    context
        What :meth:`Source.parse` needs to know and the bytes do not say.
    """

    name: str
    address: str
    params: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    media: Literal["csv", "xml", "json", "zip", "7z", "xlsx", "parquet", "text"] = "csv"
    context: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The address with its query, keys left out: what may be printed, logged and kept."""
        from urllib.parse import quote, urlencode

        if not self.params:
            return self.address
        return f"{self.address}?{urlencode(self.params, quote_via=quote, safe=',:*')}"


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes of a reply as they were kept, before anything has read them.

    Attributes
    ----------
    request
        What was asked.
    path
        A local file with the bytes, not to be changed.
    sha256
        Their hash, in hexadecimal.
    retrieved
        When they came, in UTC.
    modified
        The day that the server says they were last changed; None where it does not say.
    """

    request: Request
    path: Path
    sha256: str
    retrieved: dt.datetime
    modified: dt.date | None = None

    @property
    def day(self) -> dt.date:
        """The best upper bound for the day of publication that the reply itself gives."""
        return min(self.modified or self.retrieved.date(), self.retrieved.date())


@dataclass(frozen=True, slots=True)
class Document:
    """What rows come from: one release, one state of a file, one reply.

    Attributes
    ----------
    name
        Unique within the office: ``press-2024-11-provisional``, ``d41ma@2026-09-30``.
    title
        As a citation has it.
    published
        The day on which the office released it, or the best upper bound; ``note`` says which.
    vintage
        How the office calls this state: ``provisional``, ``V202201``; may be empty.
    note
        What a reader must know.
    url, licence
        Empty for those of the request and the source.
    """

    name: str
    title: str
    published: dt.date
    vintage: str = ""
    note: str = ""
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """An equation of the source's own that its rows must fulfil.

    Attributes
    ----------
    name
        In words: ``the nine sections add up to the total``.
    group
        The columns that say what belongs together.
    holds
        SQL over the rows of a group (DuckDB aggregates) that is true where the identity holds;
        null counts as "cannot be checked here".
    """

    name: str
    group: tuple[str, ...]
    holds: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the bytes that could not be read as a row, and why. It goes to quarantine."""

    where: str
    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table from one document.

    Attributes
    ----------
    document
        What they come from.
    table
        ``flows`` or ``series``.
    rows
        With the columns of :data:`FLOW_ROWS` or :data:`SERIES_ROWS`, and :data:`PUBLISHED` where
        rows differ in it. A table, or a reader of batches where there are too many for memory.
    identities
        Equations that the rows must fulfil.
    faults
        Lines that could not be read; asked for when the rows have been.
    whole
        Sets of columns that say what the rows are whole for. A figure whose values of each set
        stand together among them is one that the office gives here where it has it: where an
        earlier reply to the same request gave it, and this one does not, it has been withdrawn.
        Of a sheet of months by products these are two sets, its lines and its columns. Empty where
        absence says nothing, as in excerpts.
    replaces
        Whether it takes the place of all that older versions of its table gave of this, whatever
        they were asked for: what it leaves out of them has been withdrawn.
    """

    document: Document
    table: Literal["flows", "series"]
    rows: pa.Table | pa.RecordBatchReader
    identities: tuple[Identity, ...] = ()
    faults: Iterable[Fault] = ()
    whole: tuple[tuple[str, ...], ...] = ()
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reply says.

    Attributes
    ----------
    parts
        Its rows.
    more
        Further replies that are needed: the next page, or the smaller questions that replace one
        whose reply would have been cut off.
    """

    parts: Iterable[Part] = ()
    more: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """Facts about a source, read from ``facts/NAME.toml``.

    Attributes
    ----------
    name
        As ``boeki pull`` has it: ``japan-customs``.
    title, publisher, home
        As a citation has them.
    office
        Whose statistics: sources of one office are vintages of the same figures. Rows of different
        offices never replace one another.
    standing
        ``official``, ``association``, ``analyst`` or ``own`` (a user's file).
    what
        One line: what it holds.
    names
        What ``boeki pull`` takes as names, with what each is.
    options
        Options that only this source understands, with what each does.
    cadence, valuation, system, units
        Facts for a reader; ``valuation`` and ``system`` as the tables have them where they are the
        same for all rows.
    licence, citation
        On what terms, and how to cite.
    key
        The environment variable that has its key; empty where none is needed.
    pause
        Seconds between requests.
    most_bytes
        The largest reply that is taken.
    dated
        What its files themselves say of when they were published: the ``day``; a ``version``, by
        which they stand in order; or nothing.
    verified, unverified
        What was tried on real bytes, and what was built from documentation only.
    """

    name: str
    title: str
    publisher: str
    home: str
    office: str
    what: str
    licence: str
    citation: str
    standing: str = "official"
    names: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    cadence: str = ""
    units: str = ""
    valuation: str = ""
    system: str = ""
    key: str = ""
    pause: float = 1.0
    most_bytes: int = 200_000_000
    dated: Literal["", "version", "day"] = ""
    verified: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()


class Source(Protocol):
    """A source of official figures."""

    about: About

    def requests(self, query: Query) -> Iterable[Request]:
        """The replies that answer a query.

        Raises
        ------
        UnknownTerm
            For a name, area or code that the source does not have.
        InputError
            Where the query cannot be put to this source; the message says how to put it.
        MissingKey
            Where a key is needed and the environment has none.
        """

    def parse(self, raw: Raw) -> Parsed:
        """What the bytes of a reply say.

        Raises
        ------
        NotAsExpected
            Where they are not in the layout that is known: another header, another column, half a
            file. Nothing of them is used then.
        """
