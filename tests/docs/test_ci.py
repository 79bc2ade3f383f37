"""docs/ci.md and action.yml: what they tell people to write is YAML, is understood, and works."""

import os
import re
import shlex
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
import yaml

from factories.goldens import write_goldens
from factories.places import ROOT
from harness.cli import main as cli

CI = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
RECIPES = [yaml.safe_load(block) for language, block in BLOCK.findall(CI) if language == "yaml"]
GITHUB = [recipe for recipe in RECIPES if "jobs" in recipe]
GITLAB = [recipe["gate"] for recipe in RECIPES if "gate" in recipe]
SHELL = [block for language, block in BLOCK.findall(CI) if language == "sh"]
OPTIONS = re.compile(r'"\$\{options\[@\]\}"')

EXTRACTOR = """
def extract(page):
    return "\\n".join(page.text.splitlines()[:LINES])
"""


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def scripts():
    """All that the recipes run in a shell."""
    found = [step["run"] for workflow in GITHUB for step in steps(workflow) if "run" in step]
    found += [line for job in GITLAB for line in job["script"]]
    return [*found, *SHELL, *(step["run"] for step in ACTION["runs"]["steps"])]


def harness_commands():
    for script in scripts():
        for line in OPTIONS.sub("-e mine -g goldens", script).splitlines():
            words = shlex.split(line.partition("||")[0], comments=True)
            if words[:1] == ["harness"]:
                yield words[1:]


def test_there_is_a_recipe_for_each_service():
    assert len(GITHUB) == 2 and len(GITLAB) == 1 and len(SHELL) == 2


@pytest.mark.parametrize("command", list(harness_commands()), ids=" ".join)
def test_the_command_line_understands_every_command(command):
    assert cli.parser_for(command).parse_args(command).command == command[0]


def test_workflows_are_what_github_understands():
    for workflow in GITHUB:
        assert {"name", True, "permissions", "jobs"} == set(workflow)  # `on` is true in YAML 1.1
        assert all(bool(step.get("uses")) != bool(step.get("run")) for step in steps(workflow))
    used = [step for step in steps(GITHUB[1]) if "extraction-harness" in step.get("uses", "")]
    assert set(used[0]["with"]) <= set(ACTION["inputs"])
    required = {name for name, about in ACTION["inputs"].items() if about.get("required")}
    assert required <= set(used[0]["with"])


def test_the_action_hands_inputs_to_the_shell_as_variables_only():
    """An expression inside a script would be a place to inject commands."""
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash" and "${{" not in step["run"]
    given = [value for step in ACTION["runs"]["steps"] for value in step["env"].values()]
    assert set(given) == {"${{ github.action_path }}", *(f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"])}


def test_jobs_of_gitlab_keep_the_reports():
    (job,) = GITLAB
    written = {word for command in job["script"] for word in shlex.split(command) if word.startswith("gate.")}
    assert {job["artifacts"]["reports"]["junit"], *job["artifacts"]["paths"]} == written
    assert job["artifacts"]["when"] == "always"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with an extractor and goldens; `harness` is on the path."""
    monkeypatch.chdir(tmp_path)
    write_goldens(tmp_path / "goldens", ["One.\nTwo words.\nThree words here.", "Another page.\nIts second line."])
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "mypkg/__init__.py").touch()
    keep_lines(tmp_path, 9)
    program = tmp_path / "bin/harness"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m harness "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return tmp_path


def keep_lines(project, number):
    """Change the extractor."""
    (project / "mypkg/module.py").write_text(EXTRACTOR.replace("LINES", str(number)))


def bash(script, **variables):
    """Run a script as a step of GitHub Actions runs it."""
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_plain_shell_tells_the_three_answers_apart(project):
    gate, accept = (block for block in SHELL)
    accept = "".join(line for line in accept.splitlines(keepends=True) if line.startswith("harness"))
    done = bash(gate)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (3, "could not tell"), done.stderr
    assert bash(accept).returncode == 0
    assert bash(gate).stdout.splitlines()[-1] == "not worse"
    keep_lines(project, 1)
    done = bash(gate)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "worse: see gate.md")
    assert (project / "gate.md").read_text(encoding="utf-8").startswith("### ❌ Gate: worse")
    assert {case.tag for case in ET.parse(project / "gate.xml").iter()} >= {"failure"}


@pytest.mark.slow
def test_the_action_judges_and_reports(project):
    script = ACTION["runs"]["steps"][-1]["run"]
    inputs = {name.upper(): about.get("default", "") for name, about in ACTION["inputs"].items()}
    summary = project / "summary.md"
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    variables = {
        **inputs,
        **github,
        "EXTRACTORS": "mypkg.module:extract\n\nmypkg/module.py:extract\n",
        "GOLDENS": "goldens\n",
    }
    done = bash(script, **variables)
    assert done.returncode == 3
    assert "::error title=could not tell::" in done.stdout
    bash("harness accept")
    assert bash(script, **variables).returncode == 0
    keep_lines(project, 1)
    done = bash(script, **variables)
    assert done.returncode == 1
    assert "::error title=goldens/page-0%3A mypkg.module%3Aextract::" in done.stdout
    assert "### ❌ Gate: worse" in summary.read_text(encoding="utf-8")
    suites = ET.parse(project / inputs["REPORTS"] / "gate.xml").getroot()
    assert [suite.get("name") for suite in suites] == ["mypkg.module:extract", "mypkg/module.py:extract", "gate"]
    assert bash(script, **{**variables, "EXTRACTORS": "no_such_extractor"}).returncode == 2
