"""The console examples of README.md and docs/ are run, and print what they show.

Blocks that begin with `# FILE` (a file name as a comment) are written to that file first. Extractors in JavaScript are
left out where Node.js is not installed. Of what a command prints, the lines shown must be there in that order; digits
may differ, since they depend on versions, and `…` stands for anything.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factories.places import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"\A(?:#|//|<!--) (\S+\.\w+)(?: -->)?\n")


def masked(line: str) -> str:
    # The second of two runs that begin in one second has a number behind its id.
    line = re.sub(r"(\d{8}-\d{6})-\d{4}\b", r"\1", line)
    return re.sub(r"[.\d]*\d", "0", " ".join(line.split()))


def pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, masked(line).split("…"))))


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


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_console_examples_print_what_they_show(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if name := FILE.match(block):
            write(block, tmp_path / name[1])
        for command, shown in commands(block) if language == "console" else []:
            program, *arguments = shlex.split(command)
            if program != "harness" or (needs_node(arguments) and not shutil.which("npm")):
                continue
            done = subprocess.run(
                [sys.executable, "-m", "harness", *arguments], capture_output=True, text=True, env=None, check=False
            )
            assert done.returncode in (0, 1), f"{command}\n{done.stderr}"
            printed = iter(map(masked, (done.stdout + done.stderr).splitlines()))
            for line in shown:
                expected = pattern(line)
                assert any(expected.fullmatch(actual) for actual in printed), (
                    f"{command} did not print\n{line}\n{done.stdout}"
                )


def test_every_local_link_leads_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
