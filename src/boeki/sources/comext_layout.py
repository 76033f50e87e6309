"""The two headers that files of Comext have had, and what their columns are."""

from __future__ import annotations

from typing import BinaryIO

from boeki.errors import NotAsExpected

_CURRENT = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,"
    "PRODUCT_BEC5,PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,"
    "QUANTITY_KG,QUANTITY_SUPPL_UNIT"
)
_OLDER = (
    "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,"
    "PRODUCT_cpa2002,PRODUCT_cpa2008,PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,FLOW,STAT_REGIME,"
    "SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,SUP_QUANTITY"
)
#: What each layout calls the columns that are read.
_LAYOUTS = {
    _CURRENT: {
        "reporter": "REPORTER",
        "partner": "PARTNER",
        "product": "PRODUCT_NC",
        "flow": "FLOW",
        "procedure": "STAT_PROCEDURE",
        "unit": "SUPPL_UNIT",
        "period": "PERIOD",
        "value": "VALUE_EUR",
        "weight": "QUANTITY_KG",
        "quantity": "QUANTITY_SUPPL_UNIT",
    },
    _OLDER: {
        "reporter": "DECLARANT_ISO",
        "partner": "PARTNER_ISO",
        "product": "PRODUCT_NC",
        "flow": "FLOW",
        "procedure": "STAT_REGIME",
        "unit": "SUPP_UNIT",
        "period": "PERIOD",
        "value": "VALUE_IN_EUROS",
        "weight": "QUANTITY_IN_KG",
        "quantity": "SUP_QUANTITY",
    },
}


def columns(stream: BinaryIO, name: str) -> list[str]:
    """What the columns of a file are called here; the stream goes on after the header.

    Raises
    ------
    NotAsExpected
        Where the header is neither of the two.
    """
    line = stream.readline(1_000).decode("utf-8", "replace").strip("\ufeff\r\n").replace('"', "")
    if line not in _LAYOUTS:
        raise NotAsExpected(
            f"{name} begins with {line[:100]!r}, which is neither of the two headers of Comext "
            "that boeki knows: its layout has changed"
        )
    ours = {theirs: ours for ours, theirs in _LAYOUTS[line].items()}
    return [ours.get(column, column) for column in line.split(",")]
