"""structure.*: how many headings, lists, tables, code blocks and links came out."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from factories.benchmarks import markdown_case
from factories.places import DATASETS, needs_datasets
from harness.metrics.benchmarks import webmainbench
from harness.metrics.own import structure
from harness.pages.formats import as_html, as_text
from harness.pages.structure import read_markdown

GOLD = """\
# Tides

See [the chart](/chart).

- ebb
- flood

| port | m |
|---|---|
| Brest | 6.1 |

```
wait()
```
"""


def structure_of(gold: str, output: str, format: str = "markdown") -> dict[str, float | None]:
    return {
        name.removeprefix("structure."): value
        for name, value in structure.structure_scores(markdown_case(gold, output, format)).items()
    }


def test_structure_that_came_out_whole_scores_one_in_either_format() -> None:
    whole = dict.fromkeys(("headings", "lists", "tables", "code", "links"), 1.0)
    assert structure_of(GOLD, GOLD) == whole
    assert structure_of(GOLD, as_html(GOLD, "markdown"), "html") == whole


def test_structure_that_was_lost_scores_nothing_and_plain_text_is_not_measured() -> None:
    text = as_text(GOLD, "markdown")
    assert set(structure_of(GOLD, "").values()) == {0}
    assert set(structure_of(GOLD, " ".join(text.split())).values()) == {0}
    assert set(structure_of(GOLD, text, "text").values()) == {None}


def test_what_neither_side_has_is_left_out() -> None:
    assert set(structure_of("text", "other text").values()) == {None}


def test_structure_that_only_the_output_has_scores_nothing_except_links() -> None:
    assert structure_of("text", GOLD) == {"headings": 0, "lists": 0, "tables": 0, "code": 0, "links": None}


def test_headings_and_items_are_multisets_and_levels_do_not_count() -> None:
    output = "### B\n\n## A\n\n# A\n\n* x\n\n* z"
    measured = structure_of("# A\n\n## B\n\n# C\n\n1. x\n2. y\n3. z", output)
    # Of three headings each, two are the same; of three items, both of the output's.
    assert measured["headings"] == pytest.approx(2 / 3)
    assert measured["lists"] == pytest.approx(2 * 2 / 5)


def test_a_link_needs_its_text_and_its_target() -> None:
    gold = "[a](/a) [b](/b)"
    assert structure_of(gold, "[a](https://quay.example/a) [B](/b)")["links"] == pytest.approx(1 / 2)
    assert structure_of(gold, "[a](/x) [b](/y)")["links"] == 0


def test_code_is_compared_by_edits() -> None:
    assert structure_of("```\nabcd\n```", "```\nabxd\n```")["code"] == pytest.approx(3 / 4)


def test_a_failure_scores_as_an_empty_output_where_structure_is_measured() -> None:
    assert structure.structure_failed(markdown_case(GOLD, "")) == dict.fromkeys(structure.STRUCTURE.names, 0.0)
    assert structure.structure_failed(markdown_case("text", "")) == dict.fromkeys(structure.STRUCTURE.names)
    assert structure.structure_failed(markdown_case(GOLD, "", "text")) == dict.fromkeys(structure.STRUCTURE.names)


def test_it_applies_to_goldens_with_markdown() -> None:
    for family in (structure.STRUCTURE, webmainbench.WEBMAINBENCH):
        assert family.applies(markdown_case("", "").golden)
        assert not family.applies(markdown_case(None, "").golden)


@needs_datasets
def test_the_markdown_of_wcxb_has_structure_and_equals_itself() -> None:
    truths = sorted(Path(str(DATASETS), "wcxb", "dev", "ground-truth").glob("*.json"))
    found = 0
    for path in random.Random(1).sample(truths, 60):
        markdown = json.loads(path.read_bytes())["ground_truth"].get("main_content_markdown")
        if not markdown:
            continue
        read = read_markdown(markdown)
        found += bool(read.headings)
        measured = structure.compare(read, read)
        assert {value for value in measured.values() if value is not None} <= {1.0}
    assert found > 20
