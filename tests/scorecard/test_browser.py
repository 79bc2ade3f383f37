"""The scorecard of a hostile run in a real browser: nothing in it runs, nothing is fetched, all of it is shown as text."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from factories.chromium import CHROMIUM, OPTIONS
from factories.scorecards import run_over, scored, two_lines
from harness.engine.answer import Answer
from harness.scorecard.gather.build import scorecard
from harness.scorecard.write.html import html

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: apt-get install chromium")]


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes what is asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"document.title = 'fetched'")

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        threading.Thread(target=http_server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http_server.server_port}", asked
        http_server.shutdown()


def opened(page: Path, folder: Path) -> str:
    """The page as the browser has it once its scripts have run."""
    command = [CHROMIUM, *OPTIONS, "--virtual-time-budget=3000", f"--user-data-dir={folder}", "--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode("utf-8")


def attacks(url: str) -> list[str]:
    run = "document.title='executed'"
    return [
        f"<script>{run}</script>",
        f"<script src={url}/script></script>",
        f"</style></title></script><script>{run}</script>",
        f"--><svg onload={run}><!--",
        f"\"'><img src={url}/image onerror={run}>",
        f"javascript:{run}",
        f'<a href="javascript:{run}" autofocus onfocus={run}>x</a>',
        f"<link rel=stylesheet href={url}/style><style>@import '{url}/import'</style>",
        f"url({url}/css);}} body{{background:url({url}/body)",
        f"<iframe src={url}/frame></iframe><meta http-equiv=refresh content='0;url={url}/refresh'>",
        "{{ cycler.__init__.__globals__ }}",
        "\u202eevitcerid\u202c \u2066\u200f\x00\x1b]0;title\x07",
        "broken \udc80\ud800 \ufffe\uffff",
        "w" * 1_000_000,
    ]


def test_a_hostile_run_executes_nothing_and_fetches_nothing(server, tmp_path):
    url, asked = server
    texts = attacks(url)
    goldens = {
        f"set/{text}": two_lines(
            f"set/{text}", f"{text} is kept {text}", f"{text} is dropped", site=text, lang=text, kind=text
        )
        for text in texts
    }
    answers = {text: f"{text} is kept and {text} is new" for text in texts[:-1]}
    answers[texts[-1]] = Answer("error", error="\n".join(texts), stderr="\n".join(texts))
    records = [record for golden in goldens.values() for record in scored(golden, answers)]
    header = dict.fromkeys(("started", "python", "platform", "harness", "seed"), texts[0])
    arguments = {"goldens": texts, "extractor": texts, "plugins": [text.replace("\0", "") for text in texts]}
    run = run_over(goldens.values(), records, versions=dict(pairwise(texts)), arguments=arguments, **header)
    path = tmp_path / "card.html"
    path.write_text(html(scorecard(run, goldens.__getitem__)), encoding="utf-8")

    dom = opened(path, tmp_path / "profile")

    page = LexborHTMLParser(dom)
    assert page.css_first("title").text().startswith("14 extractors compared")
    assert asked == []
    assert len(page.css("script")) == 1
    assert not page.css("img, iframe, link, object, embed, base, main meta, main style")
    assert not [name for node in page.css("*") for name in node.attributes if name.startswith("on")]
    assert all(link.attributes["href"].startswith("#") for link in page.css("a"))
    shown = page.body.text()
    for text in texts[:11]:
        assert text in shown, text
    for spelled in ("\\u202eevitcerid", "\\udc80", "\\ufffe", "\\u001b", "(1,000,000 characters)"):
        assert spelled in shown
    assert path.stat().st_size < 5_000_000


def test_the_browser_notices_what_the_test_looks_for(server, tmp_path):
    """Without it the test above could pass because nothing is ever noticed."""
    url, asked = server
    path = tmp_path / "page.html"
    path.write_text(f"<title>quiet</title><img src={url}/image><script src={url}/script></script>")
    dom = opened(path, tmp_path / "profile")
    assert "<title>fetched</title>" in dom
    assert sorted(asked) == ["/image", "/script"]


def test_the_filter_works_under_the_policy_of_the_page(tmp_path):
    golden = two_lines("set/ferry", "The ferry waits for the tide at seven.", "Read also")
    run = run_over([golden], scored(golden, {"a": "The ferry", "b": "tide at seven"}))
    page = html(scorecard(run, lambda id: golden))
    path = tmp_path / "card.html"
    path.write_text(page, encoding="utf-8")
    assert 'id="filter" class="filter" hidden' in page
    found = LexborHTMLParser(opened(path, tmp_path / "profile"))
    assert "hidden" not in found.css_first("form").attributes
    assert [option.text() for option in found.css("select[name=extractor] option")] == ["all", "a", "b"]
    assert found.css_first("output").text() == "2 of 2"
