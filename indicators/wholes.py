"""The totals around a figure: what it is a share of, its region's own, and what part of the nation's value is known."""

from dataclasses import dataclass, replace

from indicators import growth
from indicators.conditions import REAL_REGION, Conditions, write_statement
from indicators.edition import Edition
from indicators.plan import Plan
from indicators.question import Question
from indicators.result import Coverage, Statement
from indicators.scope import REGISTER


@dataclass(frozen=True)
class Wholes:
    """National totals that a figure is set against, in US$."""

    whole: float | None
    whole_base: float | None
    region: float | None
    coverage: Coverage
    statement: Statement


def wholes_of(edition: Edition, question: Question, found: Plan) -> Wholes:
    """Return the totals around a figure."""
    sql = _statement(question, found)
    row = {
        name: None if value is None else float(value) for name, value in edition.rows(sql.sql, sql.params)[0].items()
    }
    nation = row["national_usd"]
    known = {what: growth.share(row[f"{what}_known_usd"] or 0.0, nation) for what in ("region", "product", "country")}
    size = growth.share(row["size_known_usd"] or 0.0, nation) if found.source == REGISTER else None
    return Wholes(row["whole_usd"], row["whole_base_usd"], row["region_usd"], Coverage(**known, size=size), sql)


def _statement(question: Question, plan: Plan) -> Statement:
    """The denominator, the region's own total, and the coverage, in one pass."""
    compared = plan if question.whole else replace(plan, base=None)
    return write_statement(question, compared, _text)


def _text(conditions: Conditions) -> str:
    question, whole = conditions.question, conditions.question.whole
    own = f"{conditions.in_window} AND {conditions.scope('own', question.scope)}"
    known = {
        "national_usd": "true",
        "region_known_usd": f"{conditions.region} {REAL_REGION}",
        "product_known_usd": conditions.table.has_product,
        "country_known_usd": conditions.table.has_country,
        "size_known_usd": "x.size_class <> 'sin_informacion'" if conditions.is_register else "false",
        "region_usd": conditions.in_region(),
    }
    if whole is None:
        sums, months = ["NULL AS whole_usd", "NULL AS whole_base_usd"], own
    else:
        of = conditions.scope("whole", whole.scope)
        of += f" AND {conditions.region} {REAL_REGION}" if whole.regionalised else ""
        months = f"({conditions.in_window} OR {conditions.in_base})"
        periods = {"whole_usd": conditions.in_window, "whole_base_usd": conditions.in_base}
        sums = [f"sum(x.fob_usd) FILTER (WHERE {of} AND {period}) AS {name}" for name, period in periods.items()]
        known = {name: f"{own} AND {what}" for name, what in known.items()}
    sums += [f"sum(x.fob_usd) FILTER (WHERE {what}) AS {name}" for name, what in known.items()]
    return f"""SELECT {f",{chr(10)}    ".join(sums)}
FROM {conditions.table.name} AS x
WHERE {conditions.from_source} AND {months}"""
