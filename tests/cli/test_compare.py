"""`harness compare`: what can be compared, how it is shown, and what is said of the rest."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from factories.goldens import write_goldens
from factories.records import record, run_of, scored_pages, store
from factories.tiny import RUN
from harness.analysis.compare import compare
from harness.baseline.file import write_baseline
from harness.baseline.model import baseline_of
from harness.cli.commands import compare as command
from harness.cli.main import main
from harness.common.errors import CannotTell, Impossible
from harness.report.comparison import comparison_markdown, print_comparison
from harness.report.kit.terminal import file_console
from harness.runs.find import list_runs, read_run

SITES = 40


def noise(count: int, spread: float, seed: int = 1) -> np.ndarray:
    return spread * np.random.default_rng(seed).standard_normal(count)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Two runs: in the later one `x` is worse on pages of one kind and better on none, `y` as it was, `z` is gone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    kinds = ["forum", "article"] * (SITES // 2)
    x, y = noise(SITES, 0.1) + 0.6, noise(SITES, 0.1, 2) + 0.7
    dropped = x - 0.3 * np.array([kind == "forum" for kind in kinds])
    before = (
        scored_pages("x", list(x))
        + scored_pages("y", list(y))
        + scored_pages("z", [0.1] * SITES)
        + scored_pages("x@1.0", list(y))
    )
    after = scored_pages("x", list(dropped), leaks={"related": 7}) + scored_pages("y", list(y))
    for records in (before, after):
        store(run_of(*(replace(r, kind=kinds[int(r.golden[-4:])]) for r in records)))
    return tmp_path


def arguments(first: str, second: str, **options: object) -> argparse.Namespace:
    usual = {
        "run_name": None,
        "baseline": None,
        "metric": None,
        "extractor": [],
        "judged_as": [],
        "policy": "",
        "format": "table",
        "output": None,
    }
    return argparse.Namespace(first=first, second=second, **{**usual, **options})


def as_json(capsys, first: str, second: str, **options: object) -> dict:
    assert command.run(arguments(first, second, format="json", **options)) == 0
    return json.loads(capsys.readouterr().out)


def test_two_extractors_of_the_latest_run_or_of_the_one_given(stored, capsys):
    latest = as_json(capsys, "x", "y")["comparisons"]
    older = as_json(capsys, "x", "y", run_name="latest~1")["comparisons"]
    assert [(item["a"]["run"], item["b"]["run"]) for item in (*latest, *older)] == [
        ("20260102-000000",) * 2,
        ("20260101-000000",) * 2,
    ]
    assert latest[0]["all"]["difference"] > older[0]["all"]["difference"] > 0


def test_two_runs_compare_every_extractor_that_both_have(stored, capsys):
    found = as_json(capsys, "latest~1", "latest")
    assert [item["a"]["extractor"] for item in found["comparisons"]] == ["x", "y"]
    x, y = found["comparisons"]
    assert (x["all"]["verdict"], y["all"]["verdict"]) == ("A better", "same")
    assert x["by"]["kind"]["article"]["verdict"] == "same" and x["by"]["kind"]["forum"]["verdict"] == "A better"
    assert x["leaks"] == {"related": {"a": 0, "b": 7 * SITES}}
    assert found["notes"] == ["only in A: x@1.0, z"]
    only = as_json(capsys, "20260101-000000", "reports/runs/20260102-000000.jsonl", extractor=["y"])
    assert [item["a"]["extractor"] for item in only["comparisons"]] == ["y"]


def test_a_run_and_the_baseline(stored, capsys):
    write_baseline(baseline_of(read_run("latest~1")), Path("kept.json"))
    found = as_json(capsys, "baseline", "latest", baseline=Path("kept.json"))["comparisons"]
    assert [(item["all"]["verdict"], item["a"]["run"]) for item in found] == [("A better", "baseline"), ("same", "baseline")]
    assert all(len(change["commands"]) == 1 for change in found[0]["lost"]), "a baseline has no texts to show"


def test_the_table_names_the_verdict_the_pages_and_what_shows_them(stored, capsys):
    assert command.run(arguments("latest~1", "latest")) == 0
    out = capsys.readouterr().out
    assert re.search(r"^x +40 .* A better *$", out, re.M) and re.search(r"^y +40 .* same *$", out, re.M)
    assert "A is better, by more than chance explains" in out
    assert re.search(r"^related +0 +280 +\+280$", out, re.M)
    assert "Pages on which B is better" not in out
    page = re.search(r"^  −\.300  \S+ → \S+  (\S+)$", out, re.M)[1]
    for run in ("20260101-000000", "20260102-000000"):
        assert f"  harness show {run} --page {page} -e x" in out


def test_tracks_and_slices_without_a_verdict_are_told_apart(stored, capsys):
    """HTML pages and dumps have a verdict each; kinds with too few pages for one are a line and no rows."""
    media = ["text/html", "text/plain"] * (SITES // 2)
    kinds = ["forum"] * (SITES - 8) + ["article", "listing"] * 4
    records = [
        replace(r, media=media[number % SITES], kind=kinds[number % SITES])
        for name, scores in (("x", [0.5] * SITES), ("y", list(0.6 + noise(SITES, 0.01))))
        for number, r in enumerate(scored_pages(name, scores))
    ]
    store(run_of(*records))
    found = as_json(capsys, "x", "y")["comparisons"]
    assert [(item["track"], item["all"]["pages"]) for item in found] == [("text/html", 20), ("text/plain", 20)]
    assert command.run(arguments("x", "y")) == 0
    html, _, text = capsys.readouterr().out.partition("\nText dumps\n")
    for shown, few in ((html, "article 4"), (text, "listing 4")):
        assert re.search(r"^forum +16 .* B better *$", shown, re.M)
        assert f"too few pages: {few}\n" in shown and not re.search(r"^(article|listing) ", shown, re.M)


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_tables_fit_the_terminal(stored, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert command.run(arguments("x", "y")) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= columns for line in out.splitlines() if "harness show" not in line)
    assert re.search(r"^forum .* B better *$", out, re.M), "whatever else is left out, the verdict stays"


def test_markdown_escapes_names_and_a_file_is_written_where_asked(stored, capsys):
    target = stored / "deep" / "compared.md"
    assert command.run(arguments("latest~1", "latest", format="md", output=target)) == 0
    assert capsys.readouterr().out == ""
    text = target.read_text()
    assert "| x | 40 |" in text and "**F by kind**" in text
    run = run_of(*(scored_pages("a|<b>\x1b[31m", [0.5, 0.6]) + scored_pages("b", [0.7, 0.9])))
    compared = compare(run, run, [("a|<b>\x1b[31m", "b")], "F")
    assert "a\\|\\<b\\>\\\\u001b\\[31m" in comparison_markdown(compared, "F", [])
    printed = StringIO()
    print_comparison(compared, "F", [], file_console(printed))
    assert "\x1b" not in printed.getvalue()
    assert command.run(arguments("x", "y", output=stored / "compared.txt")) == 0
    assert "95 % interval" in (stored / "compared.txt").read_text()


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        ("x", "yy", {}, "'yy' is no extractor of run 20260102-000000 and no run; did you mean 'y'?"),
        ("latest", "latest", {}, "with itself"),
        ("x", "latest", {}, "'latest' is a run and 'x' an extractor"),
        ("latest", "latest~7", {}, "only 2"),
        ("x", "y", {"metric": "f"}, "unknown metric 'f'"),
        ("x", "y", {"run_name": "nowhere"}, "no run 'nowhere'"),
        ("x", "y", {"extractor": ["x"]}, "named already"),
        ("latest~1", "latest", {"run_name": "latest"}, "named already"),
        ("latest~1", "latest", {"extractor": ["z"]}, "run 20260102-000000 has no extractor 'z'"),
        ("baseline", "latest", {"baseline": Path("none.json")}, "none.json"),
        ("x", "y", {"baseline": Path("kept.json")}, "name `baseline`"),
    ],
)
def test_what_cannot_be_asked_is_exit_code_2_and_says_why(stored, first, second, options, message):
    with pytest.raises(Impossible) as raised:
        command.run(arguments(first, second, **options))
    assert message in str(raised.value)


def test_names_with_two_meanings_are_not_guessed(stored):
    Path("x").write_bytes(Path("reports/runs/20260101-000000.jsonl").read_bytes())
    with pytest.raises(Impossible, match=r"'x' is an extractor of run 20260102-000000 and also a run; write \./x"):
        command.run(arguments("x", "y"))
    assert command.run(arguments("./x", "latest", output=Path("out.txt"))) == 0
    Path("x").unlink()
    with pytest.raises(Impossible, match="has no 'z' but z@1, z@2: write one of them"):
        store(run_of(*scored_pages("z@1", [0.5]), *scored_pages("z@2", [0.6])))
        command.run(arguments("z", "z@2"))


def test_where_no_page_can_be_compared_the_exit_code_is_3(stored, tmp_path, monkeypatch):
    store(run_of(record("x", "other/page"), finished=False))
    with pytest.raises(CannotTell, match="no page can be compared"):
        command.run(arguments("latest~1", "latest"))
    with pytest.raises(CannotTell, match=r"^wcxb\.F has no value on both sides; metrics with values: P, R, F, MER"):
        command.run(arguments("x", "y", run_name="20260102-000000", metric="wcxb.F"))
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(CannotTell, match="no run in"):
        command.run(arguments("x", "y"))


def test_the_commands_for_a_metric_that_is_missing_mend_that(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_goldens(tmp_path / "pages", ["Ships come in at noon\nand leave at six", "A page of one line, with a comma"])
    asked = ["-g", "pages", "-e", "keep_everything", "-e", "keep_nothing"]
    assert main(["run", *asked, "--limit", "1"]) == main(["run", *asked]) == 0
    capsys.readouterr()
    compare_runs = ["compare", "latest~1", "latest", "-m", "wcxb.F"]
    assert main(compare_runs) == 3
    lines = [shlex.split(line) for line in capsys.readouterr().err.splitlines() if line.startswith("  ")]
    assert sum("--limit" in words for words in lines) == 1 and len(lines) == 2
    for words in lines:
        assert words[0] == "harness" and main(words[1:]) == 0
    assert main(compare_runs) == main(["show", "-m", "wcxb.F"]) == 0


def test_the_commands_it_prints_show_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_goldens(tmp_path / "pages", ["Ships come in at noon\nand leave at six", "A page of one line, with a comma"])
    assert main(["run", "-g", "pages", "-e", "keep_everything", "-e", "keep_nothing"]) == 0
    capsys.readouterr()
    found = as_json(capsys, "keep_nothing", "keep_everything")["comparisons"][0]
    assert found["all"]["won"] == 2
    for change in found["won"]:
        for line in change["commands"]:
            assert main(shlex.split(line)[1:]) == 0
    assert "keep_everything" in capsys.readouterr().out


def test_two_extractors_of_an_earlier_run_are_named_with_the_command_that_compares_them(tiny, capsys):
    assert main([*RUN, "-e", "quiet", "-e", "paragraphs", "-g", "tiny"]) == 0
    first = list_runs()[0].stem
    assert main([*RUN, "-e", "whole_text", "-g", "tiny"]) == 0
    capsys.readouterr()
    assert main(["compare", "quiet", "paragraphs"]) == 2
    command = re.search(r"`harness (compare [^`]+)`", capsys.readouterr().err)[1]
    assert first in command
    assert main(shlex.split(command)) == 0
