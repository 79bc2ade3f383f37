"""An extractor that cannot be loaded fails its own pages and those of no other."""

import pytest

from factories.extractors import run_pages
from factories.faults import bad_extractor, by_page
from factories.pages import text_page
from harness.common import declarations
from harness.common.declarations import Undeclared, loading_timeout, read_file
from harness.engine.answer import FAILURES


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import surely_not_installed\n", "surely_not_installed"),
        ("def other(page): return ''\n", "extract"),
        ("def extract(page:\n", "SyntaxError"),
        ("import sys; sys.exit(0)\n", "SystemExit"),
        ("import os; os._exit(7)\n", "exit code 7"),
    ],
)
def test_an_extractor_that_cannot_be_loaded_fails_every_page_and_no_other_extractor(tmp_path, source, words):
    (tmp_path / "broken.py").write_text(source)
    pages = [(str(n), text_page(f"page {n}")) for n in range(3)]
    runnables = [bad_extractor("extract", tmp_path / "broken.py"), bad_extractor("shouts")]
    found = by_page(run_pages([(r, pages) for r in runnables], timeout=10))
    assert [found["shouts", key].text for key, _ in pages] == ["PAGE 0!", "PAGE 1!", "PAGE 2!"]
    for key, _ in pages:
        assert found["extract", key].outcome in FAILURES
        assert words in found["extract", key].error


def test_an_extractor_that_never_finishes_loading_fails_every_page_and_no_other_extractor(tmp_path, monkeypatch):
    monkeypatch.setattr(declarations, "_LEAST", 5)
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(600)\ndef extract(page): return page.text\n")
    pages = [(str(n), text_page(f"page {n}")) for n in range(3)]
    extractors = bad_extractor("extract", tmp_path / "slow.py"), bad_extractor("shouts")
    found = by_page(run_pages([(each, pages) for each in extractors], timeout=1))
    assert [found["shouts", key].text for key, _ in pages] == ["PAGE 0!", "PAGE 1!", "PAGE 2!"]
    assert {found["extract", key].outcome for key, _ in pages} == {"timeout"}
    assert "5 s" in found["extract", "0"].error


def test_loading_may_take_four_pages_and_never_less_than_a_library_needs():
    assert [loading_timeout(seconds) for seconds in (30, 300, 10, 1)] == [120, 1200, 40, 20]


def test_a_plugin_file_is_imported_under_the_same_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(declarations, "_LEAST", 0.4)
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(600)\n")
    with pytest.raises(Undeclared, match=r"longer than 0\.4 s"):
        read_file(tmp_path / "slow.py", timeout=0.1)
