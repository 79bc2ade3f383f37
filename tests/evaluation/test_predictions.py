"""Outputs that were made elsewhere: what is read of each shape, under which ids, and what is said of broken files."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.places import DATASETS, needs_datasets
from harness.evaluation.predictions import PredictionsError, read_predictions

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def lines(path: Path, rows: list[dict]) -> Path:
    return write(path, "".join(json.dumps(row) + "\n" for row in rows))


def reasons(*paths: Path) -> list[str]:
    with pytest.raises(PredictionsError) as caught:
        read_predictions(paths)
    return caught.value.reasons


def test_json_of_article_extraction_benchmark_with_and_without_a_version(tmp_path):
    output = {"p1": {"articleBody": "The river rose."}, "p2": {"articleBody": None}}
    write(tmp_path / "old.json", output)
    write(tmp_path / "new.json", {"output": output, "version": "2.0.0"})
    new, old = read_predictions([tmp_path])
    assert (new.name, new.version, old.name, old.version) == ("new", "2.0.0", "old", None)
    for predictions in (new, old):
        assert predictions.ids == ("p1", "p2")
        assert predictions.lookup("aeb/p1") == "The river rose."
        assert predictions.lookup("aeb/p2") == "", "null is an empty output"
        assert predictions.lookup("aeb/p3") is None


def test_a_page_may_be_called_version(tmp_path):
    path = write(tmp_path / "mine.json", {"version": "one text", "output": "another text"})
    (predictions,) = read_predictions([path])
    assert predictions.ids == ("version", "output")


def test_json_of_wcxb_and_which_golden_an_id_means(tmp_path):
    path = write(tmp_path / "mine.json", {"0001": "bare", "wcxb-test/0001": "of one set"})
    (predictions,) = read_predictions([path])
    assert predictions.lookup("wcxb-dev/0001") == "bare"
    assert predictions.lookup("wcxb-test/0001") == "of one set"
    assert predictions.missing(["wcxb-dev/0001", "wcxb-dev/0002"]) == ["wcxb-dev/0002"]
    assert predictions.surplus(["wcxb-test/0001"]) == ["0001"]
    assert predictions.surplus(["wcxb-test/0001", "wcxb-dev/0001"]) == []


def test_json_lines_of_wceb_in_several_datasets_are_one_extractor(tmp_path):
    for dataset in ("dragnet", "cetd"):
        for model in ("bte", "goose3"):
            row = {"page_id": "ab12", "plaintext": f"{model} on {dataset}", "model": model}
            lines(tmp_path / "outputs" / dataset / f"{model}.jsonl", [row])
    bte, goose = read_predictions([tmp_path / "outputs"])
    assert (bte.name, goose.name) == ("bte", "goose3")
    assert set(bte.ids) == {"dragnet/ab12", "cetd/ab12"}
    assert bte.lookup("wceb-dragnet/ab12") == "bte on dragnet"
    assert goose.lookup("wceb-cetd/ab12") == "goose3 on cetd"
    assert bte.lookup("wceb-readability/ab12") is None, "the same page of another dataset has another output"
    assert bte.sha256 != goose.sha256
    (alone,) = read_predictions([tmp_path / "outputs" / "cetd" / "bte.jsonl"])
    assert alone.lookup("wceb-cetd/ab12") == "bte on cetd"


def test_json_lines_of_webmainbench(tmp_path):
    one = [
        {"track_id": "t1", "html": "<p>", "groundtruth_content": "gold", "magic_content": "# Flood", "magic_success": True},
        {"id": "t2", "html": "<p>", "groundtruth_content": "gold", "magic_content": None, "magic_success": False},
    ]
    (predictions,) = read_predictions([lines(tmp_path / "mine.jsonl", one)])
    assert predictions.name == "mine"
    assert predictions.lookup("webmainbench/t1") == "# Flood"
    assert predictions.lookup("webmainbench/t2") == ""
    two = [{**one[0], "other_content": "Flood", "other_success": True}]
    magic, other = sorted(read_predictions([lines(tmp_path / "two.jsonl", two)]), key=lambda found: found.name)
    assert (magic.name, magic.lookup("webmainbench/t1")) == ("magic", "# Flood")
    assert (other.name, other.lookup("webmainbench/t1")) == ("other", "Flood")
    stepwise = [
        {"sample_id": "t1", "extraction_success": True, "extracted_content": "Flood"},
        {"sample_id": "t2", "extraction_success": False, "extraction_error": "it fell over"},
    ]
    (predictions,) = read_predictions([lines(tmp_path / "step.jsonl", stepwise)])
    assert [predictions.lookup(f"webmainbench/{page}") for page in ("t1", "t2")] == ["Flood", ""]


def test_a_folder_of_texts(tmp_path):
    write(tmp_path / "mytool" / "0001.txt", "one\nline more\n")
    write(tmp_path / "mytool" / "a.b.txt", "")
    write(tmp_path / "mytool" / ".hidden.txt", "not read")
    (predictions,) = read_predictions([tmp_path / "mytool"])
    assert (predictions.name, predictions.ids) == ("mytool", ("0001", "a.b"))
    assert predictions.lookup("wcxb-dev/0001") == "one\nline more\n"
    assert predictions.lookup("wcxb-dev/a.b") == ""
    (again,) = read_predictions([tmp_path])
    assert again.name == "mytool", "a folder stands for the folders in it"


@given(st.dictionaries(IDS, TEXTS | st.none(), min_size=1, max_size=8), st.booleans(), st.sampled_from(["", "\ufeff"]))
def test_every_text_comes_back_from_every_shape(tmp_path_factory, outputs, ascii_only, mark):
    folder = tmp_path_factory.mktemp("shapes")
    expected = {key: text or "" for key, text in outputs.items()}
    nested = {key: {"note": [1, {"a": "}"}], "articleBody": text} for key, text in outputs.items()}
    write(folder / "flat.json", mark + json.dumps(outputs, ensure_ascii=ascii_only, indent=1))
    write(folder / "nested.json", mark + json.dumps({"version": "1", "output": nested}, ensure_ascii=ascii_only))
    rows = [json.dumps({"page_id": key, "plaintext": text}, ensure_ascii=ascii_only) for key, text in outputs.items()]
    write(folder / "rows.jsonl", mark + "\n\n".join(rows))
    found = read_predictions([folder])
    assert [predictions.name for predictions in found] == ["flat", "nested", "rows"]
    for predictions in found:
        assert {key: predictions.lookup(f"set/{key}" if "/" not in key else key) for key in predictions.ids} == expected


def test_the_hash_is_of_the_bytes_and_stands_in_the_source(tmp_path):
    path = write(tmp_path / "mine.json", {"a": "x"})
    (predictions,) = read_predictions([path])
    assert predictions.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert predictions.source == f"{path} sha256:{predictions.sha256}"
    for name, text in (("a", "x"), ("b", "y")):
        write(tmp_path / "texts" / f"{name}.txt", text)
    (before,) = read_predictions([tmp_path / "texts"])
    write(tmp_path / "texts" / "b.txt", "z")
    (after,) = read_predictions([tmp_path / "texts"])
    assert before.sha256 != after.sha256


def test_a_file_given_twice_counts_once(tmp_path):
    path = write(tmp_path / "mine.json", {"a": "x"})
    assert len(read_predictions([path, tmp_path, tmp_path / ".." / tmp_path.name / "mine.json"])) == 1


def test_a_file_that_changes_after_it_was_read_is_not_misread(tmp_path):
    path = write(tmp_path / "mine.json", {"a": "first", "b": "second"})
    (predictions,) = read_predictions([path])
    write(path, {"b": "other", "a": "text"})
    os.utime(path, ns=(1, 1))
    with pytest.raises(PredictionsError, match="has changed"):
        predictions.lookup("set/a")
    path.unlink()
    with pytest.raises(PredictionsError, match="has changed"):
        predictions.lookup("set/a")


def test_all_mistakes_of_all_files_are_told_with_their_places(tmp_path):
    write(tmp_path / "a.json", '{"p1": "x",\n "p2": 3,\n "p1": "y",\n "p3": {"text": "z"},\n "p4": "\\ud800"}')
    write(tmp_path / "b.json", '{"p1": "x",\n "p2" "y"}')
    write(tmp_path / "c.json", '["x"]')
    (tmp_path / "d.json").write_bytes(b'{"p1": "x",\n"p2": "\xff"}')
    rows = ['{"page_id": "1", "plaintext": "x"}', "{", "[]", '{"page_id": "1", "plaintext": 7}', '{"track_id": "2"}']
    write(tmp_path / "e.jsonl", "\n".join([*rows, '{"page_id": 3, "plaintext": "x"}']))
    write(tmp_path / "f.json", "{}")
    found = reasons(tmp_path, tmp_path / "nowhere")
    for part in (
        "a.json:2: 'p2' is not text but int",
        "a.json:3: 'p1' is also in line 1",
        "a.json:4: 'p3' has no articleBody",
        "a.json:5: 'p4' is not Unicode",
        "b.json:2: not a JSON object of pages: expected : at column 7",
        "c.json:1: not a JSON object of pages: expected { at column 1",
        "d.json:2: not UTF-8",
        "e.jsonl:2: not JSON",
        "e.jsonl:3: not an output",
        "e.jsonl:4: plaintext of '1' is not text but int",
        "e.jsonl:4: page '1' is also in line 1",
        "e.jsonl:5: not an output",
        "e.jsonl:6: not an output",
        "f.json: holds no output",
        "nowhere: no such file or folder",
    ):
        assert any(f"{part}" in reason for reason in found), f"{part}\n" + "\n".join(found)


@pytest.mark.parametrize(
    "broken", ['{"a": "b",}', '{"a": "b"} x', '{"a": "b"', '{"a": ', "{3: 4}", "", "{" * 3, '{"a": tru}']
)
def test_what_is_not_json_is_told(tmp_path, broken):
    (reason,) = reasons(write(tmp_path / "a.json", broken))
    assert "a.json:1: not a JSON object of pages" in reason


def test_json_that_is_nested_too_deeply_is_told(tmp_path):
    (reason,) = reasons(write(tmp_path / "a.json", '{"a": ' + "[" * 200_000))
    assert reason.startswith(f"{tmp_path / 'a.json'}: not a JSON object of pages")


def test_many_mistakes_of_one_file_are_counted(tmp_path):
    found = reasons(write(tmp_path / "a.json", {str(number): number for number in range(500)}))
    assert len(found) == 11
    assert found[-1].endswith("490 more mistakes")


def test_two_extractors_of_one_name_are_refused(tmp_path):
    first = write(tmp_path / "old" / "mine.json", {"a": "x"})
    second = write(tmp_path / "new" / "mine.json", {"a": "y"})
    (reason,) = reasons(first, second)
    assert "'mine'" in reason
    assert str(first) in reason
    assert str(second) in reason


def test_folders_that_do_not_say_what_they_are(tmp_path):
    write(tmp_path / "mixed" / "a.txt", "x")
    write(tmp_path / "mixed" / "b.json", {"a": "x"})
    (tmp_path / "empty").mkdir()
    page = write(tmp_path / "page.txt", "x")
    table = write(tmp_path / "table.csv", "x")
    mixed, empty, text, other = reasons(tmp_path / "mixed", tmp_path / "empty", page, table)
    assert "*.txt beside b.json" in mixed
    assert "holds no predictions" in empty
    assert "give the folder" in text
    assert "not a file of predictions" in other


def test_a_text_that_is_not_utf8_is_told(tmp_path):
    (tmp_path / "tool").mkdir()
    (tmp_path / "tool" / "a.txt").write_bytes(b"one\ntwo \xe9\n")
    (reason,) = reasons(tmp_path / "tool")
    assert "a.txt:2: not UTF-8" in reason


@needs_datasets
def test_published_outputs_are_read_as_a_json_reader_reads_them():
    folder = Path(str(DATASETS), "aeb", "output")
    found = read_predictions([folder])
    assert len(found) == len(list(folder.glob("*.json")))
    for predictions in found:
        content = json.loads((folder / f"{predictions.name}.json").read_bytes())
        content = content.get("output", content)
        assert len(predictions.ids) == 181
        for key, row in content.items():
            assert predictions.lookup(f"aeb/{key}") == (row["articleBody"] or "")
