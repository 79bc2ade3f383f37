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
from harness.common import published
from harness.common.typed import plain_toml

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
RELEASE = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

ADDRESS = re.compile(r"(?:github\.com/|raw\.githubusercontent\.com/|uses: )([\w-]+)/extraction-harness\b")
"""An address of the project; what it captures is who publishes it."""
SEARCHED = ("*", "docs/**/*", "harness/**/*", "extractors/**/*", "goldens/*", "goldens/builder/*", ".ci/*", ".github/**/*")
TEXTS = {".cff", ".js", ".json", ".md", ".mjs", ".py", ".toml", ".yaml", ".yml"}


def with_addresses():
    """All files that have an address of the project, each with the owners in them."""
    files = (file for pattern in SEARCHED for file in sorted(ROOT.glob(pattern)) if file.suffix in TEXTS)
    found = ((file, set(ADDRESS.findall(file.read_text(encoding="utf-8")))) for file in files)
    return [(file, owners) for file, owners in found if owners]


def test_changelog_and_citation_are_of_this_version():
    first = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first and first[1].split()[0] == __version__
    assert (CITATION["version"], CITATION["license"]) == (__version__, "Apache-2.0")


@pytest.fixture
def tree(tmp_path):
    """What the release workflow looks at, of a version that is ready."""
    for name in ("harness/__init__.py", "harness/common/published.py", "CITATION.cff", ".ci/owner.py"):
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


def test_every_address_of_the_project_has_the_owner_that_programs_are_told():
    found = {file: owners - {published.OWNER or "OWNER"} for file, owners in with_addresses()}
    assert len(found) > 10 and {file: others for file, others in found.items() if others} == {}


def test_a_release_writes_its_owner_into_every_address(tree):
    for file, _ in with_addresses():
        (tree / file.relative_to(ROOT)).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(file, tree / file.relative_to(ROOT))
    assert step(tree, "Say where the project is", GITHUB_REPOSITORY_OWNER="ann-lee").returncode == 0
    for file, _ in with_addresses():
        text = (tree / file.relative_to(ROOT)).read_text(encoding="utf-8")
        assert set(ADDRESS.findall(text)) == {"ann-lee"}, file
    assert 'OWNER = "ann-lee"\n' in (tree / "harness/common/published.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "a/b", "-ann", "two words"])
def test_what_no_account_can_be_called_is_no_owner(tree, name):
    before = (tree / "CITATION.cff").read_bytes()
    assert step(tree, "Say where the project is", GITHUB_REPOSITORY_OWNER=name).returncode == 1
    assert (tree / "CITATION.cff").read_bytes() == before


def on_an_index(text):
    """README.md as a package index shows it."""
    project = plain_toml((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for one in project["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(one["pattern"], one["replacement"], text)
    return text


def test_the_readme_of_a_package_index_has_no_relative_link_and_installs_from_there():
    text = on_an_index((ROOT / "README.md").read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert len(links) > 20 and [link for link in links if not link.startswith(("https://", "#"))] == []
    assert "pip install '$HFPR_PACKAGE_NAME[extractors]'" in text and "'.[" not in text


def test_links_of_the_readme_become_pages_and_pictures_files():
    assert on_an_index("[a](docs/a.md#b) ![c](d.svg) [e](https://e.example) [f](#g)") == (
        "[a](https://github.com/OWNER/extraction-harness/blob/v$HFPR_VERSION/docs/a.md#b) "
        "![c](https://raw.githubusercontent.com/OWNER/extraction-harness/v$HFPR_VERSION/d.svg) "
        "[e](https://e.example) [f](#g)"
    ).replace("OWNER", published.OWNER or "OWNER")


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
    assert about["License-Expression"] == "Apache-2.0 AND CC-BY-4.0" and "Typing :: Typed" in about.get_all("Classifier", [])
    assert {"harness/py.typed", "harness/bundled/docs/index.md", "harness/bundled/docs/schemas/golden.json"} <= names
    shown = about.get_payload()
    assert re.findall(r"\]\((?!https://|#)", shown) == [] and f"/blob/v{__version__}/docs/" in shown


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
