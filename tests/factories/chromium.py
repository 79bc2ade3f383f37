"""The browser of this machine, if it has one."""

from __future__ import annotations

import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from factories.encoded_pages import EncodedPage

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

# Sends what the browser has read, and goes on to the next page.
_REPORT = """<script>addEventListener('load', async () => {
    const read = [document.characterSet, document.getElementById('text').textContent];
    await fetch('/', {method: 'POST', body: JSON.stringify(['%(name)s', ...read])});
    location = '/%(next)s';
})</script></body>"""


def read_in_chromium(pages: Sequence[EncodedPage], folder: Path) -> dict[str, tuple[str, str]]:
    """The encoding and the text of each page by its name, as the browser has them."""
    assert CHROMIUM is not None
    read: dict[str, tuple[str, str]] = {}
    finished = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            number = int(self.path[1:]) if self.path[1:].isdecimal() else len(pages)
            self.send_response(200)
            if number < len(pages):
                page = pages[number]
                charset = f"; charset={page.header}" if page.header else ""
                self.send_header("Content-Type", f"text/html{charset}")
            self.end_headers()
            if number < len(pages):
                codec = "utf-16-le" if page.raw.startswith(b"\xff\xfe") else "ascii"
                report = _REPORT % {"name": page.name, "next": number + 1}
                self.wfile.write(page.raw.replace("</body>".encode(codec), report.encode(codec)))
            elif self.path == f"/{len(pages)}":
                finished.set()

        def do_POST(self):
            name, encoding, text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            read[name] = (encoding, text)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # A port for a debugger keeps the browser open until the last page has reported.
        command = [CHROMIUM, *OPTIONS, "--remote-debugging-port=0", f"--user-data-dir={folder}"]
        with subprocess.Popen([*command, f"http://127.0.0.1:{server.server_port}/0"], stderr=subprocess.DEVNULL) as browser:
            finished.wait(timeout=120)
            browser.terminate()
        server.shutdown()
    return read


def expect(found: Any) -> Any:
    """Playwright's assertions about a part of a page. Imported here, since only slow tests need it."""
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)  # the five seconds that it gives by itself are too few for a busy machine
    return expect(found)
