"""A labelled text dump as lines of spans, so that labels follow every change of the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise

import regex

from harness.fuzz.base import DoesNotApply, Donor, LayoutPage
from harness.fuzz.donors import own_donors
from harness.goldens.golden import Golden, Segment, resolve
from harness.goldens.labels import Label
from harness.goldens.vocabulary import LabelVerdict
from harness.pages.page import Page

_UNSPACED_EDGE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3000-\u303f\uff00-\uff65\u30fc]"
)
UNLABELLED: tuple[LabelVerdict, str] = ("drop", "other")
"""What text is that no label of a golden file names."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Span:
    """A piece of a line that falls under one label."""

    text: str
    """Its characters."""

    verdict: LabelVerdict = "drop"
    """Its verdict."""

    kind: str = "other"
    """Its kind."""

    @property
    def label(self) -> tuple[LabelVerdict, str]:
        """Verdict and kind."""
        return self.verdict, self.kind


@dataclass(frozen=True)
class Line:
    """A line of a dump. Lines are never broken inside; `TextPage.newline` stands between them."""

    spans: tuple[Span, ...] = ()
    """The pieces of the line, in order."""

    @staticmethod
    def of(text: str, verdict: LabelVerdict = "drop", kind: str = "other") -> Line:
        """A line with one label."""
        return Line((Span(text, verdict, kind),))

    @cached_property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(span.text for span in self.spans)

    @cached_property
    def blank(self) -> bool:
        """Whether there is nothing to read in the line."""
        return not self.text.strip()

    @cached_property
    def verdict(self) -> LabelVerdict:
        """`keep` if any of the text is, else `maybe` if any is, else `drop`."""
        found = {span.verdict for span in self.spans if span.text.strip()}
        return "keep" if "keep" in found else "maybe" if "maybe" in found else "drop"

    @cached_property
    def kind(self) -> str:
        """The kind of the longest span that has the line's verdict."""
        spans = [span for span in self.spans if span.verdict == self.verdict]
        return max(spans, key=lambda span: len(span.text)).kind if spans else "other"

    @cached_property
    def merged_spans(self) -> tuple[Span, ...]:
        """The spans of a line that is not blank, neighbours of one label as one; spaces go with the text before them."""
        spans: list[Span] = []
        for span in self.spans:
            if spans and (not span.text.strip() or spans[-1].label == span.label):
                spans[-1] = replace(spans[-1], text=spans[-1].text + span.text)
            elif spans and not spans[-1].text.strip():
                spans[-1] = replace(span, text=spans[-1].text + span.text)
            elif span.text:
                spans.append(span)
        return tuple(spans)

    def part(self, start: int, end: int) -> Line:
        """The characters from start to end, without spaces at the ends."""
        text = self.text[start:end]
        start, end = start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))
        spans = []
        place = 0
        for span in self.spans:
            piece = span.text[max(0, start - place) : max(0, end - place)]
            if piece:
                spans.append(replace(span, text=piece))
            place += len(span.text)
        return Line(tuple(spans))

    def cut(self, places: Iterable[int]) -> tuple[Line, ...]:
        """The line broken at these characters; the spaces at breaks go, and so do empty parts."""
        edges = [0, *sorted({place for place in places if 0 < place < len(self.text)}), len(self.text)]
        parts = [self.part(a, b) for a, b in pairwise(edges)]
        return tuple(part for part in parts if part.spans)

    def with_text(self, text: str) -> Line:
        """The line with other characters, as many as before; each falls under the label of the one it replaces."""
        spans, place = [], 0
        for span in self.spans:
            spans.append(replace(span, text=text[place : place + len(span.text)]))
            place += len(span.text)
        return Line(tuple(spans))


BLANK = Line()


def join_lines(lines: Sequence[Line]) -> Line:
    """Lines as one: with a space where they met, without one between characters of scripts that need none."""
    spans: list[Span] = []
    for line in lines:
        part = line.part(0, len(line.text))
        if spans and part.spans and not (_UNSPACED_EDGE.match(spans[-1].text[-1]) and _UNSPACED_EDGE.match(part.text[0])):
            spans[-1] = replace(spans[-1], text=spans[-1].text + " ")
        spans += part.spans
    return Line(tuple(spans))


@dataclass(frozen=True)
class TextPage(LayoutPage):
    """A text dump with a label on every character."""

    source: Golden
    """The golden that the page was made of, for language, kind and site."""

    lines: tuple[Line, ...]
    """The dump."""

    donors: tuple[Donor, ...] = ()
    """Related stories to insert."""

    newline: str = "\n"
    """What stands between two lines."""

    final_newlines: int = 0
    """How many of them end the dump."""

    bom: bool = False
    """Whether the dump begins with a byte order mark."""

    inserted: tuple[str, ...] = ()
    """See LayoutPage."""

    @staticmethod
    def of(golden: Golden, donors: Sequence[Donor] = ()) -> TextPage:
        """The page of a golden. Without donors, our own stories are inserted. Raises DoesNotApply if it has no labels."""
        if golden.page.media != "text/plain":
            raise DoesNotApply(f"{golden.id} is no text dump but {golden.page.media}")
        if golden.labelled is None:
            raise DoesNotApply(f"{golden.id} has no labels: it is not known which lines of the dump are the main content")
        if not any(segment.verdict == "keep" and segment.text.strip() for segment in golden.labelled):
            raise DoesNotApply(f"{golden.id} has no main content")
        content = golden.page.content
        final = content.endswith("\n")
        lines = [Line.of(text) if text else BLANK for text in content.removesuffix("\n").split("\n")]
        for number, group in groupby(golden.labelled, key=lambda segment: segment.line):
            spans = tuple(Span(segment.text, segment.verdict, segment.kind) for segment in group)
            if number > len(lines) or "".join(span.text for span in spans) != lines[number - 1].text:
                raise DoesNotApply(f"{golden.id}: the labels of line {number} are not those of the dump")
            lines[number - 1] = Line(spans)
        return TextPage(
            source=golden,
            lines=tuple(lines),
            donors=tuple(donors) or own_donors("related", golden.lang),
            final_newlines=int(final),
            bom=golden.page.raw.startswith(_BOM),
        )

    @property
    def lang(self) -> str:
        """The page's language as a BCP 47 tag."""
        return self.source.lang

    @property
    def content(self) -> str:
        """The dump as one text, without a byte order mark."""
        return self.newline.join(line.text for line in self.lines) + self.newline * self.final_newlines

    @property
    def raw(self) -> bytes:
        """The dump as it is stored."""
        return _BOM * self.bom + self.content.encode("utf-8", errors="surrogatepass")

    def with_lines(self, lines: Iterable[Line], inserted: Iterable[str] = ()) -> TextPage:
        """The page with other lines, and with these texts noted as inserted."""
        return replace(self, lines=tuple(lines), inserted=(*self.inserted, *inserted))

    def golden(self, golden_id: str) -> Golden:
        """The page as it is now, with the golden that follows from its labels, as a golden file can hold it."""
        page = Page(self.raw, "text/plain", self.source.page.url, self.source.page.lang)
        labels = tuple(self._labels())
        # Golden files count lines by line feeds; with other line ends, theirs are not ours.
        segments = tuple(self._segments()) if self.newline == "\n" else resolve(page, labels)[0]
        return Golden(golden_id, page, self.source.kind, self.source.site, segments, labels)

    def _segments(self) -> Iterator[Segment]:
        for number, line in enumerate(self.lines, 1):
            if not line.blank:
                yield from (Segment(span.text, span.verdict, span.kind, number) for span in line.merged_spans)

    def _labels(self) -> Iterator[Label]:
        """Labels by line, or by character where a line has several."""
        texts = self.content.removesuffix("\n").split("\n")
        ends = [0]
        for text in texts:
            ends.append(ends[-1] + len(text) + 1)
        places: dict[tuple[LabelVerdict, str], list[str]] = {}
        line = 1
        for start, end, label in self._runs():
            if label == UNLABELLED:
                continue
            while ends[line] <= start:
                line += 1
            last = line
            while ends[last] < end:
                last += 1
            places.setdefault(label, []).extend(_places(texts, line, last, start - ends[line - 1], end - ends[last - 1]))
        for (verdict, kind), where in places.items():
            yield Label(verdict, tuple(where), kind)

    def _runs(self) -> Iterator[tuple[int, int, tuple[LabelVerdict, str]]]:
        """Stretches of the dump under one label. Line ends that a golden file does not take for such belong to the line."""
        beyond = len(self.newline.removesuffix("\n"))
        place = 0
        run: tuple[int, int, tuple[LabelVerdict, str]] | None = None
        for number, line in enumerate(self.lines, 1):
            start = place
            place += len(line.text)
            if not line.blank:
                has_end = number < len(self.lines) or self.final_newlines > 0
                *others, last = line.merged_spans
                for span in (*others, replace(last, text=last.text + " " * beyond * has_end)):
                    label, end = span.label, start + len(span.text)
                    if run and run[2] != label:
                        yield run
                        run = None
                    run = (run[0] if run else start, end, label)
                    start = end
            place += len(self.newline)
        if run:
            yield run


def _places(texts: Sequence[str], first: int, last: int, start: int, end: int) -> Iterator[str]:
    """A stretch of the dump as places of a golden file: from a character of the first line, counted from 1, to one of the
    last; as whole lines where it can be."""
    whole_first, whole_last = start == 0, end == len(texts[last - 1])
    if first == last and not (whole_first and whole_last):
        yield f"{first}[{start}:{end}]"
        return
    if not whole_first:
        yield f"{first}[{start}:{len(texts[first - 1])}]"
    if not whole_last:
        yield f"{last}[0:{end}]"
    first, last = first + (not whole_first), last - (not whole_last)
    if any(text.strip() for text in texts[first - 1 : last]):
        yield f"{first}" if first == last else f"{first}-{last}"
