"""`harness history`: releases of one extractor over the same goldens."""

import json
import re
import shlex
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

import harness.plugins.releases
from factories.goldens import write_goldens
from factories.tidepool import source_tree
from factories.wheels import make_wheel
from harness.cli.main import main
from harness.runs.find import list_runs, read_run

LIBRARY = "def cut(text):\n    return text[:{}]\n"
PLUGIN = """
from harness import extractor

@extractor(requires=["cutter>=1"], media="text/plain")
def cutter(page):
    import cutter
    return cutter.cut(page.text)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two releases of a library on a disk that stands for the index: the second one keeps less of long pages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    for version, kept in (("1.0", 60), ("1.1", 30), ("1.2", 30)):
        make_wheel(tmp_path / "wheels", "cutter", version, {"cutter": LIBRARY.format(kept)})
    Path("plugin.py").write_text(PLUGIN)
    write_goldens(tmp_path / "pages", ["a short page", "a page of rather more words than the second release likes to keep"])
    return ["--plugins", "plugin.py", "-g", "pages"]


def test_each_release_is_a_row_and_the_pages_that_it_lost_are_named(project, capsys):
    assert main(["history", "cutter", "1.0", "1.1", "1.2", *project]) == 0
    out = capsys.readouterr().out
    rows = [line.split() for line in out.splitlines() if line.startswith("cutter@1") and len(line.split()) > 5]
    assert [row[0] for row in rows] == ["cutter@1.0", "cutter@1.1", "cutter@1.2"]
    scores = [float(row[5]) for row in rows]
    assert scores[0] > scores[1] == scores[2]
    assert [row[6:8] for row in rows[1:]] == [["+0", "−1"], ["+0", "−0"]]
    assert re.search(r"^  −\.\d{3}  pages/page-1$", out, re.M), "the page that lost is named"
    assert "█▁▁" in out


def test_without_releases_the_last_ones_of_the_index_are_run(project, capsys, monkeypatch):
    listed = "cutter (1.2)\nAvailable versions: 1.2, 1.2rc1, 1.1, 1.0\n"
    monkeypatch.setattr(harness.plugins.releases, "_ask", lambda command, package: listed)
    assert main(["history", "cutter", "--last", "2", *project]) == 0
    out = capsys.readouterr().out
    assert "cutter@1.1" in out and "cutter@1.2" in out
    assert "cutter@1.0" not in out and "rc" not in out


def test_a_release_that_cannot_be_had_leaves_the_others_and_exit_code_3(project, capsys):
    assert main(["history", "cutter", "1.0", "9.9", *project]) == 3
    out, err = capsys.readouterr()
    assert "cutter@1.0" in out
    assert "cutter@9.9 cannot run" in err


def test_what_has_no_releases_is_said_in_a_line(project, capsys):
    assert main(["history", "keep_everything", *project]) == 3
    assert "no package of its own" in capsys.readouterr().err
    assert main(["history", "cuter", *project]) == 2
    assert "did you mean 'cutter'" in capsys.readouterr().err


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", "-C", str(folder), *who, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(project):
    """A checkout of the library: three commits, of which the last one keeps less of long pages."""
    tree = source_tree(Path("library"), "9.0", name="cutter", module=LIBRARY.format(60))
    git(tree, "init", "-q", "-b", "main")
    for kept, subject in ((60, "Begin"), (60, "Nothing changes"), (30, "Cut more")):
        (tree / "cutter.py").write_text(LIBRARY.format(kept))
        (tree / "notes.txt").write_text(subject)
        git(tree, "add", ".")
        git(tree, "commit", "-q", "-m", subject)
    return tree


@pytest.mark.slow
def test_commits_are_built_one_by_one_and_the_one_that_lost_is_seen(project, checkout, capsys):
    words = ["history", "cutter", "--commits", "main~2..main", "--with", "library", *project]
    assert main([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (track,) = told["tracks"].values()
    commits = [git(checkout, "rev-parse", f"main~{back}")[:9] for back in (2, 1, 0)]
    assert [step["name"] for step in track["steps"]] == commits
    assert [step["about"] for step in track["steps"]] == ["Begin", "Nothing changes", "Cut more"]
    assert [len(step["lost"]) for step in track["steps"]] == [0, 0, 1]
    assert track["steps"][2]["lost"][0]["golden"] == "pages/page-1"
    # Each is a run that can be made again, of this commit and no other.
    again = shlex.split(shlex.join(read_run(track["steps"][2]["run"]).header.request.to_words()))
    assert f"library@{git(checkout, 'rev-parse', 'main')}" in again
    assert main([*words, "--last", "2", "-o", "trend.svg"]) == 0
    assert main([*words, "--last", "2", "-o", "trend.pdf"]) == 0
    assert Path("trend.pdf").read_bytes().startswith(b"%PDF")
    assert main([*words, "--last", "2", "--format", "pdf"]) == 2
    drawing = ElementTree.parse("trend.svg").getroot()
    assert "var(" not in Path("trend.svg").read_text()
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert {*commits[1:]} <= {text.strip() for text in drawing.itertext()}


def test_a_commit_that_cannot_be_built_leaves_the_others_and_exit_code_3(project, checkout, capsys):
    (checkout / "backend.py").write_text("raise SystemExit('no')\n")
    git(checkout, "commit", "-q", "-a", "-m", "Break the build")
    assert main(["history", "cutter", "--commits", "main~1..main", "--with", "library", *project]) == 3
    out, err = capsys.readouterr()
    assert git(checkout, "rev-parse", "main~1")[:9] in out
    assert "could not build" in err


def test_stored_runs_are_steps_where_they_have_the_same_pages(project, capsys):
    run = ["run", "-e", "cutter=cutter@1.0", *project]
    assert main(run) == 0
    assert main([*run, "--limit", "1"]) == 0
    assert main([*run[:2], "cutter=cutter@1.1", *project]) == 0
    ids = [path.stem for path in list_runs()]
    capsys.readouterr()
    assert main(["history", "cutter", "--runs", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    (track,) = json.loads(out)["tracks"].values()
    assert [(step["name"], step["version"]) for step in track["steps"]] == [(ids[0], "1.0"), (ids[2], "1.1")]
    assert [change["golden"] for change in track["steps"][1]["lost"]] == ["pages/page-1"]
    assert "1 run left out: without some of these pages" in err
    assert main(["history", "--runs"]) == 0
    out = capsys.readouterr().out
    assert "cutter, " in out and ids[0] in out and "1.1" in out
    assert main(["history", "--runs", "--last", "1", "--format", "json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [step["name"] for track in told["tracks"].values() for step in track["steps"]] == [ids[2]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["history"], 2, "name the extractor"),
        (["history", "cutter", "1.0", "--runs"], 2, "takes no releases"),
        (["history", "cutter", "--runs"], 3, "no finished run has an extractor 'cutter'"),
        (["history", "--runs"], 3, "harness run"),
        (["history", "--runs", "-g", "pages"], 2, "leave out --goldens"),
        (["history", "cutter", "--commits", "main"], 2, "expected A..B"),
        (["history", "cutter", "--commits", "main~1..main"], 2, "--with PATH"),
        (["history", "cutter", "--commits", "nope..main", "--with", "library"], 2, "library@nope: there is no such commit"),
        (["history", "cutter", "--commits", "main..main~1", "--with", "library"], 2, "nothing leads from main to main~1"),
        (
            ["history", "cutter", "--commits", "main~1..main", "--with", "library@main"],
            2,
            "library@main: --commits needs the",
        ),
        (
            ["history", "cutter", "--commits", "main~1..main", "--with", "git+file:///x@main"],
            2,
            "--commits needs the folder",
        ),
    ],
)
def test_what_cannot_be_shown_is_said(project, checkout, capsys, words, code, said):
    assert main([*words, *(project[:2] if "--runs" in words else project)]) == code
    assert said in capsys.readouterr().err


def test_an_alias_keeps_its_name_in_the_history_of_releases(project, capsys):
    assert main(["history", "mine=cutter", "1.0", "1.1", *project]) == 0
    assert {record.extractor for record in read_run().records} == {"mine@1.0", "mine@1.1"}


def test_what_git_complains_of_is_told_and_not_the_last_line_of_its_advice(project, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["run", "-e", "cutter", *project, "--with", f"git+file://{tmp_path}/absent@main"]) == 2
    assert "does not appear to be a git repository" in capsys.readouterr().err


@pytest.mark.slow
def test_a_commit_of_a_checkout_and_of_a_repository_stand_in_for_a_release(project, checkout, tmp_path, capsys):
    first, last = git(checkout, "rev-parse", "main~2"), git(checkout, "rev-parse", "main")
    git(checkout, "tag", "v9")
    words = ["run", "-e", "cutter", *project, "--with"]
    for asked, kept in (
        ("library@main~1", f"library@{git(checkout, 'rev-parse', 'main~1')}"),
        (f"library@{first}", f"library@{first}"),
        (f"git+file://{checkout.resolve()}@v9", f"git+file://{checkout.resolve()}@{last}"),
        (f"git+file://{checkout.resolve()}", f"git+file://{checkout.resolve()}@{last}"),
    ):
        assert main([*words, asked]) == 0
        assert read_run().header.request.local_packages == (kept,)
        assert "+tree." in read_run().versions["cutter"]
    texts = {record.golden: len(record.text) for record in read_run().records}
    assert texts["pages/page-1"] == 30
    (checkout / "cutter.py").write_text("a change that is in no commit")
    assert main([*words, "library@v9", "--fresh"]) == 0
    capsys.readouterr()
    assert main([*words, "library@v10"]) == 2
    assert "library@v10: there is no such commit" in capsys.readouterr().err
    assert main([*words, f"git+file://{tmp_path}/absent"]) == 2
    assert "absent" in capsys.readouterr().err
    assert main([*words, "absent@main"]) == 2
    assert "absent@main: no such source tree or wheel" in capsys.readouterr().err
