"""Whatever a file says, a command ends with a message that names it, never with a traceback: 2,000 mutations of each."""

from __future__ import annotations

import json
import math
import random
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from factories.extractors import runnable
from factories.matrices import related, written
from factories.mutations import as_json, as_toml, as_yaml, damaged, mutated
from factories.pages import html_page
from factories.records import measured, run_of, store
from harness.cli.main import main
from harness.common.errors import HarnessError
from harness.engine.answer import OUTCOMES, Answer
from harness.engine.cache import OutputCache, cache_path
from harness.evaluation.run import run
from harness.exposure.record import FORMAT as EXPOSURE_FORMAT
from harness.fuzz.findings.finding import FindingError, read_finding
from harness.runs.request import RunRequest

pytestmark = pytest.mark.slow

MUTATIONS = 2_000
SYNTAX = ("not JSON", "not YAML", "not TOML", "not UTF-8", "it is empty", "line is cut off", "first line is no header")
RULES = {
    "preset": "release",
    "metric": "F",
    "watch": ["blocks.F"],
    "mean_drop": 0.01,
    "page_drop": 0.1,
    "leak_growth": {"any": 20, "consent": "1%"},
    "page_leak_growth": "5%",
    "slices": ["kind", "lang"],
    "slice_drop": 0.02,
    "characters_growth": 3,
    "speed": {"reference": "y", "ratio": 1.5, "sum": 2, "worst": 10},
    "memory": {"reference": "y", "ratio": 2},
    "findings": {"seed": 0, "examples": 20, "new": 1, "level": "major"},
    "kind": {"article": {"mean_drop": 0.5}},
    "set": {"core": {"page_drop": 0.5}},
    "page": {"core/a": {"page_drop": 0.5}},
    "site": {"core/a.example": {"page_drop": 0.5}},
    "extractor": {"x": {"new_failures": 1}},
    "floor": [{"extractor": "x", "metric": "F", "value": 0.1, "set": "core", "goldens": "abc"}],
    "known_failure": [{"extractor": "x", "page": "core/b", "reason": "#12", "until": "2027-03-01", "value": 0.1}],
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with two runs of two extractors over three pages, a baseline and rules."""
    monkeypatch.chdir(tmp_path)
    rows = [
        measured(golden, name, f, lang="en-GB", failed_facts={"has[0]": "nothing"}, unscored={"TEDS": "too deep"})
        for name, f in (("x", 0.5), ("y", 0.75))
        for golden in ("core/a", "core/b", "other/c")
    ]
    rows.append(measured("core/d", "x", 0.0, outcome="error", error="Oops: no"))
    about = {"references": ["y"], "metrics": ["P", "R", "F", "MER"], "harness": "1", "python": "3.11"}
    about |= {"extractors": {"x": {"source": "x.py", "code": "c", "options": {"fast": True}, "identity": "i"}}}
    about |= {"started": "2026-01-01T00:00:00+00:00"}
    for _ in range(2):
        store(run_of(*rows, **about))
    assert _call(["accept"]) == (0, "")
    Path("rules.yaml").write_text(yaml.safe_dump(RULES))
    return tmp_path


def _call(words: Sequence[str]) -> tuple[int, str]:
    """The exit code of a command, and what it says on standard error: with the traceback, if it ends in one."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
        code = main([*words, "--debug"])
    return code, said.getvalue()


def _mutate(path: Path, values: Any, text_of: Callable[[Any], str], check: Callable[[Any], str]) -> None:
    """Write mutations of a file, each followed by a check that returns what was said; most must reach the fields."""
    whole = text_of(values).encode()
    syntactic = 0
    failures: dict[str, int] = {}  # each by what it says, with the first seed that shows it
    for seed in range(MUTATIONS):
        dice = random.Random(seed)
        if dice.random() < 0.15:
            content = damaged(whole, dice)
        else:
            content = text_of(mutated(values, dice)).encode("utf-8", "surrogatepass")
        path.write_bytes(content)
        try:
            said = check(dice)
        except Exception as error:
            failures.setdefault(f"{type(error).__name__}: {error}", seed)
        else:
            syntactic += any(message in said for message in SYNTAX)
    assert not failures, "\n\n".join(f"seed {seed}: {message}" for message, seed in failures.items())
    assert syntactic < MUTATIONS / 4


def _commands(path: Path, *commands: str) -> Callable[[random.Random], str]:
    """A check that calls one of the commands, which must end as commands do, and name the file if it is damaged."""

    def check(dice: random.Random) -> str:
        command = dice.choice(commands)
        code, said = _call(command.split())
        assert code in (0, 1, 2, 3), f"{command}: {code}: {said}"
        assert code != 2 or "damaged" not in said or str(path) in said, f"{command}: {said}"
        return said

    return check


def test_run_files(project):
    first, second = sorted(Path("reports/runs").iterdir(), key=lambda path: path.stem)
    baseline = Path("reports/baseline.json").read_bytes()
    rows = [json.loads(line) for line in second.read_text().splitlines()]
    check = _commands(
        second,
        *(f"show {second.stem} --format {name}" for name in ("table", "json", "csv", "md")),
        *(f"show {second.stem} {option}" for option in ("--worst 3", "--by kind", "--page core/a -e x")),
        *(f"compare {words}" for words in (f"x y --run {second.stem}", f"{first.stem} {second.stem}")),
        *(f"gate {second.stem}", f"accept {second.stem}", f"merge {second.stem}", f"scorecard {second.stem} -o card.md"),
        *("list runs", f"run --resume {second.stem}", f"scorecard {second.stem} -o card.json"),
    )

    def check_and_restore(dice: random.Random) -> str:
        said = check(dice)
        assert _call(["gate", first.stem])[0] in (0, 1, 3), "what is accepted can be read"
        Path("reports/baseline.json").write_bytes(baseline)
        for made in set(Path("reports/runs").iterdir()) - {first, second}:
            made.unlink()
        return said

    _mutate(second, rows, lambda rows: "".join(f"{as_json(row)}\n" for row in rows), check_and_restore)


def test_baselines(project):
    path = Path("reports/baseline.json")
    commands = ("gate", "accept", "scorecard baseline -o card.md", "show baseline", "scorecard -o card.json")
    _mutate(path, json.loads(path.read_text()), as_json, _commands(path, *commands))


@pytest.mark.parametrize("name, text_of", [("rules.yaml", as_yaml), ("rules.toml", as_toml)])
def test_rules(project, name, text_of):
    path = Path(name)
    _mutate(path, RULES, text_of, _commands(path, f"gate --rules {name}"))


@pytest.fixture
def searched(searched_project, tmp_path, monkeypatch):
    """A copy of the project in which a search found something, as the current folder."""
    monkeypatch.chdir(shutil.copytree(searched_project, tmp_path / "searched"))
    Path("pyproject.toml").write_text("[tool.harness.gate]\nfindings = { seed = 0, examples = 20 }\n")


def test_findings(searched):
    path = next(path for path in Path("reports/findings").glob("*/*.yaml") if not path.name.endswith(".golden.yaml"))

    def check(dice: random.Random) -> str:
        try:
            found = read_finding(path)
        except FindingError as error:
            assert str(path) in str(error)
            return str(error)
        assert found.id and 0 <= found.severity <= 1 and math.isfinite(float(found.before.get("retention") or 0.0))
        return ""

    _mutate(path, yaml.safe_load(path.read_text()), as_yaml, check)


def test_findings_as_commands_show_them(searched):
    path = next(path for path in Path("reports/findings").glob("*/*.yaml") if not path.name.endswith(".golden.yaml"))
    _mutate(path, yaml.safe_load(path.read_text()), as_yaml, _commands(path, f"fuzz --minimal {path}"))


def test_searches(searched):
    (path,) = Path("reports/findings").glob("*.search.yaml")
    _mutate(path, yaml.safe_load(path.read_text()), as_yaml, _commands(path, "gate", "fuzz --accept"))


def test_accepted_findings(searched):
    assert _call(["fuzz", "--accept"])[0] == 0
    path = Path("reports/findings.accepted.yaml")
    _mutate(path, yaml.safe_load(path.read_text()), as_yaml, _commands(path, "gate", "fuzz --accept"))


def test_npm_manifests(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("plugins/mine/package.json")
    path.parent.mkdir(parents=True)
    (path.parent / "mine.mjs").write_text("export default (page) => page.html;\n")
    ours = {"main": "mine.mjs", "function": "default", "package": "mine", "media": "text/html", "output": "text"}
    ours |= {"options": {"fast": True}, "variants": {"slow": {"fast": False}}, "outputs": {"slow": "html"}}
    values = {"name": "mine", "description": "Mine.", "license": "MIT", "homepage": "https://mine.example"}
    values |= {"dependencies": {"mine": "1.0.0"}, "harness": ours}
    command = "list extractors --plugins plugins"
    _mutate(path, values, as_json, _commands(path, command, f"{command} --format json"))


def test_cache_entries(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    asked, page = runnable(identity="i", cache=True), html_page("<p>Hello.</p>")
    cache = OutputCache(pytest.fail)
    cache.store(asked, page, 0, "1.0", Answer("ok", "Hello.", wall=0.1, cpu=0.1, peak_memory=1e6, cost=None))
    with sqlite3.connect(cache_path()) as database:
        (packed,) = database.execute("SELECT answer FROM answers").fetchone()
    path = tmp_path / "entry.json"

    def check(dice: random.Random) -> str:
        content = path.read_bytes() if dice.random() < 0.05 else zlib.compress(path.read_bytes())
        with sqlite3.connect(cache_path()) as database:
            database.execute("UPDATE answers SET answer = ?", (content,))
        found = cache.lookup(asked, page, 0)
        if found is not None:
            assert found.answer.outcome in OUTCOMES and isinstance(found.answer.text, str)
            assert found.version is None or isinstance(found.version, str)
            assert all(value is None or 0 <= value < 1e15 for value in found.answer.timing.values())
        return ""

    _mutate(path, json.loads(zlib.decompress(packed)), as_json, check)


def test_matrices(project):
    path = Path("matrix.json")
    written(path, [*related("x", -0.25), *related("y", 0.0)], versions={"x": "1.0", "y": None})
    commands = (f"scorecard --robustness {path} -o card.md", f"scorecard --robustness {path} -o card.json")
    _mutate(path, json.loads(path.read_text()), as_json, _commands(path, *commands))


EXPOSURE = {
    "exposure": EXPOSURE_FORMAT,
    "extractors": [
        {
            "extractor": name,
            "version": "1.0",
            "identity": "i",
            "harness": "1",
            "unmeasured": 0,
            "hidden": {"display": {"pages": 5, "out": 1}},
            "lookalikes": {"opacity": {"pages": 5, "out": 4}},
        }
        for name in ("x", "y")
    ],
}


@pytest.mark.parametrize("name", ["exposure.json", "exposure.accepted.json"])
def test_records_of_exposure(project, name):
    for file in ("exposure.json", "exposure.accepted.json"):
        Path("reports", file).write_text(json.dumps(EXPOSURE))
    Path("rules.toml").write_text("exposure = { new = 0 }\n")
    path = Path("reports", name)
    _mutate(path, EXPOSURE, as_json, _commands(path, "gate --rules rules.toml", "exposure --accept"))


def test_policies(project):
    path = Path("mine.yaml")
    values = {"keep": ["title", "caption"], "maybe": ["byline"], "drop": ["comment", "tags"]}
    _mutate(path, values, as_yaml, _commands(path, "list policies", f"gate --policy {path}", f"show --policy {path}"))


def test_settings_of_a_project(project):
    path = Path("pyproject.toml")
    settings = {"extractors": ["x"], "goldens": ["core"], "timeout": 20, "memory": "2G", "baseline": "reports/baseline.json"}
    values = {"tool": {"harness": {**settings, "gate": RULES}}}
    _mutate(path, values, as_toml, _commands(path, "gate", "show", "list runs"))


@pytest.mark.parametrize("kind", ["score", "digest"])
def test_scores_and_digests_that_are_kept(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    Path("set").mkdir()
    Path("set/ferry.html").write_text("<p>The ferry was late.<p>Buy now.")
    Path("set/ferry.txt").write_text("The ferry was late.")
    asked = RunRequest(goldens=("folder:set",), extractors=("keep_everything",))
    assert list(run(asked, folder=None))
    with closing(sqlite3.connect(cache_path(), isolation_level=None)) as database:
        kept = dict(database.execute("SELECT key, result FROM results").fetchall())
        (key,) = (key for key, result in kept.items() if result.startswith(b"{") == (kind == "digest"))
        path = tmp_path / "kept.json"

        def check(dice: random.Random) -> str:
            result = path.read_bytes() if kind == "digest" else zlib.compress(path.read_bytes())
            database.execute("UPDATE results SET result = ? WHERE key = ?", [result, key])
            try:
                (record,) = list(run(asked, folder=None))[-1].run.records
            except HarnessError:
                return ""  # a page that is another one than the digest says
            assert record.outcome in OUTCOMES and isinstance(record.text, str)
            return ""

        values = json.loads(kept[key] if kind == "digest" else zlib.decompress(kept[key]))
        _mutate(path, values, as_json, check)
