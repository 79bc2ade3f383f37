"""The languages that pages declare."""

from __future__ import annotations

import pytest

from harness.datasets.base import html_lang


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ('<html lang="en">', "en"),
        ("<HTML class=no-js LANG=EN-gb>", "en-GB"),
        ("<html lang='de_AT'>", "de-AT"),
        ('<html lang="zh-Hans-CN">', "zh-Hans-CN"),
        ('<html xmlns="x" xml:lang="ja">', "ja"),
        ('<html lang="" xml:lang="fi">', "fi"),
        ('<html lang="english">', None),
        ('<html data-lang="en" hreflang="en">', None),
        ('<html><body lang="en">', None),
        (" " * 30_000 + '<html lang="en">', None),
    ],
)
def test_the_language_is_what_the_root_element_declares(tag: str, lang: str | None) -> None:
    assert html_lang(tag.encode()) == lang
