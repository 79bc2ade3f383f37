"""Sites in their source format become pages and goldens."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from goldens.builder.__main__ import GOLDENS
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


def test_the_command_builds_the_sites_of_this_checkout():
    assert (GOLDENS / "sites/harbour-lantern/site.yaml").is_file()
