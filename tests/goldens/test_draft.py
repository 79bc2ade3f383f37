"""A draft of a golden lists every block of its page once."""

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
from harness.pages import visible
from harness.pages.page import Media, Page

CORE = sorted(bundled("goldens").glob("core/*.html"))


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def drafted(content: str, media: Media) -> tuple[Page, list[str]]:
    """A page and the places that its draft lists."""
    page = Page(content.encode(), media)
    fields = yaml.safe_load(draft(Path("page.html"), page))
    rules = fields["labels"] or []
    assert fields["sha256"] == page.sha256
    assert all(set(rule) == {"drop", "as"} for rule in rules)
    return page, [str(rule["drop"]) for rule in rules]


def laid_over(page: Page, places: list[str]) -> tuple[tuple[Segment, ...], list[str]]:
    """The segments with every place labelled, and what is wrong with that."""
    segments, wrong = resolve(page, [Label("keep", (place,), "body", row) for row, place in enumerate(places, 1)])
    return segments, [f"{label}: {reason}" for label, reason in wrong]


@given(st.text(st.one_of(st.sampled_from("\n\n\t #'\"{a"), st.characters(exclude_categories=["Cs"]))))
def test_the_draft_of_a_text_dump_lists_its_lines(content: str) -> None:
    page, places = drafted(content, "text/plain")
    lines = page.content.split("\n")
    assert places == [str(number) for number, line in enumerate(lines, 1) if line.strip()]
    assert laid_over(page, places)[1] == []


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
def test_the_draft_of_any_markup_covers_all_text_by_selectors_that_name_one_element_each(content: str) -> None:
    page, places = drafted(content, "text/html")
    tree = visible.parse(page.content)
    found = [visible.select(tree, place) for place in places]
    assert [len(nodes) for nodes in found] == [1] * len(places)
    assert len({nodes[0].mem_id for nodes in found}) == len(places)
    segments, wrong = laid_over(page, places)
    assert wrong == []
    assert [s.text for s in segments if s.kind == "other" and s.text.strip()] == []


def test_a_draft_tells_blocks_apart_and_leaves_inline_markup_whole() -> None:
    page, places = drafted(
        "<nav><a>Home</a> <a>News</a></nav><div>by <b>Ida</b><p>It <i>held</i>.<p>Twice.</div><ul><li>a<li>b</ul>",
        "text/html",
    )
    tree = visible.parse(page.content)
    texts = [" ".join(visible.select(tree, place)[0].text().split()) for place in places]
    assert texts == ["Home News", "by IdaIt held.Twice.", "It held.", "Twice.", "a", "b"]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_drafts_of_the_core_pages_pass_with_their_first_drop_turned(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    page = Path(path.name)
    page.write_bytes(path.read_bytes())
    assert main(["new", "golden", page.name]) == 0
    golden = page.with_suffix(".yaml")
    golden.write_text(golden.read_text(encoding="utf-8").replace("{drop:", "{keep:", 1), encoding="utf-8")
    assert main(["check", golden.name]) == 0, capsys.readouterr().out
    # Every word that is seen stands under a rule.
    places = [
        str(rule.get("keep", rule.get("drop"))) for rule in yaml.safe_load(golden.read_text(encoding="utf-8"))["labels"]
    ]
    segments, _ = laid_over(Page(page.read_bytes(), "text/html"), places)
    assert [s.text for s in segments if s.kind == "other" and s.text.strip()] == []


def test_language_and_site_are_read_from_the_page() -> None:
    content = '<html lang="pt-BR"><link rel="canonical" href="https://vale.example/a?b=1"><p>Ponte'
    fields = yaml.safe_load(draft(Path("a: b #1.html"), Page(content.encode(), "text/html")))
    assert (fields["lang"], fields["site"], fields["page"]) == ("pt-BR", "vale.example", "a: b #1.html")
