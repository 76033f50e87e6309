"""The fiscal year of a country, or an error that says it is not known."""

from __future__ import annotations

from boeki.errors import InputError
from boeki.terms import areas
from boeki.terms.fiscal_years import FISCAL_YEARS, FiscalYear

__all__ = ["FISCAL_YEARS", "FiscalYear", "fiscal_year"]


def fiscal_year(reporter: str, start: int | None = None) -> FiscalYear:
    """The fiscal year of a country.

    Parameters
    ----------
    reporter
        Area code.
    start
        The month in which it begins, where the caller knows it.

    Raises
    ------
    InputError
        For a month that is none, and for a country whose fiscal year is not known: none is assumed.
    """
    if start is not None:
        if not 1 <= start <= 12:
            raise InputError(f"{start} is no month: give the fiscal year's first as 1 to 12")
        return FiscalYear(start, "as given")
    if reporter not in FISCAL_YEARS:
        raise InputError(
            f"the fiscal year of {areas.get(reporter).in_sentence} is not known here: give the "
            "month in which it begins"
        )
    return FISCAL_YEARS[reporter]
