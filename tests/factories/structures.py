"""Main content with structure, as a page says it and as a text output does."""

from __future__ import annotations

from html import escape

from hypothesis import strategies as st

# Words and what Markdown, HTML and lists give a meaning to. Numbers of list items here stay below 50.
_TEXTS = st.lists(
    st.sampled_from(
        "tide ferry boat a_b quay3 winch *rope* _ ** # 73. 91) | <i> &amp; &lt; ` ``` ~~ [x](y) ![z] \\ $1 — + - = > "
        "港口 น้ำ ﬁn Ｒ２ m² Cafe\u0301 co\u00adop".split()
    ),
    min_size=1,
    max_size=7,
).map(lambda words: " ".join([*words, "end"]))
_HREFS = st.sampled_from(["/a?b=c&d=(e)", "https://quay.example/x y", "#top", "javascript:void(0)", "a<b>"])
_LETTERS = dict(enumerate("abcdefghij", 1))
_ROMAN = dict(enumerate("i ii iii iv v vi vii viii ix x".split(), 1))
# What browsers write before items, by the type of the list; numbers that a type has nothing for stay numbers.
_NUMBERS: dict[str, dict[int, str]] = {
    "1": {},
    "a": _LETTERS,
    "A": {number: letter.upper() for number, letter in _LETTERS.items()},
    "i": _ROMAN,
    "I": {number: roman.upper() for number, roman in _ROMAN.items()},
}
_CODE = st.lists(st.sampled_from(["if x:", "    y = 1", "", "\t# z * 2", "```", "<p>"]), min_size=1, max_size=5).map(
    lambda lines: ["def f", *lines, "return"]
)

Block = tuple[str, list[str]]
"""HTML, and its lines as a text output has them, with the numbers of lists."""


@st.composite
def _inline(draw: st.DrawFn) -> Block:
    """Running text with links, images, emphasis and elements that HTML does not know."""
    html, text = "", ""
    for part in draw(st.lists(_TEXTS, min_size=1, max_size=3)):
        form = draw(
            st.sampled_from(["{}", "<b>{}</b>", "<a href='{href}'>{}</a>", "<x-port>{}</x-port>", "<code>{}</code>"])
        )
        html += form.format(escape(part), href=escape(draw(_HREFS)))
        text += part
        if draw(st.booleans()):
            html += "<img src=/p.png alt='a picture'>"
        space = draw(st.sampled_from([" ", ""]))
        html, text = html + space, text + space
    return html, [text.strip()]


_headings = st.tuples(st.integers(1, 6), _inline()).map(lambda pair: (f"<h{pair[0]}>{pair[1][0]}</h{pair[0]}>", pair[1][1]))
_paragraphs = _inline().map(lambda inline: (f"<p>{inline[0]}</p>", inline[1]))
_broken = st.tuples(_inline(), _inline()).map(lambda two: (f"<p>{two[0][0]}<br>{two[1][0]}</p>", two[0][1] + two[1][1]))
_code = _CODE.map(
    lambda lines: (f"<pre>{escape(chr(10).join(lines))}</pre>", [line.strip() for line in lines if line.strip()])
)


@st.composite
def _lists(draw: st.DrawFn, depth: int = 0) -> Block:
    tag = draw(st.sampled_from(["ul", *_NUMBERS]))
    first, step = draw(st.sampled_from([(1, 1), (7, 1), (9, -1), (-1, 1)]))
    html, lines = "", list[str]()
    for position in range(draw(st.integers(1, 4))):
        item, texts = draw(_inline() | _paragraphs)
        number = first + step * position
        mark = f"{_NUMBERS[tag].get(number, number)}. " if tag in _NUMBERS else "* "
        inner = draw(_lists(depth + 1)) if depth < 2 and draw(st.integers(0, 3)) == 0 else ("", [])
        html += f"<li>{item}{inner[0]}</li>"
        lines += [mark + texts[0], *texts[1:], *inner[1]]
    attributes = f" start={first}" + " reversed" * (step < 0)
    return (f"<ol type={tag}{attributes}>{html}</ol>" if tag in _NUMBERS else f"<ul>{html}</ul>"), lines


@st.composite
def _tables(draw: st.DrawFn) -> Block:
    html, lines = "", list[str]()
    for _ in range(draw(st.integers(1, 3))):
        html += "<tr>"
        for _ in range(draw(st.integers(1, 3))):
            cell, texts = draw(_inline() | _paragraphs | st.just(("", list[str]())))
            spans = draw(st.sampled_from(["", " colspan=2", " rowspan=2", " rowspan=3 colspan=2"]))
            html += f"<td{spans}>{cell}</td>"
            lines += texts
        html += "</tr>"
    return f"<table>{html}</table>", lines


_blocks = st.lists(_headings | _paragraphs | _broken | _code | _lists() | _tables(), min_size=1, max_size=6)
blocks = _blocks.filter(lambda content: any(lines for _, lines in content))
"""Blocks of a page's main content, with some text."""
