"""Pages and outputs that are put together from known parts, so that the true origin of every word is known."""

from __future__ import annotations

import random
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from factories.goldens import Block, lined_golden
from harness.alignment.counts import WordCounts
from harness.alignment.origins import DUPLICATED, INVENTED, MOVED
from harness.alignment.words import PageWords, page_words

LANGUAGES = ("en", "de", "zh", "th", "ar")
OVERLAPS = ("none", "some", "quoted")

_LETTERS = {
    "en": (("b c d f g h l m n p r s t w st th br".split()), "a e i o u ea ou".split()),
    "de": (("b d f g h k l m n r s t w z sch st pf".split()), "a e i o u ei au ü".split()),
    "th": ("ก ข ค ง จ ช ด ต ท น บ ป พ ม ย ร ล ว ส ห".split(), ["า", "ี", "ู", "อ", "ะ"]),
    "ar": ("ب ت ج ح د ر س ش ع ف ق ك ل م ن ه و ي".split(), ["ا", "و", "ي", ""]),
}
_JOINERS = {"zh": "", "th": ""}

Words = list[str]  # what joins to a text; in zh and th a word has several characters


@dataclass(frozen=True)
class Line:
    """A line of a page or of an output whose words share a truth."""

    truth: str
    """`keep`, `maybe`, `invented`, `moved`, `duplicated` or the kind of a `drop` block."""
    words: Words


@dataclass
class Constructed:
    """A page, an output of it, and what is true of each word of the output."""

    name: str
    language: str
    page: PageWords
    output: str
    truth: Counter[str] = field(default_factory=Counter)
    """Words of the output by truth, as scoring splits words."""

    @property
    def counts(self) -> WordCounts:
        """The true counts."""
        kept, free = self.truth["keep"], self.truth["maybe"]
        return WordCounts(kept, len(self.page.keep) - kept, self.truth.total() - kept - free, free)

    @property
    def leaks(self) -> dict[str, int]:
        """The true origins of the leaked words."""
        return {origin: number for origin, number in self.truth.items() if origin not in ("keep", "maybe") and number}


class Writer:
    """Writes text in a made-up vocabulary of a language's letters; frequent words are as frequent as in real text."""

    def __init__(self, language: str, chance: random.Random, size: int = 1500) -> None:
        self.language, self.chance = language, chance
        self.joiner = _JOINERS.get(language, " ")
        self.vocabulary = self._coin(size)

    def _coin(self, size: int) -> Words:
        found: dict[str, None] = {}
        while len(found) < size:
            found[self._word()] = None
        return sorted(found, key=lambda word: (len(word), word)) if self.joiner else list(found)

    def _word(self) -> str:
        if self.language == "zh":
            return "".join(
                chr(0x4E00 + int(self.chance.random() ** 2 * 900)) for _ in range(self.chance.choice((1, 2, 2, 3)))
            )
        onsets, vowels = _LETTERS[self.language]
        return "".join(
            self.chance.choice(onsets) + self.chance.choice(vowels) for _ in range(self.chance.choice((1, 2, 2, 3)))
        )

    def words(self, number: int, vocabulary: Sequence[str] = ()) -> Words:
        """So many words, by Zipf's law."""
        known = vocabulary or self.vocabulary
        return [known[int(len(known) ** self.chance.random()) - 1] for _ in range(number)]

    def text(self, words: Words) -> str:
        return self.joiner.join(words)


def _story(writer: Writer) -> list[Line]:
    chance = writer.chance
    lines = [Line("keep", writer.words(chance.randrange(5, 11)))]
    for _ in range(chance.randrange(5, 14)):
        lines.append(Line("keep", writer.words(chance.randrange(18, 90))))
        if chance.random() < 0.2:
            lines += [Line("keep", writer.words(chance.randrange(1, 7))) for _ in range(chance.randrange(2, 6))]
    return lines


def _around(writer: Writer, story: list[Line], overlap: str) -> tuple[list[Line], list[Line], list[Line]]:
    """Boilerplate before and behind the story, and its optional text."""
    chance = writer.chance
    other = Writer(writer.language, chance)
    vocabulary = {"none": other.vocabulary, "some": other.vocabulary[:300] + writer.vocabulary[:300]}.get(overlap)
    words = lambda low, high: writer.words(chance.randrange(low, high), vocabulary or writer.vocabulary)  # noqa: E731
    before = [Line("nav", other.words(chance.randrange(1, 4))) for _ in range(chance.randrange(5, 20))]
    before.append(Line("promo", words(6, 15)))
    behind = [Line("related", words(6, 30)) for _ in range(chance.randrange(3, 12))]
    if overlap == "quoted":
        for number in range(0, len(behind), 2):
            source = chance.choice([line.words for line in story if len(line.words) > 18])
            start = chance.randrange(len(source) - 9)
            quote = source[start : start + chance.randrange(4, 9)]
            behind[number] = Line("related", words(4, 10) + quote + words(4, 10))
        behind.insert(1, Line("related", source[: chance.randrange(8, 16)]))  # a teaser of the story itself
    behind += [Line("legal", words(20, 50)), Line("footer", words(3, 12))]
    maybe = [Line("maybe", words(3, 7)), Line("maybe", words(8, 20))]
    return before, behind, maybe


def _replaced(lines: Sequence[Line], share: float, writer: Writer) -> list[Line]:
    """The lines with some words replaced by new ones; each piece of a line is a row that goes on in the next."""
    known = set(writer.vocabulary)
    new = [word for word in Writer(writer.language, writer.chance).vocabulary if word not in known]
    return [
        Line("invented", writer.words(1, new)) if writer.chance.random() < share else Line(line.truth, [word])
        for line in lines
        for word in line.words
    ]


def _dropped(parts: _Parts, share: float) -> list[Line]:
    """The story without some of its words."""
    return [Line(line.truth, [word for word in line.words if parts.chance.random() >= share]) for line in parts.story]


Change = Callable[["_Parts"], Iterator[list[Line]]]


@dataclass
class _Parts:
    writer: Writer
    before: list[Line]
    story: list[Line]
    maybe: list[Line]
    behind: list[Line]
    hidden: list[Line] = field(default_factory=list)

    @property
    def page(self) -> list[Line]:
        head, caption = self.maybe
        return [*self.before, self.story[0], head, *self.story[1:3], caption, *self.story[3:], *self.behind, *self.hidden]

    @property
    def chance(self) -> random.Random:
        return self.writer.chance


def _as(truth: str, lines: Sequence[Line]) -> list[Line]:
    return [Line(truth, line.words) for line in lines]


def _some(parts: _Parts, lines: Sequence[Line], share: float = 0.5) -> list[Line]:
    return [line for line in lines if parts.chance.random() < share]


def _moved(parts: _Parts, number: int = 1) -> list[Line]:
    """The story with paragraphs at its end that stand further up on the page; what moves is less than what stays."""
    story = list(parts.story)
    for _ in range(number):
        size = lambda line: len(line.words)  # noqa: E731
        fit = [k for k in range(1, len(story) - 3) if story[k].truth == "keep" and size(story[k]) >= 12 and _less(story, k)]
        if fit:
            line = story.pop(parts.chance.choice(fit))
            story.append(Line("moved", line.words))
    return story


def _less(story: Sequence[Line], k: int) -> bool:
    return len(story[k].words) < sum(len(line.words) for line in story[k + 1 :] if line.truth == "keep")


def _insert(parts: _Parts, lines: Sequence[Line], other: Sequence[Line]) -> list[Line]:
    result = list(lines)
    for line in other:
        result.insert(parts.chance.randrange(len(result) + 1), line)
    return result


CHANGES: dict[str, Callable[[_Parts], list[Line]]] = {
    "main content": lambda p: p.story,
    "with optional text": lambda p: [p.story[0], p.maybe[0], *p.story[1:3], p.maybe[1], *p.story[3:]],
    "everything": lambda p: p.page,
    "boilerplate only": lambda p: [*p.before, *p.behind],
    "made up": lambda p: _as("invented", [Line("", p.writer.words(60)) for _ in range(6)]),
    "half missing": lambda p: _some(p, p.story),
    "some leaked": lambda p: [*_some(p, p.before), *p.story, *_some(p, p.behind)],
    "half missing, some leaked": lambda p: [*_some(p, p.before), *_some(p, p.story), *_some(p, p.behind)],
    "moved": _moved,
    "doubled": lambda p: [*p.story, *_as("duplicated", [line for line in p.story if len(line.words) > 12][:2])],
    "optional behind": lambda p: [*p.story, *p.maybe],
    "optional before": lambda p: [*p.maybe, *p.story],
    "optional only": lambda p: p.maybe,
    "optional doubled": lambda p: [*p.maybe, *p.story, *p.maybe],
    "invented between": lambda p: _insert(
        p, p.story, _as("invented", [Line("", Writer(p.writer.language, p.chance).words(9)) for _ in range(3)])
    ),
    "leaks between": lambda p: _insert(p, p.story, [line for line in p.behind if len(line.words) > 5][:3]),
}

HARDER: dict[str, Callable[[_Parts], list[Line]]] = {
    "5 % replaced": lambda p: _replaced(p.story, 0.05, p.writer),
    "10 % replaced": lambda p: _replaced(p.story, 0.1, p.writer),
    "20 % replaced": lambda p: _replaced(p.story, 0.2, p.writer),
    "30 % dropped": lambda p: _dropped(p, 0.3),
    "one line": lambda p: [*_some(p, p.before), *_some(p, p.story), *_some(p, p.behind)],
    "wrapped": lambda p: [*_some(p, p.before), *_some(p, p.story), *_some(p, p.behind)],
    "half missing, one line": lambda p: _some(p, p.story),
    "two moved": lambda p: _moved(p, 2),
    "parts of drop lines": lambda p: [*p.story, *(Line(x.truth, x.words[: max(9, len(x.words) // 2)]) for x in p.behind)],
    "cut in the middle": lambda p: p.story[: len(p.story) // 2],
    "optional cut": lambda p: [*p.story, Line("maybe", p.maybe[1].words[2:])],
    "short lines": lambda p: [Line(x.truth, x.words[k : k + 7]) for x in p.story for k in range(0, len(x.words), 7)],
}
AMBIGUOUS = ("moved", "two moved", "doubled")  # where the page has a hidden copy: that could be what came out
ONE_LINE = ("5 % replaced", "10 % replaced", "20 % replaced", "one line", "half missing, one line", "wrapped")
WRAPPED = ("wrapped",)  # at 80 columns, as one paragraph


def constructed(language: str, overlap: str, seed: int) -> Iterator[Constructed]:
    """A page in a language whose related stories share so much with the story, and an output of each sort."""
    chance = random.Random(f"{language} {overlap} {seed}")
    writer = Writer(language, chance)
    story = _story(writer)
    before, behind, maybe = _around(writer, story, overlap)
    parts = _Parts(writer, before, story, maybe, behind)
    if seed % 3 == 0:  # a copy of the story that no reader sees
        parts.hidden = _as("hidden", story)
    blocks: list[Block] = [
        (line.truth if line.truth in ("keep", "maybe") else "drop", _kind(line.truth), writer.text(line.words))
        for line in parts.page
    ]
    page = page_words(lined_golden(blocks))
    for name, change in {**CHANGES, **HARDER}.items():
        if parts.hidden and name in AMBIGUOUS:
            continue
        lines = change(parts)
        output = (writer.joiner if name in ONE_LINE else "\n").join(writer.text(line.words) for line in lines)
        if name in WRAPPED:
            every_word = " ".join(word for line in lines for word in line.words)
            output = textwrap.fill(every_word, 80).replace(" ", writer.joiner)
        yield Constructed(name, language, page, output, _truth(writer, lines))


def _kind(truth: str) -> str:
    return {"keep": "body", "maybe": "caption"}.get(truth, truth)


def _truth(writer: Writer, lines: Sequence[Line]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in lines:
        found[line.truth] += sum(_units(writer, word) for word in line.words)
    assert set(found) <= {
        "keep",
        "maybe",
        MOVED,
        DUPLICATED,
        INVENTED,
        "nav",
        "promo",
        "related",
        "legal",
        "footer",
        "hidden",
    }
    return found


def _units(writer: Writer, word: str) -> int:
    from harness.pages.words import words

    return len(words(word))
