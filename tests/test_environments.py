"""Isolated environments: built offline from wheels of a distribution that exists nowhere but here."""

import inspect
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest
from helpers import make_wheel, output_of, ready, text_page, write_goldens

from harness import environments
from harness.cli import main
from harness.engine import local
from harness.installed import closure
from harness.prepare import Unavailable, prepare
from harness.registry import Registry

PLUGIN = """
from harness import extractor

@extractor(requires=["tidepool"], variants={"loud": {"mark": "!"}}, media="text/plain")
def wader(page, mark="."):
    import tidepool
    return tidepool.cut(page.text) + mark
"""
TIDEPOOL = "def cut(text): return text.strip() + ' {}'\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a plugin, two releases of the library that it wraps, and nothing but them to install from."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "wader.py").write_text(PLUGIN)
    for version in ("1.0", "2.0"):
        make_wheel(project / "wheels", "tidepool", version, {"tidepool": TIDEPOOL.format(version)})
    write_goldens(project / "set", ["The tide is out tonight", "The tide is in again"])
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(project / "wheels"))
    monkeypatch.chdir(project)
    return project


def wader(*names: str, **how: object):
    return ready(names or ["wader"], [Path("wader.py")], **how)


def built(tmp_path: Path, kind: str = "python") -> list[Path]:
    """The environments that stand under their final name."""
    return sorted(path for path in tmp_path.glob(f"cache/environments/{kind}/*") if path.is_dir() and not path.suffix)


def source_tree(folder: Path, version: str, backend: str = "") -> Path:
    """A checkout of the library with a build backend of its own, so that nothing must be downloaded to build it."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "tidepool"\nversion = "{version}"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (folder / "tidepool.py").write_text(TIDEPOOL.format(version))
    (folder / "backend.py").write_text(
        f"import zipfile\nfrom pathlib import Path\n{inspect.getsource(make_wheel)}\n"
        "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
        f"{backend}"
        "    modules = {'tidepool': Path('tidepool.py').read_text()}\n"
        f"    return make_wheel(Path(folder), 'tidepool', '{version}', modules).name\n"
    )
    return folder


# Releases


def test_a_requirement_that_is_not_met_here_is_installed_in_an_environment_of_its_own(project):
    (runnable,) = wader()
    assert Path(runnable.command[0]) != Path(sys.executable)
    assert output_of(runnable) == "a line of text 2.0."


def test_releases_run_side_by_side_each_in_its_own_version(project):
    runnables = wader("wader@1.0", "wader/loud@2.0", "wader@2.0")
    assert [runnable.name for runnable in runnables] == ["wader@1.0", "wader/loud@2.0", "wader@2.0"]
    assert [output_of(runnable) for runnable in runnables] == [f"a line of text {end}" for end in ("1.0.", "2.0!", "2.0.")]
    events = local.run([(runnable, [("key", text_page("a page"))]) for runnable in runnables], jobs=2)
    versions = {event.runnable.name: event.version for event in events if isinstance(event, local.Loaded)}
    assert versions == {"wader@1.0": "1.0", "wader/loud@2.0": "2.0", "wader@2.0": "2.0"}


def test_two_releases_stand_in_one_table_and_their_versions_in_the_run(project, capsys):
    names = ["-e", "wader@1.0", "-e", "wader@2.0"]
    assert main(["run", "--plugins", "wader.py", *names, "-g", "set", "-j", "1", "--format", "json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["extractors"]}
    assert rows.keys() == {"wader@1.0", "wader@2.0"}
    assert {name: row["version"] for name, row in rows.items()} == {"wader@1.0": "1.0", "wader@2.0": "2.0"}


# Built once


def test_an_environment_is_built_once_with_one_line_of_progress(project, tmp_path):
    lines: list[str] = []
    first = wader(announce=lines.append)
    again = wader("wader", "wader/loud", announce=lines.append)
    assert len(lines) == 1
    assert "wader" in lines[0] and "tidepool" in lines[0]
    assert len(built(tmp_path)) == 1
    assert first[0].command == again[0].command == again[1].command


def test_two_runs_at_once_build_an_environment_once(project, tmp_path):
    words = [sys.executable, "-m", "harness", "run", "--plugins", "wader.py", "-e", "wader@1.0", "-g", "set", "-j", "1"]
    runs = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    messages = [process.communicate()[1] for process in runs]
    assert [process.returncode for process in runs] == [0, 0], messages
    assert "".join(messages).count("building an environment") == 1
    assert len(built(tmp_path)) == 1


def test_a_build_killed_half_way_leaves_nothing_that_looks_finished(project, tmp_path):
    started = tmp_path / "started"
    waits = f"    import time\n    Path({str(started)!r}).touch()\n    time.sleep(600)\n"
    hangs, builds = source_tree(project / "hangs", "3.0", waits), source_tree(project / "builds", "3.0")
    words = [sys.executable, "-m", "harness", "run", "--plugins", "wader.py", "-e", "wader", "-g", "set"]
    with subprocess.Popen([*words, "--with", str(hangs)], stderr=subprocess.PIPE, start_new_session=True) as process:
        while not started.exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    assert built(tmp_path) == []
    shutil.copy(builds / "backend.py", hangs / "backend.py")
    lines: list[str] = []
    (runnable,) = wader(local_packages=[hangs], announce=lines.append)
    assert (output_of(runnable), len(lines)) == ("a line of text 3.0.", 1)


def test_the_same_environment_whose_build_was_killed_is_built_by_the_next_run(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    code = (
        "import pathlib, time\nfrom harness import environments\n"
        "def build(folder):\n"
        "    (folder / 'half').touch()\n"
        f"    pathlib.Path({str(tmp_path / 'started')!r}).touch()\n"
        "    time.sleep(600)\n"
        "environments._built('python', 'key', 'a test', build, print)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        while not (tmp_path / "started").exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    folder = environments._built("python", "key", "a test", lambda folder: (folder / "whole").touch(), print)
    assert [path.name for path in folder.iterdir()] == ["whole"]


def test_a_build_that_fails_leaves_nothing_behind_and_is_tried_again(project, tmp_path):
    _, (unavailable,) = prepare(Registry([Path("wader.py")]).select(["wader@3.0"]))
    assert "tidepool==3.0" in unavailable.reason
    assert built(tmp_path) == []
    assert not list(tmp_path.glob("cache/environments/python/*unfinished*"))
    make_wheel(project / "wheels", "tidepool", "3.0", {"tidepool": TIDEPOOL.format("3.0")})
    assert output_of(*wader("wader@3.0")) == "a line of text 3.0."


# --isolated and --with


def test_isolated_builds_even_where_this_environment_fits(project):
    (project / "plain.py").write_text(
        "import sys\nfrom harness import extractor\n@extractor(media='text/plain')\ndef plain(page): return sys.executable\n"
    )
    here, apart = (ready(["plain"], [Path("plain.py")], isolated=isolated)[0] for isolated in (False, True))
    assert output_of(here) == sys.executable
    assert output_of(apart) == apart.command[0] != sys.executable


def test_the_command_line_isolates_what_it_is_told_to(project, capsys):
    words = ["run", "--plugins", "wader.py", "-e", "keep_everything", "-g", "set", "-j", "1"]
    assert main(words) == 0
    assert "building" not in capsys.readouterr().err
    assert main([*words, "--isolated"]) == 0
    assert "building an environment for keep_everything" in capsys.readouterr().err


def test_an_isolated_environment_holds_nothing_but_what_is_required(project):
    (project / "nosy.py").write_text(
        "from harness import extractor\n@extractor(requires=['tidepool'], media='text/plain')\ndef nosy(page):\n"
        "    import importlib.metadata as m\n    return ' '.join(sorted(d.metadata['Name'] for d in m.distributions()))\n"
    )
    (runnable,) = ready(["nosy"], [Path("nosy.py")])
    assert output_of(runnable) == "tidepool"


def test_a_local_wheel_replaces_the_release(project):
    wheel = make_wheel(project / "mine", "tidepool", "2.1.dev0", {"tidepool": TIDEPOOL.format("mine")})
    assert output_of(*wader(local_packages=[wheel])) == "a line of text mine."
    # Even a release that was asked for by its number: the pull request stands in its place.
    (project / "pinned.py").write_text(PLUGIN.replace('"tidepool"', '"tidepool==1.0"'))
    (pinned,) = ready(["wader"], [Path("pinned.py")], local_packages=[wheel])
    assert output_of(pinned) == "a line of text mine."


def test_a_local_source_tree_replaces_the_release(project):
    tree = source_tree(project / "checkout", "2.2")
    assert output_of(*wader(local_packages=[tree])) == "a line of text 2.2."


def test_a_source_tree_is_built_once_though_building_writes_into_it(project, tmp_path):
    # As many build tools do.
    scribbles = "".join(
        f"    Path({folder!r}).mkdir(exist_ok=True)\n    Path({folder!r}, 'made').touch()\n"
        for folder in ("tidepool.egg-info", "build")
    )
    tree = source_tree(project / "checkout", "2.2", scribbles)
    (first,), (again,) = (wader(local_packages=[tree]) for _ in range(2))
    assert first.identity == again.identity
    assert len(built(tmp_path)) == 1


def test_with_a_path_that_is_not_there_is_an_impossible_request(project, capsys):
    words = ["run", "--plugins", "wader.py", "-e", "wader", "-g", "set", "--with", "absent.whl"]
    assert main(words) == 2
    assert "--with absent.whl" in capsys.readouterr().err


# Identity


def test_two_equal_preparations_have_equal_identities(project):
    assert [r.identity for r in wader("wader@1.0", "wader/loud")] == [r.identity for r in wader("wader@1.0", "wader/loud")]


def test_identity_changes_with_all_that_can_change_an_output(project):
    wheels = [make_wheel(project / f"mine{n}", "tidepool", "2.1", {"tidepool": TIDEPOOL.format(n)}) for n in range(2)]
    found = {
        "as it is": wader()[0].identity,
        "option": wader("wader/loud")[0].identity,
        "version": wader("wader@1.0")[0].identity,
        "wheel": wader(local_packages=wheels[:1])[0].identity,
        "content of the wheel": wader(local_packages=wheels[1:])[0].identity,
    }
    (project / "wader.py").write_text(PLUGIN + "\n# changed\n")
    found["plugin file"] = wader()[0].identity
    assert len(set(found.values())) == len(found), found


def install_metadata(folder: Path, version: str, tree: Path | None = None) -> Path:
    """A folder on which the library looks installed; from a tree that is edited, if one is given."""
    info = folder / f"tidepool-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tidepool\nVersion: {version}\n")
    if tree:
        described = {"url": tree.resolve().as_uri(), "dir_info": {"editable": True}}
        (info / "direct_url.json").write_text(json.dumps(described))
    return folder


@pytest.mark.parametrize("requires", ['requires=["tidepool"], ', ""], ids=["declared", "not declared"])
def test_identity_changes_with_the_version_that_is_installed_here(project, tmp_path, monkeypatch, requires):
    Path("wader.py").write_text(PLUGIN.replace('requires=["tidepool"], ', requires))
    identities = []
    for version in ("1.0", "2.0"):
        with monkeypatch.context() as patch:
            patch.syspath_prepend(str(install_metadata(tmp_path / version, version)))
            (runnable,) = wader()
        assert runnable.command[0] == sys.executable
        identities.append(runnable.identity)
    assert identities[0] != identities[1]


def test_identity_changes_with_a_library_that_is_installed_to_be_edited(project, tmp_path, monkeypatch):
    tree = source_tree(project / "checkout", "1.0")
    monkeypatch.syspath_prepend(str(install_metadata(tmp_path / "site", "1.0", tree)))
    (before,), (again,) = wader(), wader()
    (tree / "tidepool.py").write_text(TIDEPOOL.format("edited"))
    (after,) = wader()
    assert before.identity == again.identity != after.identity


def test_identity_changes_with_any_file_of_a_package_in_the_current_folder(project):
    package = project / "curlew"
    package.mkdir()
    (package / "__init__.py").write_text("from curlew.rules import keep\n\ndef extract(page): return keep(page.text)\n")
    (package / "rules.py").write_text("def keep(text): return text\n")
    (before,), (again,) = ready(["curlew:extract"]), ready(["curlew:extract"])
    (package / "rules.py").write_text("def keep(text): return text.upper()\n")
    (after,) = ready(["curlew:extract"])
    assert before.identity == again.identity != after.identity


# What cannot be had


def unavailable_of(*names: str, plugins: tuple[Path, ...] = ()) -> list[Unavailable]:
    return prepare(Registry(plugins).select(names))[1]


def test_a_python_that_is_not_there_is_said_so(project):
    (project / "modern.py").write_text(
        "from harness import extractor\n@extractor(python='>=3.99')\ndef modern(page): return ''\n"
    )
    (unavailable,) = unavailable_of("modern", plugins=(Path("modern.py"),))
    assert unavailable == Unavailable("modern", "needs Python >=3.99, and none is installed here")


def test_another_python_that_is_there_is_used(project):
    (project / "elder.py").write_text(
        "import sys\nfrom harness import extractor\n@extractor(python='<3.10', media='text/plain')\n"
        "def elder(page): return '%d.%d ' % sys.version_info[:2] + page.text\n"
    )
    runnables, unavailable = prepare(Registry([Path("elder.py")]).select(["elder"]))
    if unavailable:
        pytest.skip(unavailable[0].reason)
    assert output_of(runnables[0]) in ("3.8 a line of text", "3.9 a line of text")


def test_javascript_without_node_is_unavailable_with_the_reason(project, monkeypatch):
    (project / "mine.mjs").write_text("export function extract(page) { return page.text; }\n")
    monkeypatch.setenv("PATH", str(project))
    without = unavailable_of("./mine.mjs:extract", "readability_js")
    assert [unavailable.name for unavailable in without] == ["./mine.mjs:extract", "readability_js"]
    assert all("Node.js" in unavailable.reason for unavailable in without)


def test_what_was_asked_for_by_name_and_cannot_run_ends_with_exit_code_3_in_one_clear_line(project, capsys):
    assert main(["run", "--plugins", "wader.py", "-e", "wader@3.0", "-e", "keep_everything", "-g", "set", "-j", "1"]) == 3
    out, err = capsys.readouterr()
    assert "keep_everything" in out, "the others are scored and shown"
    assert len([line for line in err.splitlines() if line.startswith("wader@3.0 cannot run: ")]) == 1


def test_nothing_that_can_run_ends_with_exit_code_3_and_stores_no_run(project, capsys):
    assert main(["run", "--plugins", "wader.py", "-e", "wader@3.0", "-g", "set"]) == 3
    assert "tidepool==3.0" in capsys.readouterr().err
    assert not list(project.glob("reports/runs/*"))


def test_what_was_not_asked_for_by_name_may_be_missing(project, capsys):
    for wheel in (project / "wheels").iterdir():
        wheel.unlink()
    assert main(["run", "--plugins", "wader.py", "-g", "set", "-e", "keep_everything"]) == 0
    assert main(["run", "--plugins", "wader.py", "-g", "set", "-j", "2"]) == 0
    assert "wader" in capsys.readouterr().err, "it is named"
    assert not list(project.glob("../cache/environments/*")), "nothing is built without being asked for"


def test_a_version_that_is_none_is_an_impossible_request(project, capsys):
    assert main(["run", "--plugins", "wader.py", "-e", "wader@new one", "-g", "set"]) == 2
    assert "wader@new one" in capsys.readouterr().err


@pytest.mark.parametrize("from_index", [False, True])
def test_code_that_was_installed_from_a_folder_counts_in_the_identity(tmp_path, from_index):
    info = tmp_path / "demo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
    (info / "RECORD").write_text("demo.py,,\ndemo-1.0.dist-info/METADATA,,\n")
    if not from_index:
        (info / "direct_url.json").write_text('{"url": "file:///demo", "dir_info": {}}')

    def identity(code):
        (tmp_path / "demo.py").write_text(code)
        return closure(["demo"], {"demo": metadata.PathDistribution(info)})

    before = identity("one = 1")
    assert before == identity("one = 1")
    assert (before == identity("one = 2")) == from_index
