"""Which source would settle a claim that the lake cannot, and where it stands."""

from __future__ import annotations

from boeki.check.claim import Claim
from boeki.terms import areas

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
    """The source that would settle a claim, with its address; empty where the text itself is
    too vague.
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
    return f"{title}: {link}"
