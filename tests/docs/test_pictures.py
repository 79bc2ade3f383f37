"""The pictures of README.md: they fetch nothing, are small, and the recording shows what its commands print now."""

import importlib.util
import re
from xml.etree import ElementTree

import pytest

from factories.pinned import pinned_releases
from factories.places import ROOT

SPEC = importlib.util.spec_from_file_location("pictures", ROOT / ".ci/pictures.py")
pictures = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(pictures)


@pytest.mark.parametrize("page, folder", [("README.md", "docs/images"), ("docs/index.md", "images")])
def test_the_pictures_are_shown_and_described(page, folder):
    shown = dict(re.findall(r"^!\[(.{40,})\]\((\S+)\)$", (ROOT / page).read_text(encoding="utf-8"), re.M))
    assert f"{folder}/{pictures.TERMINAL.name}" in shown.values()
    assert page != "README.md" or f"{folder}/{pictures.SCORECARD.name}" in shown.values()


def test_a_recording_fetches_nothing_and_tells_readers_of_text_what_it_shows():
    text = pictures.TERMINAL.read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert set(re.findall(r"https?://[^\"\s)]+", text)) == {pictures.SVG} and "<script" not in text
    assert all(f"$ {command}\n" in pictures.text_of(pictures.TERMINAL) for command in pictures.SHOWN)
    assert len(text) < 100_000


def test_the_picture_of_a_scorecard_is_small_and_of_the_size_that_it_is_taken_in():
    picture = pictures.SCORECARD.read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" and len(picture) < 100_000
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == pictures.SCREEN


def test_a_drawing_keeps_text_that_is_markup_or_a_template():
    drawing = pictures.drawn(pictures.Text("a <b> & {c}"))
    assert ElementTree.fromstring(drawing).findtext(f"{{{pictures.SVG}}}desc") == "a <b> & {c}"


@pytest.mark.slow
@pytest.mark.skipif(not pinned_releases(), reason="other releases of the extractors print other figures")
def test_the_recording_is_what_its_commands_print_now(tmp_path):
    now = pictures.without_times(pictures.recorded(tmp_path).plain)
    assert now == pictures.without_times(pictures.text_of(pictures.TERMINAL)), "make pictures"
