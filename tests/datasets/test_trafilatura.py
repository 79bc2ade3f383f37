"""trafilatura's evaluation as goldens: what is read, what is flagged, and what is said of files that are wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from factories.datasets import PAGE, ids, write
from factories.places import DATASETS, needs_datasets
from harness.datasets.base import DatasetError
from harness.datasets.formats import trafilatura


def evaldata(root: Path, rows: dict[str, dict[str, object]]) -> Path:
    for row in rows.values():
        write(root / "tests/eval" / str(row["file"]), PAGE)
    write(
        root / "tests/evaldata.json",
        {url: {"with": ["The ferry"], "without": ["Share"], **row} for url, row in rows.items()},
    )
    return root


@pytest.mark.parametrize("inside", ["", "tests", "tests/evaldata.json"])
def test_trafilatura_is_found_by_repository_folder_or_file(inside: str, tmp_path: Path) -> None:
    root = evaldata(tmp_path, {"https://www.b.example/x": {"file": "b.x.html"}, "http://a.example": {"file": "a.html"}})
    found = [(entry.id, entry.site, entry.load().page.url) for entry in trafilatura.trafilatura_entries(root / inside)]
    assert found == [
        ("trafilatura/a", "a.example", "http://a.example"),
        ("trafilatura/b.x", "b.example", "https://www.b.example/x"),
    ]


def test_trafilatura_takes_a_page_from_the_cache_first(tmp_path: Path) -> None:
    root = evaldata(tmp_path, {"https://a.example/": {"file": "a.html"}})
    write(root / "tests/cache/a.html", '<html lang="pl">cached')
    (entry,) = trafilatura.trafilatura_entries(root)
    assert (entry.lang, entry.load().page.raw) == ("pl", b'<html lang="pl">cached')


def test_trafilatura_tells_pages_of_one_name_apart_by_their_urls(tmp_path: Path) -> None:
    urls = {
        "https://a.example/1": {"file": "a.html"},
        "https://a.example/2": {"file": "a.htm"},
        "https://b.example": {"file": "b.html"},
    }
    expected = {f"trafilatura/a~{hashlib.sha256(url.encode()).hexdigest()[:8]}" for url in list(urls)[:2]} | {
        "trafilatura/b"
    }
    assert set(ids(trafilatura.trafilatura_entries(evaldata(tmp_path / "one", urls)))) == expected
    other_order = dict(reversed(urls.items()))
    assert set(ids(trafilatura.trafilatura_entries(evaldata(tmp_path / "two", other_order)))) == expected


def test_trafilatura_names_a_url_that_is_no_text(tmp_path: Path) -> None:
    root = evaldata(tmp_path, {"https://a.example/\ud800": {"file": "a.html"}, "https://a.example/": {"file": "a.htm"}})
    with pytest.raises(DatasetError, match=r"evaldata\.json: the key .*\\ud800.* holds half a surrogate pair"):
        list(trafilatura.trafilatura_entries(root))


def test_trafilatura_takes_a_key_for_a_url_only_if_it_is_one(tmp_path: Path) -> None:
    (entry,) = trafilatura.trafilatura_entries(evaldata(tmp_path, {"hard::a.example.html": {"file": "a.example.html"}}))
    assert (entry.site, entry.load().page.url) == ("a.example", None)


@pytest.mark.parametrize(
    ("required", "forbidden", "sound"),
    [
        (["one"], ["two"], True),
        (list("abcdef"), list("uvwxyz"), True),
        (list("abcdefg"), ["z"], False),
        (["one"], [], False),
        ([], ["one"], False),
        (["one", " "], ["two"], False),
        (["one two", "one \n two"], ["three"], False),
        (["one two three"], ["two\tthree"], False),
        (["two"], ["one two"], True),  # the rule is about a forbidden text in a required one
        (["Two"], ["two"], True),  # case counts
    ],
)
def test_trafilatura_flags_snippets_that_break_its_own_rules(
    required: list, forbidden: list, sound: bool, tmp_path: Path
) -> None:
    root = evaldata(tmp_path, {"https://a.example/": {"file": "a.html", "with": required, "without": forbidden}})
    (entry,) = trafilatura.trafilatura_entries(root)
    assert entry.flags == (() if sound else ("snippets-contradict-gold",))
    assert (entry.load().snippets.required, entry.load().snippets.forbidden) == (tuple(required), tuple(forbidden))


def test_trafilatura_gives_legacy_pages_in_utf8(tmp_path: Path) -> None:
    root = evaldata(tmp_path, {"https://a.example/": {"file": "a.html"}})
    write(root / "tests/eval/a.html", "<meta charset=iso-8859-1><p>Grüße".encode("latin-1"))
    (entry,) = trafilatura.trafilatura_entries(root)
    assert entry.load().page.text == "Grüße"


@needs_datasets
def test_trafilatura_sample_follows_its_own_rules_and_its_snippets_are_on_the_pages() -> None:
    entries = list(trafilatura.trafilatura_entries(Path(DATASETS or "") / "trafilatura"))
    assert entries and not any(entry.flags for entry in entries)
    lost = found = 0
    for golden in (entry.load() for entry in entries):
        text = " ".join(golden.page.text.split())
        for snippet in golden.snippets.required:
            there = " ".join(snippet.split()) in text
            found, lost = found + there, lost + (not there)
    assert found / (found + lost) > 0.85
