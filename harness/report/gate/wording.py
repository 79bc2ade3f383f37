"""What the gate says in all its forms: scores, words, and the commands that show or accept something."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.baseline.model import BaselineRow
from harness.common.wording import plural
from harness.engine.answer import FAILURES
from harness.gate import wording
from harness.gate.pages import characters_per_word
from harness.gate.verdict import BrokenRule, Excerpt, ExtractorChange, FloorResult, JudgedPage, NewFinding, Verdict
from harness.report.kit.numbers import NONE, words_by_kind
from harness.report.kit.terminal import one_line
from harness.stats import Estimate


@dataclass(frozen=True)
class Room:
    """How much of a verdict a form has room for; what is left out is counted, and the JSON has all of it."""

    pages: int = 5
    """The worst pages that are shown open: of each extractor in the terminal, else of all together."""
    rules: int = 10
    """Broken rules: of each extractor in the terminal, else of all together."""
    doubts: int = 5
    """Reasons why something could not be judged."""
    goldens: int = 5
    """Goldens that are named for such a reason."""
    extractors: int = 30
    """Rows of a table of extractors, and names in a list of them."""


TERMINAL = Room(rules=8)
COMMENT = Room()
ANNOTATIONS = Room(rules=3, doubts=2)  # GitHub shows ten annotations of a step
DOCUMENT = Room(goldens=20)

LONGEST_COMMAND = 500  # characters, as of a message with names in it
LONGEST_ERROR = 4_000  # characters of what an extractor said, where all of it is shown
ACCEPT = "If this is what you want"
FLOOR = "A floor holds whatever the baseline says: mend the extractor, or change the floor in the rules"
UNJUDGED = "not judged, since the baseline does not have them"
_FACTS = 5  # that are named for a page
_PASSAGES = 3  # of each sort that are shown


def left_out_line(number: int, shown: int, noun: str = "") -> list[str]:
    """The line that says how many were left out; none if all are shown."""
    left = number - shown
    return [f"and {plural(left, noun) if noun else left} more"] if left > 0 else []


def what_moved(page: JudgedPage, metric: str) -> Iterator[str]:
    """The metric before and after, and what `moved_words` says."""
    yield scores(page, metric)
    yield from moved_words(page)


def moved_words(page: JudgedPage) -> Iterator[str]:
    """Missed and leaked words and lost optional ones, before and after: a line for each that moved; facts that fail."""
    if page.before is not None and page.after is not None:
        for name, old, new in (
            ("missed", page.before.misses, page.after.misses),
            ("leaked", page.before.leaks, page.after.leaks),
        ):
            moved = {kind: new.get(kind, 0) - old.get(kind, 0) for kind in sorted({*old, *new})}
            if any(moved.values()) and page.before.counts and page.after.counts:
                counts = f"{page.before.counts[name]:g} → {page.after.counts[name]:g}"
                yield f"{name} {counts} words ({words_by_kind(moved, '+g')})"
    for name in page.fallen:
        yield scores(page, name)
    if page.why and page.rules:
        yield one_line(page.why)
    if page.characters_growth > 1:
        sides = (characters_per_word(page.before), characters_per_word(page.after)) if page.before and page.after else ()
        yield "characters for each word: " + " → ".join(f"{sum(side) / len(side):.1f}" for side in sides if side)
    yield from (f"{one_line(fact)}: {one_line(reason)}" for fact, reason in [*page.failed_facts.items()][:_FACTS])
    yield from left_out_line(len(page.failed_facts), _FACTS, "fact")
    yield from (f"not on the page ({plural(number, 'word')}): {one_line(text)}" for text, number in page.fabricated.items())
    if page.lost:
        yield f"optional text lost: {words_by_kind(page.lost)}"


def scores(page: JudgedPage, metric: str) -> str:
    """The metric before and after, with the outcome where it is not text: `F 0.912 → 0.000 empty`."""
    values = [row.scores.get(metric) if row else None for row in (page.before, page.after)]
    shown = score_pair(*values)

    def side(row: BaselineRow | None, value: str) -> str:
        return value if row is None or row.outcome == "ok" else f"{value} {row.outcome}"

    return f"{metric} {side(page.before, shown[0])} → {side(page.after, shown[1])}"


def passages(page: JudgedPage, longest: int = 300) -> Iterator[tuple[str, str, str]]:
    """What is wrong, in words: `missed`, `leaked` or `lost`, the kind of the text, and the text in one line."""
    if page.words is None:
        return
    sorts: tuple[tuple[str, tuple[Excerpt, ...]], ...] = (
        ("missed", page.words.missed),
        ("leaked", page.words.leaked),
        ("lost", page.words.lost),
    )
    for sort, found in sorts:
        for passage in found[:_PASSAGES]:
            yield sort, passage.kind, one_line(passage.text, longest)


def is_failure(page: JudgedPage) -> bool:
    """Whether the extractor did not do its work: an exception, a crash, a deadline, no text as an answer."""
    return page.after is not None and page.after.outcome in FAILURES


def versions(change: ExtractorChange) -> str:
    """`2.0.0 → 2.1.0`, or the one version that is known."""
    return " → ".join(dict.fromkeys(name for name in (change.version_before, change.version_after) if name))


def show_command(verdict: Verdict, page: JudgedPage) -> str:
    """The command that shows a page as the run has it."""
    return verdict.commands.show(page.golden, page.extractor)


def accept_command(verdict: Verdict) -> str:
    """The command that makes the run the baseline."""
    return verdict.commands.accept()


def accept_commands(verdict: Verdict) -> str:
    """The commands that let the broken rules through, in one line; empty if none can."""
    return " && ".join(dict.fromkeys(filter(None, (accept_of(rule, verdict) for rule in verdict.broken))))


def breaks_floor(verdict: Verdict) -> bool:
    """Whether a value is below its floor, which no command lets through."""
    return any(rule.rule == "floor" for rule in verdict.broken)


def accept_of(rule: BrokenRule, verdict: Verdict) -> str:
    """The command that lets a broken rule through; empty for a floor, which holds whatever the baseline says."""
    if rule.rule == "floor":
        return ""
    if isinstance(rule, NewFinding):
        return rule.accept
    if rule.rule == "exposure":  # the baseline does not hold it
        return shlex.join(["harness", "exposure", "--accept", "-e", rule.extractor])
    return accept_command(verdict)


def show_commands(rule: BrokenRule) -> tuple[str, ...]:
    """The commands that show what broke a rule, for one that is not about pages of the run."""
    return rule.show if isinstance(rule, NewFinding) else ()


def difference(found: Estimate) -> tuple[str, str]:
    """How far a metric moved, and the interval of that."""
    if found.value is None:
        return NONE, NONE
    limits = found.interval
    return f"{found.value:+.4f}", f"{limits.low:+.4f} … {limits.high:+.4f}" if limits else NONE


def score_pair(before: float | None, after: float | None) -> tuple[str, str]:
    """A score before and after, with three decimals, or as many as show the difference."""
    if before is None or after is None:
        return _score(before), _score(after)
    return wording.distinct_scores(before, after)


def known_failures(pages: Iterable[JudgedPage]) -> list[str]:
    """A line for each page that breaks rules and may, with the reason."""
    return [f"known failure: {page.golden} ({page.known})" for page in pages if page.known]


def floor(found: FloorResult) -> str:
    """A floor and what was reached, in a line."""
    value, least = wording.value_and_limit(found.value, found.floor)
    where = f" on {found.set}" if found.set else ""
    pages = plural(found.pages, "page")
    return (
        f"{found.metric} of {found.extractor}{where}: {value}, {least} is required ({pages}, goldens {found.goldens[:12]})"
    )


def _score(value: float | None) -> str:
    return NONE if value is None else wording.score(value)
