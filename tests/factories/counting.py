"""Extractors that count their calls, and damage to the cache that spares them calls."""

import sqlite3
from pathlib import Path

from factories.goldens import plain_golden
from harness.engine.cache import cache_path

COUNTING = '''\
"""Extractors that note every call in a file beside them."""
import os
import sys
import time
from pathlib import Path

from harness import extractor

CALLS = Path(__file__).with_name("calls")


def note():
    """Append a letter, and say how many there are."""
    with CALLS.open("a") as file:
        file.write("x")
        return file.tell()


@extractor(media="text/plain", variants={"loud": {"mark": "!"}})
def counted(page, mark=""):
    note()
    return page.text.strip() + mark


@extractor(media="text/plain")
def random(page):
    return "word " * note()


@extractor(media="text/plain", network=True)
def asks(page):
    note()
    return page.text


@extractor(media="text/plain")
def behaves(page):
    note()
    kind = page.text.split()[0]
    if kind == "raise":
        raise ValueError("no")
    if kind == "crash":
        os._exit(3)
    if kind == "sleep":
        time.sleep(600)
    if kind == "memory":
        raise MemoryError
    return {"empty": "", "invalid": None}.get(kind, page.text)
'''

GOLDENS = [plain_golden(f"{name} is a page", f"set/{name}") for name in ("a", "b", "c")]


def calls() -> int:
    """How often extractors were called since the last question."""
    path = Path("calls")
    number = path.stat().st_size if path.exists() else 0
    path.unlink(missing_ok=True)
    return number


def damage_with_garbage() -> None:
    cache_path().parent.mkdir(exist_ok=True)
    cache_path().write_bytes(b"this is no database, " * 1000)


def damage_by_another_table() -> None:
    cache_path().parent.mkdir(exist_ok=True)
    with sqlite3.connect(cache_path()) as database:
        database.execute("CREATE TABLE answers (wrong INTEGER)")
