"""Random questions over every metric, concept of region, split, size, filter, comparison and window."""

import random
from collections import Counter
from collections.abc import Mapping
from urllib.parse import quote

from benchmarks.second_reading import raw_text
from benchmarks.second_reading.formulas import METRICS
from benchmarks.second_reading.months import Ask, month_name
from benchmarks.second_reading.records import WHOLES
from benchmarks.worlds import World
from editions.errors import QuestionError
from indicators.question.question import Question

SPLITS = (
    *("region", "month", "sector:prochile", "sector:bcch", "sector:ine", "country", "continent", "hs2", "hs4", "hs6"),
    *("hs8", "service_type", "segment", "size", "comuna", "port", "office", "transport", "year"),
)
FILTERS = ("country", "service_type", "comuna", "port", "office", "transport")


class Questions:
    """Draws questions: parts that are there in the records, more or less narrowed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance, self.refused = world, random.Random(f"{world.name} {seed}"), Counter[str]()

    def draw(self, metric: str) -> tuple[Question, Ask]:
        """Return a question about a metric that is not refused."""
        while True:
            try:
                return self.ask(metric, self._parts(metric))
            except QuestionError as error:
                self.refused[error.part] += 1

    @staticmethod
    def ask(metric: str, parts: Mapping[str, str]) -> tuple[Question, Ask]:
        """Return the same question as the product and as the calculator take it."""
        text = metric + "?" + "&".join(f"{name}={quote(value)}" for name, value in parts.items())
        return Question.parse(text), Ask(metric, **parts)

    def _parts(self, metric: str) -> dict[str, str]:
        chance, spec = self.chance, METRICS[metric]
        source = chance.choice(list(self.world.calculator.sources))
        rows = self.world.calculator.sources[source].rows
        row = rows.iloc[chance.randrange(len(rows))]
        parts: dict[str, str] = {}
        if metric in ("location_quotient", "export_similarity") or chance.random() < 0.6:
            regions = {row["region"], row["home"] or "08"} if chance.random() < 0.2 else {row["region"]}
            parts["region"] = ",".join(sorted(regions))
        parts |= self._window(metric, int(row["month"]))
        if metric == "share" or chance.random() < 0.1:
            parts["denominator"] = chance.choice(list(WHOLES))
        if chance.random() < 0.3:
            parts["flow"] = chance.choice(("services", "ship_supplies", "goods+services", "all", "goods"))
        if chance.random() < 0.1:
            parts["exclude"] = chance.choice(("copper", "lithium", "copper,lithium"))
        if chance.random() < 0.3:
            parts["concept"] = chance.choice(("comuna", "exit"))
        if chance.random() < 0.2:
            parts["source"] = source
        if chance.random() < 0.25:
            parts["size"] = chance.choice(
                ("pyme", "mipyme", "micro", "pequena", "mediana", "grande", "sin_informacion")
            )
            if chance.random() < 0.3:
                parts["sizing"] = chance.choice(("register", "workers", "own_fob", "month_fob"))
        if chance.random() < 0.2:
            scheme = chance.choice(raw_text.SCHEMES)
            parts["sector"] = f"{scheme}:{row[scheme]}"
        if chance.random() < 0.15:
            parts["hs"] = row["hs"][: chance.choice((2, 4, 6, 8))]
        for name in FILTERS:
            if chance.random() < 0.05 and row[name]:
                parts[name] = row[name]
        if spec.over and chance.random() < 0.8:
            parts["over"] = chance.choice(spec.over)
        if metric == "top_k" and chance.random() < 0.5:
            parts["k"] = str(chance.randint(1, 12))
        needs_split = metric in ("contribution_pp", "location_quotient")
        if needs_split or chance.random() < 0.5:
            parts["split"] = chance.choice(SPLITS)
        return {name: value for name, value in parts.items() if value}

    def _window(self, metric: str, first: int) -> dict[str, str]:
        """Windows by name, years, months, and any run of months, before and after the data too; a base now and then."""
        chance = self.chance
        if metric.startswith("sii_"):
            first = chance.randrange(2004 * 12, 2026 * 12)
        elif chance.random() < 0.1:
            first += chance.choice((-24, 24))
        year, length = first // 12, chance.choice((1, 2, 3, 6, 10, 12, 18, 24))
        kind = chance.choice(("name", "year", "year", "month", "run", "to_date", "twelve"))
        window = {
            "name": chance.choice(("ytd", "year", "month", "rolling12", "")),
            "year": str(year),
            "month": month_name(first),
            "run": f"{month_name(first)}..{month_name(first + length - 1)}",
            "to_date": f"{year}-01..{month_name(first)}",
            "twelve": f"{month_name(first)}..{month_name(first + 11)}",
        }[kind]
        parts = {"window": window} if window else {}
        if metric == "cagr" or chance.random() < 0.15:
            back = 12 * chance.randint(1, 3)
            first, last = (first // 12 * 12, first // 12 * 12 + 11) if kind == "year" else (first, first + length - 1)
            if kind in ("year", "month", "run"):
                parts["compare"] = (
                    f"{month_name(first - back)}..{month_name((first if kind == 'month' else last) - back)}"
                )
        elif chance.random() < 0.2:
            parts["compare"] = "none"
        return parts
