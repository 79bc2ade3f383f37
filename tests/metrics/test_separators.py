"""Breaks of blocks, punctuation and the layout of code, between kept words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.goldens import labelled_golden
from factories.outputs import scores as scores_in
from factories.pages import html_page, text_page
from factories.scores import golden_of, goldens, scores_of, texts
from harness.goldens.golden import Golden
from harness.goldens.labels import Label

BLOCKS = ("blocks.P", "blocks.R", "blocks.F")
STORY = golden_of(("keep", "a b c\nd e f\ng h i\nj k l"))  # three breaks
TABLE = "<table><tr><td>Mon</td><td>6.40</td></tr><tr><td>Tue</td><td>8.00</td></tr></table>"


def html_golden(markup: str, selector: str = "body") -> Golden:
    return labelled_golden(html_page(markup), [Label("keep", (selector,), "body")])


@pytest.mark.parametrize(
    ("output", "p", "r", "f"),
    [
        ("a b c\nd e f\ng h i\nj k l", 1, 1, 1),
        ("a b c d z f\ng h i\nj k l", 1, 2 / 3, 2 * 2 / (3 + 2)),  # joined
        ("a b c\nd e f\ng\nh i\nj k l", 3 / 4, 1, 2 * 3 / (3 + 4)),  # torn
        ("a b c\nd e f\ng h i j\nk l", 2 / 3, 2 / 3, 2 / 3),  # one break off by a word is no break
        ("a b c d z f g h i j k l", None, 0, 0),
        ("a b c\n\n \n– \nd e f\ng h i\nj k l", 1, 1, 1),  # how much stands between blocks does not count
    ],
)
def test_breaks_are_counted_between_kept_words(output: str, p: float | None, r: float, f: float) -> None:
    scores = scores_of(STORY, output)
    assert [scores[name] for name in BLOCKS] == pytest.approx([p, r, f])


@pytest.mark.parametrize(
    "output",
    ["a b c\ng h i", "a b c\nx y\nd e f", "b c\nd e f", "x\na b c\nd e f\ny"],
    ids=["a missing paragraph", "a leak", "missing words", "leaks around"],
)
def test_missed_and_leaked_words_cost_no_breaks(output: str) -> None:
    assert scores_of(STORY, output)["blocks.F"] == 1


def test_paragraphs_stay_apart_where_what_stood_between_them_is_left_out() -> None:
    golden = golden_of(("keep", "a b c"), ("drop", "x y"), ("keep", "d z f"))
    assert scores_of(golden, "a b c\nd e f")["blocks.F"] == 1
    assert scores_of(golden, "a b c d z f")["blocks.F"] == 0


def test_what_has_no_breaks_on_either_side_is_not_measured() -> None:
    one = golden_of(("keep", "a b c"))
    assert [scores_of(one, "a b c")[name] for name in BLOCKS] == [None, None, None]
    assert [scores_of(one, "a\nb c")[name] for name in BLOCKS] == [0, None, 0]
    assert [scores_of(STORY, "a b c")[name] for name in BLOCKS] == [None, None, None]
    assert [scores_of(STORY, "")[name] for name in (*BLOCKS, "punctuation", "code")] == [None] * 5


@pytest.mark.parametrize("between", [" | ", "\t", "   ", "\n"])
def test_cells_of_a_row_may_be_parted_as_text_parts_them(between: str) -> None:
    golden = html_golden(TABLE)
    assert scores_of(golden, f"Mon{between}6.40\nTue{between}8.00")["blocks.F"] == 1
    assert scores_of(golden, f"Mon{between}6.40 Tue{between}8.00")["blocks.F"] == pytest.approx(2 * 2 / (3 + 2))


def test_cells_that_run_together_are_lost() -> None:
    assert scores_of(html_golden(TABLE), "Mon 6.40\nTue 8.00")["blocks.R"] == pytest.approx(1 / 3)
    assert scores_of(html_golden("<p>a b<p>c d"), "a b | c d")["blocks.R"] == 0


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("So it is, (he said): 3.5 m!", 1),
        ("So it is (he said) 3.5 m", 2 * 3 / (6 + 3)),  # kept: ( ) .
        ("So it is,, (he said): 3.5 m!", 2 * 6 / (6 + 7)),
        ("So it is ,(he said) :3.5 m !", 1),  # spaces around punctuation do not count
        ("So it is, he [said]: 3.5 m!", 2 * 4 / (6 + 6)),
        ("So it was, (he said): 3.5 m!", 1),  # beside a word that was not kept nothing is compared
    ],
)
def test_punctuation_is_compared_between_neighbours(output: str, expected: float) -> None:
    golden = golden_of(("keep", "So it is, (he said): 3.5 m!"))
    assert scores_of(golden, output)["punctuation"] == pytest.approx(expected)


def test_a_text_without_punctuation_is_not_measured() -> None:
    assert scores_of(golden_of(("keep", "a b c")), "a b c")["punctuation"] is None
    assert scores_of(golden_of(("keep", "a b c")), "a b, c")["punctuation"] == 0


@pytest.mark.parametrize(
    "output",
    ["(1) a b.\n（iv） c d.", "- a b.\n- c d.", "• a b.\n\n---\n\n• c d.", "| a b. |\n| --- |\n| c d. |", "# a b.\n> c d."],
)
def test_what_text_writes_between_blocks_is_no_punctuation(output: str) -> None:
    assert scores_of(golden_of(("keep", "a b.\nc d.")), output)["punctuation"] == 1


def test_quotes_are_alike_curly_and_straight() -> None:
    golden = golden_of(("keep", "He said: “It’s … late.” So"))
    assert scores_of(golden, 'He said: "It\'s ... late." So')["punctuation"] == 1


CODE = "<p>So:<pre>def f(x):\n    if x:\n        <b>return</b> {1}\n\n    return g(\n    )</pre><p>End"
LINES = ["def f(x):", "    if x:", "        return {1}", "", "    return g(", "    )"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (LINES, 1),
        ([line for line in LINES if line], 1),  # blank lines do not count
        (["def f(x):", "if x:", "        return {1}", "    return g(", "    )"], 3 / 4),
        (["def f(x):", "    if x:", "        return 1", "    return g(", "    )"], 3 / 4),
        (["def f(x):", "    if x:", "        return {1}", "    return g("], 3 / 4),  # the bracket below
        (["def f(x):", "    if y:", "        return {1}", "    return g(", "    )"], 1),  # words cost elsewhere
        ([" ".join(LINES)], 0 / 4),
        (["\t" + line.lstrip() for line in LINES], 0 / 4),
    ],
)
@pytest.mark.parametrize("format", ["text", "html", "markdown"])
def test_lines_of_code_count_byte_for_byte(lines: list[str], expected: float, format: str) -> None:
    code = "\n".join(lines)
    outputs = {
        "text": f"So:\n{code}\nEnd",
        "html": f"<p>So:<pre>\n{code}</pre><p>End",
        "markdown": f"So:\n\n```\n{code}\n```\n\nEnd",
    }
    assert scores_in(html_golden(CODE), outputs[format], format)["code"] == pytest.approx(expected)


def test_code_that_became_prose_lost_its_lines() -> None:
    golden = html_golden(CODE)
    assert scores_in(golden, f"<p>So:<p>{' '.join(LINES)}<p>End", "html")["code"] == 0
    assert scores_in(golden, "<p>So:<p>End", "html")["code"] is None


def test_code_of_a_dump_is_what_is_labelled_as_code() -> None:
    page = text_page("So:\nif x:\n    y()\nEnd")
    code = labelled_golden(page, [Label("keep", ("1-4",), "body"), Label("keep", ("2-3",), "code")])
    assert scores_of(code, "So:\nif x:\n    y()\nEnd")["code"] == 1
    assert scores_of(code, "So:\nif x:\ny()\nEnd")["code"] == 1 / 2
    assert scores_of(labelled_golden(page, [Label("keep", ("1-4",), "body")]), "So:\nif x:\ny()\nEnd")["code"] is None


words_of_lines = st.lists(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), min_size=1, max_size=6)


@given(goldens)
def test_the_main_content_itself_has_no_fault(golden: Golden) -> None:
    scores = scores_of(golden, golden.kept_text)
    assert {scores[name] for name in (*BLOCKS, "punctuation", "code")} <= {1, None}


@given(goldens, texts)
def test_they_are_shares_or_not_measured(golden: Golden, output: str) -> None:
    scores = scores_of(golden, output)
    assert all(scores[name] is None or 0 <= scores[name] <= 1 for name in (*BLOCKS, "punctuation", "code"))


@given(words_of_lines, st.data())
def test_joining_two_paragraphs_never_raises_and_tearing_one_never_does(lines: list[list[int]], data: st.DataObject) -> None:
    texts = [" ".join(map(str, line)) + "." for line in lines]
    golden = golden_of(*(("keep", text) for text in texts))
    chosen = data.draw(st.sets(st.integers(0, len(texts) - 1)))
    joined = "".join(text + (" " if n in chosen else "\n") for n, text in enumerate(texts))
    torn = "\n".join(text.replace(" ", "\n", 1) if n in chosen else text for n, text in enumerate(texts))
    perfect = scores_of(golden, "\n".join(texts))
    for spoiled in (joined, torn):
        found = scores_of(golden, spoiled)
        assert (found["F"], found["punctuation"]) == (1, 1)
        assert (found["blocks.F"] if found["blocks.F"] is not None else 1) <= (perfect["blocks.F"] or 1)
    more = scores_of(golden, joined.replace("\n", " ", 1))
    less = scores_of(golden, joined)
    if more["blocks.R"] is not None:
        assert more["blocks.R"] <= less["blocks.R"]
        assert more["blocks.F"] <= less["blocks.F"]


@given(st.lists(st.sampled_from([",", ".", "(", "!", "“"]), min_size=1, max_size=8), st.data())
def test_losing_or_adding_punctuation_always_lowers(marks: list[str], data: st.DataObject) -> None:
    text = "".join(f"{n}{mark} " for n, mark in enumerate(marks)) + "end"
    at = data.draw(st.integers(0, len(marks) - 1))
    for spoiled in (f"{at} ", f"{at}{marks[at]}# "):
        output = text.replace(f"{at}{marks[at]} ", spoiled, 1)
        assert scores_of(golden_of(("keep", text)), output)["punctuation"] < 1
