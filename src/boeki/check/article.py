"""Reading an article: a file or standard input, as plain text that is safe to show.

Whatever comes in, the result is text in which a claim can be pointed at by its place: no markup,
no control characters, one kind of line break. What cannot be read is refused with what to do.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from boeki.errors import UnreadableText

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

ArticleKind = Literal["text", "markdown", "html"]

#: An article of this many bytes would be a book; what is larger is another kind of file.
MAX_BYTES = 5_000_000

_SUFFIXES: dict[str, ArticleKind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}

_SAVE = "save its text first"

#: How a file that is no text begins, what it is, and what to do.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", f"{_SAVE}, e.g. with pdftotext"),
    (b"PK\x03\x04", "a zip archive (as .docx, .odt and .epub are)", f"{_SAVE}, e.g. with pandoc"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file", f"{_SAVE} from the program that made it"),
    (b"{\\rtf", "an RTF document", f"{_SAVE}, e.g. with pandoc"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first, e.g. with gunzip"),
    (b"\x89PNG", "a PNG image", "give its text instead"),
    (b"\xff\xd8\xff", "a JPEG image", "give its text instead"),
    (b"GIF8", "a GIF image", "give its text instead"),
    (b"II*\x00", "a TIFF image", "give its text instead"),
    (b"MM\x00*", "a TIFF image", "give its text instead"),
)

#: Byte order marks; those of UTF-32 stand first, since the UTF-16 one is how the UTF-32 one begins.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

#: What browsers read these labels as: the wider encoding that pages really use under that name.
_WIDER = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
}

_BREAKS = "\r\v\f\x85\u2028\u2029"
#: Characters that reorder what follows them: a reader would see other digits than the checker.
_REORDER = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml.*?\?>\s*)*<(?:!doctype\s+html|html|head|body|article|main|div|p|h1)\b",
    re.I | re.S,
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was read.

    Attributes
    ----------
    text
        Its text, see :func:`printable`; the places of claims refer to it.
    name
        The path as it was given, ``-`` for standard input.
    kind
        ``text``, ``markdown`` or ``html``: what it was before its text was taken.
    """

    text: str
    name: str
    kind: ArticleKind


def read_article(
    path_or_dash: str | Path, *, stdin: BinaryIO | None = None, max_bytes: int = MAX_BYTES
) -> Article:
    """Read the article in a file, or on standard input.

    Parameters
    ----------
    path_or_dash
        A path to a ``.txt``, ``.md`` or ``.html`` file, or ``-``. With another suffix, and on
        standard input, the kind is told from how the text begins.
    stdin
        Where to read for ``-``, in bytes; by default the standard input of the process.
    max_bytes
        The most bytes that are read; what is larger is refused before it is in memory.

    Raises
    ------
    UnreadableText
        Where there is no such file or it may not be read, and where what it holds is empty, too
        large, binary, or in no known encoding. The message says what to do.
    """
    name = str(path_or_dash)
    data = _from_stdin(stdin, max_bytes) if name == "-" else _from_file(name, max_bytes)
    shown = "standard input" if name == "-" else repr(name)
    encoding = next((code for mark, code in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        _refuse_binary(data, shown)
    kind = _kind(name, data)
    text = printable(_to_text(_decode(data, encoding, kind, shown), kind))
    if not text.strip():
        raise UnreadableText(f"{shown} has no text in it: give an article of at least one sentence")
    return Article(text=text, name=name, kind=kind)


def printable(text: str) -> str:
    """The text without what could steer a terminal or a browser, replaced one character for one.

    Every line break becomes ``\\n`` (``\\r\\n`` a space and ``\\n``), every other
    control character, surrogate and reordering mark U+FFFD. Places in the text stay as they were.

    Examples
    --------
    >>> printable("up 5%\\x1b[2J")
    'up 5%�[2J'
    """
    text = text.replace("\r\n", " \n")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(_safe(char) for char in text)


def _safe(char: str) -> str:
    if char in "\n\t" or " " <= char <= "~":
        return char
    if char in _BREAKS:
        return "\n"
    return "\ufffd" if char in _REORDER or unicodedata.category(char) in ("Cc", "Cs") else char


def _from_stdin(stdin: BinaryIO | None, limit: int) -> bytes:
    data = _read_up_to(stdin or sys.stdin.buffer, limit + 1)
    if len(data) > limit:
        raise UnreadableText(
            f"standard input holds more than {_megabytes(limit)}, the most that is read: "
            "give one article at a time"
        )
    if not data.strip():
        raise UnreadableText("standard input is empty: pipe an article into it, or give a file")
    return data


def _from_file(name: str, limit: int) -> bytes:
    if name.lower().startswith(("http://", "https://")):
        raise UnreadableText(f"{name!r} is an address: save the page, then give the file")
    path = Path(name)
    try:
        if path.is_dir():
            raise UnreadableText(f"{name!r} is a directory: give a file in it")
        size = path.stat().st_size
        if size > limit:
            raise _too_large(name, size, limit)
        with path.open("rb") as file:
            data = _read_up_to(file, limit + 1)
    except FileNotFoundError:
        raise UnreadableText(
            f"there is no file {name!r}: check its path, or give - for standard input"
        ) from None
    except PermissionError:
        raise UnreadableText(
            f"{name!r} may not be read: change its permissions, or copy it"
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UnreadableText(f"{name!r} cannot be read ({why}): check its path") from error
    if len(data) > limit:  # a pipe or a device, which has no size of its own
        raise _too_large(name, len(data), limit)
    if not data.strip():
        raise UnreadableText(f"{name!r} is empty: give an article of at least one sentence")
    return data


def _read_up_to(file: BinaryIO, limit: int) -> bytes:
    """Up to ``limit`` bytes: a raw stream may return less than asked for before its end."""
    out = bytearray()
    while len(out) < limit and (chunk := file.read(limit - len(out))):
        out += chunk
    return bytes(out)


def _too_large(name: str, size: int, limit: int) -> UnreadableText:
    return UnreadableText(
        f"{name!r} has {_megabytes(size)}, more than the {_megabytes(limit)} that are read: "
        "give one article at a time"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size:,} bytes"


def _refuse_binary(data: bytes, shown: str) -> None:
    for magic, what, todo in _MAGIC:
        if data.startswith(magic):
            raise UnreadableText(f"{shown}: this is {what}: {todo}")
    if b"\0" in data:
        raise _binary(shown)


def _binary(shown: str) -> UnreadableText:
    return UnreadableText(
        f"{shown} is binary, not text: {_SAVE}, as UTF-8 "
        "(UTF-16 is read where a byte order mark says so)"
    )


def _kind(name: str, data: bytes) -> ArticleKind:
    if kind := _SUFFIXES.get(Path(name).suffix.lower()):
        return kind
    return "html" if _HTML.match(data[:4096].replace(b"\0", b"")) or _marked_html(data) else "text"


def _marked_html(data: bytes) -> bool:
    """Whether a page begins behind a byte order mark."""
    for mark, _ in _MARKS:
        if data.startswith(mark):
            return bool(_HTML.match(data[len(mark) : 4096].replace(b"\0", b"")))
    return False


def _decode(data: bytes, marked: str | None, kind: ArticleKind, shown: str) -> str:
    for encoding in _candidates(data, marked, kind):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return _refuse_noise(text, shown)
    if marked is None and (guessed := _guess(data)) is not None:
        return _refuse_noise(guessed, shown)
    raise UnreadableText(f"{shown} is in no encoding that fits its bytes: save it as UTF-8")


def _candidates(data: bytes, marked: str | None, kind: ArticleKind) -> list[str]:
    """Encodings to try: what the bytes say of themselves, then UTF-8."""
    if marked:
        return [marked]
    if kind != "html":
        return ["utf-8"]
    from bs4.dammit import EncodingDetector

    declared = (EncodingDetector.find_declared_encoding(data[:4096], is_html=True) or "").lower()
    # A page that says UTF-16 in letters of one byte is not in UTF-16.
    return [c for c in (_WIDER.get(declared, declared), "utf-8") if c and "utf-16" not in c]


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return None if best is None else str(best)


def _refuse_noise(text: str, shown: str) -> str:
    """The text, unless so much of it is control characters that it is none."""
    odd = sum(unicodedata.category(c) == "Cc" and c not in "\n\t\r\f\v\x85" for c in text[:100_000])
    if odd > 8 and odd > len(text[:100_000]) / 50:
        raise _binary(shown)
    return text


def _to_text(source: str, kind: ArticleKind) -> str:
    if kind == "text":
        return source
    if kind == "markdown":
        from markdown_it import MarkdownIt

        source = _FRONT_MATTER.sub("", source.replace("\r\n", "\n"))
        source = MarkdownIt("commonmark").enable("table").render(source)
    return _html_text(source)


_DROPPED = {
    *("script", "style", "nav", "aside", "template", "noscript", "svg", "iframe", "object"),
    *("canvas", "audio", "video", "button", "select", "textarea", "del", "s", "strike", "rt", "rp"),
}
_BLOCKS = {
    *("title", "h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "article", "main"),
    *("header", "footer", "figure", "figcaption", "blockquote", "pre", "ul", "ol", "li", "dl"),
    *("dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "hr", "br", "address"),
    *("details", "summary", "form"),
}
_CELLS = {"td", "th"}
_ORDINALS = {"st", "nd", "rd", "th"}
#: Marks a line break while white space is folded; no text has it, for HTML turns it into U+FFFD.
_BREAK = "\0"


def _html_text(source: str) -> str:
    """Title, headings and paragraphs of a page, one line each."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(source.replace("\0", "\ufffd"), "html.parser")
    _drop_repeated_title(soup)
    folded = re.sub(r"[ \t\n\r\f]+", " ", "".join(_pieces(soup)))
    folded = folded.replace("\u00ad", "").replace("\u200b", "")  # hyphenation hints, inside words
    lines = (line.strip() for line in folded.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _pieces(root: Tag) -> Iterator[str]:
    """The visible text of a page in order; a walk without recursion, for pages nest deeply."""
    from bs4.element import NavigableString, Tag

    ends: list[str] = [""]
    walks: list[Iterator[PageElement]] = [iter(root.contents)]
    pre = 0
    while walks:
        node = next(walks[-1], None)
        if node is None:
            walks.pop()
            yield (end := ends.pop())
            pre -= end == _END_PRE
        elif isinstance(node, Tag):
            if not _is_dropped(node):
                yield (edge := _edge(node.name))
                pre += edge == _END_PRE
                ends.append(edge)
                walks.append(iter(node.contents))
        elif type(node) is NavigableString:  # its subclasses are comments, doctypes and the like
            yield node.replace("\n", _BREAK) if pre else str(node)


#: What stands around a block of set lines; unlike that around any other, so that its end is known.
_END_PRE = _BREAK * 2


def _edge(name: str) -> str:
    if name == "pre":
        return _END_PRE
    return _BREAK if name in _BLOCKS else " " if name in _CELLS else ""


def _is_dropped(tag: Tag) -> bool:
    if tag.name == "sup":
        # Joined to the line, the 1 of a footnote would make ¥117.6 into ¥117.61.
        return tag.get_text().strip().lower() not in _ORDINALS
    return tag.name in _DROPPED or tag.has_attr("hidden")


def _drop_repeated_title(soup: BeautifulSoup) -> None:
    """Take out the title of a page that says it again, in short, as its heading."""
    title, heading = soup.find("title"), soup.find("h1")
    if title and heading and heading.get_text(" ", strip=True) in title.get_text(" ", strip=True):
        title.decompose()
