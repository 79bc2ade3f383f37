"""Command lines and programs that speak the protocol themselves: what they answer, and what becomes of bad ones."""

import base64
import json
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from helpers import answers_of, can_cut_network, html_page, output_of, ready, still_alive, text_page
from hypothesis import given
from hypothesis import strategies as st

from harness import worker
from harness.engine import local, process
from harness.engine.answer import FAILURES
from harness.page import Page
from harness.runnable import Runnable

# A program that speaks the protocol; what it answers to a page comes from the page: the Python expression after `say:`,
# which is written as it is if it makes bytes.
TOOL = """
import json, sys, time

def send(value):
    line = value if isinstance(value, bytes) else json.dumps(value).encode() + b"\\n"
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()

load = json.loads(sys.stdin.buffer.readline())
send(READY)
for line in sys.stdin.buffer:
    page = json.loads(line)
    text = page["html"] if page["text"] is None else page["text"]
    ok = {"id": page["id"], "outcome": "ok", "text": text}
    before, _, say = text.partition("say:")
    send(eval(say) if say else ok)
"""
READY = {"outcome": "ready", "protocol": 2, "version": "2.7", "runtime": "Tool"}


def command_of(*words: object) -> str:
    return shlex.join(map(str, words))


def cmd(code: str) -> Runnable:
    """One line of Python as a command."""
    (runnable,) = ready([f"cmd:{command_of(sys.executable, '-c', code)}"])
    return runnable


def program(folder: Path, code: str) -> Runnable:
    """A Python script that speaks the protocol."""
    (folder / "tool.py").write_text(code)
    (runnable,) = ready([f"protocol:{command_of(sys.executable, folder / 'tool.py')}"])
    return runnable


def tool(folder: Path, answer: dict[str, object] = READY) -> Runnable:
    return program(folder, TOOL.replace("READY", repr(answer)))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A program that answers as the page tells it to."""
    return tool(tmp_path_factory.mktemp("told"))


# cmd:


def test_a_command_reads_the_html_of_a_page_and_writes_text():
    shout = cmd("import sys; print(sys.stdin.read().upper())")
    found = answers_of(shout, [html_page("größe"), text_page("a < b"), Page(b"", "text/html")])
    assert found[0].text.strip() == "<P>GRÖSSE</P>"
    assert "A &LT; B" in found[1].text, "a text page comes as HTML"
    assert found[2].outcome == "empty"


def test_a_command_may_be_a_program_of_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tool").write_text('#!/bin/sh\nsed -e "s/p>/$1>/g"\n')
    Path("tool").chmod(0o755)
    (runnable,) = ready(["cmd:./tool 'h1'"])
    assert output_of(runnable, html_page("text")) == "<h1>text</h1>"


def test_a_command_that_fails_is_an_error_with_its_exit_code_and_last_words():
    failing = cmd("import sys; print('half an answer'); sys.exit('first words\\nlast words')")
    (answer,) = answers_of(failing, [html_page("text")])
    assert (answer.outcome, answer.text) == ("error", "")
    assert "exit code 1: last words" in answer.error
    assert "first words" in answer.stderr


def test_a_command_killed_by_a_signal_is_a_failure_that_names_it():
    (answer,) = answers_of(cmd("import os; os.kill(os.getpid(), 11)"), [html_page("text")])
    assert answer.outcome in FAILURES
    assert "SIGSEGV" in answer.error


def test_a_command_that_writes_what_is_not_utf_8_is_invalid():
    (answer,) = answers_of(cmd("import sys; sys.stdout.buffer.write(b'caf\\xe9')"), [html_page("text")])
    assert answer.outcome == "invalid"


def test_a_command_need_not_read_its_input():
    large = Page(b"<p>" + b"word " * 1_000_000, "text/html")
    assert output_of(cmd("print('done')"), large) == "done\n"


def test_a_command_may_complain_by_the_megabyte():
    assert output_of(cmd("import sys; sys.stderr.write('x' * 10_000_000); print('done')"), html_page("text")) == "done\n"


def test_a_hanging_command_is_killed_and_the_next_page_is_unharmed(tmp_path):
    # A shell starts so much faster than Python that the next page is in time on a busy machine, too.
    script = f'page=$(cat); case $page in *hang*) touch {shlex.quote(str(tmp_path))}/$$; exec sleep 600;; esac; echo "$page"'
    (runnable,) = ready([f"cmd:{command_of('sh', '-c', script)}"])
    hung, after = answers_of(runnable, [html_page("hang"), html_page("next")], timeout=2)
    assert (hung.outcome, after.outcome) == ("timeout", "ok")
    assert still_alive(tmp_path) == []


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_a_runtime_that_reserves_much_address_space_works_as_a_command_under_the_default_memory_limit(tmp_path):
    (tmp_path / "mine.mjs").write_text("import fs from 'node:fs'; console.log(fs.readFileSync(0, 'utf8').toUpperCase());")
    (runnable,) = ready([f"cmd:{command_of('node', tmp_path / 'mine.mjs')}"])
    assert output_of(runnable, html_page("text")) == "<P>TEXT</P>\n"


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


# protocol:


def test_a_program_that_speaks_the_protocol_answers_and_tells_its_version(told):
    pages = [(n, html_page(f"page {n}")) for n in range(3)]
    loaded, *results = local.run([(told, pages)], jobs=1, timeout=20)
    assert (loaded.runnable, loaded.version) == (told, "2.7")
    assert [result.answer.text for result in results] == ["<p>page 0</p>", "<p>page 1</p>", "<p>page 2</p>"]


@pytest.fixture(scope="module")
def repeats(tmp_path_factory):
    """A program that answers with the requests that it was sent."""
    code = TOOL.replace("READY", repr(READY)).replace("else ok", "else {**ok, 'text': json.dumps([load, page])}")
    return program(tmp_path_factory.mktemp("repeats"), code)


def test_a_program_is_told_what_the_protocol_says(repeats):
    page = Page("<p>café</p>".encode(), "text/html", "https://quay.example/", "fr")
    load, request = json.loads(output_of(repeats, page))
    assert load.keys() == {"protocol", "load", "function", "package", "memory", "network"}
    assert (load["protocol"], load["load"], load["function"], load["package"]) == (2, "", "", None)
    assert request == {
        "id": "1",
        "media": "text/html",
        "html": "<p>café</p>",
        "text": None,
        "raw": None,
        "url": "https://quay.example/",
        "lang": "fr",
        "options": {},
    }


def test_a_text_dump_is_sent_as_text_and_as_html(repeats):
    _, request = json.loads(output_of(repeats, text_page("a < b\u2028c \U0001f41f")))
    assert (request["media"], request["text"], request["raw"]) == ("text/plain", "a < b\u2028c \U0001f41f", None)
    assert "<p>a &lt; b</p>" in request["html"]


STORED = {"byte order mark": b"\xef\xbb\xbfthe mark", "not UTF-8": b"caf\xe9 au lait", "both": b"\xef\xbb\xbfcaf\xe9"}


@pytest.mark.parametrize("raw", STORED.values(), ids=STORED)
@pytest.mark.parametrize("media", ["text/html", "text/plain"])
def test_bytes_that_the_content_does_not_give_back_are_sent_beside_it(repeats, raw, media):
    page = Page(raw, media)
    _, request = json.loads(output_of(repeats, page))
    assert base64.b64decode(request["raw"]) == raw
    assert request["text" if media == "text/plain" else "html"] == page.content


@given(raw=st.binary(max_size=40) | st.text(max_size=40).map(str.encode), media=st.sampled_from(["text/html", "text/plain"]))
def test_a_worker_gives_an_extractor_the_stored_bytes(raw, media):
    page = Page(raw, media)
    line = json.loads(process.page_request(page, "1", wants_text=False, options={}))
    assert worker.Page(line).raw == raw
    assert worker.Page(line).html == page.html


def test_an_address_with_half_a_character_reaches_the_program(repeats):
    _, request = json.loads(output_of(repeats, Page(b"<p>text</p>", "text/html", "https://quay.example/\udcff")))
    assert request["url"] == "https://quay.example/\udcff"


def test_time_memory_and_cost_that_a_program_reports_are_kept(told):
    page = text_page("say:ok | {'wall': 1.5, 'cpu': 0.5, 'peak_memory': 1000, 'cost': 0.25}")
    first, second = answers_of(told, [page, page])
    assert first.timing == {"first_wall": 1.5, "cpu": 0.5, "peak_memory": 1000, "cost": 0.25}
    assert second.timing == {"wall": 1.5, "cpu": 0.5, "peak_memory": 1000, "cost": 0.25}


BAD_ANSWERS = {
    "the id of another page": "{**ok, 'id': 'x'}",
    "no id": "{'outcome': 'ok', 'text': 'x'}",
    "an unknown outcome": "{**ok, 'outcome': 'splendid'}",
    "no outcome": "{'id': page['id'], 'text': 'x'}",
    "a list": "[1, 2]",
    "a number": "7",
    "null": "None",
    "not JSON": "b'hello\\n'",
    "an empty line": "b'\\n'",
    "not UTF-8": "b'\\xff\\xfe\\n'",
    "deep nesting": "b'[' * 200_000 + b'\\n'",
    "two lines at once": "2 * (json.dumps(ok).encode() + b'\\n')",
    "text that is a number": "{**ok, 'text': 42}",
    "text that is null": "{**ok, 'text': None}",
    "text that is a list": "{**ok, 'text': ['x']}",
    "text of half a character": "{**ok, 'text': '\\ud800'}",
    "no text": "{'id': page['id'], 'outcome': 'ok'}",
}


@pytest.mark.parametrize("bad", BAD_ANSWERS)
def test_an_answer_that_breaks_the_protocol_is_invalid_and_the_next_page_is_unharmed(told, bad):
    broken, after = answers_of(told, [text_page(f"say:{BAD_ANSWERS[bad]}"), text_page("next page")])
    assert (broken.outcome, broken.text) == ("invalid", "")
    assert broken.error
    assert after.text == "next page"


@pytest.mark.parametrize("number", ["'fast'", "[1]", "True", "float('nan')", "10 ** 400"])
def test_a_measurement_that_is_no_number_does_not_count_against_the_text(told, number):
    answer, after = answers_of(told, [text_page(f"say:{{**ok, 'wall': {number}}}"), text_page("next page")])
    assert answer.outcome == "ok"
    assert answer.wall is None
    assert after.text == "next page"


def test_text_without_content_is_empty_even_where_a_program_calls_it_ok(told):
    (answer,) = answers_of(told, [text_page("say:{**ok, 'text': ' \\n'}")])
    assert answer.outcome == "empty"


def test_half_a_line_before_the_end_is_a_crash(told):
    broken, after = answers_of(told, [text_page("say:[sys.stdout.buffer.write(b'{\"id\": '), exit(4)]"), text_page("next")])
    assert (broken.outcome, broken.error) == ("crash", "ended with exit code 4")
    assert after.text == "next"


def test_half_a_line_and_then_silence_is_a_timeout(told):
    broken, after = answers_of(told, [text_page("say:b'{\"id\": '"), text_page("next")], timeout=1)
    assert (broken.outcome, after.text) == ("timeout", "next")


def test_a_line_in_two_halves_is_a_line(told):
    halves = "say:[send(json.dumps(ok).encode()[:9]), time.sleep(0.2)] and json.dumps(ok).encode()[9:] + b'\\n'"
    (answer,) = answers_of(told, [text_page(halves)])
    assert (answer.outcome, answer.text) == ("ok", halves)


def test_an_answer_without_end_is_invalid_long_before_the_deadline(told):
    endless = text_page("say:[send(b'x' * 2**20) for _ in iter(int, 1)]")
    broken, after = answers_of(told, [endless, text_page("next")], timeout=20)
    assert broken.outcome == "invalid", broken
    assert f"{process._MAX_ANSWER:,} bytes" in broken.error
    assert after.text == "next"


@pytest.mark.parametrize("then", ["", "os.close(0)"], ids=["open", "closed"])
def test_a_program_that_does_not_read_a_large_page_is_a_timeout(tmp_path, then):
    code = f"import json, os, sys, time\nsys.stdin.readline()\nprint(json.dumps({READY!r}), flush=True)\n{then}\n"
    large = Page(b"<p>" + b"word " * 1_000_000, "text/html")
    (answer,) = answers_of(program(tmp_path, code + "time.sleep(600)"), [large], timeout=1)
    assert answer.outcome == "timeout"


@pytest.mark.parametrize(
    ("ready_line", "words"),
    [
        ({**READY, "protocol": 1}, "protocol 1"),
        ({"outcome": "ready"}, "protocol None"),
        ({"outcome": "error", "error": "no licence found"}, "no licence found"),
        ({"outcome": "error"}, ""),
        ({}, ""),
    ],
)
def test_a_program_that_is_not_ready_fails_every_page_and_says_why(tmp_path, ready_line, words):
    found = answers_of(tool(tmp_path, ready_line), [text_page("a"), text_page("b")])
    assert [answer.outcome for answer in found] == ["error", "error"]
    assert found[0].error
    assert words in found[0].error


def test_a_program_that_never_speaks_fails_every_page(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "START_TIMEOUT", 1)
    found = answers_of(program(tmp_path, "import time; time.sleep(600)"), [text_page("a"), text_page("b")])
    assert [answer.outcome for answer in found] == ["timeout", "timeout"]


def test_an_ordinary_program_behind_protocol_is_a_failure_with_a_reason(tmp_path):
    (echo,) = ready(["protocol:cat"])
    (answer,) = answers_of(echo, [text_page("a")])
    assert answer.outcome in FAILURES
    assert answer.error
    (gone,) = ready(["protocol:false"])
    (answer,) = answers_of(gone, [text_page("a")])
    assert (answer.outcome, answer.error) == ("crash", "ended with exit code 1")


def test_a_program_that_says_it_is_over_its_memory_limit_has_that_outcome(told):
    over = "say:[sys.stderr.write('worker: over its memory limit\\n'), sys.exit(1)]"
    answer, after = answers_of(told, [text_page(over), text_page("next")])
    assert (answer.outcome, after.text) == ("memory", "next")


@pytest.mark.skipif(not can_cut_network(), reason="this system does not let us cut off a network")
def test_a_program_has_no_network(told):
    connect = "say:__import__('socket').create_connection(('127.0.0.1', 9), 2)"
    (answer,) = answers_of(told, [text_page(connect)])
    assert "unreachable" in answer.stderr
