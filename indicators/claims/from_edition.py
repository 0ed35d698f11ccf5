"""Every reading of a claim that the edition computes. Kept apart from the published ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indicators.claims.claim import Claim, last_day
from indicators.claims.reading import DECIMALS, Reading, Unanswered
from indicators.errors import QuestionError
from indicators.formats import percent
from indicators.language import t
from indicators.published import Period
from indicators.question import Question
from indicators.result import Answer
from indicators.scope import CONCEPTS, DENOMINATORS, NATION
from indicators.sentences import uncapitalised

Ask = Callable[[Question], Answer]
SCOPES = ("flow=goods", "flow=goods+services")
EXCLUSIONS = ("", "&exclude=copper", "&exclude=copper,lithium")
SIZES = ("pyme", "mipyme")
WINDOWS = ("year", "ytd", "rolling12")


@dataclass(frozen=True)
class Asked:
    """A question whose value, growth or quotient by another question is a reading."""

    text: str
    takes: str = "value"
    over: str | None = None


def edition_readings(claim: Claim, ask: Ask) -> tuple[list[Reading], list[Unanswered]]:
    """Return the readings that an edition answers, nearest first, and those it cannot, with the reason."""
    found: dict[str, Reading] = {}
    missing: dict[Unanswered, None] = {}
    for asked in _asked(claim):
        for window in _windows(claim):
            outcome = _read(claim, asked, window=window, ask=ask)
            if isinstance(outcome, Reading):
                found.setdefault(f"{asked.takes} {asked.over} {outcome.question}", outcome)
            elif outcome is not None:
                missing.setdefault(outcome)
    return sorted(found.values(), key=lambda reading: reading.distance), list(missing)


def _asked(claim: Claim) -> Iterator[Asked]:
    region = f"region={claim.region}"
    if claim.about == "share" and claim.region != NATION:
        for whole in DENOMINATORS:
            for concept in CONCEPTS:
                yield Asked(f"share?{region}&denominator={whole}&concept={concept}")
    if claim.about in ("growth", "level"):
        takes = "growth" if claim.about == "growth" else "value"
        for scope in SCOPES:
            for exclusion in EXCLUSIONS:
                yield Asked(f"fob?{region}&{scope}{exclusion}", takes)
        yield Asked(f"fob?{region}&concept=exit", takes)
    if claim.about in ("growth_firms", "firms"):
        takes = "growth" if claim.about == "growth_firms" else "value"
        for flow in SCOPES:
            yield Asked(f"exporters?{region}&{flow}", takes)
            yield Asked(f"exporters_month_avg?{region}&{flow}", takes)
    for size in SIZES:
        for flow in SCOPES:
            slice_ = f"{region}&{flow}&size={size}"
            if claim.about == "growth_sme":
                for metric in ("exporters", "fob", "fob_same_firms"):
                    yield Asked(f"{metric}?{slice_}", "growth")
            if claim.about == "firms":
                yield Asked(f"exporters?{slice_}")
            if claim.about == "sme_share":
                for metric in ("exporters", "fob"):
                    yield Asked(f"{metric}?{slice_}", over=f"{metric}?{region}&{flow}&source=registro")


def _windows(claim: Claim) -> tuple[str, ...]:
    """Return the windows to try: those named by the claim, and the usual ones that fall in its years."""
    if claim.period is None:
        return WINDOWS
    start, end = claim.period.start, claim.period.end
    if claim.period.kind == "year":
        return (str(end.year), "ytd")
    return (f"{start:%Y-%m}..{end:%Y-%m}",)


def _read(claim: Claim, asked: Asked, *, window: str, ask: Ask) -> Reading | Unanswered | None:
    """Return the reading, why there is none, or None where the window is not what the claim speaks of."""
    try:
        part = ask(Question.parse(asked.text).but(window=window))
        whole = ask(Question.parse(asked.over).but(window=window)) if asked.over else None
    except QuestionError as error:
        return Unanswered(asked.text, str(error))
    if claim.period and part.window and part.window.last.year != claim.period.end.year:
        return None
    value = part.growth if asked.takes == "growth" else part.value
    if whole is not None and value is not None:
        value = value / whole.value if whole.value else None
    definition = _definition(part, asked)
    if value is None or part.window is None:
        reasons = [*part.reasons, *(whole.reasons if whole else ())]
        return Unanswered(definition, reasons[0].text if reasons else t("No hay base de comparación."))
    if part.gaps and claim.period:  # what the edition has of the period is not what the claim speaks of
        return Unanswered(definition, next(flag.text for flag in part.flags if flag.code == "parcial"))
    return Reading(
        quoted=claim.quantity,
        value=float(value),
        unit="fraction" if asked.takes == "growth" or asked.over else part.unit,
        definition=definition,
        region=claim.region,
        period=Period(part.window.first, last_day(part.window.last)),
        origin=part.badge,
        source=part.source_note,
        printed=percent(value, DECIMALS["fraction"], sign=True) if asked.takes == "growth" else None,
        derivation=f"{part.question} ÷ {whole.question}" if whole else None,
        caveats=tuple(flag.text for flag in part.flags),
        question=part.question,
    )


def _definition(part: Answer, asked: Asked) -> str:
    """Return what was computed: of a share its whole, which says its scope; else measure and scope."""
    whole, concept = part.question.whole, t(CONCEPTS[part.question.concept].label)
    if part.question.metric == "share" and whole is not None:
        words = t("parte del {whole}", whole=t(whole.label))
    else:
        words = f"{uncapitalised(part.label)}, {part.scope_label}"
    if asked.takes == "growth":
        words = t("crecimiento en {what}", what=words)
    if asked.over:
        words = t("{what}, parte del total del registro", what=words)
    return f"{words}, {concept}"
