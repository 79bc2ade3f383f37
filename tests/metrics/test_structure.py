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

![the quay](/quay.png)
"""
KINDS = ("headings", "lists", "tables", "TEDS", "code", "links", "links.P", "links.R", "images", "images.P", "images.R")


def structure_of(gold: str, output: str, format: str = "markdown") -> dict[str, float | None]:
    return {
        name.removeprefix("structure."): value
        for name, value in structure.structure_scores(markdown_case(gold, output, format)).items()
    }


def test_structure_that_came_out_whole_scores_one_in_either_format() -> None:
    whole = dict.fromkeys(KINDS, 1.0)
    assert structure_of(GOLD, GOLD) == whole
    assert structure_of(GOLD, as_html(GOLD, "markdown"), "html") == whole


def test_structure_that_was_lost_scores_nothing_and_plain_text_is_not_measured() -> None:
    text = as_text(GOLD, "markdown")
    assert set(structure_of(GOLD, "").values()) == {0}
    assert set(structure_of(GOLD, " ".join(text.split())).values()) == {0}
    assert set(structure_of(GOLD, text, "text").values()) == {None}


def test_what_neither_side_has_is_left_out() -> None:
    assert set(structure_of("text", "other text").values()) == {None}


def test_structure_that_only_the_output_has_scores_nothing_except_links_and_images() -> None:
    found = structure_of("text", GOLD)
    assert {name for name, value in found.items() if value == 0} == {"headings", "lists", "tables", "TEDS", "code"}
    assert {name for name, value in found.items() if value is None} == {
        name for name in KINDS if name[:5] in ("links", "image")
    }


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


@pytest.mark.parametrize("kind", ["links", "images"])
def test_links_and_images_have_precision_and_recall(kind: str) -> None:
    mark = "!" if kind == "images" else ""
    gold = f"{mark}[a](/a) {mark}[b](/b)"
    found = structure_of(gold, f"{mark}[a](/a) {mark}[c](/c) {mark}[d](/d)")
    assert [found[f"{kind}.P"], found[f"{kind}.R"], found[kind]] == pytest.approx([1 / 3, 1 / 2, 2 / 5])


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("if x:\n    y()\nend", 1),
        ("if x:\ny()\nend", 2 * 2 / 6),  # indentation
        ("if x:\n\ty()\nend", 2 * 2 / 6),
        ("if x: y()\nend", 2 * 1 / 5),
        ("end\nif x:\n    y()", 2 * 2 / 6),  # in order
        ("if x:\n    y()  \nend", 1),  # spaces that nobody sees
    ],
)
def test_code_counts_line_by_line_byte_for_byte(output: str, expected: float) -> None:
    found = structure_of("```\nif x:\n    y()\nend\n```", f"```\n{output}\n```")
    assert found["code"] == pytest.approx(expected)


TABLE = "| a | b |\n|---|---|\n| c | d |"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (TABLE, 1),
        ("| a | b |\n|---|---|\n| d | c |", 2 * 2 / 8),  # in another place
        ("| a | b |\n|---|---|\n| c | |", 2 * 3 / 7),
        ("| a | b | x |\n|---|---|---|\n| c | d | y |", 2 * 4 / 10),
        ("| b |\n|---|\n| d |", 0),  # moved by a column
        ("a b c d", 0),
        (f"{TABLE}\n\n{TABLE}", 2 * 4 / 12),
    ],
)
def test_cells_of_tables_count_by_their_position(output: str, expected: float) -> None:
    assert structure_of(TABLE, output)["tables"] == pytest.approx(expected)
    assert structure_of(output, TABLE)["tables"] == pytest.approx(expected)


SPANS = "<table><tr><th>Day<th>First<th>Last<tr><td rowspan=2>Weekend<td>8.00<td>22.30<tr><td>9.00<td>23.00</table>"


@pytest.mark.parametrize("repeated", ["", "Weekend"])
def test_what_markdown_cannot_say_costs_nothing(repeated: str) -> None:
    output = f"| Day | First | Last |\n|---|---|---|\n| Weekend | 8.00 | 22.30 |\n| {repeated} | 9.00 | 23.00 |"
    assert structure_of(SPANS, output)["tables"] == 1
    if not repeated:
        assert structure_of(SPANS, output)["TEDS"] == 1
    assert structure_of(SPANS, SPANS, "html")["TEDS"] == 1
    assert structure_of(SPANS, SPANS.replace(" rowspan=2", ""), "html")["TEDS"] < 1
    assert structure_of(SPANS, SPANS.replace(" rowspan=2", ""), "html")["tables"] == pytest.approx(2 * 6 / 16)


def test_a_table_that_reaches_further_than_memory_is_read_without_its_spans() -> None:
    wide = "<table>" + "<tr><td colspan=1000 rowspan=1000>a<td>b" * 200 + "</table>"
    assert structure_of(wide, wide, "html")["tables"] == 1


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
