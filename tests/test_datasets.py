"""The adapters of public datasets: what they read, what they flag, and what they say of files that are wrong."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import pickle
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.datasets.base import DatasetError, DatasetFormat, Entry, html_lang
from harness.datasets.formats import aeb, folder, readability, trafilatura, wceb, wcxb
from harness.datasets.utf8 import as_utf8
from harness.goldens.vocabulary import FLAGS, PAGE_KINDS

DATASETS = os.environ.get("HARNESS_DATASETS")
needs_datasets = pytest.mark.skipif(not DATASETS, reason="HARNESS_DATASETS names no folder with the data sets")

FORMATS = [aeb.AEB, folder.FOLDER, readability.READABILITY, trafilatura.TRAFILATURA, wceb.WCEB, wcxb.WCXB]
PAGE = b'<!DOCTYPE html><html lang="en"><body><p>The ferry sails at noon.</p><p>Share this</p></body></html>'


def write(file: Path, content: str | bytes | object) -> Path:
    """A file with bytes, text or JSON in it; packed if its name says so."""
    raw = (
        content
        if isinstance(content, bytes)
        else content.encode()
        if isinstance(content, str)
        else json.dumps(content).encode()
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(raw) if file.suffix == ".gz" else raw)
    return file


def wcxb_truth(**changes: object) -> dict[str, object]:
    """A file of WCXB's ground truth; changes that name no key of the outer object go into the inner one."""
    inner = {"main_content": "The ferry sails at noon.", "with": ["sails at NOON"], "without": ["Share"]}
    outer = {"url": "https://www.ferry.example/plan", "_internal": {"page_type": {"primary": "article"}}}
    inner |= {key: value for key, value in changes.items() if key not in outer}
    return {**outer, "ground_truth": inner, **{key: value for key, value in changes.items() if key in outer}}


def wcxb_page(split: Path, id: str, page: bytes = PAGE, **changes: object) -> None:
    write(split / "ground-truth" / f"{id}.json", wcxb_truth(**changes))
    write(split / "html" / f"{id}.html.gz", page)


def wceb_set(root: Path, name: str, rows: list[dict[str, object]]) -> Path:
    (root / "html" / name).mkdir(parents=True, exist_ok=True)
    for row in rows:
        write(root / "html" / name / f"{row['page_id']}.html", PAGE)
    return write(root / "ground-truth" / f"{name}.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


def small_dataset(format: str, root: Path) -> Path:
    """A dataset of each format with one page."""
    if format == "aeb":
        write(
            root / "ground-truth.json",
            {"a1": {"articleBody": "The ferry sails at noon.", "url": "https://www.ferry.example/"}},
        )
        write(root / "html" / "a1.html.gz", PAGE)
    elif format == "folder":
        write(root / "plan.html", PAGE)
        write(root / "plan.txt", "The ferry sails at noon.\n")
    elif format == "readability":
        write(root / "test/test-pages/plan/source.html", PAGE)
        write(root / "test/test-pages/plan/expected.html", "<div><p>The ferry sails at noon.</p></div>")
    elif format == "trafilatura":
        row = {"file": "plan.html", "with": ["The ferry sails"], "without": ["Share this"]}
        write(root / "tests/evaldata.json", {"https://www.ferry.example/plan": row})
        write(root / "tests/eval/plan.html", PAGE)
    elif format == "wceb":
        wceb_set(
            root, "cetd", [{"page_id": "ab12", "plaintext": "The ferry sails at noon.", "url": "https://www.ferry.example/"}]
        )
    elif format == "wcxb":
        wcxb_page(root / "dev", "0001")
    return root


def ids(entries: Iterator[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def flags(entries: Iterator[Entry]) -> dict[str, tuple[str, ...]]:
    return {entry.id: entry.flags for entry in entries}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for one example of Hypothesis."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


# every format


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_an_entry_says_what_its_golden_says_in_another_process_too(format: DatasetFormat, tmp_path: Path) -> None:
    (entry,) = format.entries(small_dataset(format.name, tmp_path))
    golden = pickle.loads(pickle.dumps(entry)).load()
    assert golden == entry.load()
    assert (golden.id, golden.kind, golden.lang, golden.site) == (entry.id, entry.kind, entry.lang, entry.site)
    assert golden.flags == entry.flags
    assert (golden.page.raw, golden.page.media, golden.lang) == (PAGE, "text/html", "en")
    assert golden.kind in PAGE_KINDS and set(golden.flags) <= set(FLAGS)
    assert golden.text in (None, "The ferry sails at noon.", "The ferry sails at noon.\n")
    assert (golden.text is None) == (format.name == "trafilatura")


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_a_folder_of_another_kind_is_told_what_the_format_expects(format: DatasetFormat, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(DatasetError, match="expected") as caught:
        list(format.entries(tmp_path))
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("format", [f for f in FORMATS if f.name not in ("folder", "readability")], ids=lambda f: f.name)
def test_a_page_that_is_missing_spoils_only_its_own_golden(format: DatasetFormat, tmp_path: Path) -> None:
    root = small_dataset(format.name, tmp_path)
    (page,) = (file for file in root.rglob("*") if file.name.endswith((".html", ".html.gz")))
    page.unlink()
    (entry,) = format.entries(root)
    assert entry.lang == "und"
    with pytest.raises(DatasetError, match="no such file") as caught:
        entry.load()
    assert str(page) in str(caught.value)


@pytest.mark.parametrize("format", [aeb.AEB, wcxb.WCXB], ids=lambda format: format.name)
def test_a_packed_page_that_is_cut_off_is_named(format: DatasetFormat, tmp_path: Path) -> None:
    root = small_dataset(format.name, tmp_path)
    (page,) = root.rglob("*.html.gz")
    page.write_bytes(page.read_bytes()[:-9])
    (entry,) = format.entries(root)
    with pytest.raises(DatasetError, match="cannot be unpacked") as caught:
        entry.load()
    assert str(page) in str(caught.value)


@pytest.mark.parametrize("format", [f for f in FORMATS if f.name not in ("folder", "readability")], ids=lambda f: f.name)
def test_what_is_not_json_is_named_with_its_place(format: DatasetFormat, tmp_path: Path) -> None:
    root = small_dataset(format.name, tmp_path)
    (truth,) = (file for file in root.rglob("*.json*"))
    for broken in (b"{", b'{"a": \xff}', b"[" * 100_000):
        truth.write_bytes(broken)
        with pytest.raises(DatasetError, match="not JSON") as caught:
            list(format.entries(root))
        assert str(truth) in str(caught.value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(), max_size=5)
    | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def places(value: object) -> list[tuple[object, ...]]:
    """The paths to everything inside a value of JSON, the value itself first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *rest) for key, item in inside for rest in places(item))]


def replaced(value: object, place: tuple[object, ...], new: Callable[[object], object]) -> object:
    if not place:
        return new(value)
    first, *rest = place
    if isinstance(value, list):
        return [replaced(item, tuple(rest), new) if i == first else item for i, item in enumerate(value)]
    return {key: replaced(item, tuple(rest), new) if key == first else item for key, item in value.items()}


def odd_keys(value: object) -> object:
    """An object's values under keys that are no text; of anything else, such an object."""
    return {f"\ud800{key}": item for key, item in value.items()} if isinstance(value, dict) else {"\ud800": value}


@given(st.sampled_from([f for f in FORMATS if f.name not in ("folder", "readability")]), st.data())
def test_any_other_value_anywhere_is_read_or_reported_with_its_file(format: DatasetFormat, data: st.DataObject) -> None:
    with temporary_folder() as root:
        small_dataset(format.name, root)
        (truth,) = (file for file in root.rglob("*.json*"))
        value = json.loads(truth.read_bytes())
        new = data.draw(st.just(odd_keys) | JSON.map(lambda other: lambda _: other))
        changed = replaced(value, data.draw(st.sampled_from(places(value))), new)
        truth.write_text(json.dumps(changed), "utf-8")
        try:
            goldens = [entry.load() for entry in format.entries(root)]
        except DatasetError as error:
            assert str(root) in str(error)
        else:
            for golden in goldens:
                golden.main_content.encode()
                assert all(isinstance(part, str) for part in (golden.id, golden.site, golden.text or ""))


@pytest.mark.parametrize("name", ["../../secret", "..", "", "a/b", "a\\b", "a\0b"])
def test_no_name_in_a_dataset_leads_out_of_it(name: str, tmp_path: Path) -> None:
    write(tmp_path / "aeb/ground-truth.json", {name: {"articleBody": "x"}})
    write(tmp_path / "tests/evaldata.json", {"https://a.example/": {"file": name, "with": ["x"], "without": ["y"]}})
    (tmp_path / "html").mkdir()
    write(tmp_path / "ground-truth/cetd.jsonl", {"page_id": name, "plaintext": "x"})
    for format, root in ((aeb.AEB, tmp_path / "aeb"), (trafilatura.TRAFILATURA, tmp_path), (wceb.WCEB, tmp_path)):
        with pytest.raises(DatasetError, match="not the name of a file"):
            list(format.entries(root))


# encodings and languages of pages


LEGACY = {
    "iso-8859-1": "Grüße aus der Bücherei",
    "iso-8859-2": "Zażółć gęślą jaźń",
    "windows-1251": "Паром уходит в полдень",
    "koi8-r": "Паром уходит в полдень",
    "shift_jis": "正午に船が出る",
    "euc-kr": "정오에 배가 떠난다",
    "gbk": "渡轮中午开航",
}


@pytest.mark.parametrize("charset", LEGACY)
def test_a_page_in_a_declared_encoding_keeps_its_text(charset: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>{LEGACY[charset]}'
    assert as_utf8(page.encode(charset)).decode() == page


@given(st.text(max_size=40), st.sampled_from(["", "<meta charset=iso-8859-1>", "<meta charset=utf-8>"]))
def test_a_page_in_utf8_stays_as_it_is_whatever_it_declares(text: str, declared: str) -> None:
    raw = (declared + text).encode()
    assert as_utf8(raw) == raw


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<meta charset=latin1>Füße – “so”".encode("cp1252"), "<meta charset=latin1>Füße – “so”"),
        ("Füße".encode("cp1252"), "Füße"),
        *(
            (f'<meta charset="{name}">Fü'.encode("cp1252"), f'<meta charset="{name}">Fü')
            for name in ("idna", "rot13", "nonsense")
        ),
        ("Ψωμί".encode("utf-16"), "Ψωμί"),
        (b'<meta charset="utf-8">F\xfc\xdfe', '<meta charset="utf-8">F\ufffd\ufffde'),
    ],
)
def test_legacy_pages_are_read_as_a_browser_reads_them(raw: bytes, text: str) -> None:
    assert as_utf8(raw).decode() == text


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ('<html lang="en">', "en"),
        ("<HTML class=no-js LANG=EN-gb>", "en-GB"),
        ("<html lang='de_AT'>", "de-AT"),
        ('<html lang="zh-Hans-CN">', "zh-Hans-CN"),
        ('<html xmlns="x" xml:lang="ja">', "ja"),
        ('<html lang="" xml:lang="fi">', "fi"),
        ('<html lang="english">', None),
        ('<html data-lang="en" hreflang="en">', None),
        ('<html><body lang="en">', None),
        (" " * 30_000 + '<html lang="en">', None),
    ],
)
def test_the_language_is_what_the_root_element_declares(tag: str, lang: str | None) -> None:
    assert html_lang(tag.encode()) == lang


# wcxb


def test_wcxb_gives_all_that_a_file_holds(tmp_path: Path) -> None:
    shop = {"page_type": {"primary": "category"}, "spa": True}
    wcxb_page(tmp_path / "dev", "0007", _internal=shop, main_content_markdown="# Plan\n\nThe ferry sails at noon.")
    (entry,) = wcxb.wcxb_entries(tmp_path / "dev")
    golden = entry.load()
    assert (entry.id, entry.kind, entry.site, entry.lang) == ("wcxb-dev/0007", "collection", "ferry.example", "en")
    assert golden.page.url == "https://www.ferry.example/plan"
    assert golden.markdown == "# Plan\n\nThe ferry sails at noon."
    assert (golden.snippets.required, golden.snippets.forbidden) == (("sails at NOON",), ("Share",))
    assert entry.flags == ("llm-drafted", "spa")


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"main_content": " \n"}, "empty-gold"),
        ({"main_content": None}, "empty-gold"),
        ({"with": ["the FERRY sails", "at eleven"]}, "snippets-contradict-gold"),
        ({"without": ["nothing", "FERRY"]}, "snippets-contradict-gold"),
        ({"with": ["The  ferry"]}, "snippets-contradict-gold"),  # the benchmark leaves white space as it is
    ],
)
def test_wcxb_flags_golds_that_are_empty_or_contradict_themselves(
    changes: dict[str, object], flag: str, tmp_path: Path
) -> None:
    wcxb_page(tmp_path / "dev", "0001")
    wcxb_page(tmp_path / "dev", "0002", **changes)
    found = flags(wcxb.wcxb_entries(tmp_path / "dev"))
    assert flag not in found["wcxb-dev/0001"] and flag in found["wcxb-dev/0002"]


def test_wcxb_takes_a_page_type_it_does_not_know_for_a_mistake(tmp_path: Path) -> None:
    wcxb_page(tmp_path / "dev", "0001", _internal={"page_type": {"primary": "poem"}})
    with pytest.raises(DatasetError, match=r"0001\.json: unknown page type 'poem'; known are article"):
        list(wcxb.wcxb_entries(tmp_path))


def test_wcxb_knows_sites_of_pages_without_a_url_and_script_pages_from_metadata(tmp_path: Path) -> None:
    for id in ("0001", "0002", "0003"):
        wcxb_page(tmp_path / "dev", id, url=None)
    # Both splits have a page 0002; metadata.json can list only one of them.
    listed = {"0001": {"split": "dev", "domain": "WWW.Ferry.example", "spa": True}, "0002": {"split": "test", "spa": True}}
    write(tmp_path / "metadata.json", {"files": listed})
    one, two, three = wcxb.wcxb_entries(tmp_path / "dev")
    assert [entry.site for entry in (one, two, three)] == ["ferry.example", "0002", "0003"]
    assert ["spa" in entry.flags for entry in (one, two, three)] == [True, False, False]


SPLIT = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([b"one", b"two", b"three"]), st.integers(1, 9)), max_size=4
)


@settings(max_examples=30)
@given(SPLIT.filter(bool), SPLIT.filter(bool))
def test_wcxb_flags_sites_and_copies_that_are_in_both_splits(dev: list, test: list) -> None:
    with temporary_folder() as root:
        for split, pages in (("dev", dev), ("test", test)):
            for number, (site, page, level) in enumerate(pages):
                wcxb_page(root / split, f"{number:04}", url=f"https://www.{site}.example/{split}")
                packed = gzip.compress(page, level, mtime=number)  # equal pages in unlike files
                (root / split / "html" / f"{number:04}.html.gz").write_bytes(packed)
        both = flags(wcxb.wcxb_entries(root))
        alone = flags(wcxb.wcxb_entries(root / "dev"))
    assert alone == {id: held for id, held in both.items() if id.startswith("wcxb-dev")}
    assert len(both) == len(dev) + len(test)
    for split, pages, others in (("dev", dev, test), ("test", test, dev)):
        for number, (site, page, _) in enumerate(pages):
            held = both[f"wcxb-{split}/{number:04}"]
            assert ("in-both-splits" in held) == (site in {other for other, _, _ in others})
            assert ("copy-in-other-split" in held) == (page in {other for _, other, _ in others})


def test_wcxb_compares_pages_themselves_and_not_only_their_checksums(tmp_path: Path) -> None:
    wcxb_page(tmp_path / "dev", "0001", b"plan A")
    wcxb_page(tmp_path / "test", "0001", b"plan A")
    other = tmp_path / "test/html/0001.html.gz"
    other.write_bytes(gzip.compress(b"plan B")[:-8] + other.read_bytes()[-8:])
    assert "copy-in-other-split" not in flags(wcxb.wcxb_entries(tmp_path / "dev"))["wcxb-dev/0001"]
    for split in ("dev", "test"):  # what cannot be read is a copy of nothing
        (tmp_path / split / "html/0001.html.gz").write_bytes(b"not packed at all")
    assert "copy-in-other-split" not in flags(wcxb.wcxb_entries(tmp_path / "dev"))["wcxb-dev/0001"]


def test_wcxb_lists_a_split_only_under_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wcxb_page(tmp_path / "dev", "0001")
    monkeypatch.chdir(tmp_path / "dev")
    assert ids(wcxb.wcxb_entries(Path())) == ["wcxb-dev/0001"]
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/test").symlink_to(tmp_path / "dev")
    assert ids(wcxb.wcxb_entries(tmp_path / "linked/test")) == ["wcxb-test/0001"]
    wcxb_page(tmp_path / "mine", "0001")
    with pytest.raises(DatasetError, match="the name of a split is dev or test"):
        list(wcxb.wcxb_entries(tmp_path / "mine"))


@needs_datasets
def test_wcxb_has_the_pages_and_defects_that_were_counted_in_its_files() -> None:
    entries = list(wcxb.wcxb_entries(Path(DATASETS or "") / "wcxb" / "dev"))
    assert Counter(entry.kind for entry in entries) == {
        **{
            "article": 793,
            "service": 165,
            "product": 119,
            "collection": 117,
            "forum": 113,
            "listing": 99,
            "documentation": 91,
        }
    }
    assert sum("empty-gold" in entry.flags for entry in entries) == 21
    assert sum("spa" in entry.flags for entry in entries) == 19
    absent = present = required = forbidden = 0
    for entry in entries:
        truth = json.loads(next(arg for arg in entry.load.args if arg.suffix == ".json").read_bytes())["ground_truth"]
        text = truth.get("main_content", "").lower()
        mine = sum(snippet.lower() not in text for snippet in truth["with"])
        theirs = sum(snippet.lower() in text for snippet in truth["without"])
        assert ("snippets-contradict-gold" in entry.flags) == (mine + theirs > 0), entry.id
        absent, present = absent + mine, present + theirs
        required, forbidden = required + len(truth["with"]), forbidden + len(truth["without"])
    assert (absent, required, present, forbidden) == (57, 6659, 13, 5824)


# wceb


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


# trafilatura


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


# readability


@pytest.mark.parametrize("inside", ["", "test", "test/test-pages"])
def test_readability_gives_the_visible_text_of_what_the_tool_made(inside: str, tmp_path: Path) -> None:
    cases = tmp_path / "test/test-pages"
    for name, expected in (("b", "<p>The ferry &amp; its\n <b>crew</b></p><p>Noon</p>"), ("a", "<div></div>")):
        write(cases / name / "source.html", PAGE)
        write(cases / name / "expected.html", expected)
    a, b = readability.readability_entries(tmp_path / inside)
    assert (a.id, a.flags) == ("readability/a", ("empty-gold", "extractor-generated"))
    assert (b.id, b.flags, b.load().text) == ("readability/b", ("extractor-generated",), "The ferry & its crew\nNoon")


def test_readability_names_an_expectation_that_is_missing_or_no_utf8(tmp_path: Path) -> None:
    write(tmp_path / "a/source.html", PAGE)
    with pytest.raises(DatasetError, match=r"expected\.html: no such file"):
        list(readability.readability_entries(tmp_path))
    write(tmp_path / "a/expected.html", b"<p>\nF\xfc\xdfe")
    with pytest.raises(DatasetError, match=r"expected\.html:2: not UTF-8 \(byte 0xfc\)"):
        list(readability.readability_entries(tmp_path))


# folder


def test_a_folder_of_pages_is_a_set_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("b", "\ufeffGrüße\n"), ("a", " \n")):
        write(tmp_path / "mine" / f"{name}.html", PAGE)
        write(tmp_path / "mine" / f"{name}.txt", text)
    write(tmp_path / "mine" / "notes.md", "no page")
    a, b = folder.folder_entries(tmp_path / "mine")
    assert (a.id, a.flags, b.id, b.flags) == ("mine/a", ("empty-gold",), "mine/b", ())
    assert b.load().text == "Grüße\n"
    monkeypatch.chdir(tmp_path / "mine")
    assert ids(folder.folder_entries(Path())) == ["mine/a", "mine/b"]


def test_all_that_is_wrong_with_a_folder_is_said_at_once(tmp_path: Path) -> None:
    for name in ("lonely.html", "torn.html"):
        write(tmp_path / name, PAGE)
    write(tmp_path / "orphan.txt", "text")
    write(tmp_path / "torn.txt", b"one\ntwo\nth\xffree")
    with pytest.raises(DatasetError) as caught:
        list(folder.folder_entries(tmp_path))
    lonely, orphan, torn = str(caught.value).splitlines()
    assert "lonely.html: has no lonely.txt" in lonely
    assert "orphan.txt: has no orphan.html" in orphan
    assert "torn.txt:3: not UTF-8 (byte 0xff)" in torn


# aeb


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"url": "https://a.example"}, "has no 'articleBody'"),
        ({"articleBody": None}, "'articleBody' must be text, not null"),
        ({"articleBody": "x", "url": 5}, "'url' must be text, not a number"),
        ("text", "must be an object, not text"),
    ],
)
def test_aeb_names_the_page_whose_row_is_wrong(row: object, reason: str, tmp_path: Path) -> None:
    write(tmp_path / "ground-truth.json", {"a1": row})
    with pytest.raises(DatasetError, match=rf"ground-truth\.json: 'a1': {reason}"):
        list(aeb.aeb_entries(tmp_path))


@needs_datasets
@pytest.mark.parametrize(
    ("module", "path"), [(aeb, "aeb"), (trafilatura, "trafilatura"), (readability, "readability"), (wcxb, "wcxb")]
)
def test_real_entries_come_in_order_and_agree_with_their_goldens(module: object, path: str) -> None:
    entries = list(module.entries(Path(DATASETS or "") / path))
    assert ids(entries) == sorted(set(ids(entries)))
    for entry in entries[::25]:
        golden = entry.load()
        assert (golden.id, golden.lang, golden.site, golden.flags) == (entry.id, entry.lang, entry.site, entry.flags)
