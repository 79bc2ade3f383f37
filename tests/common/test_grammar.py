"""Messages count in good English: `1 page`, not `1 pages`."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import harness

COUNTED = (
    (
        "pages? extractors? results? runs? outputs? goldens? pairs? rows? releases? commits? sites? findings? layouts? "
        "packages? rules? facts? kinds? files?"
    )
    .replace("?", "")
    .split()
)
SEVERAL = {
    ("comparison.py", "extractors"),
    ("composite.py", "extractors"),
    ("dataset.py", "pages"),  # of a benchmark
    ("exposure.py", "pages"),  # of so many
    ("extract.py", "extractors"),
    ("extractors.py", "runs"),  # a verb
    ("facts.py", "runs"),
    ("fetch.py", "pages"),
    ("find.py", "runs"),
    ("fuzz.py", "findings"),
    ("profile.py", "pages"),  # of a kind that stands before it
    ("reproduction.py", "pages"),
    ("sites.py", "pages"),
}
"""Where there cannot be one, by file and noun."""


def test_no_message_puts_a_number_before_a_plural():
    """A number that is put into a text and is followed by a noun in the plural goes through `plural`."""
    found = set()
    for path in Path(harness.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                for before, after in pairwise(node.values):
                    if isinstance(before, ast.FormattedValue) and isinstance(after, ast.Constant):
                        noun = re.match(r" (\w+)", str(after.value))
                        number = ast.unparse(before.value)
                        if noun and noun[1] in COUNTED and not number.startswith("plural(") and not number.isupper():
                            found.add((path.name, noun[1], ast.unparse(node)))
    assert not {row for row in found if row[:2] not in SEVERAL}
