"""Sessions of pytest within a test."""

from importlib import metadata


def loaded_as_a_plugin() -> bool:
    """Whether pytest finds the harness by itself, since it is installed."""
    return any(entry.value == "harness.pytest_plugin" for entry in metadata.entry_points(group="pytest11", name="harness"))


TEXTS = [
    "The ferry leaves at nine.\nIt carries forty bicycles.",
    "The winch was built in 1911.\nNobody remembers by whom.",
    "A third page about tides.\nThey come twice a day.",
]
EXTRACTOR = """
import os, time
from pathlib import Path
from harness import extractor

STARTED = time.monotonic_ns()

@extractor(media="text/plain")
def extract(page):
    Path(os.environ["PIDS"], f"{os.getpid()}.{STARTED}").touch()
    where, what = Path("fault").read_text().split() if Path("fault").exists() else ("", "")
    if where not in page.text:
        what = ""
    if what == "raises":
        raise ValueError("the ladder is too short")
    if what == "hangs":
        time.sleep(60)
    if what == "crashes":
        os._exit(3)
    return {"drops": page.text.splitlines()[0], "empty": ""}.get(what, page.text)
"""
WANTED = ["--harness-extractor", "mypkg.module:extract", "--harness-goldens", "pages"]

MORE_EXTRACTORS = r"""
import time

@extractor
def two_words(page):
    return "The poles."

@extractor
def fails(page):
    raise ValueError("no ladder")

@extractor
def fails_at_comments(page):
    if "<!--" in page.html:
        raise ValueError("no ladder\n::error::owned\x1b]0;owned\x07")
    return "The poles."

@extractor
def hangs_at_comments(page):
    if "<!--" in page.html:
        time.sleep(600)
    return "The poles."
"""
