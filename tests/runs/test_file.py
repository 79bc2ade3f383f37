"""A run on disk: what was written is read, what was torn is read up to the tear and continued, what is no run is refused."""

import json
import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.run_files import HEADER, RECORD, write_run
from harness.common.errors import CannotTell
from harness.runs.file import RunError, continue_run, new_run, pack_text, read_run_file
from harness.runs.header import header_object
from harness.runs.record import Record, Run

names = st.text(string.ascii_letters + string.digits + "/_-:.é漢", min_size=1, max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
shares = st.fixed_dictionaries(dict.fromkeys(["P", "R", "F", "MER"], st.none() | st.floats(0, 1)))
numbers = st.integers(0, 10**7)
counts = st.fixed_dictionaries(dict.fromkeys(["kept", "missed", "leaked", "free"], numbers))
kinds = st.dictionaries(st.sampled_from(["body", "consent", "other"]), numbers)
records = st.builds(
    Record,
    extractor=names,
    golden=names,
    media=st.sampled_from(["text/html", "text/plain"]),
    kind=names,
    lang=names,
    site=names,
    coerced=st.booleans(),
    outcome=st.sampled_from(["ok", "empty", "error", "timeout", "crash", "memory", "invalid"]),
    error=texts,
    text=texts,
    scores=shares,
    counts=counts,
    leaks=kinds,
    misses=kinds,
    timing=st.fixed_dictionaries({"wall": st.none() | st.floats(0, 1e4), "cpu": st.none() | st.floats(0, 1e4)}),
    repeat=st.integers(0, 3),
    cached=st.booleans(),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder for the examples of one test after the other; each takes a new id."""
    return tmp_path_factory.mktemp("runs")


@given(st.lists(records, max_size=4, unique_by=lambda r: r.key), st.booleans())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_records_come_back_as_they_were_written_in_one_order(folder, rows, finish):
    run = read_run_file(write_run(folder, "law", rows, finish=finish))
    assert run.records == tuple(sorted(rows, key=lambda r: r.key))
    assert (run.finished, run.versions) == (finish, {"mine": "1.2"})
    assert run.header == replace(HEADER, id=run.id)


def test_a_run_cut_anywhere_is_read_up_to_its_last_whole_line(tmp_path):
    whole = write_run(tmp_path, "whole", [RECORD, replace(RECORD, golden="tiny/é漢")]).read_bytes()
    torn = tmp_path / "torn.jsonl"
    for size in range(len(whole) + 1):
        torn.write_bytes(whole[:size])
        lines = whole[:size].count(b"\n")  # header, extractor, record, record, footer
        if not lines:
            with pytest.raises(RunError):
                read_run_file(torn)
            continue
        run = read_run_file(torn)
        assert len(run.records) == max(0, min(lines - 2, 2)), size
        assert run.finished == (lines == 5), size


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


@st.composite
def damaged_runs(draw) -> bytes:
    """A run in which keys were lost, values changed, or bytes replaced."""
    rows = [
        {"type": "header", "format": 2, **header_object(replace(HEADER, id="x"))},
        {"type": "extractor", "name": "mine", "version": "1"},
        {"type": "record", **vars(RECORD), "text": pack_text(RECORD.text)},
        {"type": "record", **vars(RECORD), "text": pack_text(RECORD.text), "golden": "tiny/b"},
        {"type": "footer"},
    ]
    for _ in range(draw(st.integers(1, 2))):
        row = draw(st.sampled_from(rows))
        if not row:
            continue
        key = draw(st.sampled_from(sorted(row)))
        if draw(st.booleans()):
            del row[key]
        else:
            row[key] = draw(json_values)
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    if draw(st.booleans()):
        position = draw(st.integers(0, len(data) - 1))
        data = data[:position] + draw(st.binary(max_size=3)) + data[position + 1 :]
    return data


@given(damaged_runs() | st.binary(max_size=60))
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_a_run_or_a_run_error_and_nothing_else(folder, data):
    path = folder / "damaged.bin"
    path.write_bytes(data)
    try:
        run = read_run_file(path)
    except RunError as error:
        assert str(path) in str(error)
    else:
        assert isinstance(run, Run)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"type":"header","format":99,"id":"x"}\n', "99"),
        ('{"type":"footer"}\n', "no header"),
        ("golden: 1\n", "not JSON"),
        ("[1]\n", "not a JSON object"),
        ("", "it is empty"),
        ("{", "its only line is cut off"),
        ("[" * 100_000 + "\n", "not JSON"),
        ('{"type":"header","format":2,"id":"x"}\n{"type":"record","extractor":"mine"}\n', ":2: damaged: Object missing"),
    ],
    ids=["format", "headless", "yaml", "list", "empty", "cut", "deep", "record"],
)
def test_what_is_not_a_run_is_refused_with_file_and_reason(tmp_path, content, words):
    path = tmp_path / "odd.jsonl"
    path.write_text(content)
    with pytest.raises(RunError) as caught:
        read_run_file(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_run_cut_anywhere_is_continued_to_the_same_run(tmp_path):
    rows = [replace(RECORD, golden=f"tiny/{name}", repeat=n) for name in ("a", "é漢") for n in (0, 1)]
    path = write_run(tmp_path, "whole", rows)
    whole = path.read_bytes()
    wanted = read_run_file(path)
    begun = whole.index(b"\n") + 1
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        if size < begun:
            with pytest.raises(RunError):
                continue_run(path)
            continue
        run, writer = continue_run(path)
        with writer:
            writer.extractor("mine", "1.2")
            for row in rows:
                if row.key not in {record.key for record in run.records}:
                    writer.record(row)
            writer.finish()
        assert read_run_file(path) == wanted, size
        assert path.read_bytes().count(b"\n") == whole.count(b"\n"), "no line twice"


def test_only_an_unfinished_run_that_nobody_writes_is_continued(tmp_path):
    with pytest.raises(CannotTell, match="finished"):
        continue_run(write_run(tmp_path, "20240101-000000", [RECORD]))
    with new_run("20240102-000000", HEADER, tmp_path) as writer:
        with pytest.raises(CannotTell, match="another process"):
            continue_run(writer.path)
        writer.record(RECORD)
    run, again = continue_run(writer.path)
    again.close()
    assert run.records == (RECORD,)


def test_texts_take_less_room_than_they_have_letters(tmp_path):
    text = "The ferry was late again because the winch had frozen. " * 200
    path = write_run(tmp_path, "big", [replace(RECORD, text=text)])
    assert path.stat().st_size < len(text) / 4
    assert read_run_file(path).records[0].text == text


def test_texts_are_read_when_they_are_asked_for(tmp_path):
    rows = [replace(RECORD, golden=f"tiny/{name}", text=f"The ferry {name}.") for name in "abc"]
    run = read_run_file(write_run(tmp_path, "late", rows), texts=False)
    assert [record.text for record in run.records] == ["", "", ""]
    assert [run.text_of(record) for record in run.records] == ["The ferry a.", "The ferry b.", "The ferry c."]
    assert run.text_of(replace(RECORD, golden="tiny/other", text="")) == ""


def test_a_text_that_is_damaged_is_told_with_its_line(tmp_path):
    path = write_run(tmp_path, "torn", [RECORD])
    packed = pack_text(RECORD.text)
    path.write_text(path.read_text().replace(packed, "!" * len(packed)))
    with pytest.raises(RunError, match=r"torn\.jsonl:3: damaged: not a text in zlib and base64"):
        read_run_file(path)
    run = read_run_file(path, texts=False)
    with pytest.raises(RunError, match=r"torn\.jsonl:3: damaged: not a text in zlib and base64"):
        run.text_of(replace(run.records[0], text=""))


def test_records_are_read_as_python_reads_json(tmp_path):
    """Numbers that only Python takes are refused as before, and half characters and any order of keys are taken."""
    path = write_run(tmp_path, "odd", [RECORD])
    lines = path.read_text().splitlines(keepends=True)

    def read(line: str) -> Record:
        path.write_text("".join([*lines[:2], line, lines[3]]))
        return read_run_file(path).records[0]

    row = json.loads(lines[2])
    assert read(json.dumps(dict(reversed(row.items()))) + "\n") == RECORD
    assert read(json.dumps({**row, "error": "\ud800"}) + "\n").error == "\ud800"
    assert read(json.dumps({**row, "new": [1]}) + "\n") == RECORD
    with pytest.raises(RunError, match=r"odd\.jsonl:3: damaged: .*scores"):
        read(json.dumps({**row, "scores": {"F": float("nan")}}) + "\n")


def test_an_extractor_that_a_resumed_run_could_load_counts_as_loaded_and_one_that_it_could_not_does_not(tmp_path):
    with new_run("late", HEADER, tmp_path) as writer:
        writer.extractor("a", "1")
        writer.not_loaded("b", "no such module")
    assert read_run_file(writer.path).not_loaded == {"b": "no such module"}
    _, again = continue_run(writer.path)
    with again:
        again.not_loaded("a", "no such module")
        again.extractor("b", "1")
    assert read_run_file(writer.path).not_loaded == {"a": "no such module"}
    _, again = continue_run(writer.path)
    with again:
        again.extractor("a", "1")
        again.extractor("b", "1")
    assert read_run_file(writer.path).not_loaded == {}
