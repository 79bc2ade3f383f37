"""Scorecards of runs made up for them."""

import argparse
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from factories.extractors import runnable
from factories.goldens import lined_golden
from factories.pages import html_page
from factories.records import record, run_of
from harness.alignment.words import page_words
from harness.cli.commands import scorecard as command
from harness.engine.answer import Answer
from harness.evaluation.digests import labels_hash
from harness.evaluation.scoring import score
from harness.goldens.golden import Golden
from harness.runs.record import Record, Run
from harness.scorecard.gather.build import scorecard
from harness.scorecard.values.card import Scorecard

NOT_HERE = "not here"


def two_lines(id: str, kept: str, dropped: str = "", *, lang: str = "en", **about: Any) -> Golden:
    """A golden with a line of main content and a line of boilerplate, on a page that has nothing else."""
    page = replace(html_page(f"<p>{kept}</p><p>{dropped}</p>"), lang=lang)
    return lined_golden(
        [("keep", "body", kept), ("drop", "related", dropped)], id, page, **{"site": "quay.example", **about}
    )


def scored(golden: Golden, outputs: Mapping[str, str | Answer]) -> list[Record]:
    """What extractors with these names and answers do on a golden."""
    words = page_words(golden)
    answers = {name: Answer("ok", out) if isinstance(out, str) else out for name, out in outputs.items()}
    return [score(golden, words, runnable(name), answer) for name, answer in answers.items()]


def run_over(goldens: Iterable[Golden], records: Iterable[Record], **header: Any) -> Run:
    """A finished run whose header knows these goldens."""
    known = {golden.id: {"page": golden.page.sha256, "labels": labels_hash(golden)} for golden in goldens}
    return run_of(*records, **{"goldens": known, **header})


def card_of(run: Run, **how: object) -> Scorecard:
    return scorecard(run, lambda id: NOT_HERE, **how)


def thirty(extractor: str, values: list[float], **other: object) -> list:
    return [record(extractor, f"set/{number:02}", values[number % len(values)], **other) for number in range(30)]


class Outline(HTMLParser):
    """Checks that elements are closed in order and ids are unique, and gathers tags, attributes and text."""

    VOID = frozenset({"meta", "br", "input", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "]]></style><!--",
    "{{ 7*7 }}{% raw %}",
    "$\\frac{",
    "a\u202eb\u2066c\x00\x1b[31m\ud800\ufffe",
    "| [x](javascript:alert) ![y](http://z) `c` *d*\n# heading",
]


def tables_of(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown page, cell by cell."""
    tables, rows = [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(re.split(r"(?<!\\)\|", line)[1:-1])
        elif rows:
            tables.append(rows)
            rows = []
    return tables


def hostile_run() -> tuple[Run, dict]:
    goldens = {
        f"set/{text}": two_lines(f"set/{text}", f"{text} kept {text}", f"{text} dropped", site=text, lang=text, kind=text)
        for text in HOSTILE
    }
    records = [r for golden in goldens.values() for r in scored(golden, {name: f"leaked {name} kept" for name in HOSTILE})]
    records.append(
        record(HOSTILE[0], f"set/{HOSTILE[0]}", 0.1, repeat=1, outcome="error", error=HOSTILE[1], timing={"wall": 0.1})
    )
    versions = dict(zip(HOSTILE, reversed(HOSTILE)))
    header = {name: HOSTILE[0] for name in ("started", "python", "platform", "harness", "seed")}
    paths = [text.replace("\0", "") for text in HOSTILE]  # no path has a NUL: a header that says so is damaged
    arguments = {"goldens": HOSTILE, "extractor": HOSTILE, "plugins": paths}
    return run_over(goldens.values(), records, versions=versions, arguments=arguments, **header), goldens


def run_scorecard(output: str, run_name: str | None = None, **options: object) -> int:
    known = {
        "extractor": [],
        "baseline": None,
        "robustness": None,
        "exposure": None,
        "figures": None,
        "policy": "",
        "no_times": False,
        "check": False,
        "dumps": [],
    }
    return command.run(argparse.Namespace(run_name=run_name, output=[Path(output)], **{**known, **options}))
