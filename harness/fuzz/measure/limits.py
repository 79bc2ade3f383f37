"""A fixed list of pages at the limits: depth, number, size, characters that are none. Time and memory are results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.engine.base import DEFAULT_MEMORY, LAYOUT_TIMEOUT
from harness.engine.seat import CannotLoad, Seat
from harness.fuzz.measure.ask import ask
from harness.pages.page import Media, Page
from harness.pages.words import words
from harness.plugins.runnable import Runnable

# The main content of every probe that has one. A paragraph of less than 200 characters is too short for jusText.
STORY = (
    "The harbour master of Little Quay closed the outer gate on Monday after a survey found that two of its four hinges "
    "had rusted through, and asked skippers to wait for the noon tide, when the inner basin has water enough for all.",
    "Divers will lift the gate before the autumn storms. Until then a pontoon keeps the swell away from the inner basin, "
    "where eleven boats and a floating library are moored.",
    "The council has set aside ninety thousand for the repair. It hopes to spend less, since the hinges are of a make that "
    "the tram depot throws away every ten years.",
    "Nobody was hurt. A heron that had nested on the gate has moved to the crane, from where it watches the work.",
)


@dataclass(frozen=True)
class Probe:
    """A page at a limit."""

    name: str
    """What is unusual about it."""

    media: Media
    """Its media type."""

    make: Callable[[], bytes]
    """Makes its bytes."""

    expects: bool = True
    """Whether its story must come out; otherwise any answer in time will do."""


@dataclass(frozen=True)
class ProbeResult:
    """What came of a probe."""

    extractor: str
    """The extractor's name."""

    media: str
    """The page's media type."""

    probe: str
    """The probe's name."""

    outcome: str
    """One of harness.engine.answer.OUTCOMES."""

    retention: float | None
    """The share of the story's words that came out, None where none is expected."""

    seconds: float | None
    """The time that it took, None where that is not known."""

    memory: float | None
    """The most memory that it took, in bytes, None where that is not known."""

    error: str
    """What a failure said."""

    @property
    def conclusion(self) -> str:
        """`ok`, `lost` (an answer without the story), or the outcome of a failure."""
        if self.outcome not in ("ok", "empty"):
            return self.outcome
        return "lost" if self.retention is not None and self.retention < 0.5 else "ok"


def probes(media: Media) -> tuple[Probe, ...]:
    """The probes of a track, the harmless ones first."""
    return _HTML if media == "text/html" else _TEXT


def run_probes(
    runnables: Sequence[Runnable], *, timeout: float = LAYOUT_TIMEOUT, memory: int = DEFAULT_MEMORY
) -> Iterator[ProbeResult]:
    """Every probe of an extractor's track, each in a worker of its own, so that time and memory are those of the probe."""
    for runnable in runnables:
        for probe in probes(runnable.declared.media):  # type: ignore[arg-type]
            page = Page(probe.make(), probe.media, "https://limits.example/story", "en")
            with Seat(runnable, timeout=timeout, memory=memory) as seat:
                try:
                    seat.ask(_warm_up(probe.media))
                    answer = ask(seat, page, confirm=False)
                except CannotLoad as error:
                    yield ProbeResult(runnable.name, probe.media, probe.name, "error", None, None, None, str(error))
                    continue
            wanted = set(words(" ".join(STORY)))
            share = len(wanted & set(words(answer.text))) / len(wanted) if probe.expects else None
            seconds = timeout if answer.outcome == "timeout" else answer.wall
            yield ProbeResult(
                runnable.name, probe.media, probe.name, answer.outcome, share, seconds, answer.peak_memory, answer.error
            )


def _warm_up(media: Media) -> Page:
    """A page on which a library loads what it needs."""
    return Page(_html(_paragraphs()) if media == "text/html" else "\n".join(STORY).encode(), media, None, "en")


def _paragraphs() -> str:
    return "".join(f"<p>{paragraph}</p>\n" for paragraph in STORY)


def _html(body: str, head: str = "") -> bytes:
    start = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Harbour gate</title>{head}</head><body>\n'
    return (start + f"<article>{body}</article></body></html>\n").encode("utf-8", "surrogatepass")


def _nested(depth: int) -> Probe:
    return Probe(f"depth {depth:,}", "text/html", lambda: _html("<div>" * depth + _paragraphs() + "</div>" * depth))


def _with(name: str, body: Callable[[], str], head: Callable[[], str] = lambda: "") -> Probe:
    return Probe(name, "text/html", lambda: _html(body(), head()))


def _dump(name: str, extra: Callable[[], str]) -> Probe:
    return Probe(name, "text/plain", lambda: ("\n".join(STORY) + "\n\n" + extra()).encode("utf-8", "surrogatepass"))


def _raw(name: str, media: Media, raw: bytes) -> Probe:
    return Probe(name, media, lambda: raw, expects=False)


_HTML: tuple[Probe, ...] = (
    _with("the story alone", _paragraphs),
    *map(_nested, (200, 256, 400, 1_000, 2_000, 5_000)),
    _with("50,000 short paragraphs", lambda: _paragraphs() + "<p>two words</p>\n" * 50_000),
    _with("10,000 links in a paragraph", lambda: _paragraphs() + "<p>" + "<a href='/x'>link</a> " * 10_000 + "</p>"),
    _with("6 MB in one paragraph", lambda: _paragraphs() + "<p>" + "ordinary words in a row " * 250_000 + "</p>"),
    _with("4 MB data: address", lambda: f'<img alt="" src="data:image/png;base64,{"A" * 4_000_000}">' + _paragraphs()),
    _with("10,000 table rows", lambda: _paragraphs() + "<table>" + "<tr><td>a<td>b" * 10_000 + "</table>"),
    _with("colspan of nine quadrillion", lambda: _paragraphs() + "<table><tr><td colspan=9007199254740991>a</table>"),
    _with("10,000 attributes", lambda: "<p " + " ".join(f"a{n}=1" for n in range(10_000)) + ">one</p>" + _paragraphs()),
    _with("1 MB script", _paragraphs, lambda: "<script>" + "if (a < b) { c(); } " * 50_000 + "</script>"),
    _with("unclosed paragraphs", lambda: "".join(f"<p>{paragraph}" for paragraph in STORY)),
    _with("NUL characters", lambda: "".join(f"<p>{paragraph}\0</p>" for paragraph in STORY)),
    _with("half characters", lambda: "".join(f"<p>{paragraph}\ud800</p>" for paragraph in STORY)),
    Probe("wrong charset declared", "text/html", lambda: _html(_paragraphs()).replace(b"utf-8", b"utf-16")),
    Probe("XML declaration", "text/html", lambda: b'<?xml version="1.0" encoding="latin-1"?>\n' + _html(_paragraphs())),
    Probe("text without tags", "text/html", lambda: "\n\n".join(STORY).encode(), expects=False),
    _raw("comment only", "text/html", b"<!-- nothing -->"),
    _raw("blank", "text/html", b" \n\n "),
    _raw("empty", "text/html", b""),
)

_TEXT: tuple[Probe, ...] = (
    _dump("the story alone", lambda: ""),
    _dump("100,000 short lines", lambda: "two words\n" * 100_000),
    _dump("10,000 related stories", lambda: "\n".join(f"Story {n}\n\n{STORY[n % 4]}\n" for n in range(10_000))),
    _dump("6 MB in one line", lambda: "ordinary words in a row " * 250_000),
    _dump("100,000 blank lines", lambda: "\n" * 100_000 + "end"),
    _dump("1 MB without a space", lambda: "x" * 1_000_000),
    _dump("NUL characters", lambda: "a\0b\n" * 10),
    _dump("half characters", lambda: "a\ud800b\n" * 10),
    Probe("carriage returns only", "text/plain", lambda: "\r".join(STORY).encode(), expects=False),
    _raw("blank", "text/plain", b" \n\n "),
    _raw("empty", "text/plain", b""),
)
