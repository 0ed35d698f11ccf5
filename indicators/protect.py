"""Takes out of an answer what may not be shown of firms; the same for every output, since all come from the answer."""

from dataclasses import replace

from indicators import reasons
from indicators.calendar import SourceCalendar
from indicators.disclosure import Policy, policy_of
from indicators.edition import Edition
from indicators.groups import Group
from indicators.moves import Reserved, reserved_moves
from indicators.plan import Plan
from indicators.question import Question
from indicators.reasons import Reason
from indicators.reserve import Reserve, reserve_of
from indicators.result import Coverage
from indicators.scope import NATION, REGIONS, REGISTER

SHAPES = ("fob_per_exporter_median", "hhi", "effective_number", "top_k")  # tell firms apart, not only together
TOP = 5  # two tops of different k would tell the value of the firms between them


def protect(
    edition: Edition, question: Question, found: Plan, calendar: SourceCalendar, *, total: Group, parts: list[Group]
) -> tuple[Group, list[Group]]:
    """Return the whole slice and its parts without what the policy keeps in reserve."""
    policy = policy_of(edition)
    if not policy.is_on or not speaks_of_firms(question, found):
        return total, parts
    reserve = reserve_of(edition, question, found, calendar, policy=policy)
    whole = reserve
    if question.split and reserve.hidden is None:  # too fine to audit, the slice perhaps not
        whole = reserve_of(edition, question.but(split=None), found, calendar, policy=policy)
    moves = reserved_moves(edition, question, found, calendar, policy=policy)

    def shown(group: Group, *, is_total: bool) -> Group:
        kept = whole if is_total else reserve
        for base in (False, True):
            hidden = kept.hides_total(base=base) if is_total else kept.hides_part(group.key, base=base)
            shape = _hides_shape(question, group, policy, base=base)
            told = moves is not None and moves.hides(group.key, is_total=is_total, base=base)
            if hidden or shape or told or policy.hides(group.cell(base=base)):
                group = group.without(_why(kept, moves if told else None), base=base)
        return group

    return shown(total, is_total=True), [shown(part, is_total=False) for part in parts]


def _why(reserve: Reserve, moves: Reserved | None) -> Reason:
    if reserve.hidden is None:
        return reasons.TOO_FINE
    return moves.why if moves is not None else reasons.CONFIDENTIAL


def speaks_of_firms(question: Question, found: Plan) -> bool:
    """Whether an answer is about firms: counts and shapes of them, and anything from the office's register."""
    return (
        question.spec.is_firm_level or question.looks_over == "firm" or found.source == REGISTER or bool(found.sizing)
    )


def hides_whole(edition: Edition, question: Question, found: Plan, calendar: SourceCalendar, *, base: bool) -> bool:
    """Whether the denominator would tell, through a share, a national total that is kept in reserve."""
    whole, policy = question.whole, policy_of(edition)
    if whole is None or found.source != REGISTER or not policy.is_on:
        return False
    asked = Question(
        "fob",
        region=",".join(REGIONS) if whole.regionalised else NATION,
        flow=whole.scope.flow,
        exclude=",".join(whole.scope.exclude),
        source=REGISTER,
    )
    return reserve_of(edition, asked, found, calendar, policy=policy).hides_total(base=base)


def shown_coverage(
    edition: Edition, question: Question, found: Plan, calendar: SourceCalendar, *, coverage: Coverage
) -> Coverage:
    """Return the coverage without the parts that would tell the value of what is not known."""
    policy = policy_of(edition)
    if found.source != REGISTER or not policy.is_on:
        return coverage
    hidden: dict[str, None] = {}
    for what in ("region", "product", "country", "size"):
        scope = question.scope
        asked = Question("coverage", flow=scope.flow, exclude=",".join(scope.exclude), over=f"known_{what}")
        asked = asked.but(source=REGISTER, concept=question.concept)
        if reserve_of(edition, asked, found, calendar, policy=policy).hides_total(base=False):
            hidden[what] = None
    return replace(coverage, **hidden)


def _hides_shape(question: Question, group: Group, policy: Policy, *, base: bool) -> bool:
    """Shapes need more firms than sums do: mean, median and concentration together give the values of three."""
    if question.metric not in SHAPES:
        return False
    if question.spec.over and question.looks_over != "firm":
        return True  # of products or countries of some firms only: from customs it can be had of all of them
    firms = group.cell(base=base).firms
    if question.metric == "top_k":
        rest = firms - TOP
        return question.top != TOP or 0 < rest < policy.min_firms or 0 < firms < TOP
    return 0 < firms < policy.min_firms_of_shape
