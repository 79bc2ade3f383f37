"""Nothing that an extractor, a golden or a plugin says can steer the terminal."""

import re
from pathlib import Path

import pytest

from factories.goldens import write_golden
from factories.tiny import ESCAPE, RUN, STORY
from harness.cli.main import main
from harness.report.kit.terminal import stdout_console


def test_no_escape_code_where_output_is_no_terminal(tiny_run, capsys):
    for words in (
        ["show"],
        ["show", "--by", "kind"],
        ["show", "--page", "tiny/ferry", "-e", "whole_text"],
        ["show", "--worst", "3"],
    ):
        assert main(words) == 0
        out, err = capsys.readouterr()
        assert ESCAPE not in out + err


def test_no_color_is_honoured_on_a_terminal(tiny_run, capsys, monkeypatch):
    colour = re.compile(r"\x1b\[[\d;]*\b(3\d|4\d|9\d|10\d)[;m]")
    monkeypatch.setenv("FORCE_COLOR", "1")  # as if on a terminal
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    page = ["show", "--page", "tiny/ferry", "-e", "whole_text", "-e", "quiet"]
    assert main(page) == 0
    assert colour.search(capsys.readouterr().out), "the test sees colours where there are some"
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(page) == 0
    assert not colour.search(capsys.readouterr().out)


CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def test_an_output_with_escape_codes_cannot_reach_the_terminal(tiny_run, capsys):
    for words in (["--page", "tiny/ferry", "-e", "hostile"], ["--format", "md"], []):
        assert main(["show", *words]) == 0
        assert not CONTROLS.search(capsys.readouterr().out)


def test_a_hostile_name_cannot_reach_the_terminal(tiny, capsys):
    Path("a\x1b[31m\x07.py").write_text("def run(page): return page.text\n")
    name = "./a\x1b[31m\x07.py:run"
    assert main([*RUN, "-e", name, "-g", "tiny"]) == 0
    for words in (["--page", "tiny/ferry", "-e", name], ["--worst", "2"], ["--by", "kind"], ["--format", "md"]):
        assert main(["show", *words]) == 0
    out, err = capsys.readouterr()
    assert "run" in out
    assert sorted(set(CONTROLS.findall(out + err))) == []


def test_a_hostile_golden_cannot_reach_the_terminal(tiny, capsys):
    folder = Path("goldens/odd")
    page = f"<p>{STORY}\x1b[2J</p>"
    write_golden(folder, "x\x1b[31m", page, [{"keep": "p", "as": "body"}], site="\x1b[5mblink")
    write_golden(folder, "broken\x1b[31m", page, [{"\x1b[2J": "p", "as": "\x1b[2J"}], kind="\x1b[2J")
    write_golden(folder, "skipped\x1b[31m", page, [{"keep": "p", "as": "body"}], dump=True)
    codes = [
        main(["check", "odd"]),
        main(["list", "goldens"]),
        main([*RUN, "-e", "paragraphs", "-e", "quiet", "-g", "odd", "--by", "site"]),
        main(["show", "--page", "odd/x\x1b[31m"]),
        main(["show", "--page", "odd/x\x1b[31m", "-e", "quiet"]),
        main(["show", "--worst", "1", "-e", "quiet"]),
        main(["list", "runs"]),
    ]
    assert codes == [1, 0, 3, 0, 0, 0, 0]
    out, err = capsys.readouterr()
    assert "blink" in out
    assert sorted(set(CONTROLS.findall(out + err))) == []


def test_messages_of_broken_plugins_cannot_reach_the_terminal(tiny, capsys):
    Path("bad.py").write_text("raise ValueError('\\x1b[2J\\x1b]0;owned\\x07')\n")
    assert main(["run", "--plugins", "bad.py"]) == 3
    err = capsys.readouterr().err
    assert "bad.py" in err
    assert not CONTROLS.search(err)


def test_markup_in_names_is_printed_and_not_obeyed(tiny, capsys):
    Path("[bold]x[red].py").write_text("def run(page): return page.text\n")
    assert main([*RUN, "-e", "./[bold]x[red].py:run", "-g", "tiny"]) == 0
    assert "./[bold]x[red].py" in re.sub(r"\s", "", capsys.readouterr().out)


@pytest.mark.parametrize("width", [20, 40, 60])
def test_a_terminal_breaks_no_name_and_no_command(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    long = "not in the run: body_text_extraction, trafilatura_html2txt, core/bakery-div-soup-inline-stories"
    command = "  harness show --page core/bakery-div-soup-inline-stories -e trafilatura_html2txt"
    monkeypatch.setenv("FORCE_COLOR", "1")  # as if on a terminal
    for line in (long, command):
        stdout_console().print(line, soft_wrap=True)
    shown = capsys.readouterr().out.splitlines()
    assert shown.pop() == command and " ".join(line.strip() for line in shown) == long
    assert all(len(line) <= width or " " not in line.strip() for line in shown)
    monkeypatch.delenv("FORCE_COLOR")
    stdout_console().print(long, soft_wrap=True)
    assert capsys.readouterr().out == f"{long}\n", "a file has whole lines"
