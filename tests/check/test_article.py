"""Reading articles: what is read, and what is refused with what to do."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.check.article import MAX_BYTES, Article, printable, read_article
from boeki.errors import UnreadableText


def piped(data: bytes, **options: int) -> Article:
    return read_article("-", stdin=io.BytesIO(data), **options)


def put(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_plain_text_is_read_as_it_stands(tmp_path: Path) -> None:
    text = "Advertisements\nJapan’s deficit was ¥117.6 billion.\n\nMore.\n"
    name = put(tmp_path, "a.txt", text.encode())
    assert read_article(name) == Article(text, name, "text")
    assert read_article(Path(name)).text == text


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.txt", "text"), ("a.md", "markdown"), ("a.HTM", "html"), ("a.html", "html"), ("a", "text")],
)
def test_the_suffix_tells_the_kind(tmp_path: Path, name: str, kind: str) -> None:
    assert read_article(put(tmp_path, name, b"<p>Exports rose 3.8%.")).kind == (
        "html" if name == "a" else kind
    )


PAGE = """<!DOCTYPE html>
<html><head><title>Gap narrows | The Example</title><style>p {color: red}</style>
<script>var x = "¥1";</script></head>
<body><nav>Home</nav><header><h1>Gap narrows</h1></header>
<p>The deficit was <b>¥117.6</b>
billion.<sup><a href="#n1">1</a></sup> It fell<br>on the 2<sup>nd</sup> try.</p>
<aside>Read more</aside><p hidden>Secret</p>
<ul><li>Exports &amp; imports</li><li>semi&shy;conductors</li></ul>
<table><tr><td>Exports</td><td>9.15</td></tr><tr><td>Imports</td><td>9.27</td></tr></table>
<pre>one
two</pre><p>It was <del>5</del> 6.</p><!-- no --></body></html>"""


def test_a_page_becomes_its_lines() -> None:
    article = piped(PAGE.encode())
    assert article.kind == "html"
    assert article.text.split("\n") == [
        "Gap narrows",
        "The deficit was ¥117.6 billion. It fell",
        "on the 2nd try.",
        "Exports & imports",
        "semiconductors",
        "Exports 9.15",
        "Imports 9.27",
        "one",
        "two",
        "It was 6.",
    ]


def test_a_title_that_is_no_heading_stays() -> None:
    assert piped(b"<html><title>Gap</title><p>It fell.</p>").text == "Gap\nIt fell."


def test_deep_nesting_is_no_obstacle() -> None:
    assert piped(b"<div>" * 20_000 + b"It fell.").text == "It fell."


def test_markdown_loses_its_marks(tmp_path: Path) -> None:
    source = (
        "---\ntitle: x\n---\n# Gap *narrows*\n\nThe deficit was **¥117.6** billion, "
        "[they](https://example.org) said,\nin all.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    article = read_article(put(tmp_path, "a.md", source.encode()))
    assert article.kind == "markdown"
    assert article.text == (
        "Gap narrows\nThe deficit was ¥117.6 billion, they said, in all.\na b\n1 2"
    )


TEXT = "Japan’s deficit — 貿易赤字 — was ¥117.6 billion."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_and_without_a_mark(encoding: str) -> None:
    assert piped(TEXT.encode(encoding)).text == TEXT


@pytest.mark.parametrize("declared", ["shift_jis", "euc-jp", "iso-2022-jp", "utf-8"])
def test_a_page_is_read_as_it_declares(declared: str) -> None:
    page = f'<html><meta charset="{declared}"><p>貿易赤字は1176億円</p>'
    assert piped(page.encode(declared)).text == "貿易赤字は1176億円"


def test_latin_1_means_what_browsers_take_it_for() -> None:
    page = '<html><meta charset="iso-8859-1"><p>Japan’s gap</p>'
    assert piped(page.encode("cp1252")).text == "Japan’s gap"


@pytest.mark.parametrize("declared", ["utf-16", "no-such-code", "ascii"])
def test_a_wrong_declaration_is_got_over(declared: str) -> None:
    page = f'<html><meta charset="{declared}"><p>It fell 5%.</p>'
    assert piped(page.encode()).text == "It fell 5%."


def test_an_undeclared_encoding_is_guessed() -> None:
    text = "貿易赤字は五ヶ月連続で、輸出は前年同月比で増加した。" * 5
    assert piped(text.encode("cp932")).text == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf \n", "has no text"),
        (b"<html><script>x</script>", "has no text"),
        (b"%PDF-1.7\n", "this is a PDF: save its text first, e.g. with pdftotext"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"\xd0\xcf\x11\xe0rest", "Microsoft Office"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\x1f\x8brest", "gzip"),
        (b"\x89PNG\r\n", "PNG image"),
        (b"\xff\xd8\xff\xe0", "JPEG image"),
        (b"GIF89a", "GIF image"),
        (b"text\0text", "is binary"),
        (bytes(range(1, 32)) * 20, "is binary"),
        (b"\xef\xbb\xbfbroken \xff\xfe", "no encoding that fits"),
        (bytes(range(1, 256)) * 20, "no encoding that fits"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(UnreadableText, match=says):
        piped(data)
    with pytest.raises(UnreadableText, match=says):
        read_article(put(tmp_path, "a.dat", data))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for name, says in (
        (str(tmp_path), "is a directory: give a file in it"),
        (str(tmp_path / "none.txt"), "there is no file .* check its path"),
        ("https://example.org/a.html", "is an address: save the page"),
        ("a\0b", "cannot be read"),
        ("x" * 5000, "cannot be read"),
    ):
        with pytest.raises(UnreadableText, match=says):
            read_article(name)


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = put(tmp_path, "a.txt", b"x")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Not by its mode: whoever runs the tests may be allowed everything.
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(UnreadableText, match="may not be read: change its permissions"):
        read_article(name)


class Endless(io.RawIOBase):
    """A stream that never ends and counts what is read of it, a little at a time."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0
        size = min(size, 1 << 16)
        self.taken += size
        return b"x" * size


def test_too_much_is_refused_before_it_is_in_memory(tmp_path: Path) -> None:
    endless = Endless()
    with pytest.raises(UnreadableText, match=r"holds more than 5\.0 MB"):
        read_article("-", stdin=endless)  # type: ignore[arg-type]
    assert endless.taken == MAX_BYTES + 1
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(UnreadableText, match=r"has 50\.0 MB, more than the 5\.0 MB"):
        read_article(big)
    with pytest.raises(UnreadableText, match="more than the 3 bytes"):
        read_article(put(tmp_path, "a.txt", b"four"), max_bytes=3)
    assert piped(b"four", max_bytes=4).text == "four"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_device_without_a_size_is_limited_too() -> None:
    with pytest.raises(UnreadableText, match="more than the 100 bytes"):
        read_article("/dev/zero", max_bytes=100)


def test_standard_input_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"It fell 5%.")))
    assert read_article("-") == Article("It fell 5%.", "-", "text")


def test_control_characters_go_and_places_stay() -> None:
    raw = "a\x1b[31mb\r\nc\rd\x00e\u2028f\u202eg\x9bh\ud800i\tj\x7f"
    assert printable(raw) == "a\ufffd[31mb \nc\nd\ufffde\nf\ufffdg\ufffdh\ufffdi\tj\ufffd"


@given(st.text(alphabet=st.characters()))
def test_printable_keeps_places_and_settles_at_once(text: str) -> None:
    safe = printable(text)
    assert len(safe) == len(text)
    assert printable(safe) == safe
    safe.encode()
    assert not any(ord(c) < 32 and c not in "\n\t" for c in safe)
