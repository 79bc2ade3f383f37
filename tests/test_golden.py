"""Labels laid over pages: harness/goldens/golden.py, visible.py, page.py."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.goldens.golden import Golden, Label, resolve
from harness.goldens.reader import Dumps, GoldenError, read_golden
from harness.pages.page import Page, visible_text, wrap_text

VERDICTS = st.sampled_from(["keep", "maybe", "drop"])
KINDS = st.sampled_from(["body", "title", "related", "footer"])


def text_page(content: str) -> Page:
    return Page(content.encode(), "text/plain")


def html_page(content: str) -> Page:
    return Page(content.encode(), "text/html")


def labelled(page: Page, *rules: tuple[str, str] | tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """(text, verdict, kind) of every segment with text."""
    labels = [Label(rule[0], (rule[1],), rule[2] if len(rule) > 2 else "other", row) for row, rule in enumerate(rules, 1)]
    segments, wrong = resolve(page, labels)
    assert wrong == []
    return [(segment.text.strip(), segment.verdict, segment.kind) for segment in segments if segment.text.strip()]


def without_effect(wrong: list[tuple[Label, str]]) -> set[int]:
    """Rows of the labels that are reported because no text is left to them."""
    return {label.row for label, reason in wrong if "no effect" in reason}


def contradicted(wrong: list[tuple[Label, str]]) -> set[int]:
    """Rows of the labels that a later one is said to contradict."""
    return {int(found[1]) for _, reason in wrong if (found := re.search(r"contradicts the label of line (\d+)", reason))}


# --- text dumps -------------------------------------------------------------------------------------------------------


@st.composite
def text_labels(draw: st.DrawFn) -> tuple[str, list[Label], list[dict[int, set[int]]]]:
    """A dump, labels over it, and for each label the characters that it names: line from 1 -> columns."""
    lines = draw(st.lists(st.text(st.sampled_from("ab é漢.\r\t\x0b\u00a0"), max_size=6), min_size=1, max_size=7))
    labels, extents = [], []
    for row in range(draw(st.integers(1, 6))):
        places, extent = [], {}
        for _ in range(draw(st.integers(1, 2))):
            first = draw(st.integers(1, len(lines)))
            length = len(lines[first - 1])
            if length and draw(st.booleans()):
                start = draw(st.integers(0, length - 1))
                end = draw(st.integers(start + 1, length))
                places.append(f"{first}[{start}:{end}]")
                extent.setdefault(first, set()).update(range(start, end))
            else:
                last = draw(st.integers(first, len(lines)))
                places.append(f"{first}-{last}" if last > first or draw(st.booleans()) else f"{first}")
                for number in range(first, last + 1):
                    extent.setdefault(number, set()).update(range(len(lines[number - 1])))
        labels.append(Label(draw(VERDICTS), tuple(places), draw(KINDS), row + 1))
        extents.append(extent)
    ending = "" if lines[-1] and draw(st.booleans()) else "\n"  # a line break at the end begins no line
    return "\n".join(lines) + ending, labels, extents


@given(text_labels())
def test_text_labels_paint_characters_and_later_paint_covers(
    case: tuple[str, list[Label], list[dict[int, set[int]]]],
) -> None:
    content, labels, extents = case
    painted, seen = [], set()
    for number, line in enumerate(content.removesuffix("\n").split("\n"), 1):
        for column, char in enumerate(line if line.strip() else ""):
            label = next((i for i in reversed(range(len(labels))) if column in extents[i].get(number, ())), None)
            seen |= {label} if char.strip() else set()
            rule = ("drop", "other") if label is None else (labels[label].verdict, labels[label].kind)
            painted.append((char, *rule, number))
    segments, wrong = resolve(text_page(content), labels)
    assert [(char, s.verdict, s.kind, s.line) for s in segments for char in s.text] == painted
    without_text = set(range(1, len(labels) + 1)) - {label + 1 for label in seen if label is not None}
    assert without_effect(wrong) <= without_text
    assert without_text <= without_effect(wrong) | contradicted(wrong) | {
        label.row for label, why in wrong if "blank" in why
    }


def test_lines_count_from_one_and_characters_from_zero_in_code_points() -> None:
    page = text_page("\ufeffmenu\n\n🚢 OSLO (X) — The 漢 ferry\nsank.\nmore\n")
    assert labelled(page, ("keep", "3-4", "body"), ("maybe", "3[2:12]", "dateline")) == [
        ("menu", "drop", "other"),
        ("🚢", "keep", "body"),
        ("OSLO (X) —", "maybe", "dateline"),
        ("The 漢 ferry", "keep", "body"),
        ("sank.", "keep", "body"),
        ("more", "drop", "other"),
    ]


def test_an_exception_may_name_a_line_elsewhere_as_well() -> None:
    page = text_page("one\nBUY\ntwo\n\nshop")
    segments, wrong = resolve(page, [Label("keep", ("1-3",), "body", 1), Label("drop", ("2", "5"), "promo", 2)])
    assert wrong == []
    assert [segment.verdict for segment in segments] == ["keep", "drop", "keep", "drop"]


def test_every_pair_of_labels_that_contradict_each_other_is_reported() -> None:
    labels = [Label(verdict, ("1",), "body", row) for row, verdict in enumerate(("keep", "maybe", "drop"), 1)]
    for page, rules in (
        (text_page("one"), labels),
        (html_page("<p>one"), [Label(label.verdict, ("p",), "body", label.row) for label in labels]),
    ):
        _, wrong = resolve(page, rules)
        pairs = [(label.row, found[1]) for label, reason in wrong if (found := re.search(r"label of line (\d+)", reason))]
        assert sorted(pairs) == [(2, "1"), (3, "1"), (3, "2")]


# --- HTML pages -------------------------------------------------------------------------------------------------------

BLOCKS = ("div", "section", "blockquote", "main")
INLINE = ("span", "cite", "kbd", "time")


@st.composite
def html_trees(draw: st.DrawFn) -> tuple[str, list[tuple[str, list[str]]], list[str]]:
    """A page, its words with the ids of the elements around each, and its lines as a browser breaks them."""
    words: list[tuple[str, list[str]]] = []
    lines = [""]
    numbers = count()

    def element(around: list[str], depth: int) -> str:
        tag = draw(st.sampled_from(BLOCKS + INLINE))
        around = [*around, f"e{next(numbers)}"]
        inside = ""
        if tag in BLOCKS:
            lines.append("")
        for _ in range(draw(st.integers(1, 4))):
            if depth < 4 and draw(st.booleans()):
                inside += element(around, depth + 1)
            else:
                text = f"w{len(words)}" + draw(st.sampled_from(["", " ", "\n\t", "\u00a0"]))
                words.append((text.strip(), around))
                lines[-1] += text
                inside += text
        if tag in BLOCKS:
            lines.append("")
        return f"<{tag} id={around[-1]}>{inside}</{tag}>"

    page = element([], 0)
    return page, words, [" ".join(line.split()) for line in lines if line.strip()]


@given(html_trees())
def test_lines_break_at_blocks_and_inline_siblings_are_glued(
    case: tuple[str, list[tuple[str, list[str]]], list[str]],
) -> None:
    content, _, lines = case
    assert visible_text(content).split("\n") == (lines or [""])


@given(html_trees(), st.data())
def test_the_last_rule_for_any_element_around_a_word_wins(
    case: tuple[str, list[tuple[str, list[str]]], list[str]], data: st.DataObject
) -> None:
    content, words, _ = case
    ids = st.lists(st.sampled_from(re.findall(r"id=(\w+)", content)), min_size=1, max_size=3)
    rules = data.draw(st.lists(st.tuples(VERDICTS, KINDS, ids), max_size=6))
    expected = []
    winners = set()
    for word, around in words:
        last = next((i for i in reversed(range(len(rules))) if set(rules[i][2]) & set(around)), None)
        winners.add(last)
        expected.append((word, *(("drop", "other") if last is None else rules[last][:2])))
    labels = [
        Label(verdict, tuple(f"#{name}" for name in names), kind, row) for row, (verdict, kind, names) in enumerate(rules, 1)
    ]
    segments, wrong = resolve(html_page(content), labels)
    assert [(word, s.verdict, s.kind) for s in segments for word in re.findall(r"w\d+", s.text)] == expected
    without_text = {row for row in range(1, len(rules) + 1) if row - 1 not in winners}
    assert without_effect(wrong) <= without_text <= without_effect(wrong) | contradicted(wrong)


def test_a_rule_reaches_everything_inside_until_a_later_one() -> None:
    page = html_page(
        """<article><h1>Weir</h1><p>It <b>held<span class=ad> buy</span></b> well.<p class=tags>#weir
        <aside><p>Next story</aside></article><footer><p class=tags>#all</footer>"""
    )
    rules = [("keep", "article", "body"), ("drop", "aside", "related"), ("drop", ".tags", "tags"), ("maybe", "h1", "title")]
    assert labelled(page, *rules, ("drop", ".ad", "promo")) == [
        ("Weir", "maybe", "title"),
        ("It", "keep", "body"),
        ("held", "keep", "body"),
        ("buy", "drop", "promo"),
        ("well.", "keep", "body"),
        ("#weir", "drop", "tags"),
        ("Next story", "drop", "related"),
        ("#all", "drop", "tags"),
    ]
    # The other way round the outer rule comes last, and nothing inside escapes it.
    reached = resolve(page, [Label("drop", ("aside p",), "related", 1), Label("keep", ("article",), "body", 2)])[0]
    assert {segment.verdict for segment in reached if "Next" in segment.text} == {"keep"}


def test_alternative_texts_and_head_are_dropped_whatever_the_rules_say() -> None:
    page = html_page(
        """<title>Weir holds</title><meta name=description content="A short account.">
        <p>The <img src=x alt="grey heron"> weir<img alt=" "> held.</p>"""
    )
    assert labelled(page, ("keep", "html", "body")) == [
        ("Weir holds", "drop", "metadata"),
        ("A short account.", "drop", "metadata"),
        ("The", "keep", "body"),
        ("grey heron", "drop", "alt"),
        ("weir", "keep", "body"),
        ("held.", "keep", "body"),
    ]
    assert page.text.split() == ["The", "weir", "held."]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<span>The Hill</span><span>5 days ago</span>", "The Hill5 days ago"),
        ("<p>one<br>two<hr>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul><table><tr><td>c<td>d</table>", "a\nb\nc\nd"),
        ("<pre>\nif x:\n    y()\n\nz()</pre>", "if x:\ny()\nz()"),
        ("<p>soft\nwrapped\n   prose</p>", "soft wrapped prose"),
        ("<p>a<!-- b -->c<script>d</script><style>e</style><svg><text>f</text></svg><template>g</template></p>", "ac"),
        ("<noscript><p>shown without scripts</noscript>", "shown without scripts"),
        ("<p hidden>in the markup</p><details><summary>more</summary>open", "in the markup\nmore\nopen"),
        ("<p>1 &lt; 2 &amp;amp; &copy;</p>", "1 < 2 &amp; ©"),
        ("", ""),
    ],
)
def test_visible_text_of_markup(content: str, text: str) -> None:
    assert visible_text(content) == text


@pytest.mark.parametrize("tag", ["div", "span", "b", "table><tr><td"])
def test_a_page_nested_5000_deep_is_labelled_like_any_other(tag: str) -> None:
    page = html_page(f"<p>above</p>{f'<{tag}>' * 5_000}core")
    assert labelled(page, ("drop", "body"), ("keep", f"{tag.rpartition('<')[2]}", "body"))[-1] == ("core", "keep", "body")
    assert page.text.endswith("core")


# --- coercion ---------------------------------------------------------------------------------------------------------

printable = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])


@given(st.text(st.one_of(st.sampled_from("\n\n <>&\"'/p"), printable)))
def test_a_text_dump_wrapped_in_html_reads_as_the_same_lines(content: str) -> None:
    lines = [" ".join(line.split()) for line in content.removesuffix("\n").split("\n") if line.strip()]
    assert visible_text(wrap_text(content)) == "\n".join(lines)
    assert text_page(content).html == wrap_text(content)


def test_a_wrapped_dump_shows_markup_in_it_as_text() -> None:
    page = text_page("<b>not bold</b>\n\n<script>alert(1)</script>")
    assert page.html.count("<p>") == 2
    assert "<b>" not in page.html
    assert "<script>" not in page.html


def test_text_of_a_data_set_is_kept_and_the_page_behind_it_dropped() -> None:
    golden = Golden("set/one", html_page("<nav>Menu</nav><p>It held.</p>"), "article", "a.example", text="It held.\n\n")
    assert [(s.text, s.verdict) for s in golden.segments] == [("It held.", "keep"), ("Menu", "drop"), ("It held.", "drop")]


# --- through YAML -----------------------------------------------------------------------------------------------------


def through_yaml(folder: Path, page: Page, labels: list[Label], flow: bool) -> Path:
    """The golden file that a labeller would write."""
    (folder / "page").write_bytes(page.raw)
    fields = {
        "golden": 1,
        "page": "page",
        "sha256": page.sha256,
        "media": page.media,
        "lang": "no",
        "kind": "qa",
        "site": "on",
    }
    rules = [
        {label.verdict: list(label.places) if len(label.places) > 1 else label.places[0], "as": label.kind}
        for label in labels
    ]
    path = folder / "golden.yaml"
    path.write_text(yaml.safe_dump({**fields, "labels": rules}, default_flow_style=flow), encoding="utf-8")
    return path


@st.composite
def disjoint_text_labels(draw: st.DrawFn) -> tuple[Page, list[Label]]:
    lines = draw(st.lists(st.text(st.sampled_from("ab é漢#:[]-"), min_size=4, max_size=9), min_size=1, max_size=6))
    labels = [Label("keep", ("1",), "body")]
    for number, line in enumerate(lines, 1):
        if number > 1 and draw(st.booleans()):
            labels.append(Label(draw(VERDICTS), (str(number),), draw(KINDS)))
        if draw(st.booleans()):
            start = draw(st.integers(0, len(line) - 2))
            places = (f"{number}[{start}:{start + 1}]",)
            labels.append(Label(draw(VERDICTS), places, draw(KINDS)))
    return text_page("\n".join(lines)), labels


@st.composite
def html_labels(draw: st.DrawFn) -> tuple[Page, list[Label]]:
    content, _, _ = draw(html_trees())
    names = re.findall(r"id=(\w+)", content)
    forms = st.sampled_from(
        ["#{}", '[id="{}"]', "*[id='{}']", "body #{}, #nothing:not(a)", ":is(#{}, a > b ~ c)", "#{}:has(*) , #{}"]
    )
    places = st.tuples(forms, st.sampled_from(names)).map(lambda pair: pair[0].replace("{}", pair[1]))
    rules = st.builds(Label, VERDICTS, st.lists(places, min_size=1, max_size=2).map(tuple), KINDS)
    return html_page(content), [Label("keep", ("html > body",), "body"), *draw(st.lists(rules, max_size=3))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(disjoint_text_labels(), html_labels()), st.booleans())
def test_labels_written_as_yaml_and_read_again_give_the_same_segments(
    tmp_path: Path, case: tuple[Page, list[Label]], flow: bool
) -> None:
    page, labels = case
    segments, wrong = resolve(page, labels)
    path = through_yaml(tmp_path, page, labels, flow)
    if wrong:
        with pytest.raises(GoldenError) as caught:
            read_golden(path, Dumps([]))
        assert sorted(mistake.label for mistake in caught.value.mistakes) == sorted(str(label) for label, _ in wrong)
    else:
        golden = read_golden(path, Dumps([]))
        assert golden.segments == segments
        assert (golden.page.raw, golden.kind, golden.lang, golden.site) == (page.raw, "qa", "no", "on")
