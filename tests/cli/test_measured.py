"""What was not measured is no result: extractors that cannot be loaded, and those that fail everywhere."""

from __future__ import annotations

import os
import resource
import shutil
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, OK, WORSE
from harness.runs.find import read_run

PAGES = ["-g", "core/documentation-handbuchseite-pre", "-g", "core/product-desk-lamp-fragments"]

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@needs_node
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("export function other(page) { return page.html; }", "exports no function"),
        ("export function extract(page) { return (", "SyntaxError"),
        ("import x from 'surely-not-installed'; export const extract = () => x;", "surely-not-installed"),
    ],
)
def test_javascript_that_cannot_be_loaded_has_no_rows_and_ends_with_3(source, reason, capsys):
    Path("mine.mjs").write_text(source)
    assert main(["run", "-e", "./mine.mjs:extract", "-e", "keep_everything", *PAGES]) == CANNOT_TELL
    assert reason in capsys.readouterr().err
    stored = read_run()
    assert {record.extractor for record in stored.records} == {"keep_everything"}
    assert reason in stored.not_loaded["./mine.mjs:extract"]


BROKEN = {  # a file with an extractor that cannot be loaded, and how it is asked for
    "a file": ("mine.py", "def mine(page): return (", ["-e", "./mine.py:mine"]),
    "a plugin": ("mine.py", "import surely_not_installed", ["--plugins", "mine.py", "-e", "mine"]),
    "a plugin in a folder": ("all/mine.py", "1 / 0", ["--plugins", "all", "-e", "mine"]),
    "a package of JavaScript": ("all/mine/package.json", "{", ["--plugins", "all", "-e", "mine"]),
}


@pytest.mark.parametrize(("file", "source", "words"), BROKEN.values(), ids=BROKEN)
def test_after_what_cannot_be_loaded_the_gate_is_not_green_over_the_run_before(file, source, words, capsys):
    assert main(["run", "-e", "keep_everything", *PAGES]) == OK and main(["accept"]) == OK and main(["gate"]) == OK
    before = read_run().id
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(source)
    capsys.readouterr()
    assert main(["run", *words, *PAGES]) == CANNOT_TELL
    assert main(["gate"]) == CANNOT_TELL
    told = " ".join(capsys.readouterr().out.split())
    assert "measured nothing" in told and "cannot be" in told and f"harness gate {before}" in told
    assert main(["accept"]) == CANNOT_TELL
    assert main(["gate", before]) == OK, "it is named"
    assert main(["run", "-e", "keep_everything", *PAGES]) == OK and main(["gate"]) == OK


WORKS = "from harness import extractor\n@extractor\ndef works(page): return page.text\n"


@pytest.mark.parametrize(("file", "source", "words"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_loaded_stops_no_other_extractor(file, source, words, capsys):
    Path("works.py").write_text(WORKS)
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(source)
    assert main(["run", "-e", "works", "--plugins", "works.py", *words, *PAGES]) == CANNOT_TELL
    printed = capsys.readouterr()
    (name,) = read_run().not_loaded
    assert name == words[-1] and f"{name} cannot be loaded, so nothing of it was measured" in printed.err
    assert {record.extractor for record in read_run().records} == {"works"} and "works" in printed.out
    assert main(["accept"]) == OK
    assert f"no rows were accepted of {name}" in capsys.readouterr().out
    assert main(["gate"]) == OK, "the baseline does not have it"
    assert f"not judged, since it could not be loaded and is not in the baseline: {name}" in flat(capsys.readouterr().out)


def test_the_gate_cannot_tell_of_an_extractor_of_the_baseline_that_cannot_be_loaded_any_more(capsys):
    Path("works.py").write_text(WORKS)
    Path("mine.py").write_text(WORKS.replace("works", "mine"))
    run = ["run", "--plugins", "works.py", "--plugins", "mine.py", *PAGES]
    named = [*run, "-e", "works", "-e", "mine"]
    assert main(named) == OK and main(["accept"]) == OK and main(["gate"]) == OK
    Path("mine.py").write_text("import surely_not_installed\n")
    assert main(named) == CANNOT_TELL
    capsys.readouterr()
    assert main(["gate"]) == CANNOT_TELL
    assert "mine could not be loaded: " in flat(capsys.readouterr().out)
    assert main(["gate", "-e", "works"]) == OK
    assert main(["accept", "--prune"]) == CANNOT_TELL, "its rows would be lost"
    assert main([*run, "-e", "works"]) == CANNOT_TELL, "nobody knows what the file declares"
    assert "mine.py" in read_run().not_loaded
    capsys.readouterr()
    assert main(["gate"]) == CANNOT_TELL
    told = flat(capsys.readouterr().out)
    assert "mine.py could not be loaded" in told and "--prune" not in told


def test_a_metric_of_a_file_that_cannot_be_loaded_is_refused_with_the_reason(capsys):
    Path("mine.py").write_text("import surely_not_installed\n")
    assert main(["run", "-e", "keep_everything", "--plugins", "mine.py", "-m", "mine", *PAGES]) == IMPOSSIBLE
    assert "surely_not_installed" in capsys.readouterr().err


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_run_that_was_killed_before_it_began_is_not_passed_over(capsys, monkeypatch):
    assert main(["run", "-e", "keep_everything", *PAGES]) == OK and main(["accept"]) == OK
    with monkeypatch.context() as patch:
        patch.setattr("harness.cli.commands.run.execute", lambda *_, **__: os._exit(9))
        child = os.fork()
        if child == 0:
            main(["run", "-e", "keep_everything", *PAGES])
        os.waitpid(child, 0)
    capsys.readouterr()
    assert main(["gate"]) == CANNOT_TELL
    assert "was killed there" in " ".join(capsys.readouterr().out.split())


def test_after_a_run_for_which_the_disk_had_no_room_the_run_before_is_not_green(capsys):
    assert main(["run", "-e", "keep_everything", *PAGES]) == OK and main(["accept"]) == OK and main(["gate"]) == OK
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        assert main(["run", "-e", "keep_everything", *PAGES]) == CANNOT_TELL
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    capsys.readouterr()
    assert main(["gate"]) == CANNOT_TELL
    assert "measured nothing: there was no room on the disk" in " ".join(capsys.readouterr().out.split())
    assert main(["run", "-e", "keep_everything", *PAGES]) == OK and main(["gate"]) == OK


def test_code_that_changes_while_a_run_goes_on_was_not_measured(capsys):
    code = "def mine(page):\n    open(__file__, 'w').write('def mine(page): return 1')\n    return 'text'"
    Path("mine.py").write_text(code)
    assert main(["run", "-e", "./mine.py:mine", *PAGES]) == CANNOT_TELL
    assert "the code of ./mine.py:mine has changed since the run began" in capsys.readouterr().err
    assert main(["gate"]) == CANNOT_TELL


def test_a_wrong_request_is_remembered_too_but_makes_no_folder(capsys):
    assert main(["run", "-e", "no_such_extractor", *PAGES]) == IMPOSSIBLE
    assert not Path("reports").exists()
    assert main(["run", "-e", "keep_everything", *PAGES]) == OK and main(["accept"]) == OK
    assert main(["run", "-e", "no_such_extractor", *PAGES]) == IMPOSSIBLE
    assert main(["gate"]) == CANNOT_TELL
    assert "no_such_extractor" in capsys.readouterr().out


@needs_node
def test_nothing_is_accepted_of_what_could_not_be_loaded_and_the_gate_says_why(capsys):
    Path("mine.mjs").write_text("export function extract(page) { return page.html; }")
    run = ["run", "-e", "./mine.mjs:extract", *PAGES]
    assert main(run) == OK and main(["accept"]) == OK and main(["gate"]) == OK
    Path("mine.mjs").write_text("export function other(page) { return page.html; }")
    assert main(run) == CANNOT_TELL
    capsys.readouterr()
    assert main(["gate"]) == CANNOT_TELL
    assert "could not be loaded: TypeError: mine.mjs exports no function" in capsys.readouterr().out
    assert main(["accept"]) == CANNOT_TELL


def test_an_extractor_that_fails_on_every_page_is_accepted_only_by_name(capsys):
    Path("mine.py").write_text("def f(page): raise KeyError('planted')\n")
    assert main(["run", "-e", "./mine.py:f", "-e", "keep_nothing", *PAGES]) == OK
    assert "./mine.py:f failed on 2 of 2 pages: KeyError: 'planted' at mine.py:1 in f" in capsys.readouterr().err
    assert main(["accept"]) == CANNOT_TELL
    assert "2 of 2 pages: KeyError: 'planted'" in capsys.readouterr().err
    assert not Path("reports/baseline.json").exists()
    assert main(["accept", "--failing", "./mine.py:f"]) == OK


def test_failures_end_a_run_with_1_where_that_is_asked_for():
    Path("mine.py").write_text("def f(page):\n    if 'nothing here' not in page.html: raise KeyError('planted')\n")
    assert main(["run", "-e", "./mine.py:f", *PAGES]) == OK
    assert main(["run", "-e", "./mine.py:f", *PAGES, "--fail-on-errors"]) == WORSE
    assert main(["run", "-e", "keep_everything", *PAGES, "--fail-on-errors"]) == OK
