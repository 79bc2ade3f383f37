"""`make links` finds addresses that do not answer."""

import importlib.util
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from factories.places import ROOT

SPEC = importlib.util.spec_from_file_location("links", ROOT / ".ci/links.py")
links = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(links)


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_dead_addresses_are_named_with_their_pages_and_those_in_code_are_not_asked(site, tmp_path, capsys):
    page = tmp_path / "a.md"
    page.write_text(
        f"[here]({site}/200) [gone]({site}/404#part) [gone again]({site}/404) [who are you]({site}/403) "
        f"[ours](https://github.com/OWNER/extraction-harness)\n`[code]({site}/500)`\n```\n[code]({site}/501)\n```\n"
    )
    assert links.report(links.addresses([page])) == 1
    assert capsys.readouterr().out == f"{site}/404: 404 Not Found (a.md)\n3 addresses, 1 of them dead\n"


def test_a_site_that_is_not_there_is_dead(capsys, tmp_path):
    assert links.report({"http://127.0.0.1:9/": [tmp_path / "b.md"]}) == 1
    assert "(b.md)" in capsys.readouterr().out
