"""BoilerNet's two datasets as goldens: what is read, rewritten and flagged, and what is said of files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.datasets import loaded, of_verdict, write
from harness.datasets.base import DatasetError
from harness.datasets.formats import boilernet


def test_l3s_gn1(tmp_path: Path) -> None:
    write(tmp_path / "original/u-1.html", b"<html lang=en><body><h1>Rain caf\xe9</h1>")
    write(
        tmp_path / "annotated/u-1.html",
        "<html><body><div><span class='x-nc-sel0'>Menu</span></div>"
        "<h1><span class='x-nc-sel1 x-nc-sel2'> Rain caf\u00e9 </span></h1>"
        "<p><span class='bodysmall x-nc-sel2'>It rained <span class='x-nc-sel5'>says Bo</span> a lot.</span></p>"
        "<table><tr><td><span class='x-nc-sel3'>A cloud</span></td></tr></table>"
        "<p class='x-nc-invisible x-nc-sel2'>Print</p>"
        "<p><span class='x-nc-sel2'>Then</span> <span class='x-nc-sel2'>sun.</span></p>"
        "<div class='x-nc-sel4'>More rain <span class='x-nc-sel2'>fell</span></div><p>Footer</p></body></html>",
    )
    write(tmp_path / "url-mapping.txt", "<urn:uuid:u-1> http://www.rain.example/1\n")
    write(tmp_path / "original/u-2.html", "<p>x")
    write(tmp_path / "annotated/u-2.html", "<p>x")
    goldens = loaded(boilernet.l3s_entries(tmp_path))
    golden = goldens["l3s-gn1/u-1"]
    assert golden.page.content == "<html lang=en><body><h1>Rain caf\u00e9</h1>"
    assert (golden.site, golden.lang, golden.flags) == ("rain.example", "en", ())
    assert of_verdict(golden, "keep") == [
        ("Rain caf\u00e9", "title"),
        ("It rained", "body"),
        ("a lot.", "body"),
        ("A cloud", "caption"),
        ("Then", "body"),
        ("sun.", "body"),
        ("fell", "body"),
    ]
    assert of_verdict(golden, "maybe") == [("says Bo", "comment")]
    assert of_verdict(golden, "drop") == [
        ("Menu", "other"),
        ("Print", "hidden"),
        ("More rain", "related"),
        ("Footer", "other"),
    ]
    # The published text: only elements that hold one text; in a table or the body they begin no line, in a paragraph all do.
    assert golden.text == "Rain caf\u00e9 A cloud Print \nThen \nsun. \nfell"
    # For WCEB's metrics in WCEB's order: class by class, and what has two classes twice.
    assert golden.main_content_for("wceb") == "Rain caf\u00e9 \nRain caf\u00e9 Print \nThen \nsun. \nfell A cloud"
    assert golden.main_content_for("aeb") == golden.text
    assert goldens["l3s-gn1/u-2"].flags == ("empty-gold",)
    assert goldens["l3s-gn1/u-2"].site == "u-2"


def test_google_trends(tmp_path: Path) -> None:
    write(tmp_path / "raw_html/9.html", "<div>Nav</div><p>Snow <b>fell</b> late.</p>")
    write(
        tmp_path / "prepared_html/9.html",
        '<html><body>\n<div>\n<span __boilernet_label="0">\n Nav\n</span>\n</div>\n<p>\n'
        '<span __boilernet_label="1">\n Snow\n</span>\n'
        '<b>\n<span __boilernet_label="1">\n fell\n</span>\n</b>\n<span __boilernet_label="0">\n '
        '<i><span __boilernet_label="1">late'
        "</span></i>.\n</span>\n</p></body></html>",
    )
    golden = loaded(boilernet.trends_entries(tmp_path))["google-trends-2017/9"]
    assert of_verdict(golden, "keep") == [("Snow", "body"), ("fell", "body"), ("late", "body")]
    assert of_verdict(golden, "drop") == [("Nav", "other"), (".", "other")]
    assert golden.text == "Snow fell late"
    with pytest.raises(DatasetError, match=r"9\.html missing.*goldens for them"):
        (tmp_path / "raw_html/9.html").unlink()
        list(boilernet.trends_entries(tmp_path))
