"""What a plugin does when it is imported harms nothing but itself: its declarations are read in a process of their own."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from factories.plugins import reasons_of
from harness.cli.main import main
from harness.common import declarations
from harness.common.errors import CANNOT_TELL, OK
from harness.plugins.registry import Registry
from harness.runs.find import read_run

PAGES = ["-g", "core/product-desk-lamp-fragments"]
FUNCTION = "\nfrom harness import extractor\n@extractor\ndef mine(page): return 'nothing'\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


ENDS = {
    "import os; os._exit(0)": "ended with exit code 0",
    "import os; os.kill(os.getpid(), 9)": "killed by signal 9",
    "class PanicException(BaseException): pass\nraise PanicException('as Rust raises it')": "PanicException",
    "import time; time.sleep(600)": "took longer than 0.5 s",
    "held = bytearray(3_000_000_000)": "MemoryError",
}


@pytest.mark.parametrize("source", ENDS)
@pytest.mark.parametrize("words", [["-e", "./bad.py:mine"], ["--plugins", "bad.py", "-e", "mine"]], ids=["named", "plugins"])
def test_an_import_that_ends_or_hangs_is_no_measurement_and_its_reason_is_told(source, words, monkeypatch, capsys):
    monkeypatch.setattr(declarations, "_LEAST", 0.5 if "sleep" in source else 20)
    Path("bad.py").write_text(source + FUNCTION)
    assert main(["run", *PAGES, *words, "--timeout", "0.1"]) == CANNOT_TELL
    assert ENDS[source] in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["-e", "./mine.py:mine"], ["--plugins", "mine.py", "-e", "mine"]], ids=["named", "plugins"]
)
def test_the_harness_does_not_import_a_file_of_extractors(words):
    Path("mine.py").write_text("import os\nopen('pids', 'a').write(f'{os.getpid()}\\n')" + FUNCTION)
    assert main(["run", *PAGES, *words]) == OK
    pids = Path("pids").read_text().split()
    assert pids and str(os.getpid()) not in pids


def test_a_plugin_cannot_replace_the_scorer():
    Path("mine.py").write_text(
        "import harness.metrics.own.words, harness.evaluation.scoring as scoring\n"
        "scoring.score = scoring.scored = scoring.scores_of = None\n" + FUNCTION
    )
    assert main(["run", *PAGES, "-e", "./mine.py:mine"]) == OK
    (record,) = read_run().records
    assert record.scores["F"] == 0


def test_a_thread_of_a_plugin_does_not_keep_the_harness():
    before = threading.active_count()
    Path("mine.py").write_text("import threading, time\nthreading.Thread(target=time.sleep, args=[600]).start()" + FUNCTION)
    assert main(["run", *PAGES, "-e", "./mine.py:mine"]) == OK
    assert threading.active_count() == before


def test_what_a_plugin_prints_when_it_is_imported_is_no_declaration():
    Path("mine.py").write_text("print('{}')\nimport os; os.write(1, b'{}\\n')" + FUNCTION)
    assert "mine" in Registry([Path("mine.py")]).plugins


@pytest.mark.parametrize("declared", ["homepage=5", "variants={'x': 5}", "variants={'x': {'a': object()}}", "python=3"])
def test_a_declaration_of_another_type_is_a_mistake(declared):
    Path("mine.py").write_text(f"from harness import extractor\n@extractor({declared})\ndef mine(page): return ''\n")
    (reason,) = reasons_of(Path("mine.py"))
    assert "mine.py" in reason


def test_an_entry_point_that_ends_its_process_is_named(install):
    install("gull-tools", {"gull": "gull_module:extract"}, {"gull_module": "import os; os._exit(0)\n"})
    (reason,) = reasons_of()
    assert reason.startswith("package gull-tools: extractor 'gull' cannot be loaded") and "exit code 0" in reason


def test_an_entry_point_that_nobody_asked_for_is_a_note_and_one_that_runs_by_default_is_missed(install, capsys):
    install("gull-tools", {"gull": "gull_module:extract"}, {"gull_module": "import surely_not_installed\n"})
    assert main(["run", *PAGES, "-e", "keep_everything"]) == OK
    assert "gull" in capsys.readouterr().err and read_run().not_loaded == {}
    assert main(["run", *PAGES, "-e", "keep_everything", "-e", "gull"]) == CANNOT_TELL
    assert {*read_run().not_loaded} == {"gull"}
    assert main(["list", "extractors"]) == CANNOT_TELL
    assert "surely_not_installed" in capsys.readouterr().err


def test_a_file_with_a_metric_is_executed_here_too_since_the_metric_runs_here():
    Path("mine.py").write_text(
        "import os\nfrom harness.metrics import metric\nopen('pids', 'a').write(f'{os.getpid()}\\n')\n"
        "@metric\ndef length(case): return float(len(case.text))\n" + FUNCTION
    )
    Registry([Path("mine.py")])
    assert str(os.getpid()) not in Path("pids").read_text().split()
    main(["list", "metrics", "--plugins", "mine.py"])
    assert str(os.getpid()) in Path("pids").read_text().split()
