"""What kind of file some bytes are, whatever their server calls them."""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Callable
from pathlib import Path

_HEAD = 65_536
_TAIL = 65_557  # the directory of a zip ends within its last 65,557 bytes
#: Bytes that are read for a line to show, and the most that what is hidden may have.
_READ, _LONGEST = 8_192, 4_096
_ZIP = (b"PK\3\4", b"PK\5\6")
_ZIP_END = b"PK\5\6"
#: A member of a workbook in the directory at the end; the letters alone may stand in packed bytes.
_WORKBOOK = re.compile(rb"PK\x01\x02.{42}xl/", re.DOTALL)
_SEVEN = b"7z\xbc\xaf'\x1c"
_PARQUET = b"PAR1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an Excel file of before 2007 (.xls)",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PK": "a zip archive",
    b"7z\xbc\xaf": "a 7z archive",
    _PARQUET: "a Parquet file",
}
_PAGE = re.compile(
    # Atomic and possessive: a page of many comments must not be tried in every grouping.
    rb"(?:<\?xml[^>]*+>|<!--(?>.*?-->)|\s)*+(?:<!doctype\s+html|<html|<head|<body|<title|<script)",
    re.IGNORECASE | re.DOTALL,
)


def fault(path: Path, media: str, hide: Callable[[str], str] = str) -> str:
    """What is wrong with a file as one of the kind that was asked for; empty where nothing is.

    Parameters
    ----------
    path
        The file.
    media
        ``csv`` ``xml`` ``json`` ``zip`` ``7z`` ``xlsx`` ``parquet`` ``text``.
    hide
        Takes out of its text what may not be shown.

    Returns
    -------
    str
        How a sentence about it goes on: ``is a web page titled 'Maintenance' where …``. Judged by
        its first and last bytes.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(size - _TAIL, 0))
        tail = file.read()
    if not head.strip():
        return "is empty: the figures may not be out yet; try again later"
    if is_page(head):
        title = page_title(head, hide)
        called = f"a web page titled {title!r}" if title else "a web page without a title"
        return (
            f"is {called} where {media} was expected: the address may have changed, or the site "
            "shows a notice; open it in a browser to see"
        )
    if not _begins_as(media, head):
        return f"is {_really(head, hide)} where {media} was expected"
    if not _ends_as(media, head, tail, size):
        return (
            f"begins as {media} but is not whole ({size:,} bytes): the other side may have only "
            "half of it; try again later"
        )
    return ""


def is_page(head: bytes) -> bool:
    """Whether bytes begin as an HTML page does."""
    return _PAGE.match(_plain(head)) is not None


def page_title(head: bytes, hide: Callable[[str], str] = str) -> str:
    """The title of an HTML page, one line; empty where it has none."""
    plain = _plain(head)
    begin = re.search(rb"<title[^>]{0,200}>", plain, re.IGNORECASE)
    if begin is None:
        return ""
    end = plain.lower().find(b"</title", begin.end())
    return shortened(plain[begin.end() : end if end >= 0 else begin.end()], hide=hide)


def shortened(data: bytes, most: int = 200, hide: Callable[[str], str] = str) -> str:
    """What a person can read of bytes: one line, without markup and without what is to be hidden.

    What is hidden goes before anything is cut off, since half of it would not be recognised; where
    the bytes themselves end in the middle, so does what may be half of it.
    """
    text = hide(data[:_READ].decode("utf-8", "replace"))
    text = text[:-_LONGEST] if len(data) >= _READ else text
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", text)
    text = "".join(c if c.isprintable() else " " for c in html.unescape(text))
    line = hide(" ".join(text.split()))
    return line if len(line) <= most else line[:most] + "…"


def _begins_as(media: str, head: bytes) -> bool:
    plain = _plain(head)
    match media:
        case "zip" | "xlsx":
            return head.startswith(_ZIP)
        case "7z":
            return head.startswith(_SEVEN)
        case "parquet":
            return head.startswith(_PARQUET)
        case "xml":
            return plain.startswith(b"<")
        case "json":
            return plain.startswith((b"{", b"["))
        case "csv":
            structured = plain.startswith((b"<?xml", b"{", b"[{", b"[["))
            return _is_text(head) and not structured
        case _:
            return _is_text(head)


def _ends_as(media: str, head: bytes, tail: bytes, size: int) -> bool:
    match media:
        case "zip" | "xlsx":
            return _ZIP_END in tail and (media == "zip" or _WORKBOOK.search(tail) is not None)
        case "parquet":
            return size >= 12 and tail.endswith(_PARQUET)
        case "7z":
            return len(head) >= 32 and 32 + sum(struct.unpack("<QQ", head[12:28])) <= size
        case "json":
            return tail.rstrip(b"\0 \t\r\n").endswith((b"}", b"]", b"}\0", b"]\0"))
        case "xml":
            return tail.rstrip(b"\0 \t\r\n").endswith((b">", b">\0"))
        case _:
            return True


def _is_text(head: bytes) -> bool:
    if head.startswith(_UTF16):
        return True
    return b"\0" not in head and not head.startswith(tuple(_OTHERS))


def _really(head: bytes, hide: Callable[[str], str]) -> str:
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            return name
    if not _is_text(head):
        return "a binary file"
    return f"text that begins with {shortened(_plain(head), 60, hide)!r}"


def _plain(head: bytes) -> bytes:
    """The beginning without marks of byte order and blanks, two-byte text as one-byte text."""
    if head.startswith(_UTF16):
        encoding = "utf-16-le" if head.startswith(_UTF16[0]) else "utf-16-be"
        head = head[2:].decode(encoding, "replace").encode("utf-8")
    return head.removeprefix(_BOM).lstrip()
