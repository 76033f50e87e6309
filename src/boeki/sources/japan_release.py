"""The layout of the press releases of Japan's customs: XML with a page for each table.

    sogakutsuki          totals, of the month and of the month a year before
    chiikikunisogaku     totals by area and country
    shuyochiikikunihin   principal commodities, a page for each flow and area
    shisu, chiikishisu   indexes of value, volume and unit value

Read here into plain lines of text, each with the place where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element

from boeki.errors import NotAsExpected
from boeki.sources.archives import xml_root
from boeki.terms.periods import NAMES, Period

#: What a line of each table must have.
AREA = (
    "chiikikunikbn",
    "chiikikuni",
    "exportkagakue",
    "exportnobiritsu",
    "importkagakue",
    "importnobiritsu",
    "sashihikikagakue",
    "sashihikinobiritsu",
)
COMMODITY = (
    "shuyoshohin",
    "shuyoshohinbunrui",
    "tani",
    "suryo",
    "suryonobiritsu",
    "kagaku",
    "koseihi",
    "kagakunobiritsu",
    "zogenkiyodo",
)
INDEX = tuple(f"{f}{m}" for f in ("export", "import") for m in ("kingaku", "suryo", "kakaku"))
TOTAL = ("sogakutonen", "sogakuzennen", "nobiritsu")

#: Elements that hold no figures: the list of pages, and a link to the same as PDF.
_IDLE = frozenset({"mokuji", "pdf"})
_READ = frozenset({"sogakutsuki", "chiikikunisogaku", "shuyochiikikunihin", "shisu", "chiikishisu"})
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MONTHS = {name: at for at, name in enumerate(NAMES) if name}
_PAGE = re.compile(r"(Exports|Imports) by Principal Commodity\b.*\(([^()]+)\)")
#: What stands where a figure would: nothing.
_NONE = frozenset({"", "-"})
#: Growth in a word: from nothing, which has no rate, and to nothing.
_FROM_NIL, _TO_NIL = "ZENZO", "ZENGEN"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes
    ----------
    where
        Page and line: ``pg3, line 7``.
    cells
        Name of an element to its text, stripped.
    """

    where: str
    cells: Mapping[str, str]

    @property
    def said(self) -> str:
        """All of it, for a message."""
        return ", ".join(f"{name}={text}" for name, text in self.cells.items())


@dataclass(frozen=True, slots=True)
class Commodities:
    """A page of principal commodities: whose (as the release calls it), which flow, its lines."""

    flow: str
    area: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Indexes:
    """A table of indexes or of their growth.

    Attributes
    ----------
    growth
        Whether it holds growth on the year, not levels.
    base
        As printed: ``2020=100``.
    lines
        Each with ``area`` and ``period`` beside its figures, ``exportp`` and ``importp`` where they
        are provisional.
    """

    growth: bool
    base: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A press release.

    Attributes
    ----------
    published
        As printed: ``December 18, 2024``.
    title
        With the stage in brackets at its end.
    month, before
        The month, and the one it is compared with.
    totals
        ``export``, ``import`` and ``balance``, each with this year, the year before, and growth.
    areas, commodities, indexes
        Its tables; none in the releases of ten and twenty days.
    unknown
        Tables that are not known, as element and page.
    """

    published: str
    title: str
    month: Period
    before: Period
    totals: Mapping[str, Line]
    areas: tuple[Line, ...]
    commodities: tuple[Commodities, ...]
    indexes: tuple[Indexes, ...]
    unknown: tuple[str, ...]


def read(path: Path, name: str, most_bytes: int) -> Release:
    """Read a release.

    Raises
    ------
    NotAsExpected
        Where it is no release in the layout that is known, not whole, or declares entities.
    Oversize
        Where it is longer than ``most_bytes``.
    """
    with path.open("rb") as file:
        root = xml_root(file, most_bytes, name=name)
    if root.tag != "hodoxml":
        raise NotAsExpected(f"{name} is <{root.tag}>, not a release of Japan's customs (<hodoxml>)")
    _check_pages(root, name)
    first = root.findall("sogakutsuki")
    if len(first) != 1:
        raise NotAsExpected(f"{name} has {len(first)} pages of totals (sogakutsuki), not one")
    head = first[0]
    month = monthly(_text(head, "taishoymtonen", name), name)
    return Release(
        _text(head, "kohyoymd", name),
        _text(head, "title", name),
        month,
        monthly(_text(head, "taishoymzennen", name), name),
        dict(_totals(head, name)),
        tuple(_areas(root, name, month)),
        tuple(_commodities(root, name, month)),
        tuple(_indexes(root, name)),
        tuple(f"{e.tag} {e.get('name', '')}".strip() for e in root if e.tag not in _READ | _IDLE),
    )


def number(text: str) -> Decimal | None:
    """A figure as printed, None for a dash or nothing.

    Thousands are parted by commas; a triangle or a minus, narrow or wide, is the sign.

    Raises
    ------
    ValueError
        Where it is neither.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub("^[△▲▵−–]", "-", plain)
    if plain in _NONE:
        return None
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"{text!r} is no number")
    return Decimal(plain.replace(",", ""))


def rate(text: str) -> Decimal | None:
    """Growth on the year in percent; None where it is not defined, -100.0 for a fall to nil.

    Raises
    ------
    ValueError
        Where it is neither a number nor one of the office's words.
    """
    word = text.strip()
    if word == _TO_NIL:
        return Decimal("-100.0")
    return None if word == _FROM_NIL else number(text)


def monthly(text: str, name: str) -> Period:
    """A month or year in English: ``November 2024``, ``2024 November``, ``2021``.

    Raises
    ------
    NotAsExpected
        Where it is none.
    """
    words = text.split()
    years = [w for w in words if re.fullmatch(r"\d{4}", w)]
    months = [_MONTHS[w] for w in words if w in _MONTHS]
    if len(years) == 1 and len(years) + len(months) == len(words) and len(months) < 2:
        year = int(years[0])
        return Period.month(year, months[0]) if months else Period.year(year)
    raise NotAsExpected(f"{name}: {text!r} is no month: the layout of the releases has changed")


def _check_pages(root: Element, name: str) -> None:
    """See that every page that the list of pages names is there."""
    there = {e.get("name") for e in root}
    listed = [(p.get("href") or "").removeprefix("#") for p in root.iterfind("mokuji/page")]
    if missing := [page for page in listed if page not in there]:
        raise NotAsExpected(
            f"{name} lists pages that it does not have ({', '.join(missing)}): it is not whole"
        )


def _totals(head: Element, name: str) -> Iterator[tuple[str, Line]]:
    for item, tag in (("export", "export"), ("import", "import"), ("balance", "sashihiki")):
        element = head.find(tag)
        if element is None:
            raise NotAsExpected(f"{name}: the page of totals lacks <{tag}>")
        yield item, _line(element, TOTAL, f"{head.get('name', '')}, {tag}", name)


def _areas(root: Element, name: str, month: Period) -> Iterator[Line]:
    for page in root.iterfind("chiikikunisogaku"):
        _check_month(page, name, month)
        yield from _lines(page, "chiikikunisogakuinfo", AREA, name)


def _commodities(root: Element, name: str, month: Period) -> Iterator[Commodities]:
    for page in root.iterfind("shuyochiikikunihin"):
        _check_month(page, name, month)
        title = _text(page, "title", name)
        found = _PAGE.fullmatch(title)
        if not found:
            raise NotAsExpected(
                f"{name}: {page.get('name')} is called {title!r}, not Exports or Imports by "
                "Principal Commodity(AREA)"
            )
        flow = found[1].removesuffix("s").lower()
        lines = tuple(_lines(page, "shuyochiikikunihininfo", COMMODITY, name))
        yield Commodities(flow, found[2].strip(), lines)


def _indexes(root: Element, name: str) -> Iterator[Indexes]:
    # Tables by area come first: they say what is provisional; the table of all areas repeats them.
    for page in (*root.iterfind("chiikishisu"), *root.iterfind("shisu")):
        one_area = page.tag == "chiikishisu"
        shared = (
            {"area": _text(page, "title", name)}
            if one_area
            else {"period": _text(page, "taishoym", name)}
        )
        base = unicodedata.normalize(
            "NFKC", _text(page, "chushaku1" if one_area else "chushaku", name)
        )
        if not re.fullmatch(r"\d{4}=100", base):
            raise NotAsExpected(f"{name}: {page.get('name')} has the base {base!r}, not YEAR=100")
        for tag in ("genchi", "nobiritsu"):
            table = page.find(tag)
            if table is None:
                raise NotAsExpected(f"{name}: {page.get('name')} lacks <{tag}>")
            wanted = [*(("taishokikan", "exportp", "importp") if one_area else ("chiiki",)), *INDEX]
            lines = _lines(table, "shisuinfo", wanted, name, f"{page.get('name')}, {tag}")
            yield Indexes(tag == "nobiritsu", base, tuple(_named(line, shared) for line in lines))


def _named(line: Line, shared: Mapping[str, str]) -> Line:
    """A line of indexes with its area and period, whichever of them its page gives."""
    own = {"taishokikan": "period", "chiiki": "area"}
    return Line(line.where, {**shared, **{own.get(k, k): v for k, v in line.cells.items()}})


def _lines(
    page: Element, tag: str, wanted: Sequence[str], name: str, called: str = ""
) -> Iterator[Line]:
    found = page.findall(tag)
    called = called or page.get("name", page.tag)
    if not found:
        raise NotAsExpected(f"{name}: {called} has no line <{tag}>")
    for at, element in enumerate(found, 1):
        yield _line(element, wanted, f"{called}, line {at}", name)


def _line(element: Element, wanted: Sequence[str], where: str, name: str) -> Line:
    tags = [child.tag for child in element]
    if sorted(tags) != sorted(wanted):
        lacking, more = sorted(set(wanted) - set(tags)), sorted(set(tags) - set(wanted))
        raise NotAsExpected(
            f"{name}: {where} lacks {', '.join(lacking) or 'nothing'} and has "
            f"{', '.join(more) or 'nothing'} besides: the layout of the releases has changed"
        )
    return Line(where, {child.tag: (child.text or "").strip() for child in element})


def _check_month(page: Element, name: str, month: Period) -> None:
    given = monthly(_text(page, "taishokikan", name), name)
    if given != month:
        raise NotAsExpected(
            f"{name}: {page.get('name')} is about {given}, its totals about {month}"
        )


def _text(element: Element, tag: str, name: str) -> str:
    found = element.find(tag)
    if found is None or not (found.text or "").strip():
        raise NotAsExpected(f"{name}: <{element.tag}> lacks <{tag}>")
    return (found.text or "").strip()
