"""A project in which a search finds something."""

import shlex
import shutil
from pathlib import Path

import yaml
from hypothesis import strategies as st

from harness.cli import main as cli
from harness.fuzz.findings.searches import FindingSummary
from harness.fuzz.measure.relations import KINDS
from harness.gate.rules import LEVELS

NAME = "mine.py:sound"
SEARCH = ["fuzz", "-e", NAME, "-g", "goldens", "--search", "--search-seed", "0", "--examples", "20"]
RECORD = Path("reports/findings/mine.py-sound.search.yaml")
RULE = "findings = { seed = 0, examples = 20 }"


def copy(project, rule=RULE):
    """A copy of the project in the current folder, with these rules."""
    shutil.copytree(project, Path.cwd(), dirs_exist_ok=True)
    Path("pyproject.toml").write_text(f"[tool.harness.gate]\n{rule}\n")


def run_gate(capsys, *options):
    """The gate's exit code and what it prints."""
    capsys.readouterr()
    code = cli.main(["gate", *options])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def printed_search(out):
    """The words of the command that the gate prints, without `harness`."""
    (line,) = (line for line in out.splitlines() if line.startswith("  harness fuzz"))
    return shlex.split(line)[1:]


def found_ids():
    return [row["id"] for row in yaml.safe_load(RECORD.read_text(encoding="utf-8"))["found"]]


TEXT = st.text(max_size=20)
ID = st.from_regex(r"[a-z@.]{1,3}/leak_[0-9a-f]{1,3}", fullmatch=True)
FOUND = st.builds(
    FindingSummary, ID, st.sampled_from(list(KINDS)), st.sampled_from(LEVELS), st.floats(0, 1), TEXT, st.booleans()
)
