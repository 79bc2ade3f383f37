"""`--policy`: outputs of a stored run are scored again, and commands say the same as a run under the policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.goldens import write_golden
from harness.cli.main import main
from harness.report.kit.numbers import number as shown
from harness.runs.find import read_run

BODY = [
    "The ferry left the quay at seven with forty people on board.",
    "Halfway across the fjord its engine coughed twice and fell silent.",
    "A fishing boat towed it home before the tide had turned.",
]
TALK = ["I was on board and never want to eat a waffle again.", "My uncle mended that engine every single spring."]
LABELS = [
    {"keep": ".story", "as": "body"},
    {"maybe": "h1", "as": "title"},
    {"drop": ".talk", "as": "comment"},
]
PLUGIN = """
def whole(page):
    return page.text

def story(page):
    lines = [line for line in page.text.splitlines() if line.strip()]
    return "\\n".join(lines[1:4])
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages with comments, an extractor that returns them and one that does not, and their run."""
    folder = tmp_path_factory.mktemp("policies")
    for number in range(24):
        said = "".join(f"<p class=talk>{number} {line}</p>" for line in TALK[: 1 + number % 2])
        page = f"<html><h1>Ferry {number} stays</h1>{''.join(f'<p class=story>{line}</p>' for line in BODY)}{said}</html>"
        write_golden(folder / "goldens/set", f"page-{number:02}", page, LABELS, site=f"site-{number}.example")
    (folder / "plug.py").write_text(PLUGIN)
    (folder / "talk.yaml").write_text("keep: [title, comment]\n")
    (folder / "silence.yaml").write_text("drop: [title, comment]\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["run", "-g", "goldens", *EXTRACTORS]) == 0
    return folder


EXTRACTORS = ["-e", "./plug.py:whole", "-e", "./plug.py:story"]


@pytest.fixture
def project(stored: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(stored)
    monkeypatch.setenv("COLUMNS", "140")
    return stored


def scores(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, float]:
    capsys.readouterr()
    assert main([*words, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["extractors"]
    return {row["name"].rpartition(":")[2]: row["scores"]["F"] for row in rows}


def test_a_stored_run_is_scored_as_a_run_under_the_policy_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = scores(capsys, "show", "latest", "--policy", "talk.yaml")
    assert again["whole"] == 1.0 and again["story"] < 0.8
    run_id = read_run("latest").id
    assert scores(capsys, "run", "-g", "goldens", *EXTRACTORS, "--policy", "talk.yaml") == again
    assert read_run("latest").header.request.to_words()[-2:] == ["--policy", "talk.yaml"]
    assert scores(capsys, "show", run_id)["story"] == 1.0, "the labels alone"
    read_run("latest")
    Path(f"reports/runs/{read_run('latest').id}.jsonl").unlink()


def test_pairs_whose_order_turns_are_named_with_intervals(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "latest", "--policy", "talk.yaml", "--policy", "silence.yaml"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "F by policy: HTML pages (24 pages)" in shown
    assert "./plug.py:whole beats ./plug.py:story for talk.yaml (+.2" in shown
    assert "./plug.py:story beats ./plug.py:whole for silence.yaml (+.2" in shown
    assert main(["show", "latest", "--policy", "talk.yaml", "--policy", "silence.yaml", "--ranks"]) == 2


def test_the_markdown_names_every_pair_whose_order_turns(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies = ["--policy", "talk.yaml", "--policy", "silence.yaml"]
    assert main(["show", "latest", *policies, "-o", "turns.md"]) == 0
    written = Path("turns.md").read_text()
    assert "plug.py\\:whole | ./plug.py\\:story | talk.yaml | +.2" in written
    assert "by less than such pages can tell" not in written
    capsys.readouterr()
    one_site = ["--site", "site-1.example"]
    assert main(["show", "latest", *policies, *one_site]) == 0
    assert "by less than such pages can tell: 1\neach pair with its intervals: --format md" in capsys.readouterr().out
    assert main(["show", "latest", *policies, *one_site, "--format", "md"]) == 0
    assert "plug.py\\:whole | ./plug.py\\:story | talk.yaml | +.2" in capsys.readouterr().out, "no interval from one site"
    assert main(["show", "latest", *policies, "--format", "json"]) == 2


def test_other_commands_judge_by_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "./plug.py:story", "./plug.py:whole", "--policy", "talk.yaml", "--format", "json"]) == 0
    assert '"verdict": "B better"' in capsys.readouterr().out
    assert main(["run", "-g", "goldens", *EXTRACTORS, "--policy", "talk.yaml"]) == 0
    assert main(["accept"]) == 0
    Path(f"reports/runs/{read_run('latest').id}.jsonl").unlink()
    Path("rules.yaml").write_text("watch: []\n")
    assert main(["gate", "--policy", "talk.yaml", "--rules", "rules.yaml"]) == 0
    assert main(["gate", "--policy", "talk.yaml"]) == 3, "usual rules watch metrics that read markup"
    capsys.readouterr()
    assert main(["gate", "--rules", "rules.yaml"]) == 3
    said, *_, remedy = capsys.readouterr().out.splitlines()
    assert "the baseline was measured under the policy talk.yaml, and the run without a policy" in said
    assert main(remedy.split()[1:]) == 0
    assert main(["scorecard", "latest", "--policy", "talk.yaml", "-o", "card.json"]) == 0
    assert main(["scorecard", "baseline", "--policy", "talk.yaml", "-o", "card.json"]) == 2
    assert "holds no outputs" in capsys.readouterr().err


def test_a_baseline_without_a_policy_is_told_with_what_makes_one_under_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accept", "--baseline", "labels.json"]) == 0
    options = ["gate", "--policy", "talk.yaml", "--rules", "rules.yaml", "--baseline"]
    Path("rules.yaml").write_text("watch: []\n")
    capsys.readouterr()
    assert main([*options, "labels.json"]) == 3
    said, *_, remedy = capsys.readouterr().out.splitlines()
    assert "the baseline was measured without a policy, and the run under the policy talk.yaml" in said
    for command in remedy.partition(": a baseline under the policy")[0].split(" && "):
        assert main(command.split()[1:]) == 0
    assert main([*options, "labels.talk.json"]) == 0
    Path(f"reports/runs/{read_run('latest').id}.jsonl").unlink()


def test_a_run_whose_policy_is_gone_is_still_shown_and_judged(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("gone.yaml").write_text("keep: [title, comment]\n")
    assert main(["run", "-g", "goldens", *EXTRACTORS, "--policy", "gone.yaml"]) == 0
    assert main(["accept", "--baseline", "gone.json"]) == 0
    Path("gone.yaml").unlink()
    capsys.readouterr()
    assert main(["show", "latest"]) == 0
    assert main(["show", "latest", "--page", "set/page-00", "-e", EXTRACTORS[1]]) == 0
    assert main(["gate", "--baseline", "gone.json"]) == 0
    Path(f"reports/runs/{read_run('latest').id}.jsonl").unlink()


def test_goldens_without_kinds_and_unknown_policies_are_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "latest", "--policy", "searching"]) == 2
    assert "did you mean 'search'?" in capsys.readouterr().err
    assert main(["run", "-g", "goldens", *EXTRACTORS, "--policy", "nowhere.yaml"]) == 2


@pytest.mark.parametrize("left", ["nothing", "another policy"])
def test_a_run_is_shown_under_the_policy_that_it_had_whatever_became_of_its_file(
    project: Path, capsys: pytest.CaptureFixture[str], left: str
) -> None:
    Path("mine.yaml").write_text("drop: [title]\n")
    assert main(["run", "-g", "set", "--limit", "3", *EXTRACTORS, "--policy", "mine.yaml"]) == 0
    Path("mine.yaml").unlink()
    if left == "another policy":
        Path("mine.yaml").write_text("keep: [comment]\n")
    page = read_run().records[0]
    capsys.readouterr()
    assert main(["show", "--page", page.golden, "-e", page.extractor]) == 0
    assert f"F {shown(page.scores['F'])}" in capsys.readouterr().out
    assert main(["show", "--facts"]) == 0
    assert main(["show", "--policy", "rag"]) == 0
    assert main(["scorecard", "-o", "card.json"]) == 0
    assert "are not here" not in Path("card.json").read_text()
    assert main(["run", "--locked", "latest"]) in (2, 3), "it cannot be made again"
