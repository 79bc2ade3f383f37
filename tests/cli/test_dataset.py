"""`harness dataset add`, against git repositories that the tests make; nothing here needs a network."""

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from factories.places import DATASETS, needs_datasets
from harness.cli.commands import dataset
from harness.common.errors import CannotTell, Impossible
from harness.datasets import DATASET_FORMATS
from harness.datasets.catalogue import CATALOGUE, Known, dataset_path, known_datasets

GIT = shutil.which("git")
pytestmark = pytest.mark.skipif(GIT is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str = "more") -> str:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def write_pages(folder: Path, *names: str) -> None:
    (folder / "html").mkdir(parents=True, exist_ok=True)
    truth = {name: {"articleBody": f"The mill of {name} turns.\n", "url": f"https://{name}.example/"} for name in names}
    (folder / "ground-truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    for name in names:
        page = f"<html lang=en><p>The mill of {name} turns.</p></html>\n"
        (folder / "html" / f"{name}.html.gz").write_bytes(gzip.compress(page.encode(), mtime=0))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "datasets"


@pytest.fixture
def origin(tmp_path):
    """A repository whose pinned commit has two pages, the one before it one, and its HEAD three."""
    folder = tmp_path / "mills-data"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for name, pages in (("old", ["north"]), ("pinned", ["north", "south"]), ("new", ["north", "south", "west"])):
        write_pages(folder, *pages)
        commit(folder)
        git(folder, "tag", name)
    return folder


@pytest.fixture
def mills(origin, cache, monkeypatch):
    """Put the dataset `mills` into the catalogue; call it to change what the catalogue says."""

    def describe(**changes) -> Known:
        described = Known(
            "mills",
            format="aeb",
            pages=2,
            licence="MIT",
            permissive=True,
            citation="A. Miller: Mills (1999)",
            repository=str(origin),
            commit=git(origin, "rev-parse", "pinned"),
        )
        described = replace(described, **changes)
        monkeypatch.setitem(CATALOGUE, "mills", described)
        return described

    describe()
    return describe


def add(name: str = "mills", source: object = None, accept: bool = False) -> int:
    return dataset.run(Namespace(name=name, source=None if source is None else str(source), accept_licence=accept))


def put_git_before_git(folder: Path, for_each_word: str) -> str:
    """A `git` that looks at each of its words, and then is git; the PATH to find it by."""
    folder.mkdir()
    (folder / "git").write_text(f'#!/bin/sh\nfor word; do {for_each_word}; done\nexec {GIT} "$@"\n')
    (folder / "git").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def unfinished(cache: Path) -> list[Path]:
    return list(cache.glob("*.unfinished"))


def test_the_pinned_commit_is_brought_and_found_by_name(mills, cache, capsys):
    assert dataset_path("mills") is None
    assert add() == 0
    path = dataset_path("mills")
    assert git(path, "rev-list", "--count", "HEAD") == "1", "no more than the commit was fetched"
    assert sorted(entry.id for entry in DATASET_FORMATS["aeb"].entries(path)) == ["aeb/north", "aeb/south"]
    told = capsys.readouterr()
    for part in ("licence: MIT", "cite: A. Miller", "fetching mills"):
        assert part in told.err
    assert "2 pages, verified at commit" in told.out
    assert "harness run -g mills" in told.out
    assert not unfinished(cache)


def test_the_list_says_what_is_here(mills):
    before = {found.known.name: found for found in known_datasets()}
    assert before["mills"].path is None
    assert before["mills"].bytes == 0
    assert before["mills"].how == "harness dataset add mills"
    assert "Hugging Face" in before["webmainbench"].how
    add()
    (after,) = (found for found in known_datasets() if found.known.name == "mills")
    assert after.path == dataset_path("mills")
    files = [path for path in after.path.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert after.bytes == sum(path.stat().st_size for path in files) > 0


def test_what_is_here_is_verified_and_not_fetched_again(mills, origin, capsys):
    add()
    shutil.rmtree(origin)
    capsys.readouterr()
    assert add() == 0
    told = capsys.readouterr()
    assert "is here already" in told.err
    assert "fetching" not in told.err


def test_what_was_changed_is_refused(mills):
    add()
    truth = dataset_path("mills") / "ground-truth.json"
    truth.write_text(truth.read_text().replace("turns", "stands"))
    with pytest.raises(Impossible, match=r"was changed: 1 file, first ground-truth\.json; delete .* and add it again"):
        add()
    truth.write_text(truth.read_text().replace("stands", "turns"))
    (truth.parent / "notes.txt").write_text("mine")
    with pytest.raises(Impossible, match=r"first notes\.txt"):
        add()
    (truth.parent / "notes.txt").unlink()
    assert add() == 0


def test_another_commit_in_the_cache_is_refused(mills, origin):
    known = mills()
    add()
    checkout = known.checkout(known.home)
    git(checkout, "fetch", "--quiet", str(origin), "HEAD")
    git(checkout, "checkout", "--quiet", "FETCH_HEAD")
    with pytest.raises(Impossible, match=f"is at commit {git(origin, 'rev-parse', 'HEAD')} and not at {known.commit}"):
        add()


def test_a_mirror_can_be_a_folder_or_a_url(mills, origin, tmp_path, monkeypatch):
    mills(repository="https://nowhere.invalid/mills-data")
    monkeypatch.chdir(tmp_path)
    assert add(source="mills-data") == 0
    shutil.rmtree(CATALOGUE["mills"].home)
    assert add(source=f"file://{origin}") == 0


@pytest.mark.parametrize("digits", [40, 7])
def test_a_copy_of_an_added_dataset_is_a_mirror(mills, tmp_path, digits):
    known = CATALOGUE["mills"]
    add()
    shutil.copytree(known.checkout(known.home), tmp_path / "stick")
    shutil.rmtree(known.home)
    copied = mills(commit=known.commit[:digits])
    assert add(source=tmp_path / "stick") == 0
    assert git(copied.checkout(copied.home), "rev-list", "HEAD") == known.commit


def test_a_mirror_without_the_commit_is_refused(mills, tmp_path, cache):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    write_pages(other, "north", "south", "east")
    head = commit(other)
    with pytest.raises(Impossible) as caught:
        add(source=other)
    assert CATALOGUE["mills"].commit in str(caught.value)
    assert head in str(caught.value)
    assert dataset_path("mills") is None
    assert not unfinished(cache)


def test_a_server_that_sends_no_single_commit_is_asked_for_all(mills, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", put_git_before_git(tmp_path / "bin", '[ "$word" = --depth ] && exit 1'))
    assert add() == 0
    known = CATALOGUE["mills"]
    assert git(known.checkout(known.home), "rev-parse", "HEAD") == known.commit


def test_a_short_commit_is_resolved(mills):
    known = mills(commit=CATALOGUE["mills"].commit[:7])
    assert add() == 0
    assert git(known.checkout(known.home), "rev-parse", "HEAD").startswith(known.commit)


@pytest.mark.parametrize("pages", [1, 3])
def test_another_number_of_pages_is_refused(mills, cache, pages):
    mills(pages=pages)
    with pytest.raises(Impossible, match=f"has 2 pages where {pages} are expected"):
        add()
    assert dataset_path("mills") is None
    assert not unfinished(cache)


def test_a_repository_that_is_not_of_the_format_is_refused(mills):
    mills(folder="html")
    with pytest.raises(Impossible, match=r"mills cannot be read: .*ground-truth\.json"):
        add()


def test_a_mirror_from_which_objects_are_missing_is_called_incomplete(mills, origin, tmp_path, cache):
    mirror = tmp_path / "mirror"
    shutil.copytree(origin, mirror)
    page = git(mirror, "rev-parse", "pinned:html/south.html.gz")
    (mirror / ".git" / "objects" / page[:2] / page[2:]).unlink()
    with pytest.raises(
        Impossible, match="is incomplete: objects that its commits name are missing; give a complete copy of"
    ):
        add(source=str(mirror))
    assert not unfinished(cache)


def test_without_a_network_the_way_out_is_told(mills, tmp_path, cache):
    mills(repository=f"file://{tmp_path}/nowhere")
    with pytest.raises(CannotTell) as caught:
        add()
    (line,) = str(caught.value).splitlines()
    assert "cannot be reached" in line
    assert "harness dataset add mills --from PATH" in line
    assert not unfinished(cache)


def test_a_mirror_that_is_not_there_is_refused(mills):
    with pytest.raises(Impossible, match="no such folder"):
        add(source="no-such-folder")


def test_without_git_that_is_told(mills, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotTell, match="git is not installed"):
        add()


def test_a_licence_that_is_not_permissive_is_asked_for(mills, monkeypatch):
    mills(permissive=False, licence="AGPL-3.0")
    with pytest.raises(Impossible, match=r"AGPL-3\.0.*harness dataset add mills --accept-licence"):
        add()
    assert dataset_path("mills") is None
    monkeypatch.setattr(sys, "stdin", Namespace(isatty=lambda: True))
    asked = []
    for answer in ("", "no", "n"):
        monkeypatch.setattr("builtins.input", lambda question, answer=answer: asked.append(question) or answer)
        with pytest.raises(Impossible, match="was not accepted"):
            add()
    assert dataset_path("mills") is None
    assert all("AGPL-3.0" in question for question in asked)
    monkeypatch.setattr("builtins.input", lambda question: "Y")
    assert add() == 0


def test_a_licence_can_be_accepted_beforehand_and_is_not_asked_for_again(mills):
    mills(permissive=False)
    assert add(accept=True) == 0
    assert add() == 0


def test_killed_in_the_middle_nothing_looks_complete(mills, tmp_path, cache):
    hang = f'if [ "$word" = checkout ]; then touch {tmp_path}/there; exec sleep 60; fi'
    environment = {**os.environ, "PATH": put_git_before_git(tmp_path / "bin", hang)}
    program = f"""
from harness.datasets.catalogue import Known
from harness.datasets.fetch import bring
bring({CATALOGUE["mills"]!r}, None, print)
"""
    process = subprocess.Popen([sys.executable, "-c", program], env=environment, start_new_session=True)
    while not (tmp_path / "there").exists():
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert unfinished(cache)
    assert dataset_path("mills") is None
    assert add() == 0
    assert not unfinished(cache), "what a killed process left is cleared away"


def test_files_stay_as_they_were_committed(mills, origin, tmp_path, monkeypatch):
    ran = tmp_path / "ran"
    settings = tmp_path / "settings"
    settings.write_text(
        f'[core]\nautocrlf = true\n[filter "spy"]\nsmudge = touch {ran}; cat\n[init]\ntemplateDir = {tmp_path}/hooked\n'
    )
    hook = tmp_path / "hooked" / "hooks" / "post-checkout"
    hook.parent.mkdir(parents=True)
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    (origin / ".gitattributes").write_text("*.json text eol=crlf filter=spy\n")
    (origin / "outside").symlink_to("/etc/hostname")
    known = mills(commit=commit(origin, "hostile"), pages=3)
    committed = subprocess.run(
        ["git", "-C", str(origin), "cat-file", "blob", "HEAD:ground-truth.json"], capture_output=True, check=True
    ).stdout
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert add() == 0
    checkout = known.checkout(known.home)
    assert (checkout / "ground-truth.json").read_bytes() == committed
    assert not (checkout / "outside").is_symlink()
    assert not ran.exists()
    assert add() == 0


def test_a_call_from_within_another_repository_leaves_that_alone(mills, origin, tmp_path, monkeypatch):
    before = git(origin, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(origin / ".git"))
    assert add() == 0
    monkeypatch.delenv("GIT_DIR")
    assert git(origin, "rev-parse", "HEAD") == before
    assert git(origin, "status", "--porcelain") == ""


def archive(folder: Path, *members: tuple[str, bytes]) -> None:
    with tarfile.open(folder / "pages.tar.gz", "w:gz") as packed:
        for name, content in members:
            described = tarfile.TarInfo(name)
            described.size = len(content)
            packed.addfile(described, io.BytesIO(content))


def test_a_dataset_in_an_archive_is_unpacked_beside_the_repository(mills, origin):
    pages = [(str(path.relative_to(origin)), path.read_bytes()) for path in sorted(origin.glob("html/*"))]
    archive(origin, ("ground-truth.json", (origin / "ground-truth.json").read_bytes()), *pages)
    git(origin, "rm", "--quiet", "-r", "html", "ground-truth.json")
    known = mills(commit=commit(origin, "packed"), pages=3, archives=("pages.tar.gz",))
    assert add() == 0
    assert len(list(DATASET_FORMATS["aeb"].entries(dataset_path("mills")))) == 3
    assert git(known.checkout(known.home), "status", "--porcelain") == ""


def test_an_archive_cannot_write_elsewhere(mills, origin, cache):
    archive(origin, ("../../../evil.txt", b"x"))
    mills(commit=commit(origin, "evil"), archives=("pages.tar.gz",))
    with pytest.raises(Impossible, match=r"pages\.tar\.gz of mills cannot be unpacked"):
        add()
    assert not list(cache.parent.rglob("evil.txt"))
    assert dataset_path("mills") is None


def test_a_wrong_name_meets_a_suggestion():
    with pytest.raises(Impossible, match=r"unknown dataset 'dragnett'; did you mean 'dragnet'\?; .* knows aeb, "):
        add("dragnett")


@pytest.mark.parametrize("name", ["wceb", "webmainbench", "google-trends-2017"])
def test_what_git_cannot_bring_is_told_how_to_get(name):
    with pytest.raises(Impossible, match=rf"{name} cannot be added by git; .*; then name it {name}:"):
        add(name)


@needs_datasets
def test_the_real_pages_of_aeb_are_as_many_as_the_catalogue_says(tmp_path, cache, monkeypatch):
    folder = tmp_path / "copy"
    shutil.copytree(Path(str(DATASETS), "aeb"), folder, ignore=shutil.ignore_patterns("output"))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    git(folder, "init", "--quiet")
    head = commit(folder)
    monkeypatch.setitem(CATALOGUE, "aeb", replace(CATALOGUE["aeb"], repository=str(folder), commit=head))
    assert add("aeb") == 0
