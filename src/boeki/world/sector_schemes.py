"""Which divisions of ISIC Rev. 3 the sectors of a table cover, told by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from boeki.errors import InputError
from boeki.world.caliendo_parro import NON_TRADABLE, TRADABLE


def _words(text: str) -> list[str]:
    return text.split()


#: WIOD 2013 and ADB, c1 to c35.
_WIOD_2013 = _words(
    "01-05 10-14 15-16 17-18 19 20 21-22 23 24 25 26 27-28 29 30-33 34-35 36-37 40-41 45 50 "
    "51 52 55 60 61 62 63 64 65-67 70 71-74 75 80 85 90-93 95"
)
#: WIOD 2016, r1 to r56, in ISIC Rev. 4.
_WIOD_2016 = _words(
    "A01 A02 A03 B C10T12 C13T15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 "
    "C31T32 C33 D35 E36 E37T39 F G45 G46 G47 H49 H50 H51 H52 H53 I J58 J59T60 J61 J62T63 K64 "
    "K65 K66 L68 M69T70 M71 M72 M73 M74T75 N O84 P85 Q R_S T U"
)
#: KITE's WIOD 2016 with services merged: the first 23 sectors are WIOD's.
_KITE = 23
_CALIENDO_PARRO = _words(
    "01-05 10-14 15-16 17-19 20 21-22 23 24 25 26 27 28 29 30 31 32 33 34 35 36-37 40-41 45 "
    "50-52 55 60 61 62 63 64 65-67 70 71 72 73 74 75 80 85 90-93 95"
)
_EORA26 = {
    "Agriculture": "01-02", "Fishing": "05", "Mining and Quarrying": "10-14",
    "Food & Beverages": "15-16", "Textiles and Wearing Apparel": "17-19",
    "Wood and Paper": "20-22",
    "Petroleum, Chemical and Non-Metallic Mineral Products": "23-26", "Metal Products": "27-28",
    "Electrical and Machinery": "29-33", "Transport Equipment": "34-35",
    "Other Manufacturing": "36", "Recycling": "37", "Electricity, Gas and Water": "40-41",
    "Construction": "45", "Maintenance and Repair": "50", "Wholesale Trade": "51",
    "Retail Trade": "52", "Hotels and Restraurants": "55", "Hotels and Restaurants": "55",
    "Transport": "60-63", "Post and Telecommunications": "64",
    "Finacial Intermediation and Business Activities": "65-74",
    "Financial Intermediation and Business Activities": "65-74", "Public Administration": "75",
    "Education, Health and Other Services": "80-93", "Private Households": "95", "Others": "99",
    "Re-export & Re-import": "",
}  # fmt: skip
#: The embedded world; services are of many divisions, which sets hardly cover.
_EMBEDDED = {
    "agriculture": "01-05", "mining": "10-14", "food": "15-16", "textiles": "17-19",
    "wood_paper": "20-22", "petroleum": "23", "chemicals": "24-25", "metals": "26-28",
    "electronics": "30,32-33", "electrical": "31", "machinery": "29",
    "semiconductor_equipment": "29", "vehicles": "34", "other_transport": "35",
    "other_manufacturing": "36-37", "services": "",
}  # fmt: skip
#: ISIC Rev. 4 sections, and for each division the divisions of Rev. 3 that most of it was in.
_SECTIONS = {
    "A": "01-03", "B": "05-09", "C": "10-33", "D": "35", "E": "36-39", "F": "41-43", "G": "45-47",
    "H": "49-53", "I": "55-56", "J": "58-63", "K": "64-66", "L": "68", "M": "69-75", "N": "77-82",
    "O": "84", "P": "85", "Q": "86-88", "R": "90-93", "S": "94-96", "T": "97-98", "U": "99",
}  # fmt: skip
_FROM_REV4 = {
    "01": "01", "02": "02", "03": "05", "05": "10", "06": "11", "07": "12-13", "08": "14",
    "09": "11", "10": "15", "11": "15", "12": "16", "13": "17", "14": "18", "15": "19", "16": "20",
    "17": "21", "18": "22", "19": "23", "20": "24", "21": "24", "22": "25", "23": "26", "24": "27",
    "25": "28", "26": "30,32-33", "27": "31", "28": "29", "29": "34", "30": "35", "31": "36",
    "32": "33,36", "33": "28-29", "35": "40", "36": "41", "37": "90", "38": "37,90", "39": "90",
    "41": "45", "42": "45", "43": "45", "45": "50", "46": "51", "47": "52", "49": "60", "50": "61",
    "51": "62", "52": "63", "53": "64", "55": "55", "56": "55", "58": "22", "59": "92", "60": "92",
    "61": "64", "62": "72", "63": "72,92", "64": "65", "65": "66", "66": "67", "68": "70",
    "69": "74", "70": "74", "71": "74", "72": "73", "73": "74", "74": "74", "75": "85", "77": "71",
    "78": "74", "79": "63", "80": "74", "81": "74", "82": "74", "84": "75", "85": "80", "86": "85",
    "87": "85", "88": "85", "90": "92", "91": "92", "92": "92", "93": "92", "94": "91", "95": "52",
    "96": "93", "97": "95", "98": "95-97", "99": "99",
}  # fmt: skip
#: Further digits and letters (C302T309, C24A) part a division.
_CODE = re.compile(r"([A-U]?)(\d\d)\d{0,2}[A-Z]?(?:[T_\-][A-U]?(\d\d)\d{0,2}[A-Z]?)?X?")
#: EXIOBASE names most industries with their division of NACE Rev. 1.1, which is ISIC Rev. 3's.
_NACE1 = re.compile(r".*\((\d\d)(?:\.\d+)?\)")


def isic3_divisions(
    sectors: Sequence[str], given: Mapping[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Divisions of ISIC Rev. 3 that each sector covers.

    Parameters
    ----------
    sectors
        Codes of WIOD 2013 or ADB (``c1`` …), WIOD 2016 (``r1`` …), KITE (``C01`` to ``C50``),
        Eora26, Caliendo and Parro, the embedded world (names), or ISIC Rev. 4 and NACE Rev. 2 as
        the OECD and Eurostat write them (``C28``, ``C10T12``, ``26``, ``J62_63``); names of
        EXIOBASE's industries that end in a division: ``Construction (45)``.
    given
        Sector to divisions of ISIC Rev. 3, for others: ``{"steel": "27", "metals": "27-28"}``.

    Returns
    -------
    dict
        Sector to its divisions; none for a sector whose code is not known.

    Raises
    ------
    InputError
        For divisions that are not written like that.
    """
    own = dict(given or {})
    known = _scheme(tuple(s for s in sectors if s not in own))
    out = {}
    for sector in sectors:
        text = own.get(sector, known.get(sector, ""))
        out[sector] = tuple(dict.fromkeys(divisions(text)))
    return out


def divisions(text: str) -> list[str]:
    """``01-03,15`` as two-digit divisions.

    Raises
    ------
    InputError
        For anything else.
    """
    out: list[str] = []
    for part in filter(None, text.replace(" ", "").split(",")):
        first, _, last = part.partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            raise InputError(f"{text!r} is no list of divisions of ISIC: write 01-05,15")
        out += [f"{d:02}" for d in range(int(first), int(last or first) + 1)]
    return out


def _scheme(sectors: tuple[str, ...]) -> dict[str, str]:
    """Sector to divisions of Rev. 3, by the scheme that the codes are of."""
    every = set(sectors)
    if every and every <= {f"c{i + 1}" for i in range(35)}:
        return {f"c{i + 1}": text for i, text in enumerate(_WIOD_2013)}
    if every and every <= {f"r{i + 1}" for i in range(56)}:
        return {f"r{i + 1}": _rev4(code) for i, code in enumerate(_WIOD_2016)}
    if {f"C{i:02}" for i in range(1, 24)} <= every and "C50" in every:
        return {f"C{i + 1:02}": _rev4(_WIOD_2016[i]) for i in range(_KITE)}
    if every and every <= set(_EMBEDDED):
        return _EMBEDDED
    names = dict(zip((*TRADABLE, *NON_TRADABLE), _CALIENDO_PARRO, strict=True))
    if every and every <= set(names):
        return names
    if len(every & set(_EORA26)) > len(every) / 2:
        return _EORA26
    named = {sector: _NACE1.fullmatch(sector) for sector in sectors}
    return {sector: found[1] if found else _rev4(sector) for sector, found in named.items()}


def _rev4(code: str) -> str:
    """Divisions of Rev. 3 for a code of Rev. 4; nothing where it is none."""
    return ",".join(dict.fromkeys(d for part in _parts(code) for d in divisions(_FROM_REV4[part])))


def _parts(code: str) -> Iterable[str]:
    """Divisions of Rev. 4 that a code names."""
    if code and all(letter in _SECTIONS for letter in code.split("_")):
        return [
            d for letter in code.split("_") for d in divisions(_SECTIONS[letter]) if d in _FROM_REV4
        ]
    found = _CODE.fullmatch(code)
    if not found:
        return []
    first, last = int(found[2]), int(found[3] or found[2])
    return [f"{d:02}" for d in range(first, last + 1) if f"{d:02}" in _FROM_REV4]
