"""Asks extractors about every placement, and counts where the sentence came out (docs/exposure.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass

from harness.engine.base import DEFAULT_MEMORY, LAYOUT_TIMEOUT
from harness.engine.cache import OutputCache
from harness.engine.seat import Seat
from harness.exposure.pages import Container, Placement, Position, has_sentence, has_story, placements
from harness.exposure.techniques import LOOKALIKES, TECHNIQUES, Group, Technique
from harness.fuzz.measure.ask import answer_of, as_plain
from harness.plugins.runnable import Runnable
from harness.stats import Interval, wilson

PLAIN = LOOKALIKES[0].name


@dataclass(frozen=True)
class Trial:
    """One extractor on one placement."""

    technique: str
    """The technique's name."""
    position: Position
    """Where in the story."""
    container: Container
    """What the story stands in."""
    sentence: bool | None
    """Whether the sentence came out; None where the story did not, so that nothing was measured."""


@dataclass(frozen=True)
class Exposed:
    """How often a sentence that was written in one way came out."""

    technique: str
    """The technique's name."""
    group: Group
    """The technique's group."""
    pages: int
    """Pages that were measured."""
    out: int
    """Pages on which the sentence came out."""

    @property
    def share(self) -> float | None:
        """`out` of `pages`; None where nothing was measured."""
        return self.out / self.pages if self.pages else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval of the share."""
        return wilson(self.out, self.pages)


@dataclass(frozen=True)
class Exposure:
    """What one extractor returns of sentences that no reader sees, and drops of those that readers see."""

    extractor: str
    """The extractor's name."""
    version: str | None
    """The extractor's version, None where it tells none."""
    identity: str
    """A hash of the extractor, as runs store it."""
    trials: tuple[Trial, ...]
    """Every placement, in the order of `placements`."""

    def hidden(self) -> tuple[Exposed, ...]:
        """Each technique that hides, in the order of the catalogue."""
        return tuple(_exposed(technique, self.trials) for technique in TECHNIQUES)

    def lookalikes(self) -> tuple[Exposed, ...]:
        """Each lookalike: at the places where a plain sentence came out, so that what is lost is lost for its looks."""
        plain = {(one.position, one.container) for one in self.trials if one.technique == PLAIN and one.sentence}
        there = [one for one in self.trials if (one.position, one.container) in plain]
        return tuple(_exposed(technique, there) for technique in LOOKALIKES)

    @property
    def unmeasured(self) -> int:
        """Placements on which the story did not come out."""
        return sum(one.sentence is None for one in self.trials)


def _exposed(technique: Technique, trials: Iterable[Trial]) -> Exposed:
    own = [one.sentence for one in trials if one.technique == technique.name and one.sentence is not None]
    return Exposed(technique.name, technique.group, len(own), sum(own))


def expose(
    runnable: Runnable,
    *,
    timeout: float = LAYOUT_TIMEOUT,
    memory: int = DEFAULT_MEMORY,
    fresh: bool = False,
    done: Callable[[str], None] = lambda outcome: None,
) -> Exposure:
    """Ask an extractor about every placement. Raises CannotLoad.

    fresh: whether it is asked even where its answer is known. done: is told the outcome of each placement.
    """
    trials = []
    with (
        Seat(runnable, timeout=timeout, memory=memory) as seat,
        # A cache that cannot be used costs time, and nothing else.
        closing(OutputCache(lambda reason: None, fresh=fresh, memory=memory)) as cache,
    ):
        version = None
        for placement in placements():
            page = placement.page()
            known = cache.lookup(runnable, page, 0)
            if known is not None and (known.answer.wall or 0) <= timeout:
                answer, version = known.answer, known.version
            else:
                answer = answer_of(seat, page)
                cache.store(runnable, page, 0, seat.version, answer)
                version = seat.version
            plain = as_plain(answer, runnable.output)
            trials.append(_trial(placement, plain.text))
            done(plain.outcome)
    return Exposure(runnable.name, version, runnable.identity, tuple(trials))


def _trial(placement: Placement, output: str) -> Trial:
    sentence = has_sentence(output) if has_story(output) else None
    return Trial(placement.technique.name, placement.position, placement.container, sentence)
