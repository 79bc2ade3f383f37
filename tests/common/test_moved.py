"""Words that name files, written from another folder."""

from pathlib import Path

import pytest

from harness.common.moved import moved_command, moved_file, moved_goldens, moved_if_there, moved_package, moved_path
from harness.plugins.names import moved_extractor, name_of

BELOW = Path("docs/notes")


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("docs/notes", "crawl", "core", "tree"):
        Path(folder).mkdir(parents=True)
    for file in ("pyproject.toml", "own.py", "tool.py", "policy"):
        Path(file).touch()


@pytest.mark.parametrize(
    ("move", "word", "below"),
    [
        (moved_path, "gone.py", "../../gone.py"),
        (moved_path, "./gone.py", "./../../gone.py"),
        (moved_path, "/gone.py", "/gone.py"),
        (moved_if_there, "gone", "gone"),
        (moved_if_there, "crawl/*.warc.gz", "../../crawl/*.warc.gz"),
        (moved_if_there, "gone/*.warc.gz", "gone/*.warc.gz"),
        (moved_if_there, "*.html", "../../*.html"),
        (moved_file, "gone.yaml", "../../gone.yaml"),
        (moved_file, "policy", "../../policy"),
        (moved_file, "core", "core"),  # a policy is no folder
        (moved_goldens, "core", "../../core"),
        (moved_goldens, "warc:crawl", "warc:../../crawl"),
        (moved_goldens, "warc:s3://bucket/crawl", "warc:s3://bucket/crawl"),
        (moved_package, "tree@v2", "../../tree@v2"),
        (moved_package, "git+https://host/tree@v2", "git+https://host/tree@v2"),
        (moved_command, "python tool.py --mode 'a b'", "python ../../tool.py --mode 'a b'"),
        (moved_command, "python 'no end", "python 'no end"),
        (moved_extractor, "trafilatura@2.0.0", "trafilatura@2.0.0"),
        (moved_extractor, "acme.module:extract", "acme.module:extract"),
        (moved_extractor, "mine=./own.py:extract", "mine=./../../own.py:extract"),
        (moved_extractor, "cmd:python tool.py", "cmd:python ../../tool.py"),
        (moved_extractor, "union:own.py:extract+justext", "union:../../own.py:extract+justext"),
    ],
)
def test_a_word_names_the_same_file_from_another_folder_and_comes_back_as_it_was(move, word, below):
    assert move(word, Path(), BELOW) == below
    assert move(below, BELOW, Path()) == word
    assert move(word, Path(), Path()) == word


def test_an_extractor_has_one_name_in_all_folders_of_a_project(monkeypatch):
    names = ["own.py:extract", "./own.py:extract", "mine=own.py:extract", "justext"]
    words = [moved_extractor(word, Path(), BELOW) for word in names]
    monkeypatch.chdir(BELOW)
    assert list(map(name_of, words)) == ["own.py:extract", "./own.py:extract", "mine", "justext"]
