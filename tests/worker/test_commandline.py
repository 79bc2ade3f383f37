"""Command lines as extractors: what they are given, what they answer, and how they fail."""

import shlex
import shutil
import sys
from pathlib import Path

import pytest

from factories.extractors import answers_of, output_of, ready
from factories.pages import html_page, text_page
from factories.processes import still_alive
from factories.programs import command_of
from harness.engine.answer import FAILURES
from harness.pages.page import Page
from harness.plugins.runnable import Runnable


def cmd(code: str) -> Runnable:
    """One line of Python as a command."""
    (runnable,) = ready([f"cmd:{command_of(sys.executable, '-c', code)}"])
    return runnable


def test_a_command_reads_the_html_of_a_page_and_writes_text():
    shout = cmd("import sys; print(sys.stdin.read().upper())")
    found = answers_of(shout, [html_page("<p>größe</p>"), text_page("a < b"), Page(b"", "text/html")])
    assert found[0].text.strip() == "<P>GRÖSSE</P>"
    assert "A &LT; B" in found[1].text, "a text page comes as HTML"
    assert found[2].outcome == "empty"


def test_a_command_reads_a_page_in_the_page_s_own_encoding():
    page = Page("<meta charset=koi8-r><p>Паром</p>".encode("koi8-r"), "text/html")
    shout = cmd("import sys; print(sys.stdin.buffer.read().decode('koi8-r').encode('unicode_escape').decode())")
    (answer,) = answers_of(shout, [page])
    assert answer.text.strip().encode().decode("unicode_escape") == "<meta charset=koi8-r><p>Паром</p>"


def test_a_command_may_be_a_program_of_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tool").write_text('#!/bin/sh\nsed -e "s/p>/$1>/g"\n')
    Path("tool").chmod(0o755)
    (runnable,) = ready(["cmd:./tool 'h1'"])
    assert output_of(runnable, html_page("<p>text</p>")) == "<h1>text</h1>"


def test_a_command_that_fails_is_an_error_with_its_exit_code_and_last_words():
    failing = cmd("import sys; print('half an answer'); sys.exit('first words\\nlast words')")
    (answer,) = answers_of(failing, [html_page("<p>text</p>")])
    assert (answer.outcome, answer.text) == ("error", "")
    assert "exit code 1: last words" in answer.error
    assert "first words" in answer.stderr


def test_a_command_killed_by_a_signal_is_a_failure_that_names_it():
    (answer,) = answers_of(cmd("import os; os.kill(os.getpid(), 11)"), [html_page("<p>text</p>")])
    assert answer.outcome in FAILURES
    assert "SIGSEGV" in answer.error


def test_a_command_that_writes_what_is_not_utf_8_is_invalid():
    (answer,) = answers_of(cmd("import sys; sys.stdout.buffer.write(b'caf\\xe9')"), [html_page("<p>text</p>")])
    assert answer.outcome == "invalid"


def test_a_command_need_not_read_its_input():
    large = Page(b"<p>" + b"word " * 1_000_000, "text/html")
    assert output_of(cmd("print('done')"), large) == "done\n"


def test_a_command_may_complain_by_the_megabyte():
    assert (
        output_of(cmd("import sys; sys.stderr.write('x' * 10_000_000); print('done')"), html_page("<p>text</p>")) == "done\n"
    )


def test_a_hanging_command_is_killed_and_the_next_page_is_unharmed(tmp_path):
    # A shell starts so much faster than Python that the next page is in time on a busy machine, too.
    script = f'page=$(cat); case $page in *hang*) touch {shlex.quote(str(tmp_path))}/$$; exec sleep 600;; esac; echo "$page"'
    (runnable,) = ready([f"cmd:{command_of('sh', '-c', script)}"])
    hung, after = answers_of(runnable, [html_page("<p>hang</p>"), html_page("<p>next</p>")], timeout=2)
    assert (hung.outcome, after.outcome) == ("timeout", "ok")
    assert still_alive(tmp_path) == []


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_a_runtime_that_reserves_much_address_space_works_as_a_command_under_the_default_memory_limit(tmp_path):
    (tmp_path / "mine.mjs").write_text("import fs from 'node:fs'; console.log(fs.readFileSync(0, 'utf8').toUpperCase());")
    (runnable,) = ready([f"cmd:{command_of('node', tmp_path / 'mine.mjs')}"])
    assert output_of(runnable, html_page("<p>text</p>")) == "<P>TEXT</P>\n"


def test_the_identity_of_a_command_changes_with_its_words_and_with_its_files(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("print(1)")
    (before,) = ready([f"cmd:python3 {script}"])
    (again,) = ready([f"cmd:python3 {script}"])
    (flag,) = ready([f"cmd:python3 {script} --flag"])
    script.write_text("print(2)")
    (after,) = ready([f"cmd:python3 {script}"])
    assert before.identity == again.identity
    assert len({before.identity, flag.identity, after.identity}) == 3
