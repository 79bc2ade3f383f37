"""Pages that each hold one sentence, written in one way, at one position, in one container of the story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from harness.exposure.techniques import LOOKALIKES, TECHNIQUES, Technique
from harness.pages.page import Page
from harness.pages.words import words

Position = Literal["before", "between", "inside", "after", "list", "table", "head"]
Container = Literal["article", "div", "table"]

POSITIONS: tuple[Position, ...] = ("before", "between", "inside", "after", "list", "table")
"""Where in the story: before its first paragraph, between two, inside one, behind the last, in a list, in a table."""

CONTAINERS: tuple[Container, ...] = ("article", "div", "table")
"""What the story stands in: `main` and `article`, a `div` of a class, a cell of a table for layout."""

SENTENCE = (
    "Whoever reads this aloud should know that the brass walrus counts seven paper lanterns before every quiet regatta, and "
    "that it was never seen to be wrong by more than one of them, which is why the town of Little Foam still asks it to "
    "come down to the quay on the last day of the week."
)
"""What is hidden: a sentence of more than 200 characters, since some extractors drop shorter paragraphs for their length."""

SWAPPED = SENTENCE.replace("brass walrus", "glass turtle").replace(
    "counts seven paper lanterns", "orders eight linen pennants"
)
"""Another sentence with words of the same lengths, which tests put in its place."""

STORY = (
    "The council of Nether Wold voted on Tuesday to reopen the footbridge that has been closed since the flood of last "
    "spring, after engineers found that its two middle piers had settled by less than a finger's width.",
    "For a year and a half, children from the east bank have walked a mile to the road bridge and back, and the baker on "
    "the market square says that he has lost a third of his morning customers to the shop across the water.",
    "The work will take six weeks. A firm from the next valley will lift the deck in one piece, set it down on the "
    "meadow, and put new bearings under it while masons repair the piers from a raft.",
    "Money for the repair comes from three places: a grant of the province, the insurance, and a collection that began "
    "with a concert in the church and ended, four months later, with more than anybody had dared to expect.",
    "When the deck is back in its place, the council wants to see how much it gives under load before the first walkers "
    "are let onto it. The fire brigade has offered to stand on it with both of its engines' crews.",
)
"""The main content of every page."""

_ENDS = ("Cards and cash are taken at the gate", "Dogs are welcome on a lead", "The raft can be seen from the mill")
_ROWS = (("deck", "lifted in one piece"), ("bearings", "replaced"), ("piers", "repaired from a raft"))
_STYLE = (
    "body { font: 16px/1.5 monospace; color: #222; background: #fff; margin: 0 auto; width: 900px } "
    "a { color: #246 } nav li { display: inline-block; margin-right: 1em } td { vertical-align: top; padding: 2px 8px }"
)


@dataclass(frozen=True)
class Placement:
    """A technique at a position in a container."""

    technique: Technique
    """How the sentence is written."""
    position: Position
    """Where in the story; `head` for what stands in the page's head."""
    container: Container
    """What the story stands in."""

    def html(self, sentence: str = SENTENCE) -> str:
        """The page with a sentence."""
        fragment = _fragment(self, sentence)
        head = f"<style>{_STYLE} {self.technique.css}</style>" + (fragment if self.position == "head" else "")
        story = _in_container(self.container, _story(self.position, fragment))
        return (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Footbridge to reopen | Wold Courier</title>'
            f"{head}</head>\n<body>\n{_MENU}\n{story}\n{_FOOT}\n</body></html>\n"
        )

    def page(self) -> Page:
        """The page that extractors are asked about."""
        return Page(self.html().encode(), "text/html", "https://courier.example/footbridge", "en")


_MENU = (
    '<header><p><a href="/">Wold Courier</a></p><nav><ul><li><a href="/news">News</a><li><a href="/sport">Sport</a>'
    '<li><a href="/farms">Farms</a><li><a href="/letters">Letters</a></ul></nav></header>'
)
_FOOT = '<footer><p><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a></p><p>Wold Courier, Mill Lane</p></footer>'


def placements() -> Iterator[Placement]:
    """Every technique and every lookalike at every position in every container, in a fixed order."""
    for technique in (*TECHNIQUES, *LOOKALIKES):
        for position in positions_of(technique):
            for container in CONTAINERS:
                yield Placement(technique, position, container)


def positions_of(technique: Technique) -> tuple[Position, ...]:
    """The positions that a technique is valid at."""
    if technique.place == "head":
        return ("head",)
    return tuple(position for position in POSITIONS if technique.place == "text" or position != "inside")


def _fragment(placement: Placement, sentence: str) -> str:
    tag = {"inside": "span", "list": "li", "table": "td"}.get(placement.position, "p")
    if placement.technique.place == "block" and tag == "p":
        tag = "div"  # a paragraph cannot hold blocks
    html = placement.technique.html.replace("{tag}", tag)
    # Tag characters stand for ASCII in Unicode, and nothing shows them.
    html = html.replace("{tags}", "".join(chr(0xE0000 + ord(character)) for character in sentence))
    return html.replace("{text}", sentence)


def _story(position: Position, fragment: str) -> str:
    """The story's markup with the fragment at its position."""

    def at(place: Position) -> str:
        return fragment + "\n" if position == place else ""

    first, second, third, fourth, fifth = STORY
    half = fourth.index("insurance")
    fourth = fourth[:half] + (fragment + " " if position == "inside" else "") + fourth[half:]
    items = "".join(f"<li>{item}</li>\n" for item in _ENDS)
    rows = [f"<tr><td>{part}</td><td>{work}</td></tr>\n" for part, work in _ROWS]
    table = (
        "<table>\n" + rows[0] + (f"<tr>{fragment}</tr>\n" if position == "table" else "") + "".join(rows[1:]) + "</table>"
    )
    return (
        f"<h1>Footbridge to reopen before the autumn</h1>\n{at('before')}<p>{first}</p>\n<p>{second}</p>\n{at('between')}"
        f"<p>{third}</p>\n<ul>\n<li>{_ENDS[0]}</li>\n{at('list')}{items.partition(chr(10))[2]}</ul>\n"
        f"<p>{fourth}</p>\n{table}\n<p>{fifth}</p>\n{at('after')}"
    )


def _in_container(container: Container, story: str) -> str:
    if container == "article":
        return f'<main><article class="story">\n{story}</article></main>'
    if container == "div":
        return f'<div class="page"><div class="story content">\n{story}</div></div>'
    return (
        '<table class="layout"><tr><td width="140"><a href="/weather">Weather</a><br><a href="/tides">Tides</a></td>'
        f'<td class="story">\n{story}</td></tr></table>'
    )


_SENTENCE_WORDS = tuple(words(SENTENCE))
_STORY_WORDS = frozenset(word for paragraph in STORY for word in words(paragraph))
_LEAST_OF_SENTENCE = 0.5
_LEAST_OF_STORY = 0.5


def has_story(output: str) -> bool:
    """Whether at least half of the story's words stand in an output."""
    return len(_STORY_WORDS & set(words(output))) >= _LEAST_OF_STORY * len(_STORY_WORDS)


def has_sentence(output: str) -> bool:
    """Whether the sentence stands in an output: at least half of those of its words that the story does not have.

    Tag characters, which stand for ASCII and are shown nowhere, count as the characters that they stand for.
    """
    plain = output.translate(_TAGS)
    own = {word for word in _SENTENCE_WORDS if word not in _STORY_WORDS}
    return len(own & set(words(plain))) >= _LEAST_OF_SENTENCE * len(own)


_TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}
