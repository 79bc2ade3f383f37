"""The console examples of README.md and docs/ are run, and print what they show.

Blocks that begin with `# FILE` (a file name as a comment) are written to that file first. Extractors in JavaScript are
left out where Node.js is not installed. Of what a command prints, the lines shown must be there in that order, with their
digits; `…` stands for anything. Ids of runs, times and sizes of files may differ.

What extractors return depends on their releases, and so do scores, ranks and findings. Lines are compared where the
releases are those of .ci/constraints.txt; with others, each command must run.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from factories.pinned import pinned_releases
from factories.places import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/tutorials").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"\A(?:#|//|<!--) (\S+\.\w+)(?: -->)?\n")


def masked(lines: Iterable[str]) -> Iterator[str]:
    """The lines without what differs from run to run; spaces are squeezed."""
    timed = False
    for line in lines:
        line = " ".join(line.split())
        timed = timed or line.endswith(" ms")
        # The second of two runs that begin in one second has a number behind its id.
        line = re.sub(r"\b\d{8}-\d{6}(-\d{4})?\b", "RUN", line)
        line = re.sub(r"[\d,]+ bytes$", "N bytes", line)
        yield re.sub(r" [\d.,]+$", " TIME", line) if timed else line


def pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, line.split("…"))))


def write(block: str, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    # JSON has no comments, so that the line with the file's name is for readers only.
    file.write_text(block.partition("\n")[2] if file.suffix == ".json" else block, encoding="utf-8")


def needs_node(arguments: list[str]) -> bool:
    return any(".mjs" in word or Path(word, "package.json").is_file() for word in arguments)


def commands(block: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and line.strip():
            found[-1][1].append(line)
    return found


PINNED = pinned_releases()


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_console_examples_print_what_they_show(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if file := FILE.match(block):
            write(block, tmp_path / file[1])
        for command, shown in commands(block) if language == "console" else []:
            program, *arguments = shlex.split(command)
            if program != "harness" or (needs_node(arguments) and not shutil.which("npm")):
                continue
            done = subprocess.run(
                [sys.executable, "-m", "harness", *arguments], capture_output=True, text=True, env=None, check=False
            )
            assert done.returncode in (0, 1), f"{command}\n{done.stderr}"
            assert "Traceback" not in done.stderr, f"{command}\n{done.stderr}"
            if not PINNED:
                continue
            printed = masked((done.stdout + done.stderr).splitlines())
            for line in masked(shown):
                expected = pattern(line)
                assert any(expected.fullmatch(actual) for actual in printed), (
                    f"{command} did not print\n{line}\n{done.stdout}"
                )
