"""What the cache answers is what would be answered now: every change of what really ran is noticed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.common.errors import OK, WORSE
from harness.runs.file import read_run

PAGES = ["-g", "core", "--limit", "1"]
RULES = "def keep(text): return {}\n"
WHOLE, BROKEN = RULES.format("text"), RULES.format("'broken'")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def cached(*words: str) -> bool:
    """Whether a run found its output in the cache."""
    assert main(["run", *PAGES, *words]) == OK
    (record,) = read_run().records
    return record.cached


def says_that_it_is_not_cached(name: str, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether the table of the run says so, and tables made later, too."""
    sentence = f"not cached, since it is not known what else they run or read: {name}"
    told = [" ".join(capsys.readouterr().out.split())]
    assert main(["show"]) == OK
    told.append(" ".join(capsys.readouterr().out.split()))
    return all(sentence in text for text in told) and read_run().not_cached == (name,)


def test_code_in_a_package_without_init_is_seen_to_change():
    write("tool/ext.py", "from tool.rules import keep\ndef extract(page): return keep(page.text)\n")
    write("tool/rules.py", WHOLE)
    words = ["-e", "tool.ext:extract"]
    assert not cached(*words) and main(["accept"]) == OK
    assert cached(*words) and main(["gate"]) == OK
    write("tool/rules.py", BROKEN)
    assert not cached(*words) and main(["gate"]) == WORSE


@pytest.mark.parametrize(
    "imports",
    [
        "from rules import keep\ndef mine(page): return keep(page.text)\n",
        "def mine(page):\n    from rules import keep\n    return keep(page.text)\n",
    ],
    ids=["when it is loaded", "on a page"],
)
def test_a_library_that_is_not_declared_is_seen_to_change(imports, monkeypatch, tmp_path):
    write("library/rules.py", WHOLE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"))
    head, _, body = imports.rpartition("def mine")
    write("mine.py", f"from harness import extractor\n{head}@extractor(requires=['packaging'])\ndef mine{body}")
    words = ["--plugins", "mine.py", "-e", "mine"]
    assert not cached(*words)
    assert cached(*words)
    write("library/rules.py", BROKEN)
    assert not cached(*words)
    write("library/rules.py", WHOLE)
    assert not cached(*words), "the answer of the broken one took its place"


READS = {
    "a file": "def mine(page): return open('rules.txt').read()\n",
    "a file when it is loaded": "RULES = open('rules.txt').read()\ndef mine(page): return RULES\n",
    "a file by descriptor": "import os\ndef mine(page): return os.read(os.open('rules.txt', os.O_RDONLY), 99).decode()\n",
}


@pytest.mark.parametrize("code", READS.values(), ids=READS)
def test_a_file_that_an_extractor_reads_is_seen_to_change(code):
    write("mine.py", code)
    write("rules.txt", "whole")
    assert not cached("-e", "./mine.py:mine")
    assert cached("-e", "./mine.py:mine")
    write("rules.txt", "broken")
    assert not cached("-e", "./mine.py:mine")
    assert read_run().records[0].text == "broken"


@pytest.mark.parametrize("read", ["os.environ['RULES']", "os.getenv('RULES', 'whole')"])
def test_an_environment_variable_that_an_extractor_reads_is_seen_to_change(read, monkeypatch):
    write("mine.py", f"import os\ndef mine(page): return {read}\n")
    monkeypatch.setenv("RULES", "whole")
    assert not cached("-e", "./mine.py:mine")
    assert cached("-e", "./mine.py:mine")
    monkeypatch.setenv("ANOTHER", "one")
    assert cached("-e", "./mine.py:mine")
    monkeypatch.setenv("RULES", "broken")
    assert not cached("-e", "./mine.py:mine")


def test_a_variable_that_is_set_later_is_seen(monkeypatch):
    write("mine.py", "import os\ndef mine(page): return 'broken' if os.environ.get('RULES') else 'whole'\n")
    monkeypatch.delenv("RULES", raising=False)
    assert not cached("-e", "./mine.py:mine")
    assert cached("-e", "./mine.py:mine")
    monkeypatch.setenv("RULES", "")
    assert not cached("-e", "./mine.py:mine")


@pytest.mark.parametrize(
    "start",
    [
        "dict(os.environ).get('RULES', 'whole')",
        "subprocess.run(['cat', 'rules.txt'], capture_output=True, text=True).stdout",
        "os.popen('cat rules.txt').read()",
    ],
)
def test_where_it_is_not_known_what_an_extractor_reads_it_is_not_cached(start, capsys):
    write("mine.py", f"import os, subprocess\ndef mine(page): return {start}\n")
    write("rules.txt", "whole")
    assert not cached("-e", "./mine.py:mine")
    assert not cached("-e", "./mine.py:mine")
    assert says_that_it_is_not_cached("./mine.py:mine", capsys)


def test_a_crash_is_no_reason_to_say_that_outputs_are_not_cached(capsys):
    write("mine.py", "import os\ndef mine(page): os._exit(3)\n")
    assert not cached("-e", "./mine.py:mine")
    assert "not cached" not in capsys.readouterr().out


def test_a_file_that_an_extractor_has_written_itself_keeps_nothing_from_the_cache():
    write("mine.py", "def mine(page):\n    open('notes', 'a').write('x')\n    return open('notes').read()[:1]\n")
    assert not cached("-e", "./mine.py:mine")
    assert cached("-e", "./mine.py:mine")


@pytest.mark.parametrize("name", ["cmd:sh script.sh", "protocol:python3 answers.py"])
def test_what_a_command_runs_is_not_known_so_it_is_not_cached_and_that_is_said(name, capsys):
    write("script.sh", "cat\n")
    answer = {"outcome": "ok", "text": "x"}
    write(
        "answers.py",
        "import json, sys\nsys.stdin.readline()\nprint(json.dumps({'outcome': 'ready', 'protocol': 2}), flush=True)\n"
        f"for line in sys.stdin: print(json.dumps({{**{answer}, 'id': json.loads(line)['id']}}), flush=True)\n",
    )
    assert not cached("-e", name)
    assert not cached("-e", name)
    assert says_that_it_is_not_cached(name, capsys)


@pytest.mark.slow
def test_an_author_can_say_that_outputs_are_kept_or_are_not():
    text = "from harness import extractor\n@extractor(cache={})\ndef mine(page): return page.text\n"
    words = ["--plugins", "mine.py", "-e", "mine"]
    for said, kept in (("False", False), ("None", True), ("True", True)):
        write("mine.py", text.format(said))
        assert [cached(*words), cached(*words)] == [False, kept]


def test_an_isolated_run_is_not_answered_by_the_other_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("UV_OFFLINE", "1")
    write("library/undeclared.py", "")
    write("mine.py", "from harness import extractor\nimport undeclared\n@extractor\ndef mine(page): return page.text\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"))
    words = ["--plugins", "mine.py", "-e", "mine"]
    assert not cached(*words)
    assert cached(*words)
    assert not cached(*words, "--isolated")


def test_the_files_of_an_answer_are_part_of_what_damage_is_found_in(tmp_path):
    import sqlite3

    write("mine.py", "def mine(page): return page.text\n")
    assert not cached("-e", "./mine.py:mine")
    with sqlite3.connect(tmp_path / "cache" / "outputs.sqlite3") as database:
        database.execute("UPDATE files SET hashes = ?", (b"damaged",))
    assert not cached("-e", "./mine.py:mine")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_javascript_whose_imports_are_not_known_is_not_cached():
    write("lib.mjs", "export const keep = (text) => text;")
    write("mine.mjs", "import { keep } from './lib.mjs'; export const extract = (page) => keep(page.html);")
    assert not cached("-e", "./mine.mjs:extract") and main(["accept"]) == OK
    write("lib.mjs", "export const keep = () => 'broken';")
    assert not cached("-e", "./mine.mjs:extract") and main(["gate"]) == WORSE
