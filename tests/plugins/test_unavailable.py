"""Extractors that cannot run here: the reason in a line, and an exit code."""

from pathlib import Path

import pytest

from factories.extractors import output_of
from harness.cli.main import main
from harness.plugins.ready import Unavailable, prepare
from harness.plugins.registry import Registry


def unavailable_of(*names: str, plugins: tuple[Path, ...] = ()) -> list[Unavailable]:
    return prepare(Registry(plugins).select(names))[1]


def test_a_python_that_is_not_there_is_said_so(tidepool):
    (tidepool / "modern.py").write_text(
        "from harness import extractor\n@extractor(python='>=3.99')\ndef modern(page): return ''\n"
    )
    (unavailable,) = unavailable_of("modern", plugins=(Path("modern.py"),))
    assert unavailable == Unavailable("modern", "needs Python >=3.99, and none is installed here")


def test_another_python_that_is_there_is_used(tidepool):
    (tidepool / "elder.py").write_text(
        "import sys\nfrom harness import extractor\n@extractor(python='<3.10', media='text/plain')\n"
        "def elder(page): return '%d.%d ' % sys.version_info[:2] + page.text\n"
    )
    runnables, unavailable = prepare(Registry([Path("elder.py")]).select(["elder"]))
    if unavailable:
        pytest.skip(unavailable[0].reason)
    assert output_of(runnables[0]) in ("3.8 a line of text", "3.9 a line of text")


def test_javascript_without_node_is_unavailable_with_the_reason(tidepool, monkeypatch):
    (tidepool / "mine.mjs").write_text("export function extract(page) { return page.text; }\n")
    monkeypatch.setenv("PATH", str(tidepool))
    without = unavailable_of("./mine.mjs:extract", "readability_js")
    assert [unavailable.name for unavailable in without] == ["./mine.mjs:extract", "readability_js"]
    assert all("Node.js" in unavailable.reason for unavailable in without)


def test_what_was_asked_for_by_name_and_cannot_run_ends_with_exit_code_3_in_one_clear_line(tidepool, capsys):
    assert main(["run", "--plugins", "wader.py", "-e", "wader@3.0", "-e", "keep_everything", "-g", "set", "-j", "1"]) == 3
    out, err = capsys.readouterr()
    assert "keep_everything" in out, "the others are scored and shown"
    assert len([line for line in err.splitlines() if line.startswith("wader@3.0 cannot run: ")]) == 1


def test_nothing_that_can_run_ends_with_exit_code_3_and_stores_no_run(tidepool, capsys):
    assert main(["run", "--plugins", "wader.py", "-e", "wader@3.0", "-g", "set"]) == 3
    assert "tidepool==3.0" in capsys.readouterr().err
    assert not list(tidepool.glob("reports/runs/*"))


def test_what_was_not_asked_for_by_name_may_be_missing(tidepool, capsys):
    for wheel in (tidepool / "wheels").iterdir():
        wheel.unlink()
    assert main(["run", "--plugins", "wader.py", "-g", "set", "-e", "keep_everything"]) == 0
    assert main(["run", "--plugins", "wader.py", "-g", "set", "-j", "2"]) == 0
    assert "wader" in capsys.readouterr().err, "it is named"
    assert not list(tidepool.glob("../cache/environments/*")), "nothing is built without being asked for"


def test_a_version_that_is_none_is_an_impossible_request(tidepool, capsys):
    assert main(["run", "--plugins", "wader.py", "-e", "wader@new one", "-g", "set"]) == 2
    assert "wader@new one" in capsys.readouterr().err
