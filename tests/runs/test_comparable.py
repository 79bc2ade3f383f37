"""One rule says whether scores of two runs may be compared, and every consumer of it says the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import harness
from harness.cli.main import main
from harness.runs.comparable import why_not
from harness.runs.find import read_run
from harness.runs.header import GoldenFacts, RunHeader

ROOT = Path(__file__).parents[2]
ONE = RunHeader("1", definitions={"text": 1, "words": 1, "F": 1}, goldens={"core/a": GoldenFacts("p", "l")})


def header(**changed: object) -> RunHeader:
    fields = {"definitions": ONE.definitions, "goldens": ONE.goldens, **changed}
    return RunHeader("2", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (header(), ""),
        (header(definitions={"text": 2, "words": 1, "F": 1}), "what a word is changed"),
        (header(definitions={"text": 1, "words": 3, "F": 1}), "how words are counted changed"),
        (header(definitions={"text": 1, "words": 1, "F": 2}), "the definition of F changed"),
        (header(definitions={"text": 1, "words": 1}), ""),  # it has no value of F, which is told elsewhere
        (header(definitions={}), "what a word is and how words are counted changed"),
        (header(goldens={"core/a": GoldenFacts("other", "l")}), "its page changed"),
        (header(goldens={"core/a": GoldenFacts("p", "other")}), "its labels changed"),
        (header(goldens={"core/a": GoldenFacts("x", "y")}), "its page and labels changed"),
        (header(goldens={}), "its golden is not known on both sides"),
    ],
)
def test_the_rule(other: RunHeader, why: str) -> None:
    assert why_not(ONE, other, golden="core/a", metric="F") == why
    assert bool(why_not(other, ONE, golden="core/a", metric="F")) == bool(why)


def test_facts_matter_for_metrics_of_facts_only() -> None:
    other = header(goldens={"core/a": GoldenFacts("p", "l", facts="f")})
    assert why_not(ONE, other, golden="core/a", metric="F") == ""
    assert why_not(ONE, other, golden="core/a", metric="facts.order.R") == "its facts changed"


def test_another_definition_is_not_compared_by_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A baseline whose F is defined otherwise: neither gate, compare, accept nor scorecard compares a value with it."""
    monkeypatch.chdir(tmp_path)
    choice = harness.Choice(limit=3)
    harness.run("core", ["resiliparse", "trafilatura"], choice=choice, folder="reports/runs")
    assert main(["accept"]) == 0
    baseline = Path("reports/baseline.json")
    content = json.loads(baseline.read_text("utf-8"))
    content["definitions"]["F"] += 1
    baseline.write_text(json.dumps(content))
    capsys.readouterr()

    assert main(["gate"]) == 3
    assert "the definition of F changed" in capsys.readouterr().out
    assert main(["compare", "baseline", "latest"]) == 3
    assert "the definition of F changed" in capsys.readouterr().err
    assert main(["scorecard", "-o", "card.json", "-o", "card.md"]) == 0
    card = json.loads(Path("card.json").read_text("utf-8"))
    changes = card["changes"]
    assert changes and all((item["pages"], item["incomparable"]) == (0, 3) for item in changes)
    written = Path("card.md").read_text("utf-8")
    assert "better" not in written and "3 pages cannot be compared: the definition of F changed (3)" in written

    harness.run("core", "resiliparse", choice=harness.Choice(limit=1), folder="reports/runs")
    kept = baseline.read_bytes()
    assert main(["accept"]) == 3  # the rows that it would keep cannot stand beside the new ones
    assert "the definition of F changed" in capsys.readouterr().err and baseline.read_bytes() == kept
    shutil.rmtree("reports")


def test_shards_of_unlike_words_are_not_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for shard in ("1/2", "2/2"):
        harness.run("core", "resiliparse", choice=harness.Choice(limit=4, shard=shard), folder="reports/runs")
    paths = sorted(Path("reports/runs").iterdir())
    first, rest = paths[0].read_text("utf-8").split("\n", 1)
    changed = json.loads(first)
    changed["definitions"]["words"] += 1
    paths[0].write_text(json.dumps(changed) + "\n" + rest)
    assert main(["merge", *(path.stem for path in paths)]) == 3
    assert len(list(Path("reports/runs").iterdir())) == 2
    paths[0].write_text(first + "\n" + rest)
    assert main(["merge", *(path.stem for path in paths)]) == 0
    assert len(read_run().records) == 4
