"""What the cache answers is what would be answered now: every change of what really ran is noticed."""

from __future__ import annotations

import py_compile
import shutil
import zipfile
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.common.errors import OK, WORSE
from harness.runs.find import read_run

pytestmark = pytest.mark.slow

PAGES = ["-g", "core/product-desk-lamp-fragments"]
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


def test_a_module_that_comes_from_its_bytecode_and_is_forgotten_is_seen_to_change():
    write("library/rules.py", WHOLE)
    py_compile.compile("library/rules.py")
    code = "import sys\nsys.path.insert(0, __file__.replace('mine.py', 'library'))\nfrom rules import keep\n"
    write("mine.py", f"{code}del sys.modules['rules']\ndef mine(page): return keep(page.text)\n")
    assert not cached("-e", "./mine.py:mine")
    assert cached("-e", "./mine.py:mine")
    write("library/rules.py", BROKEN)
    assert not cached("-e", "./mine.py:mine")


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


TRY = "try:\n    {0}\n    return 'found'\nexcept {1}:\n    return 'none'"
APPEARS = {  # code of an extractor, and files that come into its folder later
    "a module": (TRY.format("import fast", "ImportError"), ["fast.py"]),
    "a module of a package": (TRY.format("from package import fast", "ImportError"), ["package/fast.py"]),
    "a package in place of a module": ("import rules\nreturn str(rules)", ["rules/__init__.py"]),
    "a module that is only asked for": ("import importlib.util\nreturn str(importlib.util.find_spec('fast'))", ["fast.py"]),
    "a file": (TRY.format("open(HERE + '/extra.txt')", "OSError"), ["extra.txt"]),
    "a file that is only asked for": ("return str(os.path.exists(HERE + '/extra.txt'))", ["extra.txt"]),
    "a file in a listed folder": ("return str(os.listdir(HERE))", ["extra.txt"]),
    "a file in a scanned folder": ("return str([entry.name for entry in os.scandir(HERE)])", ["extra.txt"]),
    "a file of a pattern": ("import glob\nreturn str(glob.glob(HERE + '/*.txt'))", ["extra.txt"]),
    "a file below": ("import pathlib\nreturn str([*pathlib.Path(HERE).rglob('*.txt')])", ["package/extra.txt"]),
    "a file by a relative path": ("return str(os.path.isfile(NAME + '/extra.txt'))", ["extra.txt"]),
}
CHANGES = {  # code of an extractor; the file `rules.txt` in its folder changes
    "a file that is opened to be changed": "return open(HERE + '/rules.txt', 'r+').read()",
    "a file that is opened to be added to": "file = open(HERE + '/rules.txt', 'a+')\nfile.seek(0)\nreturn file.read()",
    "a file that a library opens": "import linecache\nreturn linecache.getline(HERE + '/rules.txt', 1)",
    "a database": "import sqlite3\nreturn str(sqlite3.connect(HERE + '/rules.txt'))[:5]",
}


def test_what_was_not_there_and_every_way_to_read_a_file_is_seen():
    scenarios = [*(code for code, _ in APPEARS.values()), *CHANGES.values()]
    lines = ["import os, sys", "from harness import extractor"]
    for number, code in enumerate(scenarios):
        write(f"s{number}/rules.txt", "whole")
        write(f"s{number}/rules.py", "")
        write(f"s{number}/package/__init__.py", "")
        body = code.replace("HERE", f"'{Path.cwd()}/s{number}'").replace("NAME", f"'s{number}'").splitlines()
        lines += ["@extractor", f"def s{number}(page):", f"    sys.path.append('{Path.cwd()}/s{number}')"]
        lines += [f"    {line}" for line in body]
    write("mine.py", "\n".join(lines))
    words = [word for number in range(len(scenarios)) for word in ("-e", f"s{number}")]

    def found_in_cache() -> dict[str, bool]:
        assert main(["run", *PAGES, "--plugins", "mine.py", *words]) == OK
        cached = {record.extractor: record.cached for record in read_run().records}
        return {name: cached[f"s{number}"] for number, name in enumerate([*APPEARS, *CHANGES])}

    unfollowed = {"a file that is opened to be changed", "a file that is opened to be added to", "a database"}
    assert not any(found_in_cache().values())
    assert {name for name, cached in found_in_cache().items() if not cached} == unfollowed
    for number, (_, files) in enumerate(APPEARS.values()):
        for file in files:
            write(f"s{number}/{file}", "")
    for number in range(len(APPEARS), len(scenarios)):
        write(f"s{number}/rules.txt", "broken")
    assert not any(found_in_cache().values()), "asked anew"


def test_another_place_of_modules_is_seen(monkeypatch, tmp_path):
    write("mine.py", "from rules import keep\ndef mine(page): return keep(page.text)\n")
    write("a/rules.py", WHOLE)
    write("b/rules.py", BROKEN)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}/empty:{tmp_path}/a")
    assert [cached("-e", "./mine.py:mine"), cached("-e", "./mine.py:mine")] == [False, True]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}/b")
    assert not cached("-e", "./mine.py:mine")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}/empty:{tmp_path}/a")
    assert not cached("-e", "./mine.py:mine")
    write("empty/rules.py", BROKEN)
    assert not cached("-e", "./mine.py:mine"), "it stands before the other"


def test_a_module_that_python_loads_by_itself_is_seen(monkeypatch, tmp_path):
    write("mine.py", "import builtins\ndef mine(page): return str(getattr(builtins, 'RULES', 'whole'))\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "a"))
    assert [cached("-e", "./mine.py:mine"), cached("-e", "./mine.py:mine")] == [False, True]
    write("a/sitecustomize.py", "import builtins\nbuiltins.RULES = 'broken'\n")
    assert [cached("-e", "./mine.py:mine"), cached("-e", "./mine.py:mine")] == [False, True]
    write("a/sitecustomize.py", "import builtins\nbuiltins.RULES = 'whole again'\n")
    assert not cached("-e", "./mine.py:mine")


def test_the_same_plugin_in_another_folder_is_another_one(monkeypatch, tmp_path):
    for folder, rules in (("a", WHOLE), ("b", BROKEN)):
        write(f"{folder}/mine.py", "def mine(page):\n    from rules import keep\n    return keep(page.text)\n")
        write(f"{folder}/rules.py", rules)
    for name in ("./mine.py:mine", "mine:mine"):
        monkeypatch.chdir(tmp_path / "a")
        assert not cached("-e", name)
        monkeypatch.chdir(tmp_path / "b")
        assert not cached("-e", name)
        assert read_run().records[0].text == "broken"
    monkeypatch.chdir(tmp_path)


def test_another_working_directory_is_seen(monkeypatch, tmp_path):
    write("mine.py", "def mine(page): return open('rules.txt').read()\n")
    for folder in ("a", "b"):
        write(f"{folder}/rules.txt", folder)
    for folder in ("a", "b"):
        monkeypatch.chdir(tmp_path / folder)
        assert not cached("-e", f"{tmp_path}/mine.py:mine")
        assert read_run().records[0].text == folder


def test_a_file_that_changes_while_the_run_goes_on_is_not_taken_for_what_was_read(tmp_path):
    """It is changed, as by an editor, after the extractor has read it, and before the answer is kept."""
    changes = "def mine(page):\n    text = open('rules.txt').read()\n    {}\n    return text\n"
    by_another = "import subprocess, sys\n" + changes.format("import ctypes; ctypes.CDLL(None).truncate(b'rules.txt', 5)")
    write("mine.py", by_another)
    write("rules.txt", "whole and more")
    assert not cached("-e", "./mine.py:mine")
    assert read_run().records[0].text == "whole and more"
    assert not cached("-e", "./mine.py:mine")
    assert read_run().records[0].text == "whole"


@pytest.mark.parametrize(
    "read", ["os.environ['RULES']", "os.getenv('RULES', 'whole')", "__import__(os.name).environ[b'RULES'].decode()"]
)
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
        "open(f'/proc/{os.getpid()}/environ').read()[:9]",
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


def test_a_module_from_an_archive_costs_the_cache_and_no_run(capsys):
    with zipfile.ZipFile("rules.zip", "w") as archive:
        archive.writestr("rules.py", WHOLE)
    code = "import sys\nsys.path.insert(0, __file__.replace('mine.py', 'rules.zip'))\nimport rules\n"
    write("mine.py", code + "def mine(page): return rules.keep(page.text)\n")
    assert not cached("-e", "./mine.py:mine")
    assert not cached("-e", "./mine.py:mine")
    assert says_that_it_is_not_cached("./mine.py:mine", capsys)


def test_a_crash_is_no_reason_to_say_that_outputs_are_not_cached(capsys):
    write("mine.py", "import os\ndef mine(page): os._exit(3)\n")
    assert not cached("-e", "./mine.py:mine")
    assert "not cached" not in capsys.readouterr().out


def test_a_file_that_an_extractor_has_written_itself_keeps_nothing_from_the_cache():
    write("mine.py", "def mine(page):\n    open('notes', 'w').write('x')\n    return open('notes').read()\n")
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


def test_an_author_can_say_that_outputs_are_kept_or_are_not():
    text = "from harness import extractor\n@extractor(cache={})\ndef mine(page): return page.text\n"
    words = ["--plugins", "mine.py", "-e", "mine"]
    for said, kept in (("False", False), ("None", True), ("True", True)):
        write("mine.py", text.format(said))
        assert [cached(*words), cached(*words)] == [False, kept]


def test_an_isolated_run_is_not_answered_by_the_other_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("UV_OFFLINE", "1")
    write("library/undeclared.py", "found = 'one'")
    found = "try:\n    from undeclared import found\nexcept ImportError:\n    found = 'none'\n"
    write("mine.py", f"from harness import extractor\n{found}@extractor\ndef mine(page): return found\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"))
    words = ["--plugins", "mine.py", "-e", "mine"]
    assert not cached(*words)
    assert cached(*words)
    assert not cached(*words, "--isolated")
    assert read_run().records[0].text == "none", "it has nothing that it does not require"


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


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")
def test_a_javascript_package_that_may_read_anything_is_cached_only_if_it_says_so(monkeypatch):
    write("lib/package.json", '{"name": "mylib", "version": "1.0.0", "main": "index.js"}')
    write("lib/index.js", "module.exports = () => process.env.RULES;")
    write("mine/index.mjs", "import rules from 'mylib'; export default rules;")
    described = '{"dependencies": {"mylib": "file:../lib"}, "harness": {"main": "index.mjs"%s}}'
    monkeypatch.setenv("RULES", "whole")
    for said, kept in (("", False), (', "cache": true', True)):
        write("mine/package.json", described % said)
        assert [cached("--plugins", "mine", "-e", "mine"), cached("--plugins", "mine", "-e", "mine")] == [False, kept]
