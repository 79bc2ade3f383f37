"""A page's outline has what a labeller needs to write selectors, and is short."""

from __future__ import annotations

from goldens.builder.outline import outline
from harness.pages.visible import parse


def lines(html: str) -> list[str]:
    return [*outline(parse(html))]


def test_elements_stand_indented_as_selectors_with_their_text() -> None:
    html = "<body class=home><main id=m><h1 class='t big'>Mill</h1><div><p>The <b>mill</b>\n turns.</div></main><p><img>"
    assert lines(html) == ["body.home > main#m", '  h1.t.big "Mill"', '  div > p "The mill turns."']


def test_text_that_nobody_sees_is_left_out_or_marked() -> None:
    html = "<p>Seen<script>run()</script><style>p{}</style></p><p hidden>Copy</p><p style='display: none'>Other</p><p>\u200b"
    assert lines(html) == ["body", '  p "Seen"', '  p (hidden) "Copy"', '  p (hidden) "Other"']


def test_many_short_siblings_share_a_line_unless_one_is_written_otherwise() -> None:
    items = [f"<li id=i{k} class='n{k} i'><a href=/{k}>Item {k}</a>" for k in range(6)]
    assert lines(f"<ul>{''.join(items)}</ul>") == [
        "body > ul",
        f"  li#i0.n0.i > a ×6: {' · '.join(f'Item {k}' for k in range(6))}",
    ]
    items[1] = "<li class=ad><a href=/x>Buy</a>"
    assert lines(f"<ul>{''.join(items)}</ul>")[2:] == [
        '  li.ad > a "Buy"',
        "  li#i2.n2.i > a ×4: Item 2 · Item 3 · Item 4 · Item 5",
    ]


def test_a_class_of_its_own_on_each_sibling_makes_no_difference() -> None:
    items = "".join(f"<li class='i i--{name}'><a href=/{name}>{name}</a>" for name in ("bread", "rolls", "cake", "flour"))
    assert lines(f"<ul>{items}<li class=i><a href=/x>rye</a></ul>") == [
        "body > ul",
        "  li.i.i--bread > a ×4: bread · rolls · cake · flour",
        '  li.i > a "rye"',
    ]


def test_of_large_siblings_the_first_is_shown_whole_and_all_by_their_texts() -> None:
    cards = "".join(f"<div class=card><h3>Mill {k}</h3><p>By night.</p></div>" for k in range(4))
    assert lines(cards) == [
        "body",
        "  div.card",
        '    h3 "Mill 0"',
        '    p "By night."',
        *(f'    alike: "Mill {k} By night."' for k in (1, 2, 3)),
    ]


def test_each_paragraph_is_shown_with_its_beginning_and_its_end() -> None:
    story = [f"Night {k} began {'and went on ' * 20}until dawn {k}." for k in range(5)]
    shown = lines("".join(f"<p>{text}</p>" for text in story))[1:]
    assert [(line[:13], line[-23:]) for line in shown] == [
        (f'  p "Night {k} ', f'til dawn {k}." (66 words)') for k in range(5)
    ]


def test_lines_of_a_text_with_breaks_stand_by_themselves() -> None:
    first, second = "The mill turns by night and by day, " * 2, "and nobody knows <cite class=c>who</cite> grinds there."
    assert lines(f"<div>{first}<br>{second}<br><br></div><div>Read also</div>") == [
        "body",
        "  div",
        f'    "{first.strip()}"',
        '    "and nobody knows who grinds there." [cite.c]',
        '  div "Read also"',
    ]


def test_elements_inside_a_sentence_are_named_behind_it_and_those_beside_each_other_by_themselves() -> None:
    html = "<p>By <a class=author>Jo</a>, <em>Tuesday</em></p><p><span class=author>Jo</span> <time>Tuesday</time></p>"
    assert lines(html) == [
        "body",
        '  p "By Jo, Tuesday" [a.author]',
        "  p",
        '    span.author "Jo"',
        '    time "Tuesday"',
    ]
