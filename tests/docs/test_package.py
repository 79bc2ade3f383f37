"""What a release consists of agrees with itself, and what is built from it runs on its own."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
import yaml

from factories.goldens import write_goldens
from factories.places import ROOT
from harness import __version__
from harness.cli.main import main

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
RELEASE = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

WHERE = (
    "CITATION.cff",
    "pyproject.toml",
    "mkdocs.yml",
    "harness/common/published.py",
    "docs/schemas/golden.json",
    "docs/labelling.md",
)


def test_changelog_and_citation_are_of_this_version():
    first = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first and first[1].split()[0] == __version__
    assert (CITATION["version"], CITATION["license"]) == (__version__, "Apache-2.0")


@pytest.fixture
def tree(tmp_path):
    """What the release workflow looks at, of a version that is ready."""
    for name in ("harness/__init__.py", *WHERE):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {__version__} (2027-01-31)\n", encoding="utf-8")
    return tmp_path


def step(tree: Path, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the release's build as GitHub does."""
    (script,) = (step["run"] for step in RELEASE["jobs"]["build"]["steps"] if step.get("name") == name)
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=tree, env={**os.environ, **variables}, capture_output=True, text=True, check=False)


def checked(tree: Path, tag: str) -> tuple[int, str]:
    done = step(tree, "The tag, the package, the changelog and the citation have one version", GITHUB_REF_NAME=tag)
    return done.returncode, done.stdout


def test_only_a_version_that_all_files_agree_on_is_released(tree):
    assert checked(tree, f"v{__version__}") == (0, "")
    assert checked(tree, "v9.9.9") == (1, f"tag v9.9.9 is not v{__version__}, the version in harness/__init__.py\n")
    (tree / "CHANGELOG.md").write_text(f"## {__version__} (unreleased)\n", encoding="utf-8")
    assert checked(tree, f"v{__version__}")[1].startswith("CHANGELOG.md has no heading")
    (tree / "CHANGELOG.md").write_text(f"## {__version__} (2027-01-31)\n", encoding="utf-8")
    (tree / "CITATION.cff").write_text("version: 0.0.1\n", encoding="utf-8")
    assert checked(tree, f"v{__version__}") == (1, f"CITATION.cff is not of version {__version__}\n")


def test_a_release_says_where_its_project_is(tree):
    assert step(tree, "Say where the project is", GITHUB_REPOSITORY_OWNER="ann").returncode == 0
    for name in WHERE:
        text = (tree / name).read_text(encoding="utf-8")
        assert ".com/ann/extraction-harness" in text and "/OWNER/" not in text


def test_only_the_job_that_publishes_may_ask_for_a_token():
    assert RELEASE["permissions"] == {"contents": "read"} and "permissions" not in RELEASE["jobs"]["build"]
    assert RELEASE["jobs"]["publish"]["permissions"] == {"id-token": "write"}
    assert not [step for step in RELEASE["jobs"]["publish"]["steps"] if "run" in step]


def test_the_hook_finds_a_mistake_in_a_golden(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_goldens(tmp_path / "goldens", ["One.\nTwo words."])
    program, *words = shlex.split(HOOK["entry"])
    assert program == "harness" and main(words) == 0
    page = next((tmp_path / "goldens").glob("*.txt"))
    assert re.search(HOOK["files"], str(page.relative_to(tmp_path)))
    page.write_text("Another page.", encoding="utf-8")
    assert main(words) == 1
    assert "the page has changed" in capsys.readouterr().out


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--wheel", "--quiet", "--out-dir", folder, ROOT)
    (found,) = folder.glob("*.whl")
    return found


def uv(*words: object, **variables: object) -> str:
    command = [sys.executable, "-m", "uv", *map(str, words)]
    environment = {**os.environ, **{name: str(value) for name, value in variables.items()}}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        about = message_from_bytes(archive.read(f"extraction_harness-{__version__}.dist-info/METADATA"))
    assert {"Homepage", "Documentation", "Changelog", "Issues"} == {
        url.partition(",")[0] for url in about.get_all("Project-URL", [])
    }
    assert about["License-Expression"] == "Apache-2.0" and "Typing :: Typed" in about.get_all("Classifier", [])
    assert {"harness/py.typed", "harness/bundled/docs/labelling.md", "harness/bundled/docs/schemas/golden.json"} <= names


@pytest.mark.slow
def test_the_wheel_runs_as_a_tool_under_its_own_name_and_as_harness(wheel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    once = uv("tool", "run", "--quiet", "--from", wheel, "extraction-harness", "--version")
    assert once == f"harness {__version__}\n"
    installed = {"UV_TOOL_DIR": tmp_path / "tools", "UV_TOOL_BIN_DIR": tmp_path / "bin"}
    uv("tool", "install", "--quiet", "--python", sys.executable, wheel, **installed)
    assert {path.name for path in (tmp_path / "bin").iterdir()} == {"extraction-harness", "harness"}
    listed = subprocess.run([tmp_path / "bin/harness", "list", "goldens"], capture_output=True, text=True, check=True)
    assert "core/" in listed.stdout
