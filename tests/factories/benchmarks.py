"""Pages scored by the metrics of public benchmarks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from factories.goldens import plain_golden
from factories.pages import text_page
from factories.places import DATASETS
from harness.alignment.words import page_words
from harness.evaluation import scoring
from harness.goldens.golden import Golden, Snippets
from harness.metrics.base import Case, Family
from harness.pages.formats import as_html, as_text


@dataclass(frozen=True)
class Scored:
    """A page with its scores, as a run keeps it."""

    scores: Mapping[str, float | None]
    set: str = "set"


def golden_of(text: str | None = None, markdown: str | None = None, snippets: Snippets | None = None) -> Golden:
    return plain_golden(text, markdown=markdown, snippets=snippets)


def case_of(output: str, text: str | None = None, **known: Any) -> Case:
    golden = golden_of(text, **known)
    return Case(golden, output, lambda: page_words(golden))


def failed(family: Family, case: Case) -> dict[str, float | None]:
    """What a failed page scores in a run."""
    return scoring.scores_of(case, [metric.name for metric in family.metrics], failed=True)


def over(family: Family, pages: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    return {metric.name: metric.over_pages([Scored(scores) for scores in pages]) for metric in family.metrics}


words = st.lists(st.sampled_from(["Ferry", "ferry", "winch", "drum", "the", "Fähre", "12"]), max_size=12).map(" ".join)


@cache
def aeb_gold() -> dict[str, str]:
    truth = json.loads(Path(str(DATASETS), "aeb", "ground-truth.json").read_bytes())
    return {key: row["articleBody"] for key, row in truth.items()}


@cache
def aeb_outputs(system: str) -> dict[str, str]:
    stored = json.loads(Path(str(DATASETS), "aeb", "output", f"{system}.json").read_bytes())
    pages = stored["output"] if set(stored) == {"version", "output"} else stored
    return {key: page["articleBody"] or "" for key, page in pages.items()}


def texts_of_aeb(name: str) -> list[str]:
    """The texts of the AEB dataset, or of the output of a system that comes with it, in the order of their ids."""
    folder = Path(str(DATASETS), "aeb")
    pages = json.loads((folder / ("ground-truth.json" if name == "gold" else f"output/{name}.json")).read_bytes())
    pages = pages.get("output", pages)
    return [page["articleBody"] or "" for _, page in sorted(pages.items())]


def markdown_case(gold: str | None, output: str, format: str = "markdown") -> Case:
    page = text_page("page", "https://quay.example/tides/")
    golden = plain_golden(as_text(gold or "", "markdown"), page=page, markdown=gold)
    markdown = output if format == "markdown" else None
    return Case(golden, as_text(output, format), page_words(golden), as_html(output, format), markdown)
