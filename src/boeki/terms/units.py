"""Units of value and quantity."""

from __future__ import annotations

#: ISO 4217 code to how an amount is written.
SYMBOLS = {
    "JPY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CNY": "CN¥",
    "KRW": "₩",
    "INR": "₹",
    "TWD": "NT$",
    "AUD": "A$",
}

#: Unit as Japan Customs writes it: the unit of the vocabulary, and how many of it one is.
JP_CUSTOMS = {
    "MT": ("t", 1),
    "KG": ("kg", 1),
    "KL": ("kl", 1),
    "NO": ("units", 1),
    "TMT": ("t", 1000),
    "TKL": ("kl", 1000),
}

#: Unit: the unit in which claims state it, and the factor to it.
BASE = {"kg": ("t", 0.001), "t": ("t", 1.0), "kl": ("kl", 1.0), "units": ("units", 1.0)}
