"""Sites in their source format become pages and goldens."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from goldens.builder import __main__ as command
from goldens.builder.build import Built, build, write
from goldens.builder.source import SiteError, read_site
from harness.goldens.reader import Dumps, read_golden

SITE = """
site: mill.example
family: blog
lang: en
labels:
  - {drop: [nav, .strip], as: navigation}
  - {keep: main, as: body}
  - {drop: .late, as: promo}
data: {menu: [Home, Bread]}
"""
BASE = """<title>{{ title }}</title>
<nav>{% for name in menu %}<a href="/{{ bulk.slug(name) }}">{{ name }}</a>{% endfor %}</nav>
<main>{% block story %}{% endblock %}</main>
<script>k="{{ bulk.token(9, "base62") }}{{ bulk.token(4, name="build") }}"</script>"""
PAGE = """{% extends "base.html" %}{% block story %}<p>The mill turns.</p>{{ more }}{% endblock %}"""


def site(folder: Path, **changes: str) -> Path:
    files = {"site.yaml": SITE, "base.html": BASE, "page.html": PAGE, "other.html": PAGE}
    files["page.yaml"] = "{kind: article, url: 'https://mill.example/1', data: {title: One, more: <p>On.}}"
    files["other.yaml"] = "{kind: article, data: {title: Two, more: <p class=late>Buy flour.}}"
    for name, text in (files | {name.replace("__", "."): text for name, text in changes.items()}).items():
        (folder / name).write_text(text, "utf-8")
    return folder


def built(folder: Path, **changes: str) -> dict[str, Built]:
    return {page.name.rpartition("-")[2]: page for page in build(read_site(site(folder, **changes)))}


def test_a_page_is_its_template_with_its_data_and_the_golden_says_so(tmp_path: Path) -> None:
    page = built(tmp_path)["page"]
    write(page, tmp_path / "sets")
    golden = read_golden(page.golden_path(tmp_path / "sets"), Dumps([]))
    assert '<a href="/bread">Bread</a>' in golden.page.content
    assert golden.main_content == "The mill turns.\nOn."
    assert (golden.set, golden.site, golden.lang, golden.page.url) == ("web", "mill.example", "en", "https://mill.example/1")
    assert yaml.safe_load(page.golden)["sha256"] == hashlib.sha256(page.raw).hexdigest()


def test_rules_of_the_site_stand_where_the_page_has_what_they_name(tmp_path: Path) -> None:
    rules = {name: yaml.safe_load(page.golden)["labels"] for name, page in built(tmp_path).items()}
    assert rules["page"] == [{"drop": "nav", "as": "navigation"}, {"keep": "main", "as": "body"}]
    assert rules["other"] == [*rules["page"], {"drop": ".late", "as": "promo"}]


def test_a_rule_of_the_site_that_no_page_needs_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"site\.yaml: the label .*\.late.* no page"):
        built(tmp_path, other__yaml="{kind: article, data: {title: Two, more: ''}}")


def test_building_again_gives_the_same_bytes_and_pages_share_what_has_a_name(tmp_path: Path) -> None:
    pages = built(tmp_path)
    assert pages == built(tmp_path)
    keys = [page.raw.partition(b'k="')[2][:13] for page in pages.values()]
    assert keys[0][:9] != keys[1][:9]
    assert keys[0][9:] == keys[1][9:]


def test_a_held_out_site_goes_to_the_held_out_set_in_its_own_encoding(tmp_path: Path) -> None:
    own = f"{SITE}heldout: true\nencoding: windows-1251\n"
    page = built(tmp_path, site__yaml=own, page__html=PAGE.replace("mill", "мельница"))["page"]
    assert "мельница".encode("windows-1251") in page.raw
    assert page.set == "web-heldout"
    with pytest.raises(SiteError, match=r"page\.html: windows-1251 has no 'ß'"):
        built(tmp_path, site__yaml=own, page__html=PAGE.replace("mill", "ß"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"page__yaml": "{kind: article, colour: red}"}, r"page\.yaml: unknown key 'colour'"),
        ({"page__yaml": "{url: x}"}, r"page\.yaml: key 'kind' is missing"),
        ({"page__yaml": "{kind: [}"}, r"page\.yaml: not YAML"),
        ({"lonely__yaml": "{kind: article}"}, r"lonely\.yaml: no template lonely\.html"),
        ({"page__html": "{{ nobody }}"}, r"page\.html: 'nobody' is undefined"),
        ({"page__html": "{% if %}"}, r"page\.html:1: "),
    ],
)
def test_mistakes_name_the_file(changes: dict[str, str], reason: str, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=reason):
        built(tmp_path, **changes)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Buy bread", "cannot fail: the page does not have this text"),
        ("The mill", "contradicts the labels: they do not drop this text"),
        ("turns. On.", "contradicts the labels: they do not drop this text"),
        ("Home", ""),
        ("Buy flour", ""),
        ("Late at night", ""),
        ("Zoë said: no", ""),
    ],
)
def test_an_absent_fact_is_about_text_that_the_page_has_and_drops(text: str, reason: str, tmp_path: Path) -> None:
    more = "<p>On.<p class=late data-x='{&quot;a&quot;: &quot;Late at night&quot;}'>Buy flour."
    source = {"kind": "article", "data": {"title": "One", "more": more}, "facts": [{"absent": text}]}
    script = BASE.replace("</script>", r';s="Zo\u00eb said:\nno"</script>')
    changes = {"page__yaml": yaml.safe_dump(source), "base__html": script}
    if not reason:
        assert built(tmp_path, **changes)
        return
    with pytest.raises(SiteError, match=rf"page\.yaml: the fact absent '{text}' {reason}"):
        built(tmp_path, **changes)


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sets with one site, as the command sees it."""
    monkeypatch.setattr(command, "GOLDENS", tmp_path)
    (tmp_path / "sites/mill").mkdir(parents=True)
    site(tmp_path / "sites/mill")
    return tmp_path


def test_the_command_writes_all_pages_and_removes_those_that_no_source_has(sites: Path) -> None:
    (sites / "web").mkdir()
    for name in ("mill-old.html.gz", "mill-old.yaml", "BY_NAME_ONLY"):
        (sites / "web" / name).touch()
    assert command.main([]) == 0
    pages = {f"mill-{name}.{suffix}" for name in ("page", "other") for suffix in ("html.gz", "yaml")}
    assert {path.name for path in (sites / "web").iterdir()} == {*pages, "BY_NAME_ONLY"}


def test_help_is_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--help"]) == 0
    assert "python -m goldens.builder outline PAGE" in capsys.readouterr().out


def test_the_command_says_what_is_wrong_with_the_pages_of_a_site(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["mill"]) == 0
    site(sites / "sites/mill", base__html=f"{BASE}<footer>Ahoy there.</footer>")
    assert command.main(["mill"]) == 1
    assert "no rule names 'Ahoy there.'" in capsys.readouterr().out
    assert command.main(["quay"]) == 2
    assert "sites/quay/site.yaml: cannot be read" in capsys.readouterr().err
