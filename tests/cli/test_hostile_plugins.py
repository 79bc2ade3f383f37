"""What a plugin raises, returns or changes never becomes a green exit code, a lost result or a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK, UNEXPECTED
from harness.runs.file import read_run

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
    assert main([*RUN, "--fresh", "-m", "odd.py:odd"]) == OK
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
