"""Whether a second reading of METRICS agrees with the product: `python -m benchmarks.agreement [--questions N] [--seed S]`.

Editions are built as ever, from the demonstration's raw text and, where it is there, from real customs text
(`../shared/data/raw`), whole and with holes. Questions drawn at random over every metric, concept of region, split,
size, filter, comparison and window are answered by the product and by `benchmarks.second_reading`, which reads the
same raw files by itself. Value, base, growth, shares, contributions, unit, the parts, and the reason for what is
missing must be the same. The exit code is 1 on any difference or exception.
"""  # noqa: E501  the command

import argparse
import math
import sys
import tempfile
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.random_questions import Questions
from benchmarks.second_reading.figures import Figure, Reply
from benchmarks.second_reading.formulas import METRICS
from benchmarks.worlds import REAL, World, chapter06, demonstration, made, with_holes
from indicators.engine.answer import answer
from indicators.engine.result import Answer, Row

TOLERANCE = 1e-9  # ratios are shown to 12 digits and sums of binary fractions depend on their order
NUMBERS = ("value", "base", "growth", "share", "share_base", "contribution")
# Operators whose value is one of these numbers of `fob`: only value and base are compared.
OPERATORS = ("growth", "cagr", "share", "contribution", "quotient", "similarity")
COUNTED = ("questions", "agreed", "missing", "figures", "different", "exceptions")
Tallies = defaultdict[str, Counter[str]]  # metric → how many of each that is counted


def differences(answer: Answer, reply: Reply) -> list[str]:
    """Say what the product and the calculator do not agree on."""
    numbers = NUMBERS[:2] if METRICS[answer.question.metric].operator in OPERATORS else NUMBERS
    faults = [] if answer.unit == reply.unit else [f"unit: {answer.unit}, not {reply.unit}"]
    faults += _faults("total", answer, reply.total, codes=_codes(answer), numbers=numbers)
    if reply.coverage and answer.coverage:
        coverage = (answer.coverage.region, answer.coverage.product, answer.coverage.country)
        if not all(map(_alike, coverage, reply.coverage)):
            faults.append(f"coverage: {coverage}, not {reply.coverage}")
    rows = {row.key: row for row in answer.rows}
    if rows.keys() != reply.parts.keys():
        more, less = sorted(rows.keys() - reply.parts.keys()), sorted(reply.parts.keys() - rows.keys())
        faults.append(f"parts: {more[:4]} are only the product's, {less[:4]} only the calculator's")
    for key in sorted(rows.keys() & reply.parts.keys()):
        codes = _codes(rows[key]) | _codes(answer)
        faults += _faults(key, rows[key], reply.parts[key], codes=codes, numbers=numbers)
    return faults


def _codes(answer: Answer | Row) -> set[str]:
    return {reason.code for reason in answer.reasons}


def _faults(name: str, ours: Answer | Row, theirs: Figure, *, codes: set[str], numbers: Sequence[str]) -> Iterator[str]:
    for number in numbers:
        one, other = getattr(ours, number, None), getattr(theirs, number)
        if not _alike(one, other):
            yield f"{name}: {number} {one}, not {other} {sorted(codes)}"
    if not theirs.why <= codes:
        yield f"{name}: why {sorted(codes)}, not {sorted(theirs.why)}"
    if ours.value is None and not codes:
        yield f"{name}: missing without a reason"


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def compare(
    world: World, questions: Questions, metrics: Sequence[str], tallies: Tallies, tell: Callable[[str], object]
) -> None:
    """Ask one question about each of the metrics, in their order, and count what comes of it; tell what differs."""
    for metric in metrics:
        question, ask = questions.draw(metric)
        tally = tallies[metric]
        tally["questions"] += 1
        try:
            ours, reply = answer(world.edition, question), world.calculator.reply(ask)
            faults = differences(ours, reply)
        except Exception:  # noqa: BLE001  what is looked for
            tally["exceptions"] += 1
            tell(f"{world.name}: {question}\n{traceback.format_exc(limit=-4)}")
            continue
        tally["figures"] += 1 + len(reply.parts)
        tally["different" if faults else "agreed" if ours.has_data else "missing"] += 1
        if faults:
            tell(f"{world.name}: {question}\n    " + "\n    ".join([*faults[:6], *(["…"] if len(faults) > 6 else [])]))


def report(tallies: Tallies) -> str:
    """Return the table by metric."""
    total = sum(tallies.values(), Counter[str]())
    lines = [f"| metric | {' | '.join(COUNTED)} |", f"|---|{'---|' * len(COUNTED)}"]
    for metric, tally in (*sorted(tallies.items()), ("**all**", total)):
        lines.append(f"| {metric} | {' | '.join(str(tally[name]) for name in COUNTED)} |")
    return "\n".join(lines)


def main() -> int:
    """Build the editions, ask, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--metric", action="append", help="only of this one")
    chosen = parser.parse_args()
    metrics = chosen.metric or sorted(METRICS)
    tallies: Tallies = defaultdict(Counter)
    with tempfile.TemporaryDirectory(prefix="pulso-agreement-") as name:
        worlds = []
        for number, make in enumerate((demonstration, made, chapter06, with_holes)):
            if make in (chapter06, with_holes) and not REAL.is_dir():
                sys.stdout.write("Without real customs text: ../shared/data/raw is not here.\n")
                continue
            (Path(name) / str(number)).mkdir()
            worlds.append(make(Path(name) / str(number)))
        for number, world in enumerate(worlds):
            turn = [metrics[place % len(metrics)] for place in range(number, chosen.questions, len(worlds))]
            compare(world, Questions(world, chosen.seed), turn, tallies, lambda text: sys.stdout.write(f"{text}\n"))
    sys.stdout.write(f"{report(tallies)}\n")
    return 1 if any(tally["different"] or tally["exceptions"] for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
