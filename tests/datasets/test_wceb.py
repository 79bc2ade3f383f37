"""WCEB as goldens: what is read, what is flagged, and what is said of files that are wrong."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.datasets import PAGE, ids, temporary_folder, wceb_set, write
from harness.datasets.base import DatasetError
from harness.datasets.formats import wceb


@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["\n", "\r\n", "\n\n", "\n \n"])), min_size=1, max_size=6))
def test_wceb_reads_every_line_again_as_it_stands(lines: list[tuple[str, str]]) -> None:
    with temporary_folder() as root:
        (root / "html").mkdir()
        rows = [
            json.dumps({"page_id": f"p{i}", "plaintext": text}, ensure_ascii=False) + end
            for i, (text, end) in enumerate(lines)
        ]
        write(root / "ground-truth/cetd.jsonl", "".join(rows[::-1]))
        for number in range(len(lines)):
            write(root / f"html/cetd/p{number}.html", PAGE)
        goldens = [entry.load() for entry in wceb.wceb_entries(root)]
    assert [(golden.id, golden.text) for golden in goldens] == [
        (f"wceb-cetd/p{i}", text) for i, (text, _) in enumerate(lines)
    ]


def test_wceb_makes_each_dataset_a_set_and_flags_what_is_known_of_it(tmp_path: Path) -> None:
    with_comments = "Fine weather.\n!@#$%^&*()  COMMENTS\nIndeed it was."
    wceb_set(tmp_path, "dragnet", [{"page_id": "b", "plaintext": with_comments}, {"page_id": "a", "plaintext": ""}])
    wceb_set(tmp_path, "readability", [{"page_id": "a", "plaintext": "Fine."}])
    wceb_set(tmp_path, "cetd", [{"page_id": "a", "plaintext": "COMMENTS are welcome.", "url": "http://www.sea.example/"}])
    found = list(wceb.wceb_entries(tmp_path))
    assert [(entry.id, entry.site, entry.flags) for entry in found] == [
        ("wceb-cetd/a", "sea.example", ()),
        ("wceb-dragnet/a", "a", ("empty-gold",)),
        ("wceb-dragnet/b", "b", ("comments-in-gold",)),
        ("wceb-readability/a", "a", ("extractor-generated",)),
    ]
    assert found[2].load().text == with_comments
    assert (found[0].load().page.url, found[0].load().set) == ("http://www.sea.example/", "wceb-cetd")


def test_wceb_ids_come_in_order_where_one_name_begins_another(tmp_path: Path) -> None:
    for name in ("news", "news-2017"):
        wceb_set(tmp_path, name, [{"page_id": "a", "plaintext": "x"}])
    assert ids(wceb.wceb_entries(tmp_path)) == sorted(ids(wceb.wceb_entries(tmp_path)))


def test_wceb_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    good = {"page_id": "a", "plaintext": "x"}
    for wrong, reason in (
        ({"page_id": "b"}, "has no 'plaintext'"),
        (good, "'a' stands in line 1 already"),
        ([], "must be an object"),
    ):
        write(tmp_path / "ground-truth/cetd.jsonl", f"{json.dumps(good)}\n\n{json.dumps(wrong)}\n")
        (tmp_path / "html").mkdir(exist_ok=True)
        with pytest.raises(DatasetError, match=rf"cetd\.jsonl:3: {reason}"):
            list(wceb.wceb_entries(tmp_path))


def test_wceb_says_that_a_file_changed_after_it_was_listed(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"page_id": "a", "plaintext": "x"}, {"page_id": "b", "plaintext": "y"}]
    file = wceb_set(tmp_path, "cetd", rows)
    listed = list(wceb.wceb_entries(tmp_path))
    wceb_set(tmp_path, "cetd", rows[::-1])
    with pytest.raises(DatasetError, match=r"cetd\.jsonl:2: holds 'a' instead of 'b'; the file changed"):
        listed[1].load()
    file.write_bytes(b"")
    with pytest.raises(DatasetError, match=r"cetd\.jsonl:2: not JSON"):
        listed[1].load()


def test_wceb_is_listed_in_little_memory(tmp_path: Path) -> None:
    wceb_set(tmp_path, "cetd", [{"page_id": f"p{number:03}", "plaintext": "word " * 20_000} for number in range(100)])
    tracemalloc.start()
    entries = list(wceb.wceb_entries(tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(entries) == 100 and peak < 2_000_000  # of 10,000,000 bytes
