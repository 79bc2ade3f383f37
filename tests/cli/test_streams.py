"""Whatever happens to standard output, a command ends with the exit code of what it found out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from harness.baseline.file import BASELINE, write_baseline
from harness.baseline.model import baseline_of
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, OK, UNEXPECTED, WORSE
from harness.runs.file import read_run_file

PAGE = "<!doctype html><title>t</title><main><p>The ferry sails at nine – café.</p></main><p>Read also: trams</p>"
LABELS = f"""\
golden: 1
page: one.html
sha256: {sha256(PAGE.encode()).hexdigest()}
media: text/html
lang: en
kind: article
site: quay.example
labels:
  - {{keep: main p, as: body}}
  - {{drop: main + p, as: related}}
"""
EXTRACTORS = """
import os, re
from harness import extractor

@extractor
def paragraphs(page):
    return "\\n".join(re.sub("<[^>]*>", " ", text) for text in re.findall("<p[ >].*?</p>", page.html, re.S))

@extractor
def changing(page):
    return "" if os.path.exists("worse") else "The ferry sails at nine – café."

@extractor
def fails(page):
    raise ValueError("not on a Sunday – ever")

@extractor
def fails_at_comments(page):
    if "<!--" in page.html:
        raise ValueError("a comment – unheard of")
    return paragraphs(page)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose last run is worse than its baseline, and whose goldens `bad` have a mistake."""
    folder = tmp_path_factory.mktemp("project")
    for name, labels in (("good", LABELS), ("bad", LABELS.replace("main p", "main q"))):
        (folder / name).mkdir()
        (folder / name / "one.html").write_text(PAGE)
        (folder / name / "one.yaml").write_text(labels)
    (folder / "bad/two.yaml").write_text(LABELS)
    (folder / "later").mkdir()
    (folder / "later/one.yaml").write_text("golden: 99\n")
    (folder / "mine.py").write_text(EXTRACTORS)
    run(folder, "run", "--plugins", "mine.py", "-e", "changing", "-g", "good", "--fresh")
    (stored,) = (folder / "reports/runs").iterdir()
    write_baseline(baseline_of(read_run_file(stored)), folder / BASELINE)
    (folder / "worse").touch()
    run(folder, "run", "--plugins", "mine.py", "-e", "changing", "-g", "good", "--fresh")
    (folder / "reports/findings.accepted.yaml").write_text("[]\n")  # so that whatever is found counts as new
    return folder


@cache
def search(project: Path) -> None:
    run(project, *SEARCH)


def needs_findings(project: Path, words: list[str]) -> None:
    """Make the findings that `replay` replays; once, since a search takes seconds."""
    if words[0] == "replay":
        search(project)


# Every page that D3 makes has comments; of the first examples, a release of Hypothesis may draw only those without a change.
SEARCH = ["fuzz", "--plugins", "mine.py", "-e", "fails_at_comments", "-g", "good"]
SEARCH += ["--search", "--examples", "20", "--operators", "D3"]

# Every command with a verdict, with one that is not 0.
VERDICTS = [
    (["gate"], WORSE),
    (["gate", "--baseline", "none.json"], CANNOT_TELL),
    (["check", "bad"], WORSE),
    (["show", "--golden", "bad/one.yaml"], WORSE),
    (["scorecard", "-o", "card.md", "--check"], WORSE),
    (SEARCH, WORSE),
    (["replay", "--plugins", "mine.py", "--keep"], WORSE),
    (["agree", "good", "bad"], WORSE),
    (["upgrade", "goldens", "later"], WORSE),
    (["extract", "--plugins", "mine.py", "-e", "fails", "good/one.html"], WORSE),
    (["run", "--plugins", "mine.py", "-e", "changing", "-e", "fails", "-g", "good", "--fail-on-errors"], WORSE),
    (["show", "nowhere"], IMPOSSIBLE),
    (["run", "-g", "nowhere"], IMPOSSIBLE),
    (["compare", "nobody", "changing"], IMPOSSIBLE),
]
CASES = [pytest.param(words, code, id=" ".join(words[:2])) for words, code in VERDICTS]


def run(folder: Path, *words: str, **how: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **how.pop("environment", {})}  # type: ignore[dict-item]
    how.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(
        [sys.executable, "-m", "harness", *words], cwd=folder, env=environment, stderr=subprocess.PIPE, check=False, **how
    )


@pytest.fixture(autouse=True)
def no_failed_run(project: Path) -> None:
    """As if nobody had tried in vain to run: after that, a verdict without a named run is none."""
    (project / "reports/runs/attempt.json").unlink(missing_ok=True)


def without_reader(project: Path, words: list[str]) -> subprocess.CompletedProcess[bytes]:
    read, write = os.pipe()
    os.close(read)
    try:
        return run(project, *words, stdout=write)
    finally:
        os.close(write)


@pytest.mark.parametrize(("words", "code"), [CASES[0], CASES[1], CASES[-3]])
def test_the_reader_goes_away(project: Path, words: list[str], code: int) -> None:
    done = without_reader(project, words)
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stderr and b"Broken pipe" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("words", "code"), CASES)
def test_the_reader_of_any_command_goes_away(project: Path, words: list[str], code: int) -> None:
    needs_findings(project, words)
    done = without_reader(project, words)
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stderr and b"Broken pipe" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize(("words", "code"), CASES)
def test_the_device_is_full(project: Path, words: list[str], code: int) -> None:
    needs_findings(project, words)
    with Path("/dev/full").open("w") as full:
        done = run(project, *words, stdout=full)
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("words", "code"), CASES)
def test_the_terminal_cannot_encode(project: Path, words: list[str], code: int) -> None:
    needs_findings(project, words)
    done = run(project, *words, environment={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_no_standard_output_at_all(project: Path) -> None:
    command = [sys.executable, "-m", "harness", "gate"]
    done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *command], cwd=project, stderr=subprocess.PIPE, check=False)
    assert done.returncode == WORSE, done.stderr.decode()


def test_a_full_device_is_told_and_what_was_measured_is_kept(project: Path) -> None:
    before = len(list((project / "reports/runs").iterdir()))
    with Path("/dev/full").open("w") as full:
        words = ["run", "--plugins", "mine.py", "-e", "changing", "-g", "good"]
        done = run(project, *words, stdout=full)
    assert done.returncode == CANNOT_TELL
    assert b"standard output could not be written" in done.stderr
    assert len(list((project / "reports/runs").iterdir())) == before + 1


def test_characters_that_cannot_be_encoded_are_spelled_out(project: Path) -> None:
    done = run(project, "show", "--page", "good/one", environment={"PYTHONIOENCODING": "ascii"})
    assert rb"caf\xe9" in done.stdout and done.returncode == OK


def test_a_report_that_cannot_be_written_never_turns_red_into_another_code(project: Path) -> None:
    done = run(project, "gate", "--junit", "mine.py/report.xml")
    assert done.returncode == WORSE and b"mine.py" in done.stderr


def test_a_mistake_of_the_harness_has_a_code_of_its_own(project: Path) -> None:
    code = "import sys, harness.cli.commands.cache as c\ndef fail(a): raise RuntimeError('surprise')\nc.run = fail\n"
    code += "from harness.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    for words, traceback in ((["cache"], False), (["cache", "--debug"], True), (["--debug", "cache"], True)):
        done = subprocess.run([sys.executable, "-c", code, *words], cwd=project, capture_output=True, check=False)
        assert done.returncode == UNEXPECTED
        assert b"internal error: RuntimeError: surprise" in done.stderr
        assert (b"--debug and report" in done.stderr) == (not traceback)
        assert (b"Traceback" in done.stderr) == traceback


PRINTS = """import os
from harness.metrics import Case, metric
os.write(1, b"from a library")
os.system("echo from a program")

@metric
def length(case: Case) -> float | None:
    os.system("echo from a program")
    return 1.0
"""


def test_what_libraries_and_programs_of_plugins_print_is_no_result(tmp_path: Path) -> None:
    plugin = tmp_path / "prints.py"
    plugin.write_text(PRINTS)
    command = [sys.executable, "-m", "harness", "list", "metrics", "--plugins", str(plugin), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "length" in {row["name"] for row in json.loads(done.stdout)}
    assert "from a library" in done.stderr and "from a program" in done.stderr
