"""Which source would settle a claim that the lake cannot, and where it stands."""

from __future__ import annotations

from boeki.check.claim import Claim
from boeki.terms import areas
from boeki.terms.periods import Period

_CUSTOMS = {
    "JPN": (
        "Trade Statistics of Japan, time series by country and commodity",
        "https://www.customs.go.jp/toukei/suii/html/time_e.htm",
    ),
    "USA": (
        "US Census Bureau, international trade API",
        "https://api.census.gov/data/timeseries/intltrade.html",
    ),
    "EU27": ("Eurostat Comext, bulk download", "https://ec.europa.eu/eurostat/databrowser/bulk"),
    "EA20": ("Eurostat Comext, bulk download", "https://ec.europa.eu/eurostat/databrowser/bulk"),
}
_COMTRADE = ("UN Comtrade, monthly data", "https://comtradeplus.un.org/TradeFlow")
_INDUSTRY = {
    "JPN": (
        "SEAJ, billings of Japan-made semiconductor equipment",
        "https://www.seaj.or.jp/english/statistics/index.html",
    ),
    "WLD": (
        "SEMI and WSTS, world billings",
        "https://www.semi.org/en/products-services/market-data",
    ),
}
_RATES = (
    "Japan Customs, weekly conversion rates; Federal Reserve H.10 for market rates",
    "https://www.customs.go.jp/tetsuzuki/kawase/index.htm",
)


def settles(claim: Claim) -> str:
    """The source that would settle a claim, with its address and the command that pulls it; empty
    where the text itself is too vague.
    """
    if claim.reporter is None:
        return ""
    if claim.measure == "rate":
        title, link = _RATES
    elif claim.measure == "sales":
        title, link = _INDUSTRY.get(claim.reporter, _INDUSTRY["WLD"])
    elif areas.get(claim.reporter).code in _CUSTOMS:
        title, link = _CUSTOMS[claim.reporter]
    else:
        title, link = _COMTRADE
    command = pulls(claim)
    return f"{title}: {link}" + (f" (`{command}`)" if command else "")


def pulls(claim: Claim) -> str:
    """The command that pulls what would settle a claim; empty where no source of boeki's has it."""
    if claim.reporter is None or claim.measure == "sales":
        return ""
    if claim.measure == "rate":
        return "boeki pull ecb-fx"
    span = _span(claim)
    if claim.reporter == "JPN":
        if claim.partner != "WLD":
            return f"boeki pull japan-customs --partner {claim.partner}"
        return "boeki pull japan-customs"
    if claim.reporter == "USA":
        partner = "" if claim.partner == "WLD" else f" --partner {claim.partner}"
        return f"boeki pull us-census{partner}{span}"
    if areas.get(claim.reporter).is_country:
        return f"boeki pull comtrade --reporter {claim.reporter} --partner {claim.partner}{span}"
    return ""


def _span(claim: Claim) -> str:
    """The months of a claim, and the same months of the year before, as options."""
    if claim.period is None or not claim.period.months:
        return ""
    first, last = claim.period.first, claim.period.first + claim.period.months - 1
    if claim.base == "yoy":
        first -= 12
    return f" --freq M --from {_month(first)} --to {_month(last)}"


def _month(number: int) -> str:
    return str(Period.month(number // 12, number % 12 + 1))
