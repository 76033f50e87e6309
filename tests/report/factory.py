"""Reports made by hand, for tests of how they are shown.

The figures of the sample are of the size of the official ones, so that it reads as a real report
does; no test here holds a figure to be true.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from boeki.check.claim import Claim
from boeki.check.verdict import Cause, Chart, Checked, Figure, Judgement, Report, Verdict
from boeki.terms.periods import Period

PUBLISHED = dt.date(2024, 12, 19)
CHECKED = dt.date(2026, 9, 28)
NOVEMBER = Period.month(2024, 11)

SAMPLE = """\
Japan's trade gap narrows as chip tools boom
Advertisements
TOKYO — Japan ran a trade deficit of ¥117.6 billion in November 2024, the fifth straight month \
in the red, the Ministry of Finance said on Wednesday. A year earlier the gap had been \
¥813.8 billion, so that it shrank by 85.5%.

Exports rose 3.8% from a year earlier to ¥9.15 trillion, while imports fell 3.8% to \
¥9.27 trillion. Shipments of semiconductor equipment grew by a staggering 120% on the year, \
and by 35% on the month, the main driver of the improvement.
Advertisements
Japanese firms now hold approximately 30% of the world market for such equipment. They control \
“over 40%” of wafer processing tools, analysts at Example Research said; others put it lower. \
Exports to China rose 4.1% to a record ¥1.6 trillion.

Cheaper crude oil helped too: the import bill for energy fell for a third month. “It's <b>not</b> \
only chips,” said one trader."""

MOF = {
    "publisher": "Ministry of Finance Japan",
    "source": "jp-mof-2024-11",
    "licence": "PDL 1.0",
}


def figure(text: str = "−¥117.620 bn", **changes: Any) -> Figure:
    """A figure of the first release of November 2024."""
    made = Figure(
        label="Japan's trade balance, November 2024",
        value=Decimal(-117_620_000_000),
        unit="JPY",
        text=text,
        published=dt.date(2024, 12, 18),
        status="provisional",
        title="Trade Statistics, November 2024 (provisional)",
        link="https://www.customs.go.jp/toukei/shinbun/trade-st_e/2024/2024_11e.pdf",
        rows=("flows/JPN/WLD/export/TOTAL/2024-11", "flows/JPN/WLD/import/TOTAL/2024-11"),
        **MOF,
    )
    return replace(made, **changes)


def claim(quote: str, text: str = SAMPLE, **changes: Any) -> Claim:
    """A claim at the place where its words stand in the text."""
    start = text.index(quote)
    made = Claim(
        quote=quote,
        start=start,
        end=start + len(quote),
        kind="level",
        measure="balance",
        reporter="JPN",
        period=NOVEMBER,
        value=Decimal(-117_600_000_000),
        unit="JPY",
        step=Decimal(100_000_000),
    )
    return replace(made, **changes)


def judgements(
    known: Figure | None, newest: Figure | None, then: Verdict, now: Verdict
) -> dict[str, Judgement]:
    """Both states of knowledge of a claim."""
    return {
        "known": Judgement(then, PUBLISHED, known),
        "newest": Judgement(now, CHECKED, newest),
    }


def balance_chart() -> Chart:
    """The balance over two years, with a month missing."""
    values: list[float | None] = [
        *(
            -3506.4,
            -912.8,
            -758.0,
            -435.1,
            -1381.3,
            35.8,
            -64.8,
            -938.0,
            72.5,
            -661.0,
            -813.8,
            65.1,
        ),
        *(
            -1766.5,
            -382.6,
            382.8,
            -466.9,
            -1221.3,
            221.3,
            -628.7,
            None,
            -294.3,
            -462.1,
            -120.8,
            129.8,
        ),
        *(-2736.6, 590.5),
    ]
    first = Period.month(2023, 1)
    periods = tuple(str(first.shift(i)) for i in range(len(values)))
    return Chart("Japan's trade balance", "bn JPY", periods, tuple(values), 22)


def causes() -> tuple[Cause, ...]:
    """What narrowed the deficit; the claim names the fourth."""
    lines = [
        ("imports of crude oil", 182_300_000_000, 26.2),
        ("imports of coal", 112_900_000_000, 16.2),
        ("imports of semiconductors etc.", 96_400_000_000, 13.9),
        ("exports of semiconductor machinery etc.", 91_000_000_000, 13.1),
        ("exports of food", 31_700_000_000, 4.6),
        ("exports of motor vehicles", -118_400_000_000, -17.0),
    ]
    return tuple(
        Cause(i, label, Decimal(change), "JPY", share, i == 4)
        for i, (label, change, share) in enumerate(lines, 1)
    )


def sample() -> Report:
    """An article with a claim for every verdict, overlaps, a causal claim, charts and no figure."""
    return Report(
        text=SAMPLE,
        published=PUBLISHED,
        checked=CHECKED,
        claims=tuple(sorted(_claims(), key=lambda c: (c.claim.start, c.claim.end))),
        name="articles/chip-tools-boom.txt",
    )


def _claims() -> list[Checked]:
    return [*_balance(), *_flows(), *_equipment(), *_markets(), _energy()]


def _balance() -> list[Checked]:
    first = figure()
    revised = figure(
        "−¥110.319 bn",
        value=Decimal(-110_319_000_000),
        published=dt.date(2024, 12, 26),
        status="revised",
        title="Trade Statistics, November 2024 (revised)",
        source="jp-mof-2024-11-r",
    )
    newest = figure(
        "−¥120.810 bn",
        value=Decimal(-120_810_000_000),
        published=dt.date(2026, 9, 17),
        status="final",
        title="Time series of trade, monthly",
        link="https://www.customs.go.jp/toukei/suii/html/time_e.htm",
        source="jp-customs-series-2026-09",
    )
    streak = figure("5 months", value=Decimal(5), unit="M", label="Deficits in a row, to 2024-11")
    change = figure(
        "−85.2 %",
        value=Decimal("-85.2"),
        unit="%",
        label="Change of Japan's trade deficit, November 2024, year on year",
        published=dt.date(2026, 9, 17),
        status="final",
    )
    return [
        Checked(
            claim("a trade deficit of ¥117.6 billion in November 2024"),
            "revised",
            "as published 2024-12-18: −¥117.620 bn; now −¥120.810 bn",
            **judgements(first, newest, "supported", "contradicted"),
            tolerance="−¥117.650 bn to −¥117.550 bn",
            diagnosis="Right as published on 2024-12-18 (−¥117.620 bn); since revised to "
            "−¥120.810 bn (Time series of trade, monthly).",
            evidence=(first, revised, newest),
            chart=balance_chart(),
        ),
        Checked(
            claim(
                "the fifth straight month in the red",
                kind="streak",
                value=Decimal(5),
                unit="M",
                sign="-",
            ),
            "supported",
            "official 5 months",
            **judgements(streak, streak, "supported", "supported"),
            tolerance="exactly 5 months",
            evidence=(streak,),
            notes=("The run reaches from July to November 2024.",),
        ),
        Checked(
            claim(
                "A year earlier the gap had been ¥813.8 billion",
                period=Period.month(2023, 11),
                value=Decimal(-813_800_000_000),
            ),
            "supported",
            "official −¥813.842 bn",
            **judgements(
                figure("−¥813.842 bn", label="Japan's trade balance, November 2023", stand_in=True),
                figure("−¥813.842 bn", label="Japan's trade balance, November 2023", stand_in=True),
                "supported",
                "supported",
            ),
            chart=replace(balance_chart(), marked=10),
        ),
        Checked(
            claim(
                "it shrank by 85.5%", kind="change", value=Decimal("-85.5"), unit="%", base="yoy"
            ),
            "inconsistent",
            "¥117.6 bn against ¥813.8 bn is −85.5 %, but the newest figures give −85.2 %",
            newest=Judgement("contradicted", CHECKED, change),
            diagnosis="The two levels that the article prints and the change do not agree "
            "once the revision is applied to both.",
            evidence=(change,),
        ),
    ]


def revised_twice() -> Checked:
    """A claim that is right as first published, when the figure had been revised before the
    article appeared.
    """
    first = _balance()[0]
    assert first.known
    assert first.known.official
    between = replace(first.known.official, text="−¥110.319 bn", value=Decimal(-110_319_000_000))
    return replace(
        first,
        known=Judgement("contradicted", PUBLISHED, between),
        matched=Judgement("supported", dt.date(2024, 12, 18), first.known.official),
    )


def _flows() -> list[Checked]:
    up = figure("+3.8 %", value=Decimal("3.8"), unit="%", label="Japan's exports, November 2024")
    down = figure("−3.8 %", value=Decimal("-3.8"), unit="%", label="Japan's imports, November 2024")
    level = figure("¥9.152 tn", value=Decimal(9_152_000_000_000), label="Japan's exports, 2024-11")
    return [
        Checked(
            claim(
                "Exports rose 3.8% from a year earlier",
                kind="change",
                measure="exports",
                value=Decimal("3.8"),
                unit="%",
                base="yoy",
            ),
            "supported",
            "official +3.8 % (9,152,400 against 8,819,600 mn yen)",
            **judgements(up, up, "supported", "supported"),
        ),
        Checked(
            claim(
                "Exports rose 3.8% from a year earlier to ¥9.15 trillion",
                measure="exports",
                value=Decimal(9_150_000_000_000),
            ),
            "supported",
            "official ¥9.152 tn",
            **judgements(level, level, "supported", "supported"),
        ),
        Checked(
            claim("imports fell 3.8%", kind="change", measure="imports", value=Decimal("-3.8")),
            "supported",
            "official −3.8 %",
            **judgements(down, down, "supported", "supported"),
        ),
    ]


def _equipment() -> list[Checked]:
    tools = {"product": "semiconductor_equipment", "measure": "exports"}
    grown = figure(
        "+32.1 %",
        value=Decimal("32.1"),
        unit="%",
        label="Japan's exports of semiconductor machinery etc., November 2024, year on year",
    )
    sales = figure(
        "+35.2 %",
        value=Decimal("35.2"),
        unit="%",
        label="Sales of Japanese-made semiconductor equipment, November 2024, year on year",
        publisher="Semiconductor Equipment Association of Japan",
        title="Monthly billings, November 2024",
        standing="association",
        link="javascript:alert(1)",
    )
    part = figure(
        "13.1 % (¥91.0 bn of ¥693.0 bn), 4th largest of its level of detail",
        value=Decimal("13.1"),
        unit="%",
        label="Share of exports of semiconductor machinery etc. in the change of the balance",
    )
    growth = "Shipments of semiconductor equipment grew by a staggering 120% on the year"
    return [
        Checked(
            claim(growth, kind="change", value=Decimal(120), unit="%", base="yoy", **tools),
            "contradicted",
            "official +32.1 % (374,360 against 283,346 mn yen)",
            **judgements(grown, grown, "contradicted", "contradicted"),
            tolerance="119.5 % to 120.5 %",
            evidence=(grown,),
            chart=Chart(
                "Exports of semiconductor machinery etc., year on year",
                "%",
                ("2024-06", "2024-07", "2024-08", "2024-09", "2024-10", "2024-11"),
                (28.4, 33.5, 55.2, 9.7, 33.7, 32.1),
                5,
            ),
        ),
        Checked(
            claim("by 35% on the month", kind="change", value=Decimal(35), base="mom", **tools),
            "misattributed",
            "official −7.4 %; it is right for the sales of the industry, year on year",
            **judgements(figure("−7.4 %"), figure("−7.4 %"), "contradicted", "contradicted"),
            diagnosis="Another base and another series: Sales of Japanese-made semiconductor "
            "equipment, November 2024, year on year is +35.2 %.",
            evidence=(figure("−7.4 %", label="Change on the month"), sales),
        ),
        Checked(
            claim(
                f"{growth}, and by 35% on the month, the main driver of the improvement",
                kind="cause",
                value=None,
                unit=None,
                effect="balance",
                strength="main",
                **tools,
            ),
            "contradicted",
            "13.1 % of the change, 4th largest",
            newest=Judgement("contradicted", CHECKED, part),
            tolerance="the main cause must be the largest of its level of detail",
            diagnosis="Exports of semiconductor machinery etc. account for 13.1 % of the change "
            "(¥91.0 bn of ¥693.0 bn), the 4th largest cause of its level of detail.",
            evidence=(part,),
            causes=causes(),
            notes=("Decomposed on the newest figures (published 2026-09-17).",),
        ),
    ]


def _markets() -> list[Checked]:
    tools = {"product": "semiconductor_equipment", "measure": "sales", "kind": "share", "unit": "%"}
    one = figure("44 %", standing="analyst", publisher="Example Research", label="Share, 2024")
    two = figure("31 %", standing="analyst", publisher="Sample Analytics", label="Share, 2024")
    return [
        Checked(
            claim(
                "approximately 30% of the world market", value=Decimal(30), hedge="about", **tools
            ),
            "unverifiable",
            "no figure in the lake settles it",
            diagnosis="Market shares of equipment makers are not in the lake.",
            settles="SEMI, Worldwide Semiconductor Equipment Market Statistics "
            "(https://www.semi.org): boeki pull semi-wwsems",
        ),
        Checked(
            claim("control “over 40%” of wafer processing tools", value=Decimal(40), **tools),
            "disputed",
            "Example Research (2024): 44 %; Sample Analytics (2024): 31 %",
            **judgements(one, one, "disputed", "disputed"),
            diagnosis="Sources disagree: Example Research as claimed; Sample Analytics 31 %.",
            evidence=(one, two),
        ),
        Checked(
            claim(
                "Exports to China rose 4.1%",
                kind="change",
                measure="exports",
                partner="CHN",
                value=Decimal("4.1"),
                unit="%",
                base="yoy",
            ),
            "supported",
            "official +4.1 %",
            **judgements(figure("+4.1 %"), figure("+4.1 %"), "supported", "supported"),
        ),
    ]


def _energy() -> Checked:
    return Checked(
        claim("fell for a third month", kind="streak", measure="imports", value=(Decimal(3),) * 2),
        "unverifiable",
        "no figure in the lake settles it",
    )


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></script><svg onload=alert(1)>",
    "{{7*7}}{% raw %}",
    "]]><!--",
    "a\u2028b\u2029c",
    "\x1b[2J\x1b]0;owned\x07",
    "[bold red]markup[/] [link=file:///etc/passwd]x[/link]",
    "'onmouseover='alert(1)",
)


def hostile() -> Report:
    """A report in which every string tries to break out of where it is shown."""
    bad = "".join(HOSTILE)
    made = Figure(
        label=bad,
        value=None,
        unit=None,
        text=bad,
        status=bad,
        source=bad,
        title=bad,
        publisher=bad,
        link=f"javascript:{bad}",
        licence=bad,
        standing=bad,
        rows=(bad,) * 9,
    )
    said = Claim(bad, 0, len(bad), "cause", "balance", reporter=bad, partner=bad, product=bad)
    checked = Checked(
        said,
        "disputed",
        bad,
        **judgements(made, replace(made, text="x"), "supported", "contradicted"),
        tolerance=bad,
        diagnosis=bad + bad,
        evidence=(made,),
        causes=(Cause(1, bad, Decimal(1), bad, float("nan")),),
        chart=Chart(bad, bad, (bad, bad), (1.0, -1.0), 1),
        settles=bad,
        notes=(bad,),
    )
    return Report(bad, PUBLISHED, CHECKED, (checked,), bad)
