"""What readers see of a page: by its own rules, in a browser, and whether labels are true to it."""

from __future__ import annotations

import pytest

from factories.html_layouts import GOOSE, HTML, LABELS, goose_golden, page_of
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.html import browser
from harness.fuzz.html.browser import shown_in_browser
from harness.fuzz.html.hiding import StyleSheets, hiding_blocks, shown_by_rules
from harness.fuzz.html.operators.copies import DuplicateContent, HeadAndScripts
from harness.fuzz.html.operators.naming import DropAttributes, RevealedByScript
from harness.fuzz.html.operators.stories import HiddenDecoy
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.shown import broken_laws, label_hidden_text, open_main_content, texts_shown
from harness.fuzz.html.tree import Text
from harness.goldens.labels import Label

needs_browser = pytest.mark.skipif(browser.program() is None, reason="no Chromium or Chrome is installed")

WAYS = {
    '<p hidden>x</p>': False,
    '<div style="color:red; display : none"><p>x</p></div>': False,
    '<p style="visibility:hidden">x</p>': False,
    '<p style="opacity:0">x</p>': False,
    '<p style="opacity:0.9">x</p>': True,
    '<p aria-hidden="true">x</p>': True,
    '<noscript><p>x</p></noscript>': False,
    '<dialog><p>x</p></dialog>': False,
    '<dialog open><p>x</p></dialog>': True,
    '<details><p>x</p></details>': True,
    '<select><option>y<option>x</select>': True,
    '<div style="display:contents">x</div>': True,
}  # fmt: skip


def page(body: str, css: str = "") -> DomPage:
    html = f"<!DOCTYPE html><html><head><style>{css}</style></head><body><h1>Kept</h1>{body}</body></html>"
    return page_of(goose_golden(html, (Label("keep", ("h1",), "heading"),)))


def shown(given: DomPage, values: list) -> object:
    texts = [text for text in given.tree.texts() if not text.blank]
    return next(value for text, value in zip(texts, values, strict=True) if text.data == "x")


@pytest.mark.parametrize("body", WAYS)
def test_attributes_and_elements_tell_what_is_shown(body: str) -> None:
    assert shown(page(body), shown_by_rules(page(body).tree)) is WAYS[body]


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize("body", WAYS)
def test_a_browser_shows_what_the_rules_say(body: str) -> None:
    assert shown(page(body), shown_in_browser(page(body).tree)) is WAYS[body]


CASCADES = [
    (".off { display: none }", '<p class="off">x</p>', False),
    (".off, .gone { display: none } .on { display: block !important }", '<p class="off on">x</p>', True),
    ("@media (max-width: 500px) { .off { display: none } }", '<p class="off">x</p>', True),
    ("nav > p { visibility: hidden }", "<nav><div><p>x</p></div></nav>", True),
    ("p:not(.on, :nth-of-type(2)) { display: none }", "<p>x</p>", False),
    ("[data-tab]:not(.on) { display: none }", "<div data-tab><p>x</p></div>", False),
    (r".sm\:none { display: none }", '<p class="sm:none">x</p>', False),
]


@pytest.mark.parametrize(("css", "body", "seen"), CASCADES)
def test_of_a_style_sheet_the_rules_say_only_what_it_might_hide(css: str, body: str, seen: bool) -> None:
    given = page(body, css)
    assert shown(given, shown_by_rules(given.tree)) is None
    assert None not in shown_by_rules(page("<b class=other>x</b>", css).tree)


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize(("css", "body", "seen"), CASCADES)
def test_a_browser_applies_the_cascade(css: str, body: str, seen: bool) -> None:
    given = page(body, css)
    assert shown(given, shown_in_browser(given.tree)) is seen


@pytest.mark.slow
@needs_browser
def test_no_script_of_the_page_runs_in_the_browser() -> None:
    scripts = "<p id=a>x</p><script>document.getElementById('a').hidden = true</script><img src=x onerror=\"a.hidden=true\">"
    given = page(scripts)
    assert shown(given, shown_in_browser(given.tree)) is True


def test_without_a_browser_that_answers_the_rules_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "program", lambda: "/bin/false")
    given = page("<p>x</p>", ".unused { display: none } .x { color: red }")
    assert shown_in_browser(given.tree) is None
    assert texts_shown(given) == shown_by_rules(given.tree)


def test_what_hides_is_cut_out_of_a_style_sheet_in_whole_blocks() -> None:
    css = "a { top: 0 } /* } */ @media print { .a { margin: 0 } .b { display: none } } .c { opacity: 0 } .d { opacity: .5 }"
    assert hiding_blocks(css).split("\n") == ["@media print { .a { margin: 0 } .b { display: none } }", ".c { opacity: 0 }"]
    names = StyleSheets(page("", css).tree)
    elements = {e.attributes.get("class"): e for e in page("<p class=a></p><p class=b></p><p class=c></p>").tree.elements()}
    assert [names.name(elements[name]) for name in "abc"] == [False, True, True]


def lone_text(new: DomPage, start: str) -> list[Text]:
    return [text for text in new.tree.texts() if text.data.startswith(start)]


HIDDEN = HTML.replace("<ul>", '<ul class="off">').replace(".story{", ".off{display:none} .story{")


@pytest.mark.parametrize("operator", [DropAttributes(classes=True), HeadAndScripts(drop_head=True)])
def test_a_change_that_would_show_hidden_text_does_not_apply(operator: Operator[DomPage]) -> None:
    operator.apply(GOOSE)
    hidden = page_of(goose_golden(HIDDEN, (*LABELS, Label("drop", (".off",), "hidden"))))
    with pytest.raises(DoesNotApply, match="a style sheet hides text"):
        operator.apply(hidden)
    DropAttributes(roles=True).apply(hidden)


@needs_browser
@pytest.mark.slow
def test_a_browser_lets_changes_apply_that_rules_alone_would_not_risk(monkeypatch: pytest.MonkeyPatch) -> None:
    harmless = page_of(goose_golden(HTML.replace(".story{", "@media print{.more{display:none}} .story{")))
    DropAttributes(classes=True).apply(harmless)
    monkeypatch.setattr(browser, "program", lambda: None)
    with pytest.raises(DoesNotApply, match="a style sheet hides text"):
        DropAttributes(classes=True).apply(harmless)


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize("operator", [*DuplicateContent.matrix_instances(), *HiddenDecoy.matrix_instances()])
def test_of_what_stands_there_twice_or_hidden_readers_see_one(operator: Operator[DomPage]) -> None:
    assert broken_laws(operator.apply(GOOSE)) == {}


def test_labels_that_are_not_true_are_named() -> None:
    copied = DuplicateContent("hidden").apply(GOOSE)
    assert broken_laws(copied) == {}
    tree = copied.tree_to_change()
    for element in tree.elements():
        element.attributes.pop("style", None)
    assert broken_laws(copied.with_tree(tree)) == {"hidden text is hidden": "The lock keeper's goose"}
    unseen = RevealedByScript("display").apply(GOOSE)
    assert broken_laws(unseen) == {"main content is shown": "At the upper gate a goose counts boats. She has never been w"}
    assert broken_laws(unseen, ["hidden text is hidden"]) == {}


def test_main_content_that_attributes_hide_is_opened() -> None:
    hidden = HTML.replace('<p class="kicker">', '<div hidden><p class="kicker" style="color:red;display:none">', 1)
    page = page_of(goose_golden(hidden.replace("<p>In spring", "</div><p>In spring").replace("<aside", "<aside hidden")))
    assert "main content is shown" in broken_laws(page)
    html = open_main_content(page).html()
    assert (
        broken_laws(open_main_content(page)) == {} and "<div><p" in html and "color:red" in html and "<aside hidden" in html
    )


def test_what_is_hidden_and_not_labelled_gets_the_label_and_the_rest_keeps_its_own() -> None:
    html = HTML.replace("<footer>", "<p hidden>Unseen.</p><footer hidden>")
    marked = label_hidden_text(page_of(goose_golden(html)))
    assert [text.mark for text in lone_text(marked, "Unseen")] == [("drop", "hidden")]
    assert [text.mark for text in lone_text(marked, "Canal News")] == [("drop", "footer")]
