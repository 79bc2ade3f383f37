"""The baseline's file, what `harness accept` writes into it, and what it never deletes."""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.alignment.align import page_words
from harness.baseline import file as baseline_module
from harness.baseline.accept import accept, covered, partial
from harness.baseline.file import BASELINE, EMPTY, BaselineError, baseline_json, baseline_of, read_baseline, write_baseline
from harness.cli.commands import accept as accept_command
from harness.common.errors import OK, CannotTell, Impossible
from harness.engine.answer import OUTCOMES
from harness.evaluation.evaluate import scores_of
from harness.gate.judge import judge
from harness.gate.rules import Rules
from harness.goldens.golden import Golden, Segment
from harness.metrics import FAMILIES, METRICS, Case
from harness.metrics.definitions import definitions
from harness.pages import words as text
from harness.pages.page import Page
from harness.runs.file import Record, Run, new_run
from harness.runs.summary import summarise

OPTIONS: dict[str, object] = {name: None for name in ("sample", "limit", "shard")}
OPTIONS |= {name: [] for name in ("kind", "lang", "site", "without_flag")}


def record(golden: str = "core/a", extractor: str = "x", f: float | None = 0.5, **fields: object) -> Record:
    given = {
        "outcome": "ok",
        "scores": {"P": f, "R": f, "F": f, "MER": f, "LF": 0.25, "aeb.F": f, "aeb.tp": 3},
        "counts": {"kept": 5, "missed": 5, "leaked": 2, "free": 1},
        "leaks": {"consent": 2},
        "misses": {"body": 5},
        "frees": {"title": 1},
        **fields,
    }
    site = golden.rpartition("/")[2]
    about = {"media": "text/html", "kind": "article", "lang": "en", "site": site, "page_bytes": 100}
    return Record(extractor, golden, coerced=False, error="", text="the text", timing={"wall": 1.0}, **about, **given)


def run_of(*records: Record, finished: bool = True, labels: str = "l", version: str = "1.0", **header: object) -> Run:
    goldens = {record.golden: {"page": "p", "labels": labels} for record in records}
    whole = {"goldens": goldens, "arguments": {"goldens": [], **OPTIONS}, "definitions": definitions(METRICS), **header}
    versions = {record.extractor: version for record in records}
    return Run("now", whole, versions, tuple(sorted(records, key=lambda record: record.key)), finished)


names = st.text(min_size=1, max_size=5)
words = st.dictionaries(names, st.integers(0, 10**6), max_size=2)
values = st.none() | st.floats(-10, 10, allow_nan=False)
records = st.builds(
    lambda golden, extractor, outcome, scores, counts, leaks, frees, coerced, repeats: [
        replace(
            record(f"set/{golden}", extractor),
            outcome=outcome,
            scores={"F": scores[i], "aeb.F": scores[-1 - i]},
            counts=dict(zip(("kept", "missed", "leaked", "free"), counts)),
            leaks=leaks,
            frees=frees,
            coerced=coerced,
            repeat=i,
        )
        for i in range(repeats)
    ],
    names,
    names,
    st.sampled_from(sorted(OUTCOMES)),
    st.lists(values, min_size=3, max_size=3),
    st.lists(st.integers(0, 10**6), min_size=4, max_size=4),
    words,
    words,
    st.booleans(),
    st.integers(1, 3),
)


@given(st.lists(records, max_size=4, unique_by=lambda rows: (rows[0].golden, rows[0].extractor)))
def test_what_is_written_is_read_again(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("baseline") / "deep" / "baseline.json"
    written = baseline_of(run_of(*(each for row in rows for each in row), references=[row[0].extractor for row in rows[:1]]))
    write_baseline(written, path)
    assert read_baseline(path) == written
    assert json.loads(path.read_text()) and [file.name for file in path.parent.iterdir()] == ["baseline.json"]


def test_a_name_that_is_no_unicode_is_read_again(tmp_path):
    written = baseline_of(run_of(record(extractor="x\udcff")))
    write_baseline(written, tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json") == written


def test_the_order_of_a_run_does_not_matter():
    rows = [record(golden, extractor) for golden in ("core/b", "core/a") for extractor in ("y", "x")]
    one, other = run_of(*rows), run_of(*rows[::-1])
    other = replace(other, records=other.records[::-1], versions=dict(reversed(other.versions.items())))
    assert baseline_json(baseline_of(one)) == baseline_json(baseline_of(other))


def test_a_changed_page_is_one_changed_line_without_times_and_texts():
    pages = [f"core/{i}" for i in range(5)]
    before = baseline_json(baseline_of(run_of(*map(record, pages))))
    after = baseline_json(baseline_of(run_of(*map(record, pages[:3]), record(pages[3], f=0.75), record(pages[4]))))
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert [line[:2] for line in changes] == ["- ", "+ "]
    assert '"golden": "core/3"' in changes[0] and '"F": 0.5' in changes[0] and '"F": 0.75' in changes[1]
    assert "the text" not in before and "wall" not in before
    added = baseline_json(baseline_of(run_of(*map(record, [*pages, "core/2b"]))))
    assert sum(line[0] in "+-" for line in difflib.ndiff(before.splitlines(), added.splitlines())) == 2  # golden and row


def test_own_scores_are_a_few_and_those_of_benchmarks_all():
    (row,) = baseline_of(run_of(record(f=1 / 3))).rows.values()
    assert row.scores == {**dict.fromkeys(("P", "R", "F", "MER", "aeb.F"), 0.333333333), "aeb.tp": 3}


def test_the_last_digits_of_another_machine_are_no_change():
    before = baseline_of(run_of(record(f=0.1234567885)))
    verdict = judge(run_of(record(f=0.1234567885 + 1e-15)), before, Rules(), run_name="now", baseline_name="b")
    assert verdict.code == OK and verdict.cells[0].state == "same"


def test_repeats_are_kept_where_they_differ():
    same = baseline_of(run_of(record(repeat=0), record(repeat=1)))
    assert next(iter(same.rows.values())).repeats == ()
    differ = baseline_of(run_of(record(f=0.5, repeat=0), record(f=0.7, repeat=1)))
    (row,) = differ.rows.values()
    assert row.scores["F"] == 0.6 and [each.scores["F"] for each in row.each] == [0.5, 0.7]


def test_as_a_run_the_baseline_has_the_same_summaries():
    rows = [record(f"core/{i}", name, f=i / 7) for i in range(5) for name in ("x", "y")]
    rows += [record("core/5", "x", f=0.2, repeat=0), record("core/5", "x", f=0.4, repeat=1)]
    run = run_of(*rows, references=["y"], unranked=["core", "other"])
    stored = baseline_of(run).as_run()
    for one, other in zip(summarise(run.records), summarise(stored.records)):
        assert (one.extractor, one.pages, one.outcomes, one.leaks) == (
            other.extractor,
            other.pages,
            other.outcomes,
            other.leaks,
        )
        for name in ("F", "MER"):
            assert one.scores[name] == pytest.approx(other.scores[name], abs=1e-9)
    assert stored.versions == run.versions and stored.finished
    assert stored.header["references"] == ["y"] and stored.header["unranked"] == ["core"]
    assert stored.header["goldens"] == run.header["goldens"]
    assert baseline_of(stored) == baseline_of(run)


def written(tmp_path: Path, change: dict[str, str]) -> Path:
    path = tmp_path / "baseline.json"
    content = baseline_json(baseline_of(run_of(*(record(f"core/{i}", name) for i in range(3) for name in ("x", "y")))))
    for old, new in change.items():
        assert old in content
        content = content.replace(old, new, 1)
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({'"rows": [\n': '"rows": [\n<<<<<<< ours\n'}, ":15: a conflict that a merge left"),
        ({'"outcome": "ok"': '"outcome": "good"'}, ":15: unknown outcome 'good'"),
        ({'"F": 0.5': '"F": "0.5"'}, ":15: the score F is no number"),
        ({'"consent": 2': '"consent": -2'}, ":15: `leaks` has no number of words for consent"),
        ({'"consent": 2': '"consent": true'}, ":15: `leaks` has no number of words for consent"),
        ({', "free": 1': ""}, ":15: `counts` has not just"),
        ({'"golden": "core/1"': '"golden": "core/9"'}, ":16: the golden 'core/9' is not among `goldens`"),
        ({'"extractor": "y"': '"extractor": "z"'}, ":18: the extractor 'z' is not among `extractors`"),
        ({'"golden": "core/1"': '"golden": "core/0"'}, ":16: a second row of 'x' on 'core/0'"),
        ({'"x": {"version": "1.0"}': '"x": {"version": 1}'}, ":6: the extractor 'x' has a damaged"),
        ({'"x": {"version": "1.0"}': '"x": {}'}, ":6: no entry of `extractors`"),
        ({'"y": {"version"': '"x": {"version"'}, ":7: 'x' stands there twice"),
        ({'"lang": "en"': '"lang": 3'}, ":10: the golden 'core/0' has a damaged field"),
        ({'"rows": [': '"lines": ['}, "`rows` is damaged or missing"),
        ({'"baseline": 1,': '"baseline": 2,'}, "format 2 is not 1"),
        ({'"baseline": 1,': ""}, "not a baseline"),
        ({'"unranked": []': '"unranked": [}'}, ":4: not JSON"),
    ],
)
def test_damage_is_named_with_its_line_and_what_to_do(tmp_path, change, said):
    path = written(tmp_path, change)
    with pytest.raises(BaselineError) as error:
        read_baseline(path)
    message = str(error.value)
    assert message.startswith(f"{path}:") and said in message
    assert "harness" in message


@given(st.data())
def test_any_damage_is_an_error_of_the_baseline_or_none(tmp_path_factory, data):
    path = written(tmp_path_factory.mktemp("damaged"), {})
    content = bytearray(path.read_bytes())
    start = data.draw(st.integers(0, len(content) - 1))
    content[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=5))
    path.write_bytes(bytes(content))
    try:
        found = read_baseline(path)
    except BaselineError:
        return
    assert all(row.golden in found.goldens and row.extractor in found.extractors for row in found.rows.values())
    baseline_json(found)


def test_a_missing_baseline_says_how_to_make_one(tmp_path):
    with pytest.raises(BaselineError, match="harness accept"):
        read_baseline(tmp_path / "none.json")


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = written(tmp_path, {})
    before = path.read_bytes()

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(baseline_module.Path, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_baseline(EMPTY, path)
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["baseline.json"]


pairs = st.sets(st.tuples(st.sampled_from("xyz"), st.sampled_from(["core/a", "core/b", "web/a", "web/b"])), min_size=1)


def of_pairs(pairs: set[tuple[str, str]], f: float, **header: object) -> Run:
    return run_of(*(record(golden, extractor, f) for extractor, golden in pairs), **header)


@given(pairs, pairs)
def test_accepting_replaces_adds_and_never_deletes(old_pairs, new_pairs):
    old, run = baseline_of(of_pairs(old_pairs, 0.1)), of_pairs(new_pairs, 0.2)
    found = accept(old, baseline_of(run))
    rows = {pair: row.scores["F"] for pair, row in found.baseline.rows.items()}
    assert rows == {**dict.fromkeys(old_pairs, 0.1), **dict.fromkeys(new_pairs, 0.2)}
    assert set(found.kept) == old_pairs - new_pairs and not found.deleted and not found.conflicts
    assert set(found.baseline.extractors) == {extractor for extractor, _ in rows}
    assert set(found.baseline.goldens) == {golden for _, golden in rows}
    # What was accepted passes.
    verdict = judge(found.baseline.as_run(), found.baseline, Rules(), run_name="now", baseline_name="b")
    assert verdict.code == OK


@given(pairs, pairs, st.sets(st.sampled_from(["core/a", "core/b", "web/a"])))
def test_pruning_deletes_what_whole_sets_do_not_have(old_pairs, new_pairs, skipped):
    old, run = baseline_of(of_pairs(old_pairs, 0.1)), of_pairs(new_pairs, 0.2, skipped=sorted(skipped))
    new = baseline_of(run)
    assert partial(run, new) == []
    found = accept(old, new, prune=covered(run, old, new))
    sets = {golden.partition("/")[0] for _, golden in new_pairs}
    gone = {pair for pair in old_pairs - new_pairs if pair[1].partition("/")[0] in sets and pair[1] not in skipped}
    assert set(found.deleted) == gone
    assert set(found.baseline.rows) == (old_pairs | new_pairs) - gone


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"arguments": {**OPTIONS, "goldens": [], "kind": ["forum"]}}, "--kind"),
        ({"arguments": {**OPTIONS, "goldens": [], "shard": "1/2"}}, "--shard"),
        ({"arguments": {**OPTIONS, "goldens": [], "without_flag": ["spa"]}}, "--without-flag"),
        ({"arguments": {**OPTIONS, "goldens": ["core/a"]}}, "single goldens"),
        ({"arguments": {**OPTIONS, "goldens": ["goldens/core/a.yaml"]}}, "single goldens"),
        ({"arguments": {"goldens": [], "predictions": ["x.json"]}}, "does not say"),
        ({"broken": ["core/b.yaml"]}, "core/b.yaml"),
    ],
)
def test_a_run_of_a_part_is_known(header, why):
    run = run_of(record(), **header)
    (reason,) = partial(run, baseline_of(run))
    assert why in reason


def test_rows_of_a_changed_golden_cannot_stay_beside_new_ones():
    old = baseline_of(of_pairs({("x", "core/a"), ("y", "core/a"), ("y", "core/b")}, 0.1))
    new = baseline_of(of_pairs({("x", "core/a")}, 0.2, labels="changed"))
    assert accept(old, new).conflicts == {("y", "core/a"): "the golden changed"}
    assert accept(old, new, prune={"core/a"}).conflicts == {}


def test_rows_of_another_definition_cannot_stay_beside_new_ones():
    old = baseline_of(of_pairs({("x", "core/a"), ("y", "core/a")}, 0.1))
    new = baseline_of(of_pairs({("x", "core/a")}, 0.2, definitions={**definitions(METRICS), "text": 2}))
    assert accept(old, new).conflicts == {("y", "core/a"): "the definition of text changed"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with runs; a function that stores one more."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def store(run: Run) -> None:
        with new_run(f"2024010{len(list(Path().glob('reports/runs/*')))}-000000", run.header) as writer:
            for name, version in run.versions.items():
                writer.extractor(name, version)
            for each in run.records:
                writer.record(each)
            if run.finished:
                writer.finish()

    return store


def run_accept(**given: object) -> int:
    return accept_command.run(argparse.Namespace(**{"run_name": None, "baseline": None, "prune": False, **given}))


def test_accept_says_what_moved(project, capsys):
    project(run_of(*(record(f"core/{i}", f=0.5) for i in range(4)), record("web/a", "y")))
    assert run_accept() == OK
    assert "reports/baseline.json: 5 rows, 2 extractors, 5 pages" in capsys.readouterr().out
    changed = [record("core/0", f=0.1), record("core/1", f=0.9), record("core/2", f=0.5)]
    project(run_of(*changed, version="2.0"))
    assert run_accept() == OK
    said = capsys.readouterr().out
    for part in ("x 1.0 → 2.0", "worse 1   missing 2   better 1   same 1", "-0.400  core/0", "+0.400  core/1"):
        assert part in said, part
    assert "kept, though the run does not have them: x 1 row, y 1 row" in said
    assert len(read_baseline().rows) == 5
    assert run_accept(prune=True) == OK
    assert "deleted, since the run does not have them: x 1 row" in capsys.readouterr().out
    assert sorted(read_baseline().rows) == [("x", "core/0"), ("x", "core/1"), ("x", "core/2"), ("y", "web/a")]


def test_accept_writes_where_it_is_told(project, tmp_path):
    project(run_of(record()))
    assert run_accept(baseline=Path("deep/other.json")) == OK
    assert read_baseline(Path("deep/other.json")).rows and not BASELINE.exists()


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (run_of(record(), finished=False), "was not finished"),
        (run_of(), "holds no result"),
        (run_of(record(), labels="changed"), "the golden changed"),
    ],
)
def test_what_cannot_stand_for_its_pages_is_refused(project, run, said):
    project(run_of(record(), record(extractor="y")))
    run_accept()
    before = BASELINE.read_bytes()
    project(run)
    with pytest.raises(CannotTell, match=said):
        run_accept()
    assert BASELINE.read_bytes() == before


def test_pruning_by_a_run_of_a_part_is_refused(project):
    project(run_of(record(), arguments={**OPTIONS, "goldens": [], "limit": 1}))
    with pytest.raises(CannotTell, match="--limit"):
        run_accept(prune=True)
    assert not BASELINE.exists()


def test_accept_does_not_write_over_what_it_cannot_read(project):
    project(run_of(record()))
    BASELINE.parent.mkdir(exist_ok=True)
    BASELINE.write_text("<<<<<<< ours\n")
    with pytest.raises(Impossible, match="conflict"):
        run_accept()
    assert BASELINE.read_text() == "<<<<<<< ours\n"


def test_no_run_is_said(project):
    with pytest.raises(CannotTell, match="harness run"):
        run_accept()


SAMPLE = "Der Flößer’s co-op: 3,5 t — naïve? 「東京タワー」ไปเที่ยว हिन्दी_text e\u0301te\u0301 a\u00adb www.x.org #9 İstanbul"
PAGE = [
    "Menu Home",
    "The old ferry",
    "The ferry was late again.",
    "Accept all",
    "Nobody minded, since the winch had frozen.",
    "Menu",
]
LABELS = [
    ("drop", "navigation"),
    ("maybe", "title"),
    ("keep", "body"),
    ("drop", "consent"),
    ("keep", "body"),
    ("drop", "footer"),
]
OUTPUTS = [
    "The old ferry\nThe ferry was late again.\nNobody minded, since the winch had frozen.",
    "Nobody minded, since the winch had frozen.\nThe ferry was late again.\nAccept all",
    "The ferry was late.\nThe ferry was late again.\nNobody cared about the frozen winch. Menu",
    "",
]


def fingerprint(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]


def own_golden() -> Golden:
    page = Page("\n".join(PAGE).encode(), "text/plain")
    labelled = tuple(
        Segment(line, verdict, kind, number) for number, (line, (verdict, kind)) in enumerate(zip(PAGE, LABELS))
    )
    return Golden("own/page", page, "article", "own.example", labelled=labelled)


# Of each definition its version and a fingerprint of its values; of a benchmark's metrics the sum of their versions. If a
# change of values is meant, raise the version in harness/metrics/definitions.py and write the new fingerprint here.
PINNED = {
    "text": (1, "fafb789b18bb"),
    "words": (1, "3eaa061abeda"),
    "P": (1, "79789ff10398"),
    "R": (1, "5ffa90180280"),
    "F": (1, "cb5ceb7721e7"),
    "WER": (1, "6c602351ce89"),
    "CER": (1, "05835a5ba4f1"),
    "MER": (1, "260175a72d7d"),
    "LP": (1, "d005261a9428"),
    "LR": (1, "ca4077feb28b"),
    "LF": (1, "a85226fcb938"),
    "duplicated": (1, "b654057e2409"),
    "moved": (1, "f12b4779bc68"),
    "invented": (1, "b654057e2409"),
    "aeb": (4, "62779d499a45"),
    "wcxb": (7, "579ab495c032"),
    "wceb": (6, "6fd4526064f3"),
    "trafilatura": (4, "d68cd26be5d6"),
    "cleaneval": (12, "33747b75e9b4"),
    "structure": (5, "04be802bb2c3"),
}


def test_a_change_of_definitions_raises_their_version():
    golden = own_golden()
    cases = [Case(golden, output, page_words(golden)) for output in OUTPUTS]
    laid = [case.alignment for case in cases]
    counts = [[a.kept, a.missed, a.leaks_by_kind(), a.misses_by_kind(), a.frees_by_kind()] for a in laid]
    groups: dict[str, list[str]] = {}
    for family in FAMILIES.built_in():
        for metric in () if family.requires else family.metrics:
            groups.setdefault(metric.name.partition(".")[0], []).append(metric.name)
    versions = definitions(METRICS)
    found = {"text": (versions["text"], fingerprint(text.words(SAMPLE))), "words": (versions["words"], fingerprint(counts))}
    for group, names in groups.items():
        scores = [scores_of(case, names) for case in cases]
        values = [[None if score[name] is None else round(score[name], 9) for name in names] for score in scores]
        found[group] = (sum(versions[name] for name in names), fingerprint(values))
    assert found == PINNED
