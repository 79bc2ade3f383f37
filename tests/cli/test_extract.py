"""`harness extract`: one extractor on one page."""

import sys
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.common.extensions import import_file

PLUGIN = """
import sys
import helper_beside

def shout(page):
    print("seen", len(page.raw), "bytes")
    print("a warning", file=sys.stderr)
    return helper_beside.loud(page.text)

def breaks(page):
    print("about to break")
    raise ValueError("no way")

def number(page):
    return 3

def where(page):
    return __import__("os").environ.get("WHERE", "") + str(__import__("os").getpid())

def escapes(page):
    return "\\x1b[2Jgone"
"""


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """A folder with a page, a text dump, extractors, and a module beside them that these import."""
    monkeypatch.chdir(tmp_path)
    Path("tools").mkdir()
    Path("tools/own.py").write_text(PLUGIN)
    Path("tools/helper_beside.py").write_text("def loud(text): return text.upper().strip()\n")
    Path("page.html").write_text("<p>one</p>")
    Path("page.txt").write_text("two <b>")
    return tmp_path


def of(name: str) -> list[str]:
    return ["extract", "-e", f"tools/own.py:{name}"]


def test_the_output_goes_to_standard_output_and_what_it_prints_to_standard_error(pages, capsys):
    assert main([*of("shout"), "page.html"]) == 0
    out, err = capsys.readouterr()
    assert out == "ONE\n"
    assert "seen 10 bytes\na warning\n" in err
    assert "tools/own.py:shout, ok, text" in err
    assert main([*of("shout"), "page.txt"]) == 0
    assert capsys.readouterr().out == "TWO <B>\n"


def test_the_output_is_written_to_a_file_as_it_is(pages, capsys):
    assert main([*of("escapes"), "page.html", "-o", "out.txt"]) == 0
    assert Path("out.txt").read_text() == "\x1b[2Jgone"


def test_a_failure_is_exit_code_1_with_its_reason_and_what_it_had_printed(pages, capsys):
    assert main([*of("breaks"), "page.html"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "about to break" in err and "ValueError: no way at own.py:" in err
    assert main([*of("number"), "page.html"]) == 1
    assert "returned int, not str" in capsys.readouterr().err


def test_debug_runs_it_in_this_process_and_shows_where_it_failed(pages, capsys, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("WHERE", "here ")
    assert main([*of("where"), "page.html", "--debug"]) == 0
    assert capsys.readouterr().out == f"here {__import__('os').getpid()}\n"
    assert main([*of("breaks"), "page.html", "--debug"]) == 1
    err = capsys.readouterr().err
    assert 'tools/own.py", line' in err and "ValueError: no way" in err
    assert "report it" not in err
    assert main([*of("number"), "page.html", "--debug"]) == 1
    assert main(["extract", "-e", "cmd:cat", "page.html", "--debug"]) == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["page.html"], 2, "name one extractor: -e NAME"),
        (["page.html", "-e", "all"], 2, "name one"),
        (["page.html", "-e", "tools/own.py:shuot"], 2, "did you mean 'shout'?"),
        (["absent.html", "-e", "cmd:cat"], 2, "absent.html: no such page"),
        (["tools", "-e", "cmd:cat"], 2, "tools: no such page"),
        (["page.html", "-e", "protocol:cat", "--debug"], 3, "leave out --debug"),
        (["page.html", "-e", "protocol:cat"], 3, "cannot be loaded"),
    ],
)
def test_what_cannot_be_run_is_said(pages, capsys, words, code, said):
    assert main(["extract", *words]) == code
    out, err = capsys.readouterr()
    assert out == "" and said in err


def test_a_module_beside_a_plugin_takes_the_place_of_no_library(pages, capsys):
    Path("tools/json.py").write_text("raise ImportError('the wrong one')\n")
    Path("tools/uses.py").write_text("import json\ndef dump(page): return json.dumps(page.text)\n")
    assert main(["extract", "-e", "tools/uses.py:dump", "page.txt"]) == 0
    assert capsys.readouterr().out == '"two <b>"\n'


def test_extensions_import_modules_beside_them_and_the_path_stays_as_it_was(pages):
    Path("tools/metric.py").write_text("import helper_beside\nSAID = helper_beside.loud('loud')\n")
    before = [*sys.path]
    assert import_file(Path("tools/metric.py")).SAID == "LOUD"
    assert sys.path == before
