"""Other names: classes, ids, attributes and elements."""

from __future__ import annotations

import re

from factories.html_layouts import GOOSE, tree_of
from harness.fuzz.html.operators.naming import (
    LANDMARKS,
    CustomElement,
    Desemanticise,
    DropAttributes,
    HostileClass,
    RenameClasses,
    RevealedByScript,
)
from harness.pages import visible


def test_classes_and_ids_are_renamed_everywhere_alike() -> None:
    def groups(tree: visible.LexborHTMLParser) -> list[tuple[list[int], int | None]]:
        number: dict[str, int] = {}
        nodes = tree.css("*")
        return [
            (
                [number.setdefault(name, len(number)) for name in (node.attributes.get("class") or "").split()],
                number.setdefault(str(node.attributes["id"]), len(number)) if "id" in node.attributes else None,
            )
            for node in nodes
        ]

    new = tree_of(RenameClasses(5).apply(GOOSE))
    assert groups(new) == groups(tree_of(GOOSE))
    assert not {"story", "menu", "kicker", "top", "q"} & set(
        re.findall(
            r"\w+",
            " ".join(node.html or "" for node in new.css("style, label"))
            + str([node.attributes.get("class") for node in new.css("*")]),
        )
    )
    assert new.css_first("label").attributes["for"] == new.css_first("input").attributes["id"] != "q"
    assert "#123" in (new.css_first("style").text() or "")  # a colour is no id
    assert RenameClasses(5).apply(GOOSE).html() != RenameClasses(6).apply(GOOSE).html()


def test_attributes_are_dropped() -> None:
    html = DropAttributes(data=True, aria=True, roles=True, ids=True, classes=True).apply(GOOSE).html()
    assert "<main>" in html and " id=" not in html and " class=" not in html
    assert '<main id="story" class="story" role="main">' in DropAttributes(data=True).apply(GOOSE).html()


def test_tags_that_mean_something_become_div() -> None:
    tree = tree_of(Desemanticise(LANDMARKS).apply(GOOSE))
    assert not tree.css(", ".join(LANDMARKS.split())) and len(tree.css("div#story")) == 1
    assert len(tree_of(Desemanticise("nav").apply(GOOSE)).css("main, aside")) == 2


def test_custom_elements_stand_around_the_content_or_in_its_place() -> None:
    assert len(tree_of(CustomElement("around").apply(GOOSE)).css("x-content > main#story")) == 1
    assert len(tree_of(CustomElement("instead", "app-root").apply(GOOSE)).css("app-root#story > p")) == 3


def test_hostile_classes_and_hidden_content_are_marked_on_the_container() -> None:
    assert '<main id="story" class="story share"' in HostileClass("share").apply(GOOSE).html()
    assert '<div class="wrap share">' in HostileClass("share", level=1).apply(GOOSE).html()
    assert HostileClass("share", level=2).apply(GOOSE).html() == HostileClass("share").apply(GOOSE).html()
    attributes = [
        tree_of(RevealedByScript(way).apply(GOOSE)).css_first("main").attributes for way in ("opacity", "aria-hidden")
    ]
    assert (attributes[0]["style"], attributes[1]["aria-hidden"]) == ("opacity:0", "true")
