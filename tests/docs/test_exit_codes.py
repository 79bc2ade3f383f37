"""The exit codes of README.md are those that every command's help lists and that commands end with."""

import re

from factories.places import ROOT
from harness.cli.help import EXIT_CODES
from harness.common import errors


def test_the_table_of_the_readme_says_what_the_help_says():
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    rows = {int(code): said.replace("`", "") for code, said in re.findall(r"^\| (\d+) \| (.*) \|$", table, re.M)}
    helped = re.findall(r"^  (\d+) +(.*(?:\n {7}.*)*)", EXIT_CODES, re.M)
    assert rows == {int(code): " ".join(said.split()) for code, said in helped}
    codes = {errors.OK, errors.WORSE, errors.IMPOSSIBLE, errors.CANNOT_TELL, errors.UNEXPECTED, errors.INTERRUPTED}
    assert {*rows} == codes
