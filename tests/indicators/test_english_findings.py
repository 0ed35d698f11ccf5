"""Every finding has a title in English, whole. A finding without one here fails the last test."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from editions.edition import Edition
from indicators import published
from indicators.engine.answer import answer
from indicators.engine.markets import MarketChanges
from indicators.engine.pivot import Pivot
from indicators.engine.result import Answer, Reason, Row
from indicators.narrative import findings, mercados, pymes, regiones, sectores, sentences, servicios
from indicators.published import Breakdown, BreakdownRow, Customs2025, Parts
from indicators.question.question import Question
from tests.published_editions import real_ledger
from words.language import speaking

NOT_TITLES = {"said", "grew", "contribution"}  # figures, in tables
NO_CUSTOMS = Customs2025(None, (), (), (), ())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    rows = [{"month": month, "fob_usd": 1_000_000.0} for month in ("2024-10", "2025-10")]
    yield real_ledger(tmp_path_factory.mktemp("ledger"), exports=rows)


@pytest.fixture(scope="module")
def base(ledger: Edition) -> Answer:
    with speaking("en"):
        found = answer(ledger, Question.parse("fob?region=08&window=2025-10"))
        return replace(found, label="Value exported", scope_label="goods", growth=-0.161, rows=())


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def tell(function: Callable[..., str], expected: str, *values: Any, **named: Any) -> None:
    assert function(*values, **named).replace("\u00a0", " ") == expected


def row(label: str, value: float | None = None, key: str = "336", **rest: Any) -> Row:
    figures = {"base": None, "change": None, "growth": None, "share": None, "contribution": None} | rest
    return Row(key=key, label=label, value=value, **figures)


def test_findings_of_a_region(ledger: Edition, base: Answer) -> None:
    level, growth = published.region_level(ledger, "08").year, published.region_growth(ledger, "08").year
    share = published.region_shares(ledger, "08", 2024)[0]
    assert level is not None and growth is not None
    where = "the Biobío Region"
    tell(
        findings.published_headline,
        "The Biobío Region exported US$4,230.0 million in 2025 (goods, INE), 18.5% less than in the same period "
        "of the year before; it is 5.18% of the national total of goods.",
        where,
        level,
        growth,
        share,
    )
    still, up = replace(growth, value=0.0), replace(growth, value=0.05)
    assert ", almost the same as in the same period" in findings.published_headline(where, level, still, None)
    assert ", 5.0% more than in the same period" in findings.published_headline(where, level, up, None)
    tell(
        findings.published_headline,
        "There are no published figures of the total exported by the Biobío Region.",
        where,
        None,
        None,
        None,
    )
    added, lost = row("Copper", contribution=0.03), row("Pulp", contribution=-0.01)
    for parts, told in (
        ((added, lost), "Copper added 3.0 pp to the exports of Biobío; Pulp took off 1.0 pp"),
        ((replace(lost, contribution=-0.04), added), "Pulp took 4.0 pp off the exports of Biobío; Copper added 3.0 pp"),
        ((), "What moved the exports of Biobío"),
    ):
        tell(findings.movers_title, told, replace(base, rows=parts))
    for moved, told in (
        (0.05, "5.0% more in October 2025 than"),
        (0.0, "almost the same in October 2025 as"),
        (-0.161, "16.1% less in October 2025 than"),
    ):
        tell(findings.months_title, f"Biobío exported {told} a year before", replace(base, growth=moved))
    slice_ = replace(base, growth=0.05, scope_label="goods (Wine)")
    title = sentences.identified(findings.months_title(slice_), slice_).replace("\u00a0", " ")
    assert title == "Biobío exported 5.0% more in October 2025 than a year before · goods (Wine)"
    tell(findings.months_title, "Exports of Biobío, month by month", replace(base, growth=None))
    customs = published.customs_2025(ledger, "08")
    assert customs.total is not None
    tell(
        findings.parts_title,
        "China, United States and South Korea make up 50% of exports in 2025",
        customs.destinations,
        customs.total,
        noun="Destinations",
    )
    one = customs.destinations[:1]
    tell(findings.parts_title, "China makes up 22% of exports in 2025", one, customs.total, noun="Destinations")
    tell(findings.parts_title, "Destinations: China", one, None, noun="Destinations")
    printed = published.sectors(ledger, "08")
    assert printed is not None
    tell(findings.printed_title, "Pulp (product) fell 51.7% in December 2025", printed, where)
    none = Breakdown(printed.period, printed.scope, ())
    tell(findings.printed_title, "What is published by sector of the Biobío Region in December 2025", none, where)


def test_findings_of_anything(base: Answer) -> None:
    found = Pivot(replace(base, rows=(row("China", 2e6),)), ())
    tell(findings.title, "China: US$2.0 million, the largest figure in October 2025", found)
    tell(findings.title, "Value exported, Biobío, October 2025", Pivot(base, ()))
    tell(findings.heading, "Value exported, Biobío, October 2025", base)


def test_findings_of_destinations(ledger: Edition, base: Answer) -> None:
    china, peru, japan = row("China", 3e6, share=0.5), row("Peru", 2e6, share=0.3), row("Japan", 1e6, share=0.1)
    tell(mercados.map_title, "Destinations of Biobío", base, ())
    tell(mercados.map_title, "China is the only destination", base, (china,))
    two = (china, peru)
    tell(mercados.map_title, "what Biobío exported went to 2 countries; China bought 50.0%", base, two)
    tell(mercados.ranking_title, "China, Peru and Japan receive 90% of exports", base, (china, peru, japan))
    none, some = MarketChanges((), (), 0, 0, 1e5), MarketChanges((china,), (peru, japan), 4, 3, 1e5)
    tell(mercados.changes_title, "No new or lost market of any size", none)
    tell(mercados.changes_title, "1 new market: China; 2 lost: Peru and Japan", some)
    tell(mercados.changes_title, "2 new markets: China and Peru; 1 lost: Japan", replace(some, new=two, lost=(japan,)))
    tell(mercados.changes_note, "Those of US$100,000 or more are named.", none)
    tell(mercados.changes_note, "Those of US$100,000 or more are named; of less, 4 appeared and 3 disappeared.", some)
    asia = row("Asia", 2e6, share=0.6, contribution=0.05)
    tell(mercados.continents_title, "Destinations by continent", ())
    tell(mercados.continents_title, "Asia buys 60%; the change comes mostly from Asia (+5.0 pp)", (asia,))
    tell(mercados.blocs_title, "Asia buys 60% of exports", (asia,))
    alone = row("EFTA", 1e6, share=0.2, change=9e5, growth=0.9)
    tell(mercados.blocs_title, "Asia buys 60% of exports; EFTA grew most (+90.0%)", (asia, alone))
    tell(mercados.blocs_title, "EFTA buys 20% of exports (+90.0%)", (alone,))
    where, customs = "Biobío", published.customs_2025(ledger, "08")
    tell(
        mercados.published_headline,
        "China, United States and South Korea make up 50% of exports in 2025 (Chilean Customs). The latest published, "
        "December 2025: United States 24.6%, China 20.7% and South Korea 6.1%.",
        published.destinations(ledger, "08"),
        customs,
        where,
    )
    tell(
        mercados.published_headline, "There are no published figures by destination of Biobío.", None, NO_CUSTOMS, where
    )
    tell(
        mercados.off_the_map,
        "In the total and off the map, because they are not countries: Ship supplies. Without an outline at this "
        "scale: Singapore; they are in the list.",
        (row("Ship supplies"),),
        (row("Singapore"),),
    )


def test_findings_of_the_regions(ledger: Edition, base: Answer) -> None:
    totals = published.customs_regions(ledger)
    names = {"02": "Antofagasta", "13": "Metropolitan Region", "05": "Valparaíso"}
    tell(
        regiones.printed_title,
        "Antofagasta, Metropolitan Region and Valparaíso make up 55% of what the regions exported in 2025",
        totals,
        names,
    )
    ours = tuple(
        row(name, value, code, growth=growth, share=share)
        for code, name, value, growth, share in (
            ("02", "Antofagasta", 3e6, 0.2, 0.5), ("08", "Biobío", 2e6, -0.1, 0.3), ("16", "Ñuble", 1e6, 0.1, 0.1)
        )
    )  # fmt: skip
    shown = replace(base, rows=ours)
    tell(regiones.map_title, "Antofagasta exports most: US$3.0 million in October 2025", shown, "value")
    tell(regiones.map_title, "Antofagasta grew most or fell least: +20.0% in October 2025", shown, "growth")
    tell(regiones.map_title, "Antofagasta is the largest: 50.0% of the country in October 2025", shown, "share")
    tell(regiones.ranking_title, "2 of 3 regions exported more in October 2025 than a year before", shown, "growth")
    tell(
        regiones.ranking_title, "Antofagasta, Biobío and Ñuble make up 90% of the total in October 2025", shown, "value"
    )
    hidden = replace(shown, rows=(replace(ours[0], share=None), *ours[1:]))
    tell(regiones.ranking_title, "Antofagasta, Biobío and Ñuble lead the regions in October 2025", hidden, "value")
    low, high = replace(base, value=0.046), replace(base, value=0.122)
    tell(
        regiones.shares_title,
        "Biobío is from 4.6% to 12.2% of the country in October 2025, depending on the total",
        (low, high),
    )
    tell(regiones.shares_title, "Share of Biobío in the country", (replace(base, value=None),))
    tell(
        regiones.peers_title,
        "Ñuble is the region whose exports are most like those of Biobío",
        replace(base, rows=(row("Ñuble", 0.5),)),
    )
    tell(
        regiones.specialisation_title,
        "Forest industry weighs 10.6 times as much in Biobío as in Chile",
        replace(base, rows=(row("Forest industry", 10.6),)),
    )


def test_findings_of_sectors(ledger: Edition, base: Answer) -> None:
    customs = published.customs_2025(ledger, "08")
    tell(
        sectores.published_headline,
        "Pulp (product) fell 51.7% in December 2025 (INE). Forest products and derivatives was 62% of what Biobío "
        "exported in 2025 (Chilean Customs).",
        published.sectors(ledger, "08"),
        customs,
        "Biobío",
    )
    tell(sectores.published_headline, "There are no published figures by sector of Biobío.", None, NO_CUSTOMS, "Biobío")
    rows = (row("Pulp", -0.2), row("Copper", 0.1))
    for function, texts in (
        (
            sectores.price_title,
            ("Prices of what Biobío exported", "Prices did not change", "Prices rose", "Prices fell"),
        ),
        (
            sectores.volume_title,
            ("Volume of what Biobío exported", "Volume did not change", "Volume grew", "Volume fell"),
        ),
    ):
        unknown, flat, grew, fell = texts
        tell(function, unknown, replace(base, value=None), ())
        tell(function, flat, replace(base, value=0.0), ())
        tell(function, f"{grew} 5.0%; most of all, Pulp (−20.0%)", replace(base, value=0.05), rows)
        tell(function, f"{fell} 5.0%; most of all, Pulp (−20.0%)", replace(base, value=-0.05), rows)
    up, down = replace(base, growth=0.1), replace(base, growth=-0.1)
    copper, pulp, wine = row("Copper"), row("Pulp"), row("Wine")
    for rows, answers, told in (
        ((copper,), (replace(base, growth=None),), "The largest, month by month"),
        ((copper, pulp), (down, down), "Copper and Pulp below the year before"),
        ((copper, pulp, wine), (down, down, down), "The 3 largest exported less than a year before"),
        ((copper, pulp), (up, up), "The 2 largest exported more than a year before"),
        ((copper, pulp), (up, down), "Copper above the year before; 1 below"),
        ((copper, pulp, wine), (up, up, down), "Wine below the year before; 2 above"),
    ):
        tell(sectores.series_title, told, rows, answers)


def test_findings_of_services(ledger: Edition, base: Answer) -> None:
    found, nation = published.service_facts(ledger, "08"), published.national_services(ledger)
    assert found.level is not None
    tell(
        servicios.published_headline,
        f"Biobío exported services worth {found.level.value_text} in {found.level.period.label} "
        f"({found.level.publisher}).",
        found,
        "Biobío",
    )
    grown = replace(found, growth=replace(found.level, value=0.05, unit="fraction", metric="growth"))
    assert servicios.published_headline(grown, "Biobío").endswith(", +5.0% on the same period of the year before.")
    none = replace(found, level=None, growth=None)
    tell(
        servicios.published_headline,
        "There are no published figures of the services that Biobío exports.",
        none,
        "Biobío",
    )
    tell(
        servicios.years_title,
        "Chile's services as registered by Customs went from US$1,166.5 million in 2012 to US$3,328 million in 2025",
        nation.years,
    )
    part = BreakdownRow("ICT", None, found.level, None, None)
    whole = Parts((part,), replace(found.level, value=found.level.value * 4))
    period = found.level.period.label
    tell(servicios.kinds_title, f"ICT: 25% of the services that Chile exported in {period}", whole)
    tell(servicios.kinds_title, "ICT comes first among the services published", Parts((part,), None))
    tell(servicios.destinations_title, f"ICT buys 25% of the services that Chile exported in {period}", whole)
    regions = published.national_services(ledger).regions
    tell(
        servicios.printed_regions_title,
        "Biobío holds 97% of the services with a region in the records of Customs for 2025",
        regions,
        "Biobío",
    )
    tell(
        servicios.months_title,
        "Biobío exported services worth US$1.0 million in October 2025, −16.1% on a year before",
        base,
    )
    tell(
        servicios.months_title,
        "Biobío exported services worth US$1.0 million in October 2025",
        replace(base, growth=None),
    )
    logistics = row("Logistics", 1e6, "logistica", share=0.6)
    unknown = row("Unclassified", 1e6, servicios.UNCLASSIFIED, share=0.4)
    for rows, told in (
        ((logistics, unknown), "Logistics: 60% of services; the type of 60% of the value is known"),
        ((replace(logistics, share=None), unknown), "Logistics is the largest type of service"),
        ((unknown,), "No text in this slice says what service it is"),
    ):
        tell(servicios.types_title, told, replace(base, rows=rows))
    tell(
        servicios.markets_title,
        "Peru buys 31.0% of the services of Biobío",
        replace(base, rows=(row("Peru", 1e6, share=0.31),)),
    )
    split = replace(base, rows=(row("Services", 1e6, servicios.SERVICES, share=0.021),))
    tell(servicios.weight_title, "Services are 2.10% of what Biobío exported in October 2025", split)
    tell(
        servicios.outside_regions,
        "In the country's total and in no region: No region (US$1.0 million).",
        replace(base, rows=(row("No region", 1e6, "00"),)),
    )


def test_findings_of_small_firms(base: Answer) -> None:
    count = row("Exporting firms", 142, "exporters", base=100, growth=0.42)
    value = row("Value exported", 2e6, "fob", base=1e6, growth=0.063)
    same = row("Value of the same firms", 1e6, "fob_same_firms", growth=-0.042)
    three = replace(base, rows=(count, value, same), scope_label="goods, pymes", base_label="October 2024")
    tell(
        pymes.headline,
        "The exporting firms of Biobío (goods, pymes) went from 100 to 142 (+42.0%); what they export changed by "
        "+6.3%, and what the same firms export by −4.2%: October 2025 against October 2024.",
        three,
    )
    why = (Reason("no_register", "This edition has no register of exporters."),)
    tell(
        pymes.headline,
        "There is no figure of how much the exporting pymes of Biobío grew. This edition has no register of exporters.",
        replace(base, reasons=why),
    )
    assert pymes.grew(row("x")) == "no figure"
    tell(pymes.three_ways_title, "Depending on how it is measured, the pymes of Biobío grow or shrink", three)
    tell(
        pymes.three_ways_title,
        "Number, value and same firms move in the same direction in Biobío",
        replace(three, rows=(count, value)),
    )
    tell(pymes.three_ways_title, "Growth of the pymes of Biobío, three ways", replace(three, rows=(row("x"),)))
    tell(
        pymes.bridge_title,
        "Entrants: +US$2.0 million, what moved the value of the pymes of Biobío most",
        replace(base, rows=(row("Entrants", change=2e6),)),
    )
    tell(pymes.bridge_title, "Where the change of the pymes of Biobío comes from", base)
    tell(pymes.mix_title, "Large: 80.0% in Biobío", replace(base, rows=(row("Large", 2e6, share=0.8),)))
    tell(pymes.mix_title, "By size in Biobío; kept confidential: Micro", replace(base, rows=(row("Micro"),)))
    tell(pymes.mix_title, "By size in Biobío", base)
    rates = ((replace(base, value=0.2),), (replace(base, value=0.1),))
    tell(pymes.turnover_title, "Of the exporters of Biobío, 20.0% are new and 10.0% left (October 2025)", *rates)
    missing = replace(base, value=None)
    tell(pymes.turnover_title, "Entry and exit of exporters in Biobío", (missing,), (missing,))
    one = row("entered in 2023, 1 year later", 0.55, "2023+1")
    tell(
        pymes.survival_title,
        "Still exporting: 55.0% of those that entered in 2023, 1 year later",
        replace(base, rows=(one,)),
    )
    tell(pymes.survival_title, "Survival of those that began to export in Biobío", base)
    firms = replace(base, unit="firms", rows=(row("Forest industry", 120),))
    tell(pymes.sector_title, "Forest industry is the sector with most: 120 firms", firms)


def test_findings_of_the_weight_of_small_firms(ledger: Edition) -> None:
    fact = replace(published.region_shares(ledger, "08", 2024)[0], subject="pyme: empresas", value=0.2, decimals=1)
    jobs = replace(fact, subject="pyme: trabajadores", value=0.3)
    tell(pymes.weights_title, "Weight in Biobío, 2024: firms 20.0%, workers 30.0%", (fact, jobs), "Biobío")


def test_every_finding_is_told_here() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    untold = [
        f"{module.__name__}.{name}"
        for module, name in _titles()
        if f"{module.__name__.rpartition('.')[2]}.{name}," not in here
    ]
    assert untold == []


def _titles() -> Iterator[tuple[ModuleType, str]]:
    for module in (findings, findings, mercados, regiones, sectores, servicios, pymes):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_text = inspect.signature(function).return_annotation is str
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_text and is_own and name not in NOT_TITLES:
                yield module, name
