"""A project with many small pages and three extractors that take a little time."""

from dataclasses import replace
from pathlib import Path

from factories.goldens import write_golden
from harness.runs.record import Record, Run

FERRY_PLUGINS = '''\
"""Three extractors that take a little time, and fail in their ways."""
import os
import time

from harness import extractor


@extractor(media="text/plain")
def steady(page):
    time.sleep(0.004)
    return page.text


@extractor(media="text/plain")
def moody(page):
    time.sleep(0.004)
    if "7" in page.text:
        raise ValueError("seven")
    return page.text.split()[0]


@extractor(media="text/plain")
def fragile(page):
    time.sleep(0.004)
    if "33" in page.text:
        os._exit(3)
    return "" if "5" in page.text else page.text.upper()
'''
FERRIES = ("steady", "moody", "fragile")
# One process: each further one costs half a second to start.
RUN_FERRIES = ["run", "--plugins", "plugins.py", "-j", "1", *(word for name in FERRIES for word in ("-e", name))]
PAGES = 102


def add_golden(name: str, text: str) -> None:
    write_golden(Path("goldens/many"), name, text, [{"keep": 1, "as": "body"}, {"drop": 2, "as": "promo"}])


def make_ferries(pages: int) -> None:
    for number in range(pages):
        add_golden(f"p{number:03}", f"The ferry number {number} was late.\nBuy a ticket for boat {number} now.\n")
    Path("plugins.py").write_text(FERRY_PLUGINS)


def plain(run: Run) -> list[Record]:
    return [replace(record, timing={}, cached=False) for record in run.records]


def records_in(*paths: Path) -> int:
    """How many records are written in files, the last of which may be torn."""
    return sum(path.read_bytes().count(b'{"type":"record"') for path in paths)


def cut(path: Path, records: int, torn: int = 25) -> None:
    """Make a finished run one that was killed in the middle of a line, behind a number of records."""
    lines = path.read_bytes().splitlines(keepends=True)
    places = [index for index, line in enumerate(lines) if line.startswith(b'{"type":"record"')]
    end = places[records] if records < len(places) else len(lines) - 1
    path.write_bytes(b"".join(lines[:end]) + lines[end][:-1][:torn])


def change_a_label() -> str:
    path = Path("goldens/many/p003.yaml")
    path.write_text(path.read_text().replace('"as": "body"', '"as": "title"'))
    return "golden many/p003"


def change_the_plugins() -> str:
    Path("plugins.py").write_text(FERRY_PLUGINS.replace("upper", "lower"))
    return "extractor fragile"
