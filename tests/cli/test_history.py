"""`harness history`: releases of one extractor over the same goldens."""

import re
from pathlib import Path

import pytest

import harness.plugins.releases
from factories.goldens import write_goldens
from factories.wheels import make_wheel
from harness.cli.main import main

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
    assert re.search(r"^  -0\.\d{3}  pages/page-1$", out, re.M), "the page that lost is named"
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
