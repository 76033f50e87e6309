"""Observations of an SDMX message as rows of ``series``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from boeki.errors import BadPeriod, NotAsExpected, UnknownTerm
from boeki.sources.base import SERIES_ROWS, Fault
from boeki.terms.codes import area_map, to_area
from boeki.terms.periods import Period

#: Dimensions and attributes that say whose figure it is, the first that there is.
AREAS = ("REF_AREA", "GEO", "COUNTRY", "LOCATION", "REPORTING_COUNTRY", "AREA")
UNITS = ("UNIT_MEASURE", "UNIT")
MULTIPLIERS = ("UNIT_MULT", "UNIT_MULTIPLIER")
TIMES = ("TIME_PERIOD", "TIME")
#: Areas of the euro area and of all, as the code list CL_AREA has them.
GROUPS = {"W0": "WLD", "U2": "EA_V", "I8": "EA19", "I9": "EA20"}
#: Providers whose three digits are the codes of the United Nations. Others have digits of their
#: own: 158 is Japan to the International Monetary Fund, and Taiwan in M49.
M49 = frozenset({"UNSD"})
#: Code list CL_OBS_STATUS, and Eurostat's flags: how final a figure is.
STATUS = {
    "A": "final",  # normal
    "B": "final",  # break in the series
    "D": "final",  # another definition
    "U": "final",  # of low reliability
    "S": "final",  # in a strike or other special event
    "P": "provisional",
    "E": "provisional",  # estimated
    "I": "provisional",  # imputed
    "R": "revised",
}
#: What a structure-specific message has beside its dimensions, and does not tell from them.
ATTRIBUTES = frozenset(
    {
        *("BASE_PER", "BREAKS", "COLLECTION", "COLL_METHOD", "COMMENT", "COMMENT_OBS"),
        *("COMPILATION", "COMPILING_ORG", "CONF_STATUS", "COVERAGE", "DECIMALS", "DISS_ORG"),
        *("EMBARGO_DATE", "EMBARGO_TIME", "LAST_UPDATE", "METHODOLOGY", "NAT_TITLE"),
        *("OBS_COM", "OBS_CONF", "OBS_FLAG", "OBS_PRE_BREAK", "OBS_STATUS", "PUBL_ECB"),
        *("PUBL_MU", "PUBL_PUBLIC", "SOURCE_AGENCY", "SOURCE_NOTE", "SOURCE_PUB"),
        *("TIME_FORMAT", "TIME_PER_COLLECT", "TITLE", "TITLE_COMPL", "UNIT"),
        *("UNIT_INDEX_BASE", "UNIT_MULT", "UNIT_MULTIPLIER"),
    }
)

_MISSING = frozenset({"", "nan", "none", "na", "n/a", ":", "-", "..", "..."})
_MOST_PLACES = 6
_LARGEST = Decimal(10) ** 18
_FREQUENCIES = {"A": "A", "S": "H", "H": "H", "Q": "Q", "M": "M", "D": "D", "B": "D"}
_TIME = (
    (re.compile(r"(\d{4})-A1"), r"\1"),
    (re.compile(r"(\d{4})-S([12])"), r"\1-H\2"),
    (re.compile(r"(\d{4})-M(\d\d)"), r"\1-\2"),
)
_KINDS = ("A", "H", "Q", "M", "D")


@dataclass(frozen=True, slots=True)
class Observed:
    """One observation: its dimensions, its attributes, and its value as it was printed."""

    key: Mapping[str, str]
    attributes: Mapping[str, str]
    value: str


class Rows:
    """Rows from observations.

    Parameters
    ----------
    observed
        The observations.
    context
        ``provider``, ``flow``, ``key``; ``area`` and ``unit`` where the user gives them.
    guessed
        The message does not tell attributes from dimensions.

    Attributes
    ----------
    faults
        Observations that could not be read; known when :meth:`table` has been called.

    Raises
    ------
    NotAsExpected
        Where the dimensions are not as many as the key has parts.
    """

    def __init__(
        self, observed: Iterable[Observed], context: Mapping[str, str], *, guessed: bool
    ) -> None:
        self.faults: list[Fault] = []
        self._context = context
        self._observed = [_told_apart(o) for o in observed] if guessed else list(observed)
        self._rounded = 0
        if guessed:
            self._check_key()
        flow = context["flow"].split(",")
        # OECD.SDD.STES,DSD_STES@DF_CLI,4.1 is agency, flow and version.
        self._key = f"sdmx.{context['provider']}.{flow[1] if len(flow) > 1 else flow[0]}"

    def table(self) -> pa.Table:
        """The rows; an observation without a value is none."""
        rows: list[dict[str, Any]] = []
        for o in self._observed:
            if o.value.strip().casefold() in _MISSING:
                continue
            try:
                rows.append(self._row(o))
            except (ValueError, UnknownTerm, BadPeriod) as error:
                where = ".".join(o.key.values())
                self.faults.append(Fault(where, o.value, str(error)))
        return pa.Table.from_pylist(rows, schema=SERIES_ROWS)

    def note(self) -> str:
        """What was rounded, for the document."""
        if not self._rounded:
            return ""
        return f"Figures with more than six decimals are rounded to six: {self._rounded:,}."

    def _check_key(self) -> None:
        key = self._context["key"]
        wanted = key.count(".") + 1
        if key == "all":
            return
        for o in self._observed:
            held = [name for name in o.key if name not in TIMES]
            # A unit is an attribute with one provider, and part of the key with another.
            units = sum(name in o.attributes for name in (*UNITS, *MULTIPLIERS))
            if not len(held) <= wanted <= len(held) + units:
                raise NotAsExpected(
                    f"the message does not tell dimensions from attributes: a key of {wanted} "
                    f"parts fits none of its readings, with {', '.join(held)}. Ask the provider "
                    "for generic data, and give the file with path="
                )

    def _row(self, o: Observed) -> dict[str, Any]:
        named = {**o.attributes, **o.key}
        period = _period(o.key)
        value, resolution = self._number(o.value.strip(), named)
        area_name = next((n for n in AREAS if n in named), "")
        used = {area_name, *UNITS, *MULTIPLIERS, *TIMES}
        if _frequency(o.key, period) == o.key.get("FREQ"):
            used.add("FREQ")
        return {
            "key": self._key,
            "area": self._area(named, area_name),
            "dimensions": sorted((k, v) for k, v in o.key.items() if k not in used),
            "freq": period.kind,
            "period": str(period),
            "value": value,
            "unit": self._unit(named),
            "resolution": resolution,
            "status": _status(o.attributes),
        }

    def _area(self, named: Mapping[str, str], name: str) -> str:
        if given := self._context.get("area"):
            return given
        if name:
            return _area(named[name], self._context["provider"])
        # A rate of exchange is of the country whose money it is: ISO 4217 begins with its code.
        if area := area_map("iso2").get(named.get("CURRENCY", "")[:2]):
            return area
        raise ValueError("it names no area: say whose figures they are, with --option area=EA20")

    def _unit(self, named: Mapping[str, str]) -> str:
        unit = self._context.get("unit") or next((named[n] for n in UNITS if named.get(n)), "")
        if not unit:
            raise ValueError("it names no unit: say which it is, with --option unit=index")
        return unit

    def _number(self, text: str, named: Mapping[str, str]) -> tuple[Decimal, Decimal]:
        """The value in plain units, and the size of its last digit."""
        try:
            number = Decimal(text)
            power = int(next((named[n] for n in MULTIPLIERS if named.get(n)), "0"))
            decimals = int(named.get("DECIMALS") or 0)
        except (InvalidOperation, ValueError):
            raise ValueError("not a number, or its power of ten is none") from None
        if not number.is_finite() or abs(power) > 18:
            raise ValueError("not a number that the table can hold")
        printed = max(-int(number.as_tuple().exponent), decimals, 0)
        scaled = number.scaleb(power)
        if abs(scaled) >= _LARGEST:
            raise ValueError("larger than the table can hold")
        finest = Decimal(1).scaleb(-_MOST_PLACES)
        value = scaled.quantize(finest, ROUND_HALF_EVEN)
        self._rounded += value != scaled
        return value, max(Decimal(1).scaleb(power - printed), finest)


def _told_apart(o: Observed) -> Observed:
    """What is known to be an attribute, away from the dimensions."""
    told = {k: v for k, v in o.key.items() if k in ATTRIBUTES}
    key = {k: v for k, v in o.key.items() if k not in told}
    return Observed(key, {**told, **o.attributes}, o.value)


def _period(key: Mapping[str, str]) -> Period:
    text = next((key[n] for n in TIMES if n in key), "")
    for pattern, written in _TIME:
        if pattern.fullmatch(text):
            text = pattern.sub(written, text)
    period = Period.parse(text)
    if period.kind not in _KINDS:
        raise BadPeriod(text)
    told = key.get("FREQ", "")
    if told in _FREQUENCIES and _FREQUENCIES[told] != period.kind:
        raise ValueError(f"{text} is no period of frequency {told}")
    return period


def _frequency(key: Mapping[str, str], period: Period) -> str:
    """The code of SDMX that says no more than the period does. ``B``, the days on which there is
    trading, says more than ``D``, and stays a dimension.
    """
    told = key.get("FREQ", "")
    return told if told != "B" and _FREQUENCIES.get(told) == period.kind else ""


def _area(code: str, provider: str) -> str:
    if code in GROUPS:
        return GROUPS[code]
    if re.fullmatch(r"\d{1,3}", code):
        if provider in M49:
            return to_area("m49", code)
        raise ValueError(
            f"area {code}: digits of {provider}'s own; say whose figures they are, with "
            "--option area=JPN, and ask for one area at a time"
        )
    system = {2: "iso2", 3: "iso3"}.get(len(code), "eurostat")
    known = area_map(system).get(code) or area_map("eurostat").get(code)
    return known or to_area(system, code)


def _status(attributes: Mapping[str, str]) -> str:
    """How final it is: the least so where there are several flags, final where there is none."""
    told = (attributes.get("OBS_STATUS") or attributes.get("OBS_FLAG") or "A").upper()
    if "F" in told:
        raise ValueError("a forecast, not a figure")
    if unknown := [flag for flag in told if flag not in STATUS]:
        raise ValueError(f"status {unknown[0]!r} is none that boeki knows")
    held = {STATUS[flag] for flag in told}
    return next(s for s in ("provisional", "revised", "final") if s in held)
