"""What a command imports before it does anything: its start is to cost little, which its imports decide."""

import json
import subprocess
import sys

# Packages of which each takes some hundredths of a second to import.
HEAVY = {"jiwer", "markdown_it", "msgspec", "numpy", "packaging", "rapidfuzz", "regex", "rich", "selectolax", "yaml"}

SCRIPT = """
import contextlib, io, json, sys
from harness.cli.main import main

imported = {}
for words in (["--help"], ["list", "extractors"]):
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(words)
    imported[" ".join(words)] = [code, sorted(sys.modules)]
print(json.dumps(imported))
"""


def test_help_and_lists_import_only_what_they_show() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    heavy = {words: (code, HEAVY & set(modules)) for words, (code, modules) in json.loads(done.stdout).items()}
    assert heavy == {"--help": (0, set()), "list extractors": (0, {"msgspec", "packaging", "rich"})}
