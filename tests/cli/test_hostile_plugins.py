"""What a plugin raises, returns or changes never becomes a green exit code, a lost result or a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.goldens import write_goldens
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK, UNEXPECTED
from harness.runs.find import read_run

RUN = ["run", "-g", "core/accordion-wordpress-comments", "-e", "keep_everything"]

FORMAT = """
from harness.datasets import DatasetFormat, Entry
from harness.goldens.golden import Golden
from harness.pages.page import Page

def load():
    {load}
    return Golden("{id}", Page(b"<p>text", "text/html"), "article", "a.example", text="text")

def entries(path):
    {entries}
    yield Entry("odd/a", "{kind}", "en", "a.example", (), load)

ODD = DatasetFormat("odd", "odd pages", entries)
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "fault",
    [
        {"entries": "raise SystemExit(0)"},
        {"load": "raise SystemExit(0)"},
        {"id": "odd/other"},
        {"kind": "silly"},
        {"load": "return None"},
    ],
    ids=str,
)
def test_a_dataset_format_that_misbehaves_is_told(fault: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.py").write_text(
        FORMAT.format(**{"load": "pass", "entries": "pass", "id": "odd/a", "kind": "article", **fault})
    )
    code = main(["run", "--plugins", "odd.py", "-g", "odd:.", "-e", "keep_everything"])
    err = capsys.readouterr().err
    assert code != OK and "odd" in err and "Traceback" not in err


@pytest.mark.parametrize("fault", ["raise SystemExit(0)", "raise SystemExit(1)", "return 5", "raise KeyError('x')"])
def test_a_report_format_that_fails_is_named_and_the_run_is_kept(fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.py").write_text(f"def odd(report):\n    {fault}\n")
    assert main([*RUN, "--format", "odd.py:odd"]) == CANNOT_TELL
    err = capsys.readouterr().err
    assert "report format 'odd'" in err and "the run is stored" in err
    assert len(read_run().records) == 1


def test_what_ends_the_process_is_an_internal_error_and_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.py").write_text("class Odd(BaseException): pass\ndef odd(report):\n    raise Odd('stop')\n")
    assert main([*RUN, "--format", "odd.py:odd"]) == UNEXPECTED
    assert "internal error: Odd: stop" in capsys.readouterr().err


def test_a_metric_cannot_change_what_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.py").write_text("def odd(case):\n    case.alignment.leaks.clear()\n    return 1.0\n")
    assert main([*RUN, "--fresh"]) == OK
    (before,) = read_run().records
    assert main([*RUN, "--fresh", "-m", "F", "-m", "odd.py:odd"]) == OK
    (after,) = read_run().records
    assert before.leaks and (after.counts, after.leaks, after.misses) == (before.counts, before.leaks, before.misses)


def test_a_metric_without_a_whole_version_is_refused_before_anything_runs(capsys: pytest.CaptureFixture[str]) -> None:
    source = "from harness.metrics import metric\n@metric(version='a')\ndef odd(case):\n    return 1.0\n"
    Path("odd.py").write_text(source)
    assert main([*RUN, "-m", "odd.py:odd"]) == 2
    assert "version" in capsys.readouterr().err and not Path("reports").exists()


def test_a_metric_that_fails_over_pages_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.py").write_text(
        "from harness.metrics import metric\n"
        "def over(pages):\n    raise ValueError('no pages')\n"
        "@metric(over=over)\ndef odd(case):\n    return 1.0\n"
    )
    assert main([*RUN, "-m", "odd.py:odd"]) == CANNOT_TELL
    assert "metric odd has no value over pages" in capsys.readouterr().err


PRINTS = """
print("at import")

def talks(case):
    print("in a metric")
    return 1.0
"""
PRINTING_FORMAT = FORMAT.format(load="print('in a page')", id="odd/a", entries="print('in a format')", kind="article")


@pytest.mark.parametrize("names", [["-m", "talks.py:talks"], ["--plugins", "odd.py", "-g", "odd:."]], ids=str)
def test_what_plugins_print_does_not_stand_among_the_results(names: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    Path("talks.py").write_text(PRINTS)
    Path("odd.py").write_text("print('at import')\n" + PRINTING_FORMAT)
    main([*RUN, *names, "--format", "json"])
    printed = capfd.readouterr()
    assert "extractors" in json.loads(printed.out)
    assert "at import" in printed.err and ("in a metric" in printed.err or "in a page" in printed.err)


def test_what_a_metric_prints_does_not_stand_among_the_results_of_score(capfd: pytest.CaptureFixture[str]) -> None:
    Path("talks.py").write_text(PRINTS)
    write_goldens(Path("goldens"), ["a page", "another one"])
    Path("mine.json").write_text(json.dumps({"goldens/page-0": "a page", "goldens/page-1": "another one"}))
    main(["score", "mine.json", "-g", "goldens", "-m", "talks.py:talks", "--format", "json"])
    printed = capfd.readouterr()
    assert isinstance(json.loads(printed.out), dict), printed.err
    assert "in a metric" in printed.err


DAMAGES = {
    "cuts it": "os.truncate(run, 0)",
    "writes into it": "open(run, 'r+').write('{}')",
    "removes it": "os.unlink(run)",
    "puts another one in its place": "open('other', 'w').close(); os.replace('other', run)",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_extractor_that_damages_the_file_of_the_run_is_told(damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.py").write_text(
        "import os\nfrom glob import glob\n\n"
        f"def damages(page):\n    (run,) = glob('reports/runs/*.jsonl')\n    {DAMAGES[damage]}\n    return 'text'\n"
    )
    assert main([*RUN[:3], "-e", "./bad.py:damages"]) == CANNOT_TELL
    err = capsys.readouterr().err
    assert "reports/runs/" in err and "another program" in err
    assert main(["show"]) == CANNOT_TELL, "what is left is no run"
    assert len(list(Path("reports/runs").glob("*.changed"))) == (damage != "removes it")


FORGES = """
from glob import glob

def forges(page):
    (run,) = glob('reports/runs/*.jsonl')
    whole = open(run, 'rb').read()
    with open(run, 'r+b') as file:
        file.write(whole.replace(b'"F":0.0', b'"F":1.0'))
    return ''
"""


def test_scores_that_an_extractor_writes_into_the_file_of_the_run_are_not_accepted() -> None:
    write_goldens(Path("goldens"), ["a page", "another one"])
    Path("bad.py").write_text(FORGES)
    assert main(["run", "-g", "goldens", "-e", "./bad.py:forges", "-j", "1"]) == CANNOT_TELL
    assert main(["accept"]) == CANNOT_TELL
