"""The words of many lines at once are those of each line."""

from itertools import accumulate
from unicodedata import category, normalize

from hypothesis import example, given
from hypothesis import strategies as st

from harness.pages.line_words import words_of_lines
from harness.pages.words import find_words, without_invisible, words

LETTERS = [*"aZ7_-.)(… ½™´ｶﾞＡﬁ東のก한\u0344\u00a0", "é", "e\u0301", "ข้", "न्दी"]
lines_of_text = st.lists(
    st.one_of(st.text(), st.lists(st.sampled_from(LETTERS)).map("".join)).map(without_invisible), max_size=6
)


@given(lines_of_text, st.data())
@example(["ﬁne ½ ｶﾞ ㍻ น้ำ ㄱㅏ", "", "x™ 1´2", "\u0301a"], None)
def test_words_are_those_of_each_line(lines: list[str], data: st.DataObject | None) -> None:
    text = "\n".join(lines)
    # A mark goes with what it stands on, and is never cut from it.
    places = [k for k in range(1, len(text)) if not category(normalize("NFKC", text[k])[0]).startswith("M")]
    cuts = sorted(data.draw(st.sets(st.sampled_from(places), max_size=4))) if data and places else []
    found = words_of_lines(lines, cuts)
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    expected = [
        (word.text, start + word.start, start + word.end, number)
        for number, (line, start) in enumerate(zip(lines, starts))
        for word in find_words(line, [cut - start for cut in cuts if 0 < cut - start < len(line)])
    ]
    assert list(zip(found.words, found.starts.tolist(), found.ends.tolist(), found.lines.tolist())) == expected


@given(lines_of_text)
def test_what_is_shown_of_the_words_of_a_line_is_the_line(lines: list[str]) -> None:
    found = words_of_lines(lines)
    shown = [""] * len(lines)
    for part, number in zip(found.all_shown(), found.lines.tolist()):
        shown[number] += part
    assert shown == [line if words(line) else "" for line in lines]


def test_punctuation_is_shown_with_its_word() -> None:
    assert words_of_lines(["“Take (½) l”, she said.", "Ｒ２Ｄ２"]).all_shown() == [
        *("“Take ", "(½", ") ", "l”, ", "she ", "said."),
        "Ｒ２Ｄ２",
    ]
