"""extractors/chat_completions.py in real workers, against a service of the tests' own."""

import email.utils
import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.common.extensions import import_file
from harness.common.places import bundled
from harness.engine.local import LocalEngine
from harness.evaluation.evaluate import evaluate
from harness.goldens.golden import Golden, Segment
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.runs.record import Record

EXAMPLE = bundled("extractors") / "chat_completions.py"
KEY = "sk-0123456789-secret"
STORY = "The ferry was late again because the winch had frozen."  # ten words
HTML = f"<nav>Home News</nav><script>track()</script><p>{STORY}</p>"


def completion(text, sent=1000, received=50):
    return {
        "choices": [{"message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": sent, "completion_tokens": received},
    }


class Service:
    """Gives the answers it was told, (status, headers, body) each, the last one again and again."""

    def __init__(self):
        self.answers = [(200, {}, completion(STORY))]
        self.requests = []  # the JSON of each
        self.headers = []
        self.paths = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                service.paths.append(self.path)
                service.headers.append(self.headers)
                service.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                answers = service.answers
                status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
                if status == 0:  # hangs, longer than anybody waits
                    service.stopped.wait(20)
                    return
                if status < 0:  # hangs up
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, *arguments):
                pass

        self.stopped = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def stop(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    service = Service()
    monkeypatch.setenv("LLM_ENDPOINT", service.address)
    monkeypatch.setenv("LLM_MODEL", "small")
    monkeypatch.setenv("LLM_KEY", KEY)
    yield service
    service.stop()


CLOCKED = f"""
import importlib.util, os, sys

spec = importlib.util.spec_from_file_location("chat_example", {str(EXAMPLE)!r})
module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
clocked = module.chat_completions
clocked.name = "clocked"

class Clock:
    now = 1000.0

    def monotonic(self):
        return self.now

    time = monotonic

    def sleep(self, seconds):
        self.now += seconds
        with open(os.environ["SLEPT"], "a") as file:
            print(seconds, file=file)

module.time = Clock()
"""


@pytest.fixture
def clocked(tmp_path, monkeypatch):
    """The example with a clock that goes on only while it sleeps, and how long it slept each time, in seconds."""
    plugin, log = tmp_path / "clocked.py", tmp_path / "slept"
    plugin.write_text(CLOCKED)
    log.touch()
    monkeypatch.setenv("SLEPT", str(log))
    return plugin, lambda: [float(line) for line in log.read_text().splitlines()]


def golden(number: int, html: str) -> Golden:
    segments = (Segment("Home News", "drop", "navigation", 0), Segment(STORY, "keep", "body", 1))
    return Golden(f"set/{number}", Page(html.encode(), "text/html"), "article", "a.example", segments)


def run(*pages: str, name: str = "chat_completions", repeat: int = 1, plugin: Path | None = None) -> list[Record]:
    """The records of the extractor on pages, in one real worker."""
    runnables, unavailable = prepare(Registry([plugin] if plugin else []).select([name]))
    assert not unavailable
    goldens = [golden(n, html) for n, html in enumerate(pages)]
    events = evaluate(goldens, runnables, metrics=["F"], engine=LocalEngine(timeout=60), repeat=repeat)
    return [event for event in events if isinstance(event, Record)]


def error_of(record: Record) -> str:
    assert record.outcome == "error"
    assert record.scores == {"F": 0}
    assert KEY not in record.error
    return record.error


def test_an_answer_is_scored_and_what_it_cost_is_in_the_record(service, monkeypatch):
    monkeypatch.setenv("LLM_PRICE_IN", "2")
    monkeypatch.setenv("LLM_PRICE_OUT", "10")
    (record,) = run(HTML)
    assert (record.outcome, record.text, record.scores) == ("ok", STORY, {"F": 1})
    assert record.timing["cost"] == pytest.approx(1000 * 2 / 1e6 + 50 * 10 / 1e6)
    assert (record.timing["tokens_in"], record.timing["tokens_out"]) == (1000, 50)
    assert (record.truncated, record.confidence, "retries" in record.timing) == (False, None, False)
    (request,) = service.requests
    assert (request["model"], request["temperature"], request["seed"]) == ("small", 0, 0)
    task, page = request["messages"]
    assert (task["role"], page["role"]) == ("system", "user")
    assert page["content"] == f"<nav>Home News</nav><p>{STORY}</p>"  # without what no reader sees
    assert service.paths == ["/v1/chat/completions"]
    assert service.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_without_prices_and_key_nothing_is_noted_and_no_key_sent(service, monkeypatch):
    monkeypatch.delenv("LLM_KEY")
    (record,) = run(HTML)
    assert record.outcome == "ok"
    assert record.timing["cost"] is None
    assert service.headers[0]["Authorization"] is None


def test_the_variant_creative_may_answer_differently_each_time(service):
    service.answers = [(200, {}, completion(text)) for text in (STORY, "NONE", "The ferry was late.")]
    records = run(HTML, name="chat_completions/creative", repeat=3)
    assert [record.outcome for record in records] == ["ok", "empty", "ok"]
    assert [record.repeat for record in records] == [0, 1, 2]
    assert all(request["temperature"] == 1 and "seed" not in request for request in service.requests)


def test_a_long_page_is_cut_and_the_model_is_told(service, monkeypatch):
    monkeypatch.setenv("LLM_MAX_CHARACTERS", "20")
    (record,) = run("<p>" + "word " * 100 + "</p>")
    assert record.truncated
    content = service.requests[0]["messages"][1]["content"]
    assert content == "<p>word word word wo\n[The page goes on, but the rest is not shown.]"


def test_an_answer_that_its_model_could_not_finish_is_truncated(service):
    service.answers = [(200, {}, completion(STORY))]
    service.answers[0][2]["choices"][0]["finish_reason"] = "length"
    assert run(HTML)[0].truncated


def test_the_confidence_is_the_mean_probability_of_the_tokens_where_a_service_tells_it(service, monkeypatch):
    monkeypatch.setenv("LLM_LOGPROBS", "1")
    service.answers = [(200, {}, completion(STORY))]
    service.answers[0][2]["choices"][0]["logprobs"] = {"content": [{"logprob": math.log(p)} for p in (0.5, 0.8)]}
    assert run(HTML)[0].confidence == pytest.approx(0.4**0.5)
    assert service.requests[0]["logprobs"] is True


def test_markdown_and_numbers_of_elements_are_outputs_too(service):
    service.answers = [(200, {}, completion(text)) for text in (f"# Late\n\n**{STORY}**", "2", "2, 9")]
    assert run(HTML, name="chat_completions/markdown")[0].text == f"Late\n{STORY}"
    assert run(HTML, name="chat_completions/nodes")[0].text == STORY
    assert f'<p data-node="2">{STORY}' in service.requests[1]["messages"][1]["content"]
    assert run(HTML, name="chat_completions/nodes")[0].outcome == "invalid"


def test_a_refusal_for_too_many_requests_is_waited_out_and_no_longer(service, clocked):
    plugin, slept = clocked
    service.answers = [(429, {"Retry-After": "7"}, b"slow down"), (200, {}, completion(STORY))]
    (record,) = run(HTML, plugin=plugin, name="clocked")
    assert record.outcome == "ok"
    assert len(service.requests) == 2
    assert slept() == [7]
    assert record.timing["retries"] == 1


def test_a_service_that_fails_again_and_again_is_given_up(service, monkeypatch):
    monkeypatch.setenv("LLM_RETRIES", "2")
    # The key stands where an excerpt of the message ends.
    service.answers = [(500, {"Retry-After": "0"}, f"{'overloaded ' * 15}{KEY}".encode())]
    error = error_of(run(HTML)[0])
    assert error.startswith(
        "ServiceError: gave up after 3 attempts: the service answered 500 Internal Server Error: overloaded"
    )
    assert KEY[:6] not in error
    assert len(service.requests) == 3


def test_a_silent_service_is_given_up(service, monkeypatch):
    monkeypatch.setenv("LLM_TIMEOUT", "0.2")
    monkeypatch.setenv("LLM_RETRIES", "0")
    service.answers = [(0, {}, b"")]
    assert "gave up after 1 attempts: the service was silent for 0.2 s" in error_of(run(HTML)[0])


@pytest.mark.slow
def test_a_broken_connection_is_tried_again(service):
    service.answers = [(-1, {}, b""), (200, {"Content-Length": "1000"}, b"{"), (200, {}, completion(STORY))]
    assert run(HTML)[0].outcome == "ok"
    assert len(service.requests) == 3


def test_a_page_that_failed_costs_nothing_and_harms_no_other(service):
    service.answers = [(400, {}, b"context too long"), (200, {}, completion(STORY))]
    failed, fine = run(HTML, HTML + "<p></p>")
    assert "the service answered 400 Bad Request: context too long" in error_of(failed)
    assert fine.outcome == "ok"
    assert len(service.requests) == 2  # such a refusal is final


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((200, {}, b"<html>welcome"), "the answer is not a JSON object: <html>welcome"),
        ((200, {}, b"[1]"), "the answer is not a JSON object: [1]"),
        ((200, {}, {"error": "no such model"}), 'the answer holds no text: {"error": "no such model"}'),
        ((200, {}, completion(None)), "the answer holds no text"),
        ((200, {}, {"choices": []}), "the answer holds no text"),
        ((401, {}, f"Incorrect API key: {KEY}".encode()), "the service answered 401 Unauthorized: Incorrect API key: …"),
        ((429, {"Retry-After": "3600"}, b"quota"), "429 Too Many Requests: quota; it asks for a pause of 3600 s"),
        ((307, {"Location": "http://127.0.0.1:9/"}, b""), "the service answered 307"),
        ((302, {"Location": "http://127.0.0.1:9/"}, b""), "the service answered 302"),
    ],
    ids=["html", "list", "error", "null", "no choice", "key", "long pause", "redirect 307", "redirect 302"],
)
def test_an_answer_that_is_of_no_use_is_an_error_that_quotes_it(service, answer, message):
    service.answers = [answer]
    assert message in error_of(run(HTML)[0])
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("LLM_ENDPOINT", "", "LLM_ENDPOINT must be set to an address such as http://"),
        ("LLM_ENDPOINT", "file:///etc", "LLM_ENDPOINT must be set to an address such as http://"),
        ("LLM_ENDPOINT", "http://127.0.0.1:1/v1", "the service cannot be reached: "),
        ("LLM_MODEL", " ", "LLM_MODEL must be set"),
        ("LLM_KEY", KEY + "\nx", "LLM_KEY has characters that an HTTP header cannot hold"),
        ("LLM_PRICE_IN", "cheap", "LLM_PRICE_IN is 'cheap', not a number from 0 up"),
        ("LLM_RETRIES", "-1", "LLM_RETRIES is '-1', not a number from 0 up"),
    ],
)
def test_settings_that_cannot_be_used_are_named(service, monkeypatch, variable, value, message):
    monkeypatch.setenv(variable, value)
    assert message in error_of(run(HTML)[0])
    assert service.requests == []


def test_a_worker_keeps_to_its_rate_from_page_to_page(service, clocked, monkeypatch):
    plugin, slept = clocked
    monkeypatch.setenv("LLM_REQUESTS_PER_MINUTE", "15")
    run(HTML, HTML + "<p>b</p>", HTML + "<p>c</p>", plugin=plugin, name="clocked")
    assert len(service.requests) == 3
    assert slept() == [0, 4, 4]


class Clock:
    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def monotonic(self):
        return self.now

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def example(monkeypatch):
    module = import_file(EXAMPLE)
    module.clock = Clock()
    monkeypatch.setattr(module, "time", module.clock)
    return module


def test_requests_are_spaced_evenly_and_time_spent_elsewhere_counts(example):
    pace, clock = example.Pace(), example.clock
    for busy in (0, 0.5, 5, 0):
        clock.now += busy
        pace.wait(30)
    assert clock.slept == pytest.approx([0, 1.5, 0, 2])


def test_the_pause_doubles_from_attempt_to_attempt(example, service, monkeypatch):
    monkeypatch.setenv("LLM_RETRIES", "4")
    service.answers = [(503, {}, b"")]
    with pytest.raises(example.ServiceError, match="gave up after 5 attempts: the service answered 503"):
        example.complete(example.Service.from_environment(), {}, SimpleNamespace(retries=0))
    assert [2**n / 2 <= pause <= 2**n for n, pause in enumerate(example.clock.slept)] == [True] * 4


@pytest.mark.parametrize("tokens", [None, [], [{}], [{"logprob": "high"}], [{"logprob": 1e9}]])
def test_probabilities_that_make_no_sense_are_no_confidence_and_no_failure(example, tokens):
    assert example.confidence({"logprobs": {"content": tokens}}) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        (email.utils.formatdate(1030), 30),
        (email.utils.formatdate(500), 0),
        ("soon", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(example, header, seconds):
    assert example._seconds(header) == seconds
