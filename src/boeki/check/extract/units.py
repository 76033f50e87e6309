"""The words for currencies and physical units, and how they are read after or before a number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from boeki.check.extract.tokens import Token, wordset
from boeki.terms import areas

#: Signs of currency to ISO 4217.
SIGNS = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "￥": "JPY",
    "CN¥": "CNY",
    "₩": "KRW",
    "₹": "INR",
    "NT$": "TWD",
    "HK$": "HKD",
    "NZ$": "NZD",
    "AU$": "AUD",
    "A$": "AUD",
    "CA$": "CAD",
    "C$": "CAD",
    "S$": "SGD",
    "R$": "BRL",
    "MX$": "MXN",
    "₫": "VND",
    "₽": "RUB",
    "฿": "THB",
    "₺": "TRY",
    "₱": "PHP",
    "₪": "ILS",
    "₦": "NGN",
    "₴": "UAH",
    "RM$": "MYR",
}

#: Letters before an amount that are no ISO code; they count only as written here.
LETTERS = {
    "RMB": "CNY",
    "Rs": "rupee",
    "Rp": "IDR",
    "RM": "MYR",
    "Tk": "BDT",
    "CNH": "CNY",
    "Sfr": "CHF",
    "SFr": "CHF",
}

CODES = wordset(
    """AED ARS AUD BDT BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY
    KES KRW KWD KZT LKR MAD MMK MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN QAR RON RUB SAR SEK SGD
    THB TND TRY TWD UAH USD UYU VND ZAR"""
)

#: Words for a currency. In lower case where several countries use the word: see :data:`SHARED`.
WORDS = {
    "yen": "JPY",
    "dollar": "USD",
    "dollars": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pound": "pound",
    "pounds": "pound",
    "sterling": "GBP",
    "won": "KRW",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rupee": "rupee",
    "rupees": "rupee",
    "baht": "THB",
    "dong": "VND",
    "ringgit": "MYR",
    "rupiah": "IDR",
    "peso": "peso",
    "pesos": "peso",
    "reais": "BRL",
    "rand": "ZAR",
    "lira": "TRY",
    "liras": "TRY",
    "ruble": "RUB",
    "rubles": "RUB",
    "rouble": "RUB",
    "roubles": "RUB",
    "franc": "franc",
    "francs": "franc",
    "krona": "SEK",
    "kronor": "SEK",
    "krone": "krone",
    "kroner": "krone",
    "crowns": "krone",
    "koruna": "CZK",
    "zloty": "PLN",
    "zlotys": "PLN",
    "zlotych": "PLN",
    "forint": "HUF",
    "forints": "HUF",
    "riyal": "riyal",
    "riyals": "riyal",
    "dirham": "dirham",
    "dirhams": "dirham",
    "shekel": "ILS",
    "shekels": "ILS",
    "naira": "NGN",
    "taka": "BDT",
    "hryvnia": "UAH",
    "hryvnias": "UAH",
    "tenge": "KZT",
    "leu": "RON",
    "lei": "RON",
    "sol": "PEN",
    "soles": "PEN",
    "shilling": "KES",
    "shillings": "KES",
}

#: Words that several countries share: the currency where the reporter has none of this name.
SHARED = {
    "pound": ("GBP", "EGP"),
    "rupee": ("INR", "PKR", "LKR", "NPR"),
    "peso": ("MXN", "PHP", "ARS", "CLP", "COP", "UYU"),
    "franc": ("CHF",),
    "krone": ("NOK", "DKK", "SEK", "CZK", "ISK"),
    "riyal": ("SAR", "QAR", "OMR"),
    "dirham": ("AED", "MAD"),
}

#: Units of quantity: the words, the unit of claims, and how many of it one is.
PHYSICAL: dict[tuple[str, ...], tuple[str, int]] = {}
for _words, _unit, _factor in (
    ("kiloliter kiloliters kilolitre kilolitres kl", "kl", 1),
    ("ton tons tonne tonnes", "t", 1),
    ("kilogram kilograms kilogramme kilogrammes kilos kg", "kg", 1),
    ("barrel barrels bbl", "bbl", 1),
    ("bpd", "bbl/d", 1),
    ("vehicles cars automobiles units trucks handsets smartphones aircraft ships", "units", 1),
):
    PHYSICAL |= {(w,): (_unit, _factor) for w in _words.split()}
PHYSICAL |= {("metric", w): ("t", 1) for w in ("ton", "tons", "tonne", "tonnes")}
PHYSICAL |= {("cubic", w): ("m3", 1) for w in ("meter", "meters", "metre", "metres")}
PHYSICAL |= {("bbl", "/", "d"): ("bbl/d", 1), ("b", "/", "d"): ("bbl/d", 1)}
PHYSICAL |= {("megawatt", "hours"): ("MWh", 1), ("megawatt", "-", "hours"): ("MWh", 1)}
for _one in ("barrel", "barrels"):
    for _per in (("a", "day"), ("per", "day"), ("daily",)):
        PHYSICAL[(_one, *_per)] = ("bbl/d", 1)

_PHYSICAL_STARTS = frozenset(words[0] for words in PHYSICAL)


def currency_before(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    """The currency written before an amount at ``i`` ("US$", "JPY", "Rs."), and the token after
    it.
    """
    token = tokens[i]
    if token.kind == "sign":
        return SIGNS.get(token.text, "USD"), i + 1
    if token.kind != "word":
        return None
    if token.text == "R" and i + 1 < len(tokens) and tokens[i + 1].kind == "num":
        return ("ZAR", i + 1) if tokens[i + 1].start == token.end else None
    code = LETTERS.get(token.text) or (token.text if token.text in CODES else None)
    if code is None:
        return None
    after = (
        i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == "." and token.text == "Rs" else i + 1
    )
    if after < len(tokens) and tokens[after].kind == "sign":
        after += 1
    return code, after


def currency_after(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    """The currency written after an amount at ``i`` ("yen", "U.S. dollars", "Swiss francs",
    "EUR").
    """
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.low in WORDS:
        after = i + 2 if i + 1 < len(tokens) and tokens[i + 1].low == "sterling" else i + 1
        return ("GBP" if after == i + 2 else WORDS[token.low]), after
    if token.text in CODES or token.text == "RMB":
        return LETTERS.get(token.text, token.text), i + 1
    if token.kind == "word" and token.text[0].isupper():
        for many in (3, 2, 1):
            owner = _owners().get(tuple(t.low for t in tokens[i : i + many]))
            if owner and i + many < len(tokens) and tokens[i + many].low in WORDS:
                return owner, i + many + 1
    return None


_KINDS = wordset("new used electric passenger finished light commercial heavy hybrid")
_COUNTED = wordset("vehicles cars automobiles trucks handsets smartphones aircraft ships units")


def physical_after(tokens: Sequence[Token], i: int) -> tuple[str, int, int] | None:
    """The physical unit at ``i``: its code, how many of it one is, and the token after it."""
    if i >= len(tokens):
        return None
    if tokens[i].low in _KINDS and i + 1 < len(tokens) and tokens[i + 1].low in _COUNTED:
        i += 1  # "446,000 new cars"
    if tokens[i].low not in _PHYSICAL_STARTS:
        return None
    for many in (3, 2, 1):
        words = tuple(t.low for t in tokens[i : i + many])
        if found := PHYSICAL.get(words):
            return *found, i + len(words)
    return None


def settle(unit: str, reporter: str | None) -> str:
    """The currency that a shared word stands for: the reporter's own, where it is called so."""
    if unit not in SHARED:
        return unit
    own = _currencies().get(reporter or "", "")
    return own if own in SHARED[unit] else SHARED[unit][0]


@cache
def _currencies() -> dict[str, str]:
    return {a.code: a.currency for a in areas.areas()}


@cache
def _owners() -> dict[tuple[str, ...], str]:
    """The adjective before "dollars" or "francs" to the currency."""
    owners = {
        tuple(word.lower().split()): a.currency
        for a in areas.areas()
        if a.currency
        for word in (*a.demonyms, a.name, *a.aliases)
    }
    return owners | {("new", "taiwan"): "TWD", ("u", ".", "s", "."): "USD"}
