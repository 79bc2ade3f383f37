"""Charts as files: every chart of a scorecard, as SVG and PDF, in colours for paper."""

import re
from xml.etree import ElementTree

import pytest

from factories.records import record, run_of
from factories.scorecards import card_of, thirty
from harness.cli.main import main
from harness.scorecard.write.charts import in_page, tails_chart
from harness.scorecard.write.figures import MEDIA, figures

pytest.importorskip("matplotlib", reason="the extra scorecard is not installed")

CARD = card_of(run_of(*thirty("quick", [0.4, 0.9], timing={"wall": 0.1}), *thirty("slow", [0.8, 0.7], timing={"wall": 0.3})))
DRAWN = dict(figures(CARD))


def test_each_chart_is_a_file_of_each_form_and_has_the_names_in_it():
    names = ("leaderboard-html-pages", "speed-html-pages", "spread-html-pages")
    assert sorted(DRAWN) == sorted(f"{name}{ending}" for name in names for ending in MEDIA)
    for name in names:
        shown = "".join(ElementTree.fromstring(DRAWN[f"{name}.svg"]).itertext())
        assert "quick" in shown and "slow" in shown
        assert DRAWN[f"{name}.pdf"].startswith(b"%PDF") and b"FontFile2" in DRAWN[f"{name}.pdf"], "its fonts are in it"


def test_a_file_fetches_nothing_and_has_colours_of_its_own():
    for name, content in DRAWN.items():
        if name.endswith(".svg"):
            text = content.decode()
            assert "var(--" not in text and "#0102" not in text and not re.findall(r'(?:href|src)="(?!#)', text)
    assert "#0b5cad" in DRAWN["leaderboard-html-pages.svg"].decode()


def test_the_same_numbers_are_the_same_bytes_and_a_page_is_drawn_as_before():
    (track,) = CARD.tracks
    before = tails_chart(track, in_page("x"))
    assert dict(figures(CARD)) == DRAWN
    assert tails_chart(track, in_page("x")) == before and "var(--band0)" in before


def test_only_a_file_explains_its_colours_itself():
    (track,) = CARD.tracks
    assert "no text" in DRAWN["spread-html-pages.svg"].decode() and "no text" not in tails_chart(track, in_page("x"))


def test_one_extractor_alone_is_compared_with_nobody():
    card = card_of(run_of(record("alone", "set/page", 0.5)))
    assert sorted(dict(figures(card))) == ["spread-html-pages.pdf", "spread-html-pages.svg"]


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "nothing to write"),
        (["--figures", "figures", "--check"], "leave out --figures"),
        (["--figures", "a-file"], "a-file: it is a file"),
        (["--figures", "a-file/figures"], "a-file is a file, not a folder"),
    ],
)
def test_requests_that_cannot_be_met_are_refused_first(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").write_text("x")
    assert main(["scorecard", *words]) == 2
    assert said in capsys.readouterr().err
