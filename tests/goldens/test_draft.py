"""A draft of a golden covers all text of its page, in as few rules as its blocks allow."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from harness.cli.main import main
from harness.common.places import bundled
from harness.goldens.draft import draft
from harness.goldens.golden import Segment, resolve
from harness.goldens.labels import Label
from harness.pages.page import Media, Page

CORE = sorted(bundled("goldens").glob("core/*.html"))


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rules_in(text: str) -> list[tuple[str, tuple[str, ...], str]]:
    """The rules of a golden file: verdict, places, kind."""
    found = []
    for rule in yaml.safe_load(text)["labels"] or []:
        (verdict,) = set(rule) - {"as"}
        places = rule[verdict] if isinstance(rule[verdict], list) else [rule[verdict]]
        found.append((verdict, tuple(map(str, places)), rule["as"]))
    return found


def drafted(content: str, media: Media, kept_lines: dict[int, float] | None = None) -> tuple[Page, list[Label]]:
    """A page and the labels of its draft, each with the verdict `keep`, so that text without a label can be told."""
    page = Page(content.encode(), media)
    text = draft(Path("page.html"), page, kept_lines)
    assert yaml.safe_load(text)["sha256"] == page.sha256
    return page, [Label("keep", places, kind, row) for row, (_, places, kind) in enumerate(rules_in(text), 1)]


def kinds_of(content: str) -> list[tuple[str, str]]:
    """The lines of a page that are text, each with the kind that its draft says."""
    page, labels = drafted(content, "text/html")
    segments, wrong = resolve(page, labels)
    assert wrong == []
    return [(" ".join(part.text.split()), part.kind) for part in segments if part.text.strip()]


def unlabelled(segments: tuple[Segment, ...]) -> list[str]:
    """The text that no label names, of that which a page shows."""
    kinds = ("other", "shadow", "noscript")
    return [part.text for part in segments if part.verdict == "drop" and part.kind in kinds and part.text.strip()]


@given(st.text(st.one_of(st.sampled_from("\n\n\t #'\"{a"), st.characters(exclude_categories=["Cs"]))))
def test_the_draft_of_a_text_dump_lists_its_lines(content: str) -> None:
    page, labels = drafted(content, "text/plain")
    lines = page.content.split("\n")
    assert [label.places for label in labels] == [(str(number),) for number, line in enumerate(lines, 1) if line.strip()]
    assert resolve(page, labels)[1] == []


TAGS = ("div", "p", "ul", "li", "span", "b", "a", "table", "td", "h2", "pre", "br", "script", "svg", "title", "x-y", "o:p")
NAMES = ("", ' id="a"', ' id="é:1"', ' id="2x"', ' class="a b"', ' class="md:w-1/2 b"', " class='\"'", " class")
TEXTS = ("word", "x", " ", "\n", "&nbsp;", "<!-- note -->", '<img alt="icon">')
soup = st.lists(
    st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(TAGS).map("</{}>".format),
        st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(NAMES)),
    ),
    max_size=25,
).map("".join)


@given(soup)
@example("loose<p>x</p>text")
@example("<p id=a>1</p><p id=a>2</p>")
@example("<p>seen</p><p><span><script>unseen()</script></span></p>")
@example("<p>From Word<o:p></o:p></p><o:p>more</o:p>")
@example("<ul><li>a<ul><li>b</ul><li>c<ul><li>d<ul><li>e</ul></ul></ul>")
@example("<div><p>a<p class=byline>b<p>c<p>d</div>")
@example("<div class=related><p>a</div><div><p>b</div><div><p>c</div>")
@example("<div><i>a</i><div><div>b<div class=tags>c</div></div><div>d<div>e</div><div>f</div></div></div></div>")
@example("<p>a<template shadowrootmode=open><p>b<p>c</template>")
def test_the_draft_of_any_markup_covers_all_text_and_every_rule_has_an_effect(content: str) -> None:
    page, labels = drafted(content, "text/html")
    segments, wrong = resolve(page, labels)
    assert wrong == []
    assert unlabelled(segments) == []


def test_siblings_of_a_kind_have_one_rule_and_inline_markup_is_whole() -> None:
    _, labels = drafted(
        "<nav><a>Home</a> <a>News</a></nav><div id=story>by <b>Ida</b><p>It <i>held</i>.<p>Twice.</div><ul><li>a<li>b</ul>",
        "text/html",
    )
    named = [(label.places, label.kind) for label in labels]
    assert named == [(("nav",), "navigation"), (("#story",), "other"), (("#story > p",), "body"), (("ul > li",), "list")]


def test_parts_of_rows_are_joined_across_the_rows_and_containers_have_no_rule() -> None:
    cards = "".join(f"<div class=card><div><h3>Card {n}</h3></div><p>Told in prose, {n}.</p></div>" for n in range(9))
    _, labels = drafted(f"<main><div id=cards>{cards}</div></main>", "text/html")
    assert [label.places for label in labels] == [("#cards > div > div > h3",), ("#cards > div > p",)]


def test_the_odd_one_among_siblings_has_a_rule_behind_that_of_the_others() -> None:
    found = kinds_of("<main><p>one<p class=caption>two<p>three<p>four</main>")
    assert found == [("one", "body"), ("two", "caption"), ("three", "body"), ("four", "body")]


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<nav>x</nav>", "navigation"),
        ("<div role=navigation>x</div>", "navigation"),
        ("<footer>x</footer>", "footer"),
        ("<div class=site-footer>x</div>", "footer"),
        ("<div class=card-footer><p>x</div>", "body"),
        ("<aside>x</aside>", "sidebar"),
        ("<aside class=related-stories><p>x</aside>", "related"),
        ("<aside class=related><p>x</aside>", "related"),
        ("<figure><figcaption>x</figcaption></figure>", "caption"),
        ("<form>x</form>", "form"),
        ("<section id=comments><p>x</section>", "comment"),
        ("<div class=article-comments><p>x</div>", "comment"),
        ("<div class=shareBar>x</div>", "share"),
        ("<ul class='post-share'><li>x</ul>", "share"),
        ("<div class=newsletter><p>x</div>", "newsletter"),
        ("<div style='display: none'><p>x</div>", "hidden"),
        ("<pre>x</pre>", "code"),
        ("<blockquote><p>x</blockquote>", "quote"),
        ("<h3>x</h3>", "heading"),
    ],
)
def test_kinds_are_guessed_from_tags_roles_and_words_of_names(markup: str, kind: str) -> None:
    story = "<h1>The pond</h1><p>It froze over on the second night of the month and held until the thaw came.</p>"
    assert kinds_of(f"<main>{story}</main>{markup}")[2:] == [("x", kind)]


def test_what_holds_the_title_or_most_of_the_page_is_no_region() -> None:
    found = kinds_of("<form><h1>The pond</h1><p>It froze.</form><p>It thawed.")
    assert found == [("The pond", "title"), ("It froze.", "body"), ("It thawed.", "body")]
    found = kinds_of("<h1>Pond</h1><div class=comments><p>It froze over and held all of a week.</div><nav>Home</nav>")
    assert found == [("Pond", "title"), ("It froze over and held all of a week.", "body"), ("Home", "navigation")]


def test_a_known_main_content_is_keep_what_is_about_it_maybe_and_the_rest_drop() -> None:
    content = (
        "<nav>Home</nav><h1>Pond</h1><div class=byline>Ida</div><div class=share><p>It froze.</div><p>It thawed.<p>More"
    )
    page = Page(content.encode(), "text/html")
    lines = {segment.line: segment.text for segment in resolve(page, [])[0]}
    kept = {number: float(text in ("It froze.", "It thawed.")) for number, text in lines.items()}
    rules = rules_in(draft(Path("page.html"), page, kept))
    said = [(verdict, kind) for verdict, _, kind in rules]
    assert said == [
        ("drop", "navigation"),
        ("maybe", "title"),
        ("maybe", "byline"),
        ("keep", "body"),
        ("keep", "body"),
        ("drop", "body"),
    ]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_drafts_of_the_core_pages_pass_with_their_first_drop_turned(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    page = Path(path.name)
    page.write_bytes(path.read_bytes())
    assert main(["new", "golden", page.name]) == 0
    golden = page.with_suffix(".yaml")
    golden.write_text(golden.read_text(encoding="utf-8").replace("{drop:", "{keep:", 1), encoding="utf-8")
    assert main(["check", golden.name]) == 0, capsys.readouterr().out
    # Every word that is seen stands under a rule.
    rules = rules_in(golden.read_text(encoding="utf-8"))
    labels = [Label("keep", places, kind, row) for row, (_, places, kind) in enumerate(rules)]
    assert unlabelled(resolve(Page(page.read_bytes(), "text/html"), labels)[0]) == []


def test_language_and_site_are_read_from_the_page() -> None:
    content = '<html lang="pt-BR"><link rel="canonical" href="https://vale.example/a?b=1"><p>Ponte'
    fields = yaml.safe_load(draft(Path("a: b #1.html"), Page(content.encode(), "text/html")))
    assert (fields["lang"], fields["site"], fields["page"]) == ("pt-BR", "vale.example", "a: b #1.html")
