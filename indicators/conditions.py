"""Conditions of a question in SQL. Names come from fixed sets in this package; every value is a parameter."""

from collections.abc import Callable, Sequence
from typing import Any

from indicators.calendar import Window, add_months
from indicators.dimensions import CODE_FILTERS, DIMENSIONS
from indicators.errors import EditionOutdated
from indicators.plan import Plan
from indicators.question import Question
from indicators.result import Statement
from indicators.scope import REGISTER, Scope
from indicators.size_classes import UNKNOWN
from indicators.tables import Table, columns_named, tables_of

REAL_REGION = "BETWEEN '01' AND '16'"
SIZE = f"coalesce(class.size_class, '{UNKNOWN}')"  # of the firm of a record, once its class is joined


class Conditions:
    """Collects the parameters of a statement while its conditions are written."""

    def __init__(self, question: Question, plan: Plan, table: Table) -> None:
        self.question = question
        self.table = table
        self.params: dict[str, Any] = {}
        self.is_register = plan.source == REGISTER
        self.region = table.region(question.concept)
        self.sizing = plan.sizing
        window = plan.window
        if window is not None and question.spec.is_trailing:
            window = Window(add_months(window.last, -11), window.last)
        self.in_window = self.months("window", window)
        self.in_base = self.months("base", plan.base)
        self.from_source = "true" if self.is_register else f"x.source_id = {self.value('source', plan.source)}"
        if table.is_by_concept:
            self.from_source += f" AND x.concept = {self.value('concept', question.concept)}"

    def value(self, name: str, value: Any) -> str:
        """Keep a parameter and return its name in SQL."""
        self.params[name] = value
        return f"${name}"

    def months(self, name: str, window: Window | None) -> str:
        """The condition that a record is of the window."""
        if window is None:
            return "false"
        first, last = self.value(f"{name}_first", window.first), self.value(f"{name}_last", window.last)
        return f"x.month BETWEEN {first} AND {last}"

    def one_of(self, name: str, column: str, values: Sequence[str]) -> str:
        """The condition that a column has one of the values."""
        names = [self.value(f"{name}_{place}", value) for place, value in enumerate(values)]
        return f"{column} IN ({', '.join(names)})"

    def scope(self, name: str, scope: Scope) -> str:
        """The condition that a record is of the flow and not excluded."""
        parts = [self.one_of(f"{name}_segment", "x.segment", scope.segments)]
        parts += [f"NOT x.is_{excluded}" for excluded in scope.exclude]
        return " AND ".join(parts)

    def in_region(self) -> str:
        """The condition that a record is of the regions asked for."""
        regions = self.question.regions
        return self.one_of("region", self.region, regions) if regions else "true"

    def filters(self) -> list[str]:
        """The conditions of sector, product, country and the other codes."""
        question, found = self.question, []
        if question.sector:
            scheme, _, ids = question.sector.partition(":")
            column = DIMENSIONS[f"sector:{scheme}"].column
            found.append(self.one_of("sector", column, ids.split(",")))
        if question.hs:
            prefixes = [self.value(f"hs_{place}", code) for place, code in enumerate(question.hs.split(","))]
            found.append("(" + " OR ".join(f"starts_with(x.hs_code, {name})" for name in prefixes) + ")")
        for part in CODE_FILTERS:
            codes = getattr(question, part)
            if codes:
                found.append(self.one_of(part, DIMENSIONS[part].column, codes.split(",")))
        return found


def write_statement(question: Question, plan: Plan, write: Callable[[Conditions], str]) -> Statement:
    """Return the statement that `write` gives over the smallest table of the edition that has what its SQL names."""
    missing: frozenset[str] = frozenset()
    for table in tables_of(plan.source):
        conditions = Conditions(question, plan, table)
        sql = write(conditions)
        missing = columns_named(sql) - plan.columns.get(table.name, frozenset())
        if not missing:
            return Statement(sql, conditions.params)
    raise EditionOutdated(sorted(f"{table.name}.{column}" for column in missing))
