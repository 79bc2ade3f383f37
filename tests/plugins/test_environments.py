"""Isolated environments: built offline from wheels of a distribution that exists nowhere but here, and built once."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factories.extractors import output_of, ready, run_pages
from factories.pages import text_page
from factories.tidepool import PLUGIN, TIDEPOOL, built, source_tree, wader
from factories.wheels import make_wheel
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, OK, WORSE
from harness.engine.base import Loaded
from harness.plugins import environments
from harness.plugins.installed import digest_of_tree
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.runs.find import read_run

pytestmark = pytest.mark.slow


def test_a_requirement_that_is_not_met_here_is_installed_in_an_environment_of_its_own(tidepool):
    (runnable,) = wader()
    assert Path(runnable.command[0]) != Path(sys.executable)
    assert output_of(runnable) == "a line of text 2.0."


def test_releases_run_side_by_side_each_in_its_own_version(tidepool):
    runnables = wader("wader@1.0", "wader/loud@2.0", "wader@2.0")
    assert [runnable.name for runnable in runnables] == ["wader@1.0", "wader/loud@2.0", "wader@2.0"]
    assert [output_of(runnable) for runnable in runnables] == [f"a line of text {end}" for end in ("1.0.", "2.0!", "2.0.")]
    events = run_pages([(runnable, [("key", text_page("a page"))]) for runnable in runnables])
    versions = {event.runnable.name: event.version for event in events if isinstance(event, Loaded)}
    assert versions == {"wader@1.0": "1.0", "wader/loud@2.0": "2.0", "wader@2.0": "2.0"}


def test_two_releases_stand_in_one_table_and_their_versions_in_the_run(tidepool, capsys):
    names = ["-e", "wader@1.0", "-e", "wader@2.0"]
    assert main(["run", "--plugins", "wader.py", *names, "-g", "set", "-j", "1", "--format", "json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["extractors"]}
    assert rows.keys() == {"wader@1.0", "wader@2.0"}
    assert {name: row["version"] for name, row in rows.items()} == {"wader@1.0": "1.0", "wader@2.0": "2.0"}


def test_an_environment_is_built_once_with_one_line_of_progress(tidepool, tmp_path):
    lines: list[str] = []
    first = wader(announce=lines.append)
    again = wader("wader", "wader/loud", announce=lines.append)
    assert len(lines) == 1
    assert "wader" in lines[0] and "tidepool" in lines[0]
    assert len(built(tmp_path)) == 1
    assert first[0].command == again[0].command == again[1].command


def test_two_runs_at_once_build_an_environment_once(tidepool, tmp_path):
    words = [sys.executable, "-m", "harness", "run", "--plugins", "wader.py", "-e", "wader@1.0", "-g", "set", "-j", "1"]
    runs = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    messages = [process.communicate()[1] for process in runs]
    assert [process.returncode for process in runs] == [0, 0], messages
    assert "".join(messages).count("building an environment") == 1
    assert len(built(tmp_path)) == 1


def test_a_build_killed_half_way_leaves_nothing_that_looks_finished(tidepool, tmp_path):
    started = tmp_path / "started"
    waits = f"    import time\n    Path({str(started)!r}).touch()\n    time.sleep(600)\n"
    hangs, builds = source_tree(tidepool / "hangs", "3.0", waits), source_tree(tidepool / "builds", "3.0")
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
        "import pathlib, time\nfrom harness.plugins import environments\n"
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


def test_a_build_that_fails_leaves_nothing_behind_and_is_tried_again(tidepool, tmp_path):
    _, (unavailable,) = prepare(Registry([Path("wader.py")]).select(["wader@3.0"]))
    assert "tidepool==3.0" in unavailable.reason
    assert built(tmp_path) == []
    assert not list(tmp_path.glob("cache/environments/python/*unfinished*"))
    make_wheel(tidepool / "wheels", "tidepool", "3.0", {"tidepool": TIDEPOOL.format("3.0")})
    assert output_of(*wader("wader@3.0")) == "a line of text 3.0."


def test_isolated_builds_even_where_this_environment_fits(tidepool):
    (tidepool / "plain.py").write_text(
        "import sys\nfrom harness import extractor\n@extractor(media='text/plain')\ndef plain(page): return sys.executable\n"
    )
    here, apart = (ready(["plain"], [Path("plain.py")], isolated=isolated)[0] for isolated in (False, True))
    assert output_of(here) == sys.executable
    assert output_of(apart) == apart.command[0] != sys.executable


def test_the_command_line_isolates_what_it_is_told_to(tidepool, capsys):
    words = ["run", "--plugins", "wader.py", "-e", "keep_everything", "-g", "set", "-j", "1"]
    assert main(words) == 0
    assert "building" not in capsys.readouterr().err
    assert main([*words, "--isolated"]) == 0
    assert "building an environment for keep_everything" in capsys.readouterr().err


def test_an_isolated_environment_holds_nothing_but_what_is_required(tidepool):
    (tidepool / "nosy.py").write_text(
        "from harness import extractor\n@extractor(requires=['tidepool'], media='text/plain')\ndef nosy(page):\n"
        "    import importlib.metadata as m\n    return ' '.join(sorted(d.metadata['Name'] for d in m.distributions()))\n"
    )
    (runnable,) = ready(["nosy"], [Path("nosy.py")])
    assert output_of(runnable) == "tidepool"


def test_a_local_wheel_replaces_the_release(tidepool):
    wheel = make_wheel(tidepool / "mine", "tidepool", "2.1.dev0", {"tidepool": TIDEPOOL.format("mine")})
    assert output_of(*wader(local_packages=[wheel])) == "a line of text mine."
    # Even a release that was asked for by its number: the pull request stands in its place.
    (tidepool / "pinned.py").write_text(PLUGIN.replace('"tidepool"', '"tidepool==1.0"'))
    (pinned,) = ready(["wader"], [Path("pinned.py")], local_packages=[wheel])
    assert output_of(pinned) == "a line of text mine."


def test_a_local_source_tree_replaces_the_release(tidepool):
    tree = source_tree(tidepool / "checkout", "2.2")
    assert output_of(*wader(local_packages=[tree])) == "a line of text 2.2."


def test_a_source_tree_is_built_once_though_building_writes_into_it(tidepool, tmp_path):
    # As many build tools do.
    scribbles = "".join(
        f"    Path({folder!r}).mkdir(exist_ok=True)\n    Path({folder!r}, 'made').touch()\n"
        for folder in ("tidepool.egg-info", "build")
    )
    tree = source_tree(tidepool / "checkout", "2.2", scribbles)
    (first,), (again,) = (wader(local_packages=[tree]) for _ in range(2))
    assert first.identity == again.identity
    assert len(built(tmp_path)) == 1


def test_with_a_path_that_is_not_there_is_an_impossible_request(tidepool, capsys):
    words = ["run", "--plugins", "wader.py", "-e", "wader", "-g", "set", "--with", "absent.whl"]
    assert main(words) == 2
    assert "--with absent.whl" in capsys.readouterr().err


needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")


def npm_plugin(folder: Path, dependency: str) -> list[str]:
    """A plugin in JavaScript over the package `mylib`, in `lib` beside it; words of a command line that runs it."""
    files = {
        "lib/package.json": json.dumps({"name": "mylib", "version": "1.0.0", "main": "index.js"}),
        "lib/index.js": "module.exports = (text) => 'one ' + text;",
        "stork/package.json": json.dumps(
            {"dependencies": {"mylib": dependency}, "harness": {"main": "index.mjs", "cache": True}}
        ),
        "stork/index.mjs": "import mylib from 'mylib'; import { end } from './src/end.mjs';"
        "export default (page) => mylib(page.text ?? '') + end;",
        "stork/src/end.mjs": "export const end = '.';",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return ["run", "--plugins", "stork", "-e", "stork", "-g", "set"]


@needs_npm
@pytest.mark.parametrize("absolute", [True, False])
def test_the_code_of_an_npm_package_in_a_folder_counts(tidepool, absolute):
    words = npm_plugin(tidepool, f"file:{tidepool / 'lib'}" if absolute else "file:../lib")
    assert main(words) == OK
    assert main(words) == OK
    before = read_run()
    assert all(record.cached and record.text.startswith("one ") for record in before.records)
    (tidepool / "lib" / "index.js").write_text("module.exports = () => 'broken';")
    assert main(words) == OK
    assert [record.text for record in read_run().records] == ["broken."] * 2


@needs_npm
def test_the_code_of_an_npm_package_that_a_package_in_a_folder_needs_counts(tidepool):
    words = npm_plugin(tidepool, "file:../lib")
    (tidepool / "deep").mkdir()
    (tidepool / "deep/package.json").write_text(json.dumps({"name": "deep", "version": "1.0.0", "main": "index.js"}))
    (tidepool / "deep/index.js").write_text("module.exports = (text) => 'deep ' + text;")
    described = {"name": "mylib", "version": "1.0.0", "main": "index.js", "dependencies": {"deep": "file:../deep"}}
    (tidepool / "lib/package.json").write_text(json.dumps(described))
    (tidepool / "lib/index.js").write_text("module.exports = require('deep');")
    assert main(words) == OK
    assert {record.text.split()[0] for record in read_run().records} == {"deep"}
    (tidepool / "deep/index.js").write_text("module.exports = () => 'broken';")
    assert main(words) == OK
    assert [record.text for record in read_run().records] == ["broken."] * 2


def test_a_tree_that_installs_no_module_is_no_release_to_measure(tidepool, capsys):
    make_wheel(tidepool / "hollow", "tidepool", "2.1", {})
    words = ["run", "--plugins", "wader.py", "-e", "wader", "-g", "set", "--with", "hollow/tidepool-2.1-py3-none-any.whl"]
    assert main(words) == CANNOT_TELL
    assert "it installs no module" in capsys.readouterr().err


@needs_npm
def test_an_npm_package_is_replaced_by_a_tree_of_its_name(tidepool):
    words = npm_plugin(tidepool, "file:../lib")
    tree = tidepool / "mine"
    shutil.copytree(tidepool / "lib", tree)
    (tree / "index.js").write_text("module.exports = () => 'mine';")
    assert main([*words, "--with", "mine"]) == OK
    assert {record.text for record in read_run().records} == {"mine."}


def test_a_folder_called_build_or_with_a_dot_is_code_inside_a_package(tmp_path):
    for name in ("src/pond/build/core.py", "src/pond/.rules/words.txt", "build/__init__.py", "setup.py"):
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_text("old")
    seen = {digest_of_tree(tmp_path / "tree")}
    for name in ("src/pond/build/core.py", "src/pond/.rules/words.txt", "build/__init__.py", "setup.py"):
        (tmp_path / "tree" / name).write_text("new")
        seen.add(digest_of_tree(tmp_path / "tree"))
    assert len(seen) == 5
    for name in ("dist/pond.whl", ".venv/bin/python", "src/pond/__pycache__/core.pyc"):
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_text("made")
    assert digest_of_tree(tmp_path / "tree") in seen


def test_a_tree_or_wheel_that_stands_in_for_nothing_is_refused(tidepool, capsys):
    make_wheel(tidepool / "other", "rockpool", "1.0", {"rockpool": ""})
    words = ["run", "--plugins", "wader.py", "-g", "set", "--with", "other/rockpool-1.0-py3-none-any.whl"]
    for extractor in ("wader", "keep_everything"):
        assert main([*words, "-e", extractor]) == IMPOSSIBLE
        assert "rockpool-1.0-py3-none-any.whl: no extractor that was asked for uses this package" in capsys.readouterr().err


def test_an_npm_tree_that_stands_in_for_nothing_is_refused(tidepool, capsys):
    npm_plugin(tidepool, "file:../lib")
    assert main(["run", "--plugins", "wader.py", "-e", "wader", "-g", "set", "--with", "lib"]) == IMPOSSIBLE
    assert "--with lib: no extractor" in capsys.readouterr().err


def test_a_tree_whose_name_only_its_build_tells_stands_in_for_the_release_that_is_required(tidepool):
    tree = source_tree(tidepool / "checkout", "0.5")
    described = (tree / "pyproject.toml").read_text()
    (tree / "pyproject.toml").write_text(described.partition("[build-system]")[1] + described.partition("[build-system]")[2])
    (tidepool / "wader.py").write_text(PLUGIN.replace('"tidepool"', '"tidepool>=2"'))
    assert output_of(*wader(local_packages=[tree])) == "a line of text 0.5."


def test_two_trees_of_one_version_are_told_apart(tidepool):
    versions = []
    for name in ("one", "two"):
        tree = source_tree(tidepool / name, "2.2")
        (tree / "tidepool.py").write_text(TIDEPOOL.format(name))
        assert main(["run", "--plugins", "wader.py", "-e", "wader", "-g", "set", "--with", name]) == OK
        versions.append(read_run().versions["wader"])
    assert versions[0] != versions[1]
    assert all(version.startswith("2.2+tree.") for version in versions)


def test_environments_are_counted_and_cleared_and_built_again(tidepool, tmp_path, capsys):
    def shown(*words: str) -> str:
        assert main(["cache", *words]) == 0
        return capsys.readouterr().out.splitlines()[1]

    run = ["run", "--plugins", "wader.py", "-e", "wader@1.0", "-e", "wader@2.0", "-g", "set", "--fresh"]
    assert "0 environments, 0.0 KiB" in shown()
    assert main(run) == 0
    capsys.readouterr()
    (tmp_path / "cache/environments/python/killed.x.unfinished").mkdir()
    assert re.search(r"environments: 2 environments, [1-9][\d.]+ [KM]iB", shown())
    assert "2 environments" in shown("--clear"), "outputs only"
    assert "0 environments, 0.0 KiB" in shown("--clear", "environments")
    assert not list((tmp_path / "cache/environments").glob("*/*.unfinished"))
    assert main(run) == 0
    assert "2 environments" in (capsys.readouterr(), shown())[1]
    assert "0 environments" in shown("--clear", "all")


@pytest.mark.parametrize(
    ("modules", "said"), [({}, "installs no module"), ({"other": ""}, "installs other, of which wader imports nothing")]
)
def test_a_local_package_without_the_library_is_no_result(tidepool, capsys, modules, said):
    wheel = make_wheel(tidepool / "mine", "tidepool", "3.0", modules)
    assert main(["run", "--plugins", "wader.py", "-e", "wader", "-g", "set", "--with", str(wheel)]) == 3
    out, err = capsys.readouterr()
    assert said in err and "--with" in err and out == ""
    assert list(Path().glob("reports/runs/*")) == []


@pytest.mark.parametrize("needs_it", [True, False])
def test_a_library_that_works_only_with_what_its_wrapper_adds_says_so(tidepool, capsys, needs_it):
    make_wheel(tidepool / "wheels", "kelp", "1.0", {"kelp": ""})
    library = ("import kelp\n" if needs_it else "") + TIDEPOOL.format("3.0")
    make_wheel(tidepool / "wheels", "tidepool", "3.0", {"tidepool": library})
    Path("wader.py").write_text(PLUGIN.replace('["tidepool"]', '["tidepool", "kelp"]'))
    asked = ["run", "--plugins", "wader.py", "-e", "wader@3.0", "-g", "set", "-j", "1", "--fail-on-errors"]
    assert main(asked) == OK
    capsys.readouterr()
    assert main([*asked, "--own-requirements"]) == (WORSE if needs_it else OK)
    said = capsys.readouterr()
    assert "without kelp, which its wrapper adds" in said.err
    assert ("No module named 'kelp'" in said.out + said.err) == needs_it
