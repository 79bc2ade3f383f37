"""Where the main content of an HTML page is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from factories.html_layouts import GOOSE, GOOSE_TEXT, NAMES, core, core_page
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import container
from harness.fuzz.html.tree import Element
from harness.pages import visible


def content_by_search(page: DomPage) -> str:
    """The container, found by weighing every element of the parsed page: its tag, id and class."""
    golden = page.origin
    tree = visible.parse(golden.page.content)
    rule_of = {node.mem_id: i for i, label in enumerate(golden.labels) for place in label.places for node in tree.css(place)}
    room = {"body", "div", "main", "article", "section", "td", "aside", "details", "form"}
    weights: Counter[int] = Counter()
    nodes, depth_of = {}, {}
    for node in tree.body.traverse(include_text=True):  # type: ignore[union-attr]
        path = []
        above = node.parent if node.is_text_node else None
        while above is not None:
            path.append(above)
            above = above.parent
        rules = [rule_of[p.mem_id] for p in path if p.mem_id in rule_of]
        if rules and golden.labels[max(rules)].verdict == "keep":
            for depth, p in enumerate(reversed(path)):
                nodes[p.mem_id], depth_of[p.mem_id] = p, depth
                weights[p.mem_id] += len(re.sub(r"\s", "", node.text_content or ""))
    enough = [m for m, weight in weights.items() if weight >= 0.97 * max(weights.values()) and nodes[m].tag in room]
    return named(nodes[max(enough, key=depth_of.__getitem__)])


def named(element: visible.LexborNode | Element) -> str:
    return f"{element.tag}#{element.attributes.get('id')}.{element.attributes.get('class')}"


def test_the_container_is_the_deepest_element_with_nearly_all_of_the_content() -> None:
    for name in NAMES:
        assert named(container(core_page(name).tree)) == content_by_search(core_page(name)), name


def test_gold_text_alone_finds_the_same_container_as_labels_do() -> None:
    assert container(GOOSE_TEXT.tree).attributes["id"] == container(GOOSE.tree).attributes["id"] == "story"
    agreed = 0
    for name in NAMES:
        golden = core(name)
        by_text = DomPage.of(replace(golden, labelled=None, labels=(), text=golden.main_content))
        agreed += container(by_text.tree).attributes == container(core_page(name).tree).attributes
    assert agreed >= 33  # of 38; short cells and lines that stand twice on a page are told apart by labels only
