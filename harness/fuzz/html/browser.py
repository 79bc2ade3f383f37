"""Asks a browser which texts of a page it shows: Chromium or Chrome without a window, where one is installed.

The page is shown as it is stored: none of its scripts run, and nothing is loaded from anywhere. Folded `details` are opened,
since readers open them. A text counts as shown if its element, or the `select` around an option, has a box and is neither
invisible nor transparent.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from functools import cache, lru_cache
from pathlib import Path

from harness.fuzz.html.tree import PLAIN, Element, Style, Text, copy_tree, write

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""The names that are looked for on the path."""

_SECONDS = 30.0  # for one page
_NONCE = "extraction-harness"
_NUMBER = f"data-{_NONCE}"  # the attribute that numbers the elements with text
_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{_NONCE}'"
_SHOWN = re.compile(r'<pre id="shown">([\d,]*)</pre>')
_SCRIPT = f"""
(function () {{
  const shown = [];
  function visit(root) {{
    for (const element of root.querySelectorAll("details")) element.open = true;
    for (const element of root.querySelectorAll("*")) {{
      if (element.shadowRoot) visit(element.shadowRoot);
      const number = element.getAttribute("{_NUMBER}");
      if (number === null) continue;
      let box = element.closest("select") || element;
      while (box.parentElement && getComputedStyle(box).display === "contents") box = box.parentElement;
      if (box.checkVisibility({{ opacityProperty: true, visibilityProperty: true }})) shown.push(number);
    }}
  }}
  visit(document);
  document.documentElement.innerHTML = '<body><pre id="shown">' + shown.join(",") + "</pre></body>";
}})();
"""


@cache
def program() -> str | None:
    """The browser that is installed, None for none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def shown_in_browser(tree: Element, style: Style = PLAIN) -> list[bool] | None:
    """For each text that is not blank, in page order, whether the browser shows it; None if there is none that tells."""
    if program() is None:
        return None
    tree = copy_tree(tree)
    parents = [text.parent for text in tree.texts() if not text.blank]
    numbers: dict[int, int] = {}
    for parent in parents:
        assert parent is not None  # texts stand in a document
        parent.attributes[_NUMBER] = str(numbers.setdefault(id(parent), len(numbers)))
    head = next((element for element in tree.elements() if element.tag == "head"), None)
    body = next((element for element in tree.elements() if element.tag == "body"), None)
    if head is None or body is None:
        return None
    head.insert(0, Element("meta", {"charset": "utf-8"}))
    head.insert(1, Element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}))
    body.append(Element("script", {"nonce": _NONCE}, Text(_SCRIPT)))
    shown = _shown(write(tree, style))
    return None if shown is None else [numbers[id(parent)] in shown for parent in parents]


@lru_cache(maxsize=128)
def _shown(html: str) -> frozenset[int] | None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8", errors="replace")
        command = [str(program()), "--headless", "--disable-gpu", "--no-first-run", "--window-size=1300,1000"]
        command += [f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()]
        if os.geteuid() == 0:  # Chromium refuses to start its sandbox as root
            command.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            return None
    found = _SHOWN.search(done.stdout.decode("utf-8", errors="replace"))
    return frozenset(int(number) for number in found[1].split(",") if number) if found else None
