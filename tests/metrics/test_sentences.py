"""Sentences as NLTK 3.9.1 splits them."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.benchmarks import texts_of_aeb
from factories.places import needs_datasets
from harness.metrics.benchmarks.sentences import split_sentences

# Each list is what nltk.sent_tokenize of NLTK 3.9.1 returns for its sentences, with a space, or what is given, between them.
SPLIT = {
    "plain": ["The crane came at dawn.", "It left at noon."],
    "marks": ["Stop!", "Who is there?", "Nobody answered."],
    "several marks": ["What?!", "Really!!!", "Yes."],
    "marks without a word": ["One.", ".", "!", "Two."],
    "abbreviations": ["Dr. Lund lives on St. Olaf Ave. near the port."],
    "abbreviation behind a hyphen": ["The non-corp. office closed."],
    "unknown abbreviation": ["The port-auth.", "office closed."],
    "abbreviation, then a frequent beginning of sentences": ["It moved to the U.S.", "However, the crew stayed."],
    "abbreviation, then a common word capitalised": ["The sale ended in Jan.", "Snow fell."],
    "abbreviation, then an unknown word": ["The boat docked at 9 p.m. Nobody saw it."],
    "abbreviation, then a name": ["It moved to the U.S. Navy yard."],
    "abbreviation, then a word in lower case": ["It was cold in Jan. snow fell."],
    "abbreviation, then punctuation": ["The U.S.; the U.K."],
    "initials": ["She met J. Lund and K. Olsen there."],
    "initial, then a common word": ["She and J.", "Abalone met."],
    "initial that is an abbreviation": ["She and N. Abalone met."],
    "initial, then a word known in both cases": ["He asked for vitamin B.", "The nurse refused."],
    "initial, then a word in lower case": ["They followed plan B. nobody else did."],
    "initial, then dashes": ["On went J.", "-- he."],
    "collocation": ["Then 9. Credit fell."],
    "number, then a capital": ["They counted 14.", "The rest had gone."],
    "number, then a word in lower case": ["See item 4. this one is short."],
    "number, then a word that begins sentences in lower case": ["It is item 4.", "administrators said so."],
    "numbers with dots": ["It weighs 3.5 tons and costs 1,200.50 crowns.", "That is much."],
    "ellipses": ["He waited ... and waited.", "Then ...", "The door opened."],
    "ellipses at words": ["He waited... the others left... Nobody came back."],
    "spaced ellipsis": ["He waited .", ".", ".", "and then left."],
    "quotes": ['"Come here."', "She did not move.", '"Now!"', "he said."],
    "curly quotes": ["“Come here.” She did not move.", "“Now!” he said."],
    "brackets": ["(They came late.)", "Nobody minded."],
    "closing marks before dashes": ['He said "go."', "-- and left."],
    "a bracket in the middle": ["Wait,no.", ")Then a;b.c d."],
    "closing marks alone": ["He left .'", 'Then . "', "came."],
    "no space": ["The tug ran aground.The crew swam."],
    "an address": ["Visit www.port.example.", "Call us at once."],
    "German": ["Der Kran kam um 9 Uhr.", "Er ging z.", "B. nach Norden."],
    "no spaces in the script": ["港が開いた。船が来た。"],
    "no end": ["a"],
    "only dots": ["..."],
}


@pytest.mark.parametrize("sentences", SPLIT.values(), ids=SPLIT)
@pytest.mark.parametrize("space", [" ", "\n", "\n\n \t"])
def test_sentences_are_those_of_nltk(sentences: list[str], space: str) -> None:
    assert split_sentences(space.join(sentences)) == sentences


def test_spaces_before_a_text_stay_and_those_behind_it_go() -> None:
    assert split_sentences("  It begins. It ends.  \n") == ["  It begins.", "It ends."]
    assert split_sentences(" .! It begins.") == [" .!", "It begins."]
    assert split_sentences("") == split_sentences(" \n") == []


# What NLTK 3.9.1 makes of what no writer would write, but an extractor may.
ODD = {
    "What?!\xa0Really? Yes.": ["What?!\xa0Really?", "Yes."],
    "What?!\xa0Really. Yes!": ["What?!\xa0Really.", "Yes!"],
    "What?!\xa0Really, yes!": ["What?!", "Really, yes!"],
    "?\xa0”": ["?", "”"],
    ".\xa0. .": [".", ". ."],
    ".\xa0.\n.": [".", ".", "."],
    "5.?": ["5.?"],
    "!?;": ["!", "?", ";"],
    "?)--": ["?)", "--"],
    "!..!": ["!..", "!"],
    ".--..?": [".--..", "?"],
}


@pytest.mark.parametrize(("text", "sentences"), ODD.items())
def test_odd_texts_are_split_as_by_nltk(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


pieces = st.sampled_from([*"ab1J.?!,'\")(]-“” \n\xa0", "Dr.", "The ", " No. ", "...", "--", "p.m. "])


@given(st.lists(pieces, max_size=40).map("".join) | st.text(max_size=60))
def test_sentences_hold_all_of_a_text_but_spaces(text: str) -> None:
    sentences = split_sentences(text)
    assert all(sentences)
    assert "".join("".join(sentences).split()) == "".join(text.split())


# SHA-256 of the lengths of all sentences of all texts, computed with NLTK 3.9.1 and its punkt_tab.
LENGTHS = {
    "gold": "b2d2ec6e76266c7e69b96d7379455fa2bc8050a86dcaf22ca2d1c89b1bc5f1fd",
    "boilerpipe": "3fb75811042ba53ec5cb6791d74fb39faff2c0ccbe2e457d154a5c7ba7e69d80",
    "dragnet": "4549301d0b7df61af740a9fcc06222f8dc6c9029b6611c5254e7baca09da6186",
    "go_trafilatura": "022129bf9c6cdb1defccfbf6015ae02784c2a3568a962694f825305065202078",
    "goose3": "59e117b120f0a7f7c16184f46c77975d690d960dbe9318cc14bc0681a8d72321",
    "inscriptis": "40c5673cd2f54b711091cd4af8b6241694db4257dd1b0af0c519505d660f83e1",
    "justext": "835e9d1e0b671ba90178ef004357fc65bf03b4cfff8257a6807649dde9b769e1",
    "newspaper": "dcd22584179b43ab9b8e5471d1d65804bae2b0516fdfadef8fbd23173285beb1",
    "readability_js": "e764cf6dc4b4036fedf56e297f127f63b6e0df8577f133ba636288042978fd13",
    "rs_trafilatura": "de1510eaae47eb0f7c0493d690f851fbc3eb18667716523bd0748e162795f456",
    "trafilatura": "20c5322cb5fa9f3131cba92bb5a9838977a4a039954f5d612fc779b426b3d13b",
}


@needs_datasets
@pytest.mark.parametrize("name", LENGTHS)
def test_sentences_of_real_articles_are_those_of_nltk(name: str) -> None:
    lengths = [[len(sentence) for sentence in split_sentences(text)] for text in texts_of_aeb(name)]
    assert hashlib.sha256(json.dumps(lengths).encode("ascii")).hexdigest() == LENGTHS[name]
