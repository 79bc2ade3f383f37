"""The Python API: what a notebook gets, and that it says the same as the command line."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any, cast

import pytest

import harness
from harness.baseline.file import BASELINE, write_baseline
from harness.baseline.model import baseline_of
from harness.cli.main import main
from harness.evaluation.events import Begun, Finished, Measured

ROOT = Path(__file__).parents[2]
PAGE, OTHER = "core/accordion-wordpress-comments", "core/product-desk-lamp-fragments"


@pytest.mark.slow
def test_the_notebook_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # A baseline of the releases that are installed here: those of the repository's may differ.
    write_baseline(baseline_of(harness.run("core", ["trafilatura", "resiliparse"])), BASELINE)
    (code,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/api.md").read_text("utf-8"), re.S | re.M)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "docs/api.md", "exec"), {})
    first, second, third, fourth = said.getvalue().splitlines()
    assert first == "P 0.62, R 1.00, F 0.77, leaked 3 words"
    assert second.startswith("20 results of run ")
    assert third.startswith("resiliparse − trafilatura: ")
    # Nothing is worse, but the ten pages are not all that the baseline has.
    assert re.fullmatch(r"exit code 3: 0 rules broken, [1-9]\d* doubts", fourth)


@pytest.mark.parametrize(
    ("main", "output", "p", "r"),
    [("one two three four", "one two", 1.0, 0.5), ("one two", "one two five six", 0.5, 1.0), ("one", "two", 0.0, 0.0)],
)
def test_two_texts(main: str, output: str, p: float, r: float) -> None:
    scores = harness.score(main, output)
    assert (scores.precision, scores.recall) == (p, r)
    assert scores.f == pytest.approx(2 * p * r / (p + r) if p + r else 0.0)


def test_an_output_may_be_html_or_markdown() -> None:
    for output, format in (("<p>one <b>two</b></p>", "html"), ("one **two**", "markdown")):
        assert harness.score("one two", output, output_format=format).f == 1.0
        assert harness.align("one two", output, output_format=format).counts.kept == 2
    with pytest.raises(ValueError):
        harness.score("one", "one", output_format="pdf")


def test_what_is_no_text_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="golden must be a Golden or text, not int"):
        harness.score(3, "one")  # type: ignore[arg-type]
    for call in (harness.score, harness.align):
        with pytest.raises(TypeError, match="output must be text, not NoneType"):
            call("one", None)  # type: ignore[arg-type]


def test_a_metric_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def broken(case):\n    raise ValueError('no verb in it')\n")
    scores = harness.score("one", "one", metrics=f"{tmp_path}/broken.py:broken")
    assert scores.f == 1.0 and scores.values["broken"] is None
    assert list(scores.unscored) == ["broken"] and "no verb in it" in scores.unscored["broken"]
    assert harness.score("one", "one").unscored == {}


def test_a_golden_scores_as_a_run_scores_it() -> None:
    (golden,) = harness.read_goldens("core/accordion-wordpress-comments")
    run = harness.run("core/accordion-wordpress-comments", "resiliparse", metrics=["P", "R", "F", "MER"])
    (record,) = run.records
    scores = harness.score(golden, record.text)
    assert scores.values == {name: record.scores[name] for name in ("P", "R", "F", "MER")}
    assert (scores.counts, scores.leaks, scores.misses) == (record.counts, record.leaks, record.misses)
    assert harness.align(golden, record.text).leaks_by_kind() == record.leaks


def test_a_run_is_stored_where_it_is_told_and_tells_its_events(tmp_path: Path) -> None:
    events: list[object] = []
    run = harness.run("core", "resiliparse", choice=harness.Choice(limit=3), folder=tmp_path, listen=events.append)
    (file,) = tmp_path.iterdir()
    assert harness.read_run(file).records == harness.read_run(str(file)).records
    assert [record.key for record in run.records] == [record.key for record in harness.read_run(file).records]
    kinds = [type(event) for event in events]
    assert kinds.count(Begun) == kinds.count(Finished) == 1 and kinds.count(Measured) == 3


def test_a_run_that_is_not_stored_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(harness.run([PAGE, OTHER], "resiliparse").records) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("library", ["pandas", "polars", None])
def test_a_frame(library: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    run = harness.run([PAGE, OTHER], "resiliparse")
    if library:
        pytest.importorskip(library)
    monkeypatch.setattr("harness.runs.record.find_spec", lambda name: name == library or None)
    frame = run.to_frame()
    columns = [*frame[0]] if library is None else [*frame.columns]
    assert len(frame) == 2 and {"extractor", "golden", "kept", "F"} <= {*columns}
    if library:
        assert type(frame).__module__.startswith(library)
        assert [*frame["golden"]] == [record.golden for record in run.records]


def test_mistakes_are_told_as_the_command_line_tells_them() -> None:
    with pytest.raises(harness.Impossible, match="trafilatura") as raised:
        harness.run("core", "trafilatora")
    assert raised.value.code == 2
    with pytest.raises(harness.Impossible, match="unknown goldens"):
        harness.read_goldens("nowhere")
    with pytest.raises(harness.HarnessError) as missing:
        harness.read_run("nowhere")
    assert missing.value.code == 2
    with pytest.raises(harness.Impossible, match="no run 'xxx"):
        harness.read_run("x" * 300)
    run = harness.run(PAGE, "resiliparse")
    with pytest.raises(harness.Impossible, match="no extractor 'nobody'"):
        harness.compare(run, "resiliparse", "nobody")
    with pytest.raises(harness.Impossible):
        harness.score("one", "one", metrics="nonesuch")


@pytest.mark.parametrize(
    ("choice", "asked", "what"),
    [
        ({"limit": -1}, {}, "limit: -1 is not a whole number of 1 or more"),
        ({"sample": 2.5}, {}, "sample: 2.5 is not a whole number"),
        ({"sample": "2"}, {}, "sample: '2' is of type str, not int"),
        ({"shard": "3/2"}, {}, "shard: '3/2' is not a part"),
        ({"kinds": "article"}, {}, "kinds: 'article' is not a tuple of values"),
        ({"kinds": ("artcle",)}, {}, "unknown kind of page 'artcle'; did you mean 'article'?"),
        ({"without_flags": ("emty",)}, {}, "unknown flag 'emty'"),
        ({}, {"timeout": float("nan")}, "timeout: nan is not a number of seconds"),
        ({}, {"timeout": "5"}, "timeout: '5' is of type str, not float"),
        ({}, {"jobs": 0}, "jobs: 0 is not a whole number of 1 or more"),
        ({}, {"jobs": True}, "jobs: True is not a whole number of 1 or more"),
    ],
)
def test_what_the_command_line_would_refuse_is_refused(choice: dict, asked: dict, what: str) -> None:
    with pytest.raises(harness.Impossible) as raised:
        harness.run("core", "resiliparse", choice=harness.Choice(**choice), **asked)
    assert what in str(raised.value)


def test_mistakes_name_no_option_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("")
    run = harness.run(PAGE, "resiliparse")
    for call in (
        lambda: harness.run("core", "mine"),
        lambda: harness.run("core", ["resiliparse", "resiliparse=html_text"]),
        lambda: harness.run("core", "resiliparse", choice=harness.Choice(without_flags=("empty-gold",), sites=("x",))),
        lambda: harness.read_goldens("webmainbench"),
        lambda: harness.judge(run, rules="nope"),
        lambda: harness.judge(run, rules="floors"),
    ):
        with pytest.raises(harness.HarnessError) as raised:
            call()
        assert not re.search(r"(^|\s)--?[a-z]", str(raised.value)), raised.value


def test_a_choice_that_leaves_nothing_is_named() -> None:
    with pytest.raises(harness.CannotTell, match="of 56 goldens, none fits lang xx, limit 3"):
        harness.run("core", "resiliparse", choice=harness.Choice(langs=("xx",), limit=3))


def test_what_is_of_another_type_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="choice must be a Choice, not dict"):
        harness.run("core", "resiliparse", choice={"limit": 3})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="run must be a Run, not str"):
        harness.compare("latest", "a", "b")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="run must be a Run, not str"):
        harness.judge("latest")  # type: ignore[arg-type]
    for names in (3, b"core", [3], [None]):
        with pytest.raises(TypeError, match="neither a name nor a list of names"):
            harness.read_goldens(names)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="run must be a path or an id, not int"):
        harness.read_run(3)  # type: ignore[arg-type]
    run, wrong = harness.run(PAGE, "resiliparse"), cast(Any, 3)
    for call, told in (
        (lambda: harness.judge(run, wrong), "baseline must be a path, not int"),
        (lambda: harness.judge(run, rules=wrong), "rules must be Rules, the name of a preset, or a path, not int"),
        (lambda: harness.compare(run, wrong, "resiliparse"), "a must be the name of an extractor, not int"),
        (lambda: harness.compare(run, "a", "b", metric=wrong), "metric must be the name of a metric, not int"),
        (lambda: harness.run("core", "resiliparse", folder=wrong), "folder must be a path, not int"),
    ):
        with pytest.raises(TypeError, match=told):
            call()
    with pytest.raises(TypeError, match="engine must be an Engine, not int"):
        harness.run("core", "resiliparse", engine=3)  # type: ignore[arg-type]
    with pytest.raises(harness.Impossible, match="no folder of dumps 'nowhere'"):
        harness.read_goldens("core", dumps="nowhere")


def test_a_verdict_has_the_code_of_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = json.loads((ROOT / "reports/baseline.json").read_text("utf-8"))
    rows["rows"] = [row for row in rows["rows"] if row["extractor"] == "resiliparse"][:6]
    rows["extractors"] = {"resiliparse": rows["extractors"]["resiliparse"]}
    (tmp_path / "baseline.json").write_text(json.dumps(rows))
    monkeypatch.chdir(tmp_path)
    run = harness.run([row["golden"] for row in rows["rows"]], "resiliparse", folder="reports/runs")
    code = harness.judge(run, "baseline.json").code
    assert code == main(["gate", "--baseline", "baseline.json"])
    rows["rows"][0]["scores"] = dict.fromkeys(rows["rows"][0]["scores"], 1.0)
    rows["rows"][0]["counts"] = {"kept": 9, "missed": 0, "leaked": 0, "free": 0}
    rows["rows"][0] |= {"leaks": {}, "misses": {}, "frees": {}}
    (tmp_path / "baseline.json").write_text(json.dumps(rows))
    assert harness.judge(run, "baseline.json").code == main(["gate", "--baseline", "baseline.json"]) == 1
    with pytest.raises(harness.Impossible):
        harness.judge(run, tmp_path / "nothing.json")
    with pytest.raises(harness.Impossible, match="no file can be called so"):
        harness.judge(run, "no\0thing.json")
