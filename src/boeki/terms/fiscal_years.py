"""Fiscal years: in which month a country's government year begins, and where that is laid down.

A fiscal year is named here by the year in which it starts, as :mod:`boeki.terms.periods` does; the
United States and Australia name theirs by the year in which it ends.
"""

from __future__ import annotations

from dataclasses import dataclass

_FACTBOOK = "The World Factbook, field 'Fiscal year'"


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """When a country's fiscal year begins.

    Attributes
    ----------
    start
        Month, 1 to 12.
    source
        The law or the reference work that says so.
    note
        What a reader of trade figures must know.
    """

    start: int
    source: str
    note: str = ""


_LAID_DOWN = {
    "JPN": FiscalYear(4, "Public Finance Act (Act No. 34 of 1947), article 11"),
    "IND": FiscalYear(4, "General Clauses Act 1897, section 3(21)"),
    "GBR": FiscalYear(
        4,
        "Interpretation Act 1978, schedule 1",
        "Trade statistics are published by calendar year.",
    ),
    "USA": FiscalYear(
        10,
        "31 U.S.C. 1102",
        "The federal fiscal year; the Census Bureau publishes trade by calendar year.",
    ),
    "AUS": FiscalYear(7, "Acts Interpretation Act 1901, section 2B"),
    "PAK": FiscalYear(7, "Constitution of Pakistan, article 260"),
    "BGD": FiscalYear(7, "Constitution of Bangladesh, article 152"),
    "EGY": FiscalYear(7, _FACTBOOK),
    "EU27": FiscalYear(1, "Treaty on the Functioning of the European Union, article 313"),
}
_BY_MONTH = {
    1: "AUT BEL BRA CHE CHL CHN COL DEU DNK ESP FIN FRA GRC IDN IRL ITA KOR MEX MYS NLD NOR PER "
    "PHL POL PRT RUS SAU SWE TUR TWN UKR VNM",
    4: "CAN HKG SGP ZAF",
    7: "KEN NZL TZA UGA",
    10: "THA",
}
#: Fiscal year by area code. Years that do not begin with a month (Iran, Nepal, Ethiopia) are not
#: here: months cannot be added up to them.
FISCAL_YEARS: dict[str, FiscalYear] = _LAID_DOWN | {
    code: FiscalYear(month, _FACTBOOK)
    for month, codes in _BY_MONTH.items()
    for code in codes.split()
}
