"""What is a word, and what is not seen."""

import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from harness.pages.words import (
    comparable_text,
    find_words,
    join_words,
    normalise,
    visible_pieces,
    without_invisible,
    words,
)

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\U000e0101"
# Letters with their marks, digits, punctuation and spaces of scripts that differ in how they write words.
ATOMS = [
    *"aZ7_é-'’.,/—…&\n\t ",
    *("e\u0301", "ß", "Ж", "λ", "ی", "ש", "שׁ", "हि", "न्दी", "한", "글", "தமிழ்", "\u00a0", "\u2009", "\u3000"),
    *("東", "京", "の", "ガ", "カ\u3099", "ー", "々", "。", "、", "「", "ก", "ข้", "เ", "ำ", "ລ", "ខ្", "មြ", "๕"),
]
scripts = st.lists(st.sampled_from(ATOMS)).map("".join)
any_text = st.one_of(st.text(), scripts, st.text(st.sampled_from("aé漢\u0301\u3099\ufe0fกั \x1c\x85" + INVISIBLE)))
UNSPACED = ("CJK UNIFIED", "IDEOGRAPHIC ITERATION", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def reference_words(text: str) -> list[str]:
    """Character by character, with the names that Unicode gives them."""
    found: list[str] = []
    previous = "end"
    for char in unicodedata.normalize("NFKC", text):
        if unicodedata.category(char).startswith("M"):
            kind = "end" if previous == "end" else "mark"
        elif char != "_" and not char.isalnum():
            kind = "end"
        else:
            kind = "unspaced" if unicodedata.name(char).startswith(UNSPACED) else "letter"
        if kind == "unspaced" or (kind == "letter" and previous != "letter"):
            found.append("")
        if kind != "end":
            found[-1] += char
        previous = previous if kind == "mark" else kind
    return found


@given(scripts)
def test_words_agree_with_a_reading_by_character_names(text: str) -> None:
    assert words(text) == reference_words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't re-open file_2.txt: it's 3,5 MB!", ["Don", "t", "re", "open", "file_2", "txt", "it", "s", "3", "5", "MB"]),
        ("हिन्दी में लिखी किताब", ["हिन्दी", "में", "लिखी", "किताब"]),
        ("東京タワー、2024年", ["東", "京", "タ", "ワ", "ー", "2024", "年"]),
        ("น้ำ ดี", ["น้\u0e4d", "า", "ดี"]),
        ("한국어 책", ["한국어", "책"]),
        ("كِتَاب جديد", ["كِتَاب", "جديد"]),
        ("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"]),
    ],
)
def test_words_of_scripts_with_and_without_spaces(text: str, expected: list[str]) -> None:
    assert words(text) == [unicodedata.normalize("NFKC", word) for word in expected]


@pytest.mark.parametrize(
    "text", ["", " \n", "✌️ ❤️ 👩‍🔧", "— … • ©", "។ ៕", "၊ ။", "๛", "、。「」・", "\u0301", "\u200d\ufeff"]
)
def test_emoji_and_punctuation_are_no_words(text: str) -> None:
    assert words(text) == []


@given(scripts, st.lists(st.tuples(st.integers(0, 40), st.sampled_from(INVISIBLE)), min_size=1))
def test_invisible_characters_anywhere_change_nothing(text: str, inserted: list[tuple[int, str]]) -> None:
    spoiled = text
    for place, char in inserted:
        spoiled = spoiled[:place] + char + spoiled[place:]
    assert words(spoiled) == words(text)
    assert normalise(spoiled) == normalise(text)


@given(any_text)
def test_normalising_twice_is_normalising_once_and_costs_no_word(text: str) -> None:
    for function in (without_invisible, comparable_text, normalise):
        once = function(text)
        assert function(once) == once
        assert words(once) == words(text)


@given(any_text)
def test_composed_and_decomposed_text_have_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(any_text)
@example("ﬁne ½ ｶﾞ ㍻ น้ำ ㄱㅏ")
def test_places_point_at_the_words(text: str) -> None:
    seen = without_invisible(text)
    found = find_words(seen)
    assert [word.text for word in found] == words(text)
    assert all(word.text in words(seen[word.start : word.end]) for word in found)


@given(any_text)
def test_compatibility_forms_have_the_words_that_they_stand_for(text: str) -> None:
    assert words(unicodedata.normalize("NFKC", text)) == words(text)
    assert words(unicodedata.normalize("NFKD", text)) == words(text)


@pytest.mark.parametrize(
    ("shown", "compared"),
    [
        ("ﬁnal oﬃce", ["final", "office"]),
        ("Ｒ２Ｄ２", ["R2D2"]),
        ("ｶﾞｽ", ["ガ", "ス"]),
        ("ﺳﻼﻡ", ["سلام"]),
        ("１２３", ["123"]),
    ],
)
def test_ligatures_and_widths_are_compared_as_usual_letters_and_shown_as_they_are(shown: str, compared: list[str]) -> None:
    assert words(shown) == compared


@given(st.lists(any_text, max_size=5))
@example(["e", "\u0301", "", "\u0323a", "\u1100", "\u1161"])
@example(["\u0301", "e"])
def test_pieces_are_visible_as_their_whole_is(pieces: list[str]) -> None:
    seen = visible_pieces(pieces)
    assert "".join(seen) == without_invisible("".join(pieces))
    assert len(seen) == len(pieces)


@pytest.mark.slow
def test_invisible_is_what_unicode_calls_default_ignorable() -> None:
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    wrong = [
        hex(code) for code in range(0x110000) if (without_invisible(chr(code)) == "") != bool(ignorable.match(chr(code)))
    ]
    assert wrong == []


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f", "\u3000", "\t", "\r\n", "\u2028", "\u0085", " \u00a0\n "])
def test_every_unicode_space_is_one_space(space: str) -> None:
    assert normalise(f"{space}slow{space}tide{space}") == "slow tide"


def test_visible_text_keeps_its_lines() -> None:
    assert without_invisible("one\u00ad \ntwo\u200b\n\nthree") == "one \ntwo\n\nthree"


@given(any_text)
@example("ก ั")
def test_joined_words_read_as_the_same_words(text: str) -> None:
    assert words(join_words(words(text))) == words(text)


def test_joined_words_stand_as_their_scripts_write_them() -> None:
    assert join_words(words("Im Café:  東京の\n塔 (333 m)")) == "Im Café 東京の塔 333 m"
    assert join_words([]) == ""
