"""Programs that speak the protocol themselves: what they are told, what they answer, and what becomes of bad answers."""

import base64
import json
import re
import time

import pytest

from factories.extractors import answers_of, output_of, ready, run_pages
from factories.pages import html_page, text_page
from factories.processes import can_cut_network
from factories.programs import READY, TOOL, program, tool
from harness.common.places import worker_file
from harness.engine import seat, wire
from harness.engine.answer import FAILURES
from harness.pages.page import Page


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A program that answers as the page tells it to."""
    return tool(tmp_path_factory.mktemp("told"))


def test_a_program_that_speaks_the_protocol_answers_and_tells_its_version(told):
    pages = [(n, html_page(f"<p>page {n}</p>")) for n in range(3)]
    loaded, *results = run_pages([(told, pages)], timeout=20)
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
    assert load.keys() == {"protocol", "newest", "load", "function", "package", "memory", "network", "max_input"}
    assert (load["protocol"], load["newest"]) == (2, 3)
    assert (load["load"], load["function"], load["package"]) == ("", "", None)
    assert request.pop("id")
    assert request == {
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


def test_an_answer_before_its_request_is_invalid(tmp_path):
    """Whoever numbers pages and answers ahead of them has not read them."""
    code = """
import json, sys, time
sys.stdin.readline()
print(json.dumps(READY), flush=True)
time.sleep(0.3)
print(json.dumps({"id": "1", "outcome": "ok", "text": "I know it"}), flush=True)
sys.stdin.read()
"""
    found = answers_of(program(tmp_path, code.replace("READY", repr(READY))), [text_page("a"), text_page("b")])
    assert [(answer.outcome, answer.text) for answer in found] == [("invalid", ""), ("invalid", "")]


AFTER_THE_ANSWER = {
    "the same answer again": "send(ok)",
    "the same answer as the next page comes": "[sys.stdin.buffer.readline(), send(ok)]",
    "the same answer comes with the next one": (
        "[new := json.loads(sys.stdin.buffer.readline()),"
        " send(json.dumps(ok).encode() + b'\\n' + json.dumps({**ok, 'id': new['id']}).encode() + b'\\n')]"
    ),
    "something else": "send(b'done\\n')",
    "half a line": "send(b'{')",
    "its end": "exit(3)",
}


@pytest.mark.parametrize("then", AFTER_THE_ANSWER)
def test_what_a_program_does_after_its_answer_does_not_count_against_the_next_page(tmp_path, then):
    heard = tmp_path / "heard"
    late = (
        "later = text.partition('then:')[2]\n    if later:\n        send(ok)\n"
        f"        while not __import__('os').path.exists({str(heard)!r}): time.sleep(0.01)\n"
        "        eval(later)\n        continue\n    before"
    )
    asked = program(tmp_path, TOOL.replace("READY", repr(READY)).replace("before", late, 1))
    with seat.Seat(asked, timeout=20) as asking:
        first = asking.ask(text_page(f"then:{AFTER_THE_ANSWER[then]}"))
        heard.touch()
        if "comes" not in then:
            wait_until_written(asking)
        second = asking.ask(text_page("next page"))
    assert (first.outcome, second.outcome, second.text) == ("ok", "ok", "next page")


LATE = {  # what a program writes as the next page comes, before it answers that
    "a strange line": "b'done\\n'",
    "half a line": "b'{'",
    "a line that is an answer to nobody": "json.dumps({**ok, 'id': 'x'}).encode() + b'\\n'",
}
LATE_FRAMES = {
    **LATE,
    "a head without its text": "json.dumps({**ok, 'text': 1000}).encode() + b'\\n'",
    "a head that tells too little": "json.dumps({**ok, 'text': 1}).encode() + b'\\nxyz'",
    "a head that tells nonsense": "json.dumps({**ok, 'text': -1}).encode() + b'\\n'",
}


@pytest.mark.parametrize(("version", "late"), [(2, LATE), (3, LATE_FRAMES)])
def test_what_a_program_writes_as_the_next_page_comes_does_not_count_against_that(tmp_path, version, late):
    """As a thread of an earlier page does: every second page is innocent."""
    code = """
import json, os, sys
NUMBER, late = 0, b""
sys.stdin.buffer.readline()
os.write(1, json.dumps({"outcome": "ready", "protocol": VERSION}).encode() + b"\\n")
for line in sys.stdin.buffer:
    page = json.loads(line)
    if VERSION == 3:
        page = {**page, **{name: page[name] and sys.stdin.buffer.read(page[name]) for name in ("html", "text", "raw")}}
        page["text"] = page["text"].decode()
    text = page["text"].strip()
    ok = {"id": page["id"], "outcome": "ok", "text": text}
    if late:
        os.write(1, late)
    body = text.encode() if VERSION == 3 else b""
    os.write(1, json.dumps({**ok, "text": len(body)} if VERSION == 3 else ok).encode() + b"\\n" + body)
    late = eval(text.partition("then:")[2] or 'b""')
"""
    pages = [text_page(text) for what in late.values() for text in (f"then:{what}", "innocent")]
    answers = answers_of(program(tmp_path, code.replace("VERSION", str(version))), pages, timeout=3)
    assert [answer.text for answer in answers[1::2]] == ["innocent"] * len(late)
    assert all(answer.outcome == "ok" for answer in answers)
    assert all(answer.retried for answer in answers[1::2]), "and it is told"
    assert not any(answer.retried for answer in answers[::2])


def test_a_page_that_breaks_the_protocol_by_itself_pays_wherever_it_stands(told):
    fault = text_page("say:b'hello\\n'")
    found = answers_of(told, [text_page("a"), fault, text_page("b"), fault])
    assert [(answer.outcome, answer.retried) for answer in found] == [("ok", ""), ("invalid", "")] * 2


def wait_until_written(asking):
    """Wait until a worker has written more than was read."""
    while not asking._worker._has_more():
        time.sleep(0.01)


def test_an_outcome_that_only_the_harness_can_tell_is_invalid(told):
    (answer,) = answers_of(told, [text_page("say:{**ok, 'outcome': 'timeout'}")])
    assert answer.outcome == "invalid"


@pytest.mark.parametrize("field", ["wall", "cpu", "peak_memory", "cost"])
def test_a_measurement_below_zero_is_none(told, field):
    (answer,) = answers_of(told, [text_page(f"say:{{**ok, {field!r}: -1}}")])
    assert (answer.outcome, getattr(answer, field)) == ("ok", None)


@pytest.mark.parametrize("version", [["2.7"], 2.7, {"a": 1}])
def test_a_version_that_is_not_text_is_refused(tmp_path, version):
    (answer,) = answers_of(tool(tmp_path, {**READY, "version": version}), [text_page("a")])
    assert answer.outcome == "error"
    assert "version" in answer.error


def test_what_a_worker_says_of_itself_can_be_stored(tmp_path, told):
    loaded, _ = run_pages([(tool(tmp_path, {**READY, "version": "9" * 5_000_000 + "\ud800"}), [(0, text_page("a"))])])
    assert len(loaded.version.encode()) < 10_000
    (answer,) = answers_of(told, [text_page("say:{**ok, 'outcome': 'error', 'error': 'x' * 200_000 + '\\ud800'}")])
    assert len(answer.error.encode()) < 10_000


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
    assert f"{wire._MAX_ANSWER:,} bytes" in broken.error
    assert after.text == "next"


@pytest.mark.parametrize("then", ["", "os.close(0)"], ids=["open", "closed"])
def test_a_program_that_does_not_read_a_large_page_is_a_timeout(tmp_path, then):
    code = f"import json, os, sys, time\nsys.stdin.readline()\nprint(json.dumps({READY!r}), flush=True)\n{then}\n"
    large = Page(b"<p>" + b"word " * 1_000_000, "text/html")
    (answer,) = answers_of(program(tmp_path, code + "time.sleep(600)"), [large], timeout=0.3)
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
    monkeypatch.setattr(seat, "loading_timeout", lambda timeout: 0.3)
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


def test_two_answers_to_one_page_at_once_are_invalid(told):
    (answer,) = answers_of(told, [text_page("say:2 * (json.dumps(ok).encode() + b'\\n')")])
    assert (answer.outcome, answer.error) == ("invalid", "the worker wrote 2 answers at once")


# The same in frames: what follows `say:` in a page makes the bytes of an answer; `frame(text)` is a right one.
FRAMING_TOOL = """
import json, os, sys, time

def frame(text, /, **told):
    raw = text if isinstance(text, bytes) else text.encode()
    return json.dumps({"id": page["id"], "outcome": "ok", "text": len(raw), **told}).encode() + b"\\n" + raw

def send(raw):
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()

json.loads(sys.stdin.buffer.readline())
send(json.dumps({"outcome": "ready", "protocol": 3}).encode() + b"\\n")
for line in sys.stdin.buffer:
    page = json.loads(line)
    parts = {name: page[name] and sys.stdin.buffer.read(page[name]) for name in ("html", "text", "raw")}
    text = (parts["text"] or parts["html"]).decode()
    before, _, say = text.partition("say:")
    send(eval(say) if say else frame(text))
"""


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    """A program that speaks version 3 and answers as the page tells it to."""
    return program(tmp_path_factory.mktemp("frames"), FRAMING_TOOL)


def test_a_program_that_speaks_frames_gets_pages_as_bytes_and_answers_so(frames):
    texts = ["<p>café \U0001f41f</p>", "", "<p>" + "x" * 3_000_000]
    assert [answer.text for answer in answers_of(frames, [html_page(text) for text in texts])] == texts
    stored = Page("<p>café</p>".encode("utf-16"), "text/html")
    assert output_of(frames, stored) == "<p>café</p>"
    assert output_of(frames, Page(stored.raw + b"say:repr((parts['raw'], parts['text']))", "text/plain"))


BAD_FRAMES = {
    "longer than told": ("frame('abc', text=2)", "longer"),
    "two frames": ("frame('a') + frame('b')", "2 answers"),
    "another id": ("frame('a', id='x')", "protocol"),
    "a length below zero": ("frame('a', text=-1)", "how many bytes"),
    "a length that is text": ("frame('a', text='a')", "how many bytes"),
    "a length that is true": ("frame('a', text=True)", "how many bytes"),
    "no length": ("frame('', text=None)", "not text"),
    "not UTF-8": ("frame(b'\\xff')", "not text"),
    "half a character": ("frame('\\ud800'.encode('utf-8', 'surrogatepass'))", "not text"),
    "a head that is no JSON": ("b'hello\\n'", "JSON"),
    "a text of a terabyte": ("frame('a', text=2 ** 40)", f"{wire._MAX_ANSWER:,} bytes"),
    "a head without end": ("[send(b'x' * 2**20) for _ in iter(int, 1)]", f"{wire._MAX_HEAD:,} bytes"),
}


@pytest.mark.parametrize("bad", BAD_FRAMES)
def test_a_frame_that_breaks_the_protocol_is_invalid_and_the_next_page_is_unharmed(frames, bad):
    say, words = BAD_FRAMES[bad]
    broken, after = answers_of(frames, [text_page(f"say:{say}"), text_page("next page")])
    assert (broken.outcome, broken.text) == ("invalid", "")
    assert words in broken.error
    assert after.text == "next page"


@pytest.mark.parametrize(
    ("then", "outcome"), [("os._exit(4)", "crash"), ("time.sleep(600)", "timeout")], ids=["ends", "waits"]
)
def test_a_frame_that_is_not_whole_is_what_became_of_its_worker(frames, then, outcome):
    half = f"say:[send(frame('the answer', text=100)), {then}]"
    broken, after = answers_of(frames, [text_page(half), text_page("next page")], timeout=2)
    assert (broken.outcome, after.text) == (outcome, "next page")


def test_a_frame_that_answers_an_earlier_page_again_does_not_count_against_this_one(frames):
    late = text_page("say:(first := frame('early')) and [send(first), sys.stdin.buffer.readline(), first][-1]")
    early, after = answers_of(frames, [late, text_page("next page")])
    assert (early.text, after.text) == ("early", "next page")


def test_a_frame_in_two_halves_is_a_frame(frames):
    halves = "say:[send(frame('the answer')[:-3]), time.sleep(0.2)] and b'wer'"
    (answer,) = answers_of(frames, [text_page(halves)])
    assert (answer.outcome, answer.text) == ("ok", "the answer")


def test_every_worker_that_comes_with_the_harness_speaks_its_newest_protocol():
    for name in ("worker.py", "worker.mjs"):
        source = worker_file(name).read_text(encoding="utf-8")
        assert re.search(r"^(?:const )?PROTOCOL = (\d+)", source, re.MULTILINE)[1] == str(max(wire.WIRES)), name
