"""Texts to insert: every language has all kinds of them, and none tells what another one tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories.text_layouts import NAMES, core
from harness.fuzz.donors import DONOR_KINDS, donors_from, languages, own_donors, wording
from harness.pages import words as words_of


def test_every_language_has_all_kinds_of_text() -> None:
    assert set(languages()) >= {"en", "de", "fr", "es", "pt", "ru", "zh", "ja", "ar"}
    for lang in languages():
        for kind in DONOR_KINDS:
            first = own_donors(kind, lang)[0]
            assert (first.kind, first.lang) == (kind, lang)
            assert len({donor.lang for donor in own_donors(kind, lang)}) == len(languages())
        assert set(wording(lang).headings) == set(wording("en").headings)
    assert own_donors("related", "pt-BR")[0].lang == "pt"
    assert own_donors("related", "tlh")[0].lang == "en"
    with pytest.raises(ValueError, match="no donors of the kind 'prose'"):
        own_donors("prose")


def test_texts_of_different_donors_share_no_passage() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for kind in DONOR_KINDS:
        for donor in own_donors(kind):
            words = words_of.words(" ".join(donor.paragraphs))
            for i in range(len(words) - 7):
                key = tuple(words[i : i + 8])
                assert seen.setdefault(key, donor.heading) == donor.heading, key


def test_donors_of_a_run_come_from_other_sites_and_tell_other_stories() -> None:
    receiver = core("tide-printers-a")
    donors = donors_from([core(name) for name in NAMES], receiver)
    assert len(donors) == len({name.rpartition("-")[0] for name in NAMES}) - 1
    assert not any("潮見表" in donor.heading for donor in donors)
    english = donors_from([core(name) for name in NAMES], core("burrow-listeners-b"))
    assert [donor.lang for donor in english] == sorted((donor.lang for donor in english), key=lambda lang: lang != "en")
    same_site = replace(core("drained-basin-a"), site=receiver.site)
    assert donors_from([same_site], receiver) == ()
