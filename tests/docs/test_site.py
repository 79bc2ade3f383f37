"""The documentation builds as a site, and a link that leads nowhere stops that."""

import shutil
import subprocess
import sys

import pytest

from factories.places import ROOT

pytest.importorskip("mkdocs", reason="the extra docs is not installed")


def built(folder, tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path / "site"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_site_builds_and_a_dead_link_or_anchor_is_named(tmp_path):
    for name in ("docs", ".ci"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    done = built(tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "blob/main/pyproject.toml" in (tmp_path / "site/architecture/index.html").read_text(encoding="utf-8")
    page = tmp_path / "docs/index.md"
    text = page.read_text(encoding="utf-8")
    for link in ("nowhere.md", "gate.md#nothing"):
        page.write_text(f"{text}\n[a link]({link})\n", encoding="utf-8")
        done = built(tmp_path, tmp_path)
        assert done.returncode == 1 and link in done.stderr
