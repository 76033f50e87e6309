"""What a row must fulfil to be let in, as SQL over a whole delivery.

Each rule is a condition under which a row is unsound, and the sentence that says so. They are data:
a delivery of ten million rows is checked in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass

from boeki.terms.units import units

#: Words that a column may have.
ALLOWED: dict[str, tuple[str, ...]] = {
    "flow": ("export", "import", "re-export", "re-import", "domestic-export"),
    "freq": ("M", "Q", "H", "A", "FY", "S", "D"),
    "adjustment": ("nsa", "sa"),
    "status": ("provisional", "revised", "final", "stated"),
    "valuation": ("fob", "cif", "fas", "customs"),
}
#: How each flow may be valued. US exports are valued free alongside ship; US imports at the customs
#: value, before freight and insurance.
VALUED = {
    "export": ("fob", "fas"),
    "re-export": ("fob", "fas"),
    "domestic-export": ("fob", "fas"),
    "import": ("cif", "fob", "customs"),
    "re-import": ("cif", "fob", "customs"),
}
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
#: How a period of each frequency is written.
PERIODS = {
    "A": "[0-9]{4}",
    "H": "[0-9]{4}-H[12]",
    "Q": "[0-9]{4}-Q[1-4]",
    "M": "[0-9]{4}-(0[1-9]|1[0-2])",
    "FY": "FY[0-9]{4}",
    "S": "[0-9]{4}-(0[1-9]|1[0-2])/[0-9]{4}-(0[1-9]|1[0-2])",
    "D": f"{_DAY}(/{_DAY})?",
}


def unit_words() -> tuple[str, ...]:
    """The units that a quantity may have."""
    return tuple(u.code for u in units())


_FIRST_YEAR, _LAST_YEAR = 1500, 2200


@dataclass(frozen=True, slots=True)
class Rule:
    """A way for a row to be unsound.

    Attributes
    ----------
    broken
        SQL that is true of an unsound row.
    reason
        SQL for the sentence that says what is wrong.
    """

    broken: str
    reason: str


def rules(table: str) -> tuple[Rule, ...]:
    """The rules for rows of ``flows`` or ``series``.

    They stand over the columns of the table; ``area_codes`` is a table of the known codes.
    """
    return (*_shared(table), *(_flows() if table == "flows" else _series()))


def _shared(table: str) -> list[Rule]:
    out = [_word(column) for column in ("freq", "status")]
    areas = ("reporter", "partner") if table == "flows" else ("area",)
    out += [
        Rule(
            f"{c} IS NULL OR {c} NOT IN (SELECT code FROM area_codes)",
            f"concat('{c} ', coalesce({c}, 'null'), ' is no code of an area')",
        )
        for c in areas
    ]
    cases = " ".join(
        f"WHEN '{freq}' THEN regexp_full_match(period, '{pattern}')"
        for freq, pattern in PERIODS.items()
    )
    out.append(
        Rule(
            f"NOT coalesce(CASE freq {cases} END, false)",
            "concat('period ', coalesce(period, 'null'), ' is not written as one of freq ', freq)",
        )
    )
    year = "CAST(replace(period, 'FY', '')[1:4] AS INTEGER)"
    out += [
        Rule(
            f"{year} NOT BETWEEN {_FIRST_YEAR} AND {_LAST_YEAR}",
            "concat('period ', period, ' is of no year that has statistics')",
        ),
        Rule(
            "CASE freq WHEN 'D' THEN len(list_filter(string_split(period, '/'), "
            "lambda d: TRY_CAST(d AS DATE) IS NULL)) > 0 "
            "OR (contains(period, '/') AND period[12:] <= period[1:10]) "
            "WHEN 'S' THEN period[9:] < period[1:7] END",
            "concat('period ', period, ' has no such day, or does not end after it begins')",
        ),
        Rule("value IS NULL", "'it has no value: leave a figure that is not out yet away'"),
        Rule(
            "resolution IS NULL OR resolution < 0",
            "concat('resolution is ', coalesce(CAST(resolution AS VARCHAR), 'null'))",
        ),
        Rule(
            # Days of retrieval are days of UTC; far in the east the office's is one further.
            "published IS NULL OR retrieved IS NULL OR published > retrieved + 1",
            "concat('published on ', coalesce(CAST(published AS VARCHAR), 'no day'), "
            "', retrieved on ', coalesce(CAST(retrieved AS VARCHAR), 'no day'))",
        ),
    ]
    return out


def _word(column: str) -> Rule:
    words = ", ".join(f"'{w}'" for w in ALLOWED[column])
    listed = ", ".join(ALLOWED[column])
    return Rule(
        f"{column} IS NULL OR {column} NOT IN ({words})",
        f"concat('{column} is ', coalesce({column}, 'null'), ', not one of {listed}')",
    )


def _no_bar(column: str) -> Rule:
    # The parts of a figure's key are joined by bars: with one inside, two keys could read the same.
    return Rule(f"contains({column}, '|')", f"concat('{column} has a bar in it: ', {column})")


def _flows() -> list[Rule]:
    out = [_word(column) for column in ("flow", "adjustment", "valuation")]
    out += [
        Rule(f"coalesce({c}, '') = ''", f"'{c} is empty'") for c in ("classification", "product")
    ]
    out += [_no_bar(column) for column in ("classification", "product", "system")]
    out += [
        Rule(f"{c} < 0", f"concat('{c} is negative: ', {c})")
        for c in ("value", "quantity", "weight")
    ]
    fits = " ".join(
        f"WHEN '{flow}' THEN valuation IN ({', '.join(repr(v) for v in valued)})"
        for flow, valued in VALUED.items()
    )
    out += [
        Rule(
            f"NOT coalesce(CASE flow {fits} END, false)",
            "concat('an ', flow, ' valued ', valuation)",
        ),
        Rule(
            "NOT coalesce(regexp_full_match(currency, '[A-Z]{3}'), false)",
            "concat('currency is ', coalesce(currency, 'null'), ', not an ISO 4217 code')",
        ),
        Rule(
            "(quantity IS NULL) <> (coalesce(unit, '') = '')",
            "'a quantity and its unit stand together or not at all'",
        ),
        Rule(
            f"unit <> '' AND unit NOT IN ({', '.join(repr(u) for u in unit_words())})",
            "concat('unit ', unit, ' is none of the vocabulary: boeki.terms.units has them')",
        ),
    ]
    return out


def _series() -> list[Rule]:
    return [
        Rule("coalesce(key, '') = ''", "'key is empty'"),
        Rule("coalesce(unit, '') = ''", "'unit is empty'"),
        _no_bar("key"),
        _no_bar("unit"),
        Rule(
            "len(list_filter(map_values(dimensions), lambda v: v IS NULL)) > 0",
            "'a dimension has no value'",
        ),
        Rule(
            "len(list_filter(list_concat(map_keys(dimensions), map_values(dimensions)), "
            "lambda t: contains(t, '|'))) > 0",
            "concat('dimensions have a bar in them: ', dimensions)",
        ),
    ]


def reason(table: str) -> str:
    """SQL for what is wrong with a row; null where nothing is."""
    cases = " ".join(f"WHEN {rule.broken} THEN {rule.reason}" for rule in rules(table))
    return f"CASE {cases} END"
