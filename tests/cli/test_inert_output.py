"""Names and texts from outside give no orders: to a spreadsheet, a terminal, a shell, or a service that reads a log."""

from __future__ import annotations

import csv
import io
import shlex

import pytest

from factories.records import record, run_of, store
from factories.tiny import ESCAPE
from harness.cli.main import main
from harness.cli.streams import safe_streams, write_command
from harness.report.run_formats.programs import run_csv


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\uff1dcmd()", "a\nb", f"{ESCAPE}[31m", "\ud800"]
)
def test_a_text_in_csv_is_a_text_for_spreadsheets_and_terminals(text):
    (row,) = csv.DictReader(io.StringIO(run_csv(run_of(record("x", lang=text, f=-0.25), versions={"x": text}))))
    for cell in (row["lang"], row["version"]):
        assert cell.isprintable() and not cell.startswith(("=", "+", "-", "@", "\uff1d"))
    assert row["F"] == "-0.25", "a number is no text"


def test_usual_texts_in_csv_are_as_they_are():
    (row,) = csv.DictReader(io.StringIO(run_csv(run_of(record("cmd:cat -n", "core/é", lang="pt-BR")))))
    assert (row["extractor"], row["golden"], row["lang"], row["version"]) == ("cmd:cat -n", "core/é", "pt-BR", "1.0")


def test_commands_that_are_printed_quote_ids_for_the_shell(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    golden, name = "my set/it's $(date)", "cmd:cat -n"
    store(run_of(record(name, golden, 0.25)))
    assert main(["show"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("  harness show"))
    assert shlex.split(line) == ["harness", "show", "--page", golden, "-e", name]


def test_no_name_starts_a_command_in_the_log_of_a_ci_service(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = [record(name, "::error::/a", f) for name, f in (("::stop-commands::x", 0.75), ("##[error]y", 0.25))]
    store(run_of(*rows))
    assert main(["accept"]) == 0
    store(run_of(*(record(row.extractor, row.golden, 0.1) for row in rows)))
    for words in ("gate", "show", "show --format csv", "show --format md", "show --worst 3", "compare latest~1 latest"):
        assert main(words.split()) in (0, 1)
        said = "".join(capsys.readouterr())
        assert "error" in said
        assert "##[" not in said
        assert not [line for line in said.splitlines() if line.strip().startswith("::")]


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        (["::error::x\n"], "\\u003a:error::x\n"),
        (["a\n \u00a0::error::x\n"], "a\n \u00a0\\u003a:error::x\n"),
        (["  ", "::error::x\n"], "  \\u003a:error::x\n"),
        ([":", ":error::x\n"], "\\u003a:error::x\n"),
        (["a", "::error::x\n"], "a::error::x\n"),
        (["a", "\n::error::x\n"], "a\n\\u003a:error::x\n"),
        (["a ##[error]x ##vso[task] ##TeamCity[y]\n"], "a ##\\u005berror]x ##vso\\u005btask] ##TeamCity\\u005by]\n"),
        (["a #", "#", "[error]x\n", "##v", "so[task]\n"], "a ##\\u005berror]x\n##vso\\u005btask]\n"),
        (["a\r::error::x\n", "b\r", "::error::x\n"], "a\r\\u003a:error::x\nb\r\\u003a:error::x\n"),
        (["## [Unreleased]\n", "a: b :: c\n"], "## [Unreleased]\na: b :: c\n"),
    ],
)
def test_what_would_begin_a_command_is_spelled_out(parts, written, capsys):
    with safe_streams() as (stdout, _):
        stdout.writelines(parts)
    assert capsys.readouterr().out == written


def test_a_command_that_is_meant_is_written_as_it_is(capsys):
    with safe_streams():
        print("end", end="\n")
        write_command("::error title=x::y")
    assert capsys.readouterr().out == "end\n::error title=x::y\n"
    with safe_streams():
        print("a line that has not ended", end="")
        write_command("::error title=x::y")
    assert capsys.readouterr().out.splitlines()[1:] == ["::error title=x::y"]
