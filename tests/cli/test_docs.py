"""`harness docs` shows the documentation that comes with this version, and `harness` alone says that it exists."""

import re

import pytest

from factories.places import ROOT
from harness.cli.commands import docs
from harness.cli.main import COMMANDS, main


def test_every_page_is_listed_and_shown_as_it_is(capsys):
    assert main(["docs"]) == 0
    listed = re.findall(r"^(\S+)  +\S", capsys.readouterr().out.partition("─\n")[2], re.M)
    assert {"index", "gate", "faq", "tutorials", "tutorials/label-pages"} <= set(listed)
    for name in ("gate", "gate.md", "tutorials/label-pages", "decisions/2026-11-20-commands-are-files"):
        assert main(["docs", name]) == 0
        assert capsys.readouterr().out == (ROOT / f"docs/{name.removesuffix('.md')}.md").read_text(encoding="utf-8")
    assert main(["docs", "tutorials"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs/tutorials/README.md").read_text(encoding="utf-8")


def test_the_page_of_commands_has_them(capsys):
    assert main(["docs", "commands"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n## harness {command}\n" in shown for command in COMMANDS) and "<!-- commands -->" not in shown


def test_a_terminal_shows_a_page_laid_out_and_where_its_links_lead(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["docs", "tutorials"]) == 0
    shown = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert "label-pages.md" in shown and "\x1b" not in shown and "|---|" not in shown


@pytest.mark.parametrize("name, hint", [("gat", "did you mean 'gate'"), ("../pyproject", "`harness docs` lists them")])
def test_an_unknown_page_is_refused(capsys, name, hint):
    assert main(["docs", name]) == 2
    assert hint in capsys.readouterr().err


def test_a_page_that_only_the_site_can_make_is_not_offered(capsys):
    assert "::: harness" in (ROOT / "docs/api-reference.md").read_text(encoding="utf-8")
    assert "api-reference" not in docs._pages()


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100])
def test_harness_alone_breaks_no_name_at_any_width(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert main([]) == 0
    shown = capsys.readouterr().out
    words = set(re.split(r"[\s,]+", shown))
    assert {"body_text_extraction", "justext_lines", "--explain", "docs", "--help"} <= words
    assert all(len(line) <= width or " " not in line.strip() for line in shown.splitlines())
