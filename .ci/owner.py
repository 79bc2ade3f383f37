"""Write who publishes the project into every file that has its address: `make owner NAME=ann` (docs/releasing.md)."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PLACES = ("*.cff", "*.md", "*.toml", "*.yml", "docs/**/*.md", "docs/schemas/*.json", "goldens/*.json")
PUBLISHED = Path("harness/common/published.py")
NAME = re.compile(r"[A-Za-z\d](?:-?[A-Za-z\d])*")
"""What GitHub takes for the name of an account."""
ADDRESS = re.compile(rf"((?:\bgithub\.com/|\braw\.githubusercontent\.com/|\buses: )){NAME.pattern}(?=/extraction-harness\b)")
"""An address of the project, up to the end of the owner's name."""
CONSTANT = re.compile(r'^(OWNER = )"[^"]*"', re.M)


def files() -> Iterator[Path]:
    """The files of the current folder that may have an address, and the module that says it to programs."""
    for pattern in PLACES:
        yield from sorted(Path().glob(pattern))
    yield PUBLISHED


def main(words: list[str]) -> str:
    """Write the name of an owner into all of them. What it returns is printed: an error, or how many have changed."""
    if len(words) != 1 or not NAME.fullmatch(words[0]):
        sys.exit("usage: python .ci/owner.py NAME, the account on GitHub that publishes the project")
    changed = 0
    for file in files():
        before = file.read_text(encoding="utf-8")
        after = ADDRESS.sub(rf"\g<1>{words[0]}", before)
        if file == PUBLISHED:
            after = CONSTANT.sub(rf'\1"{words[0]}"', after)
        if after != before:
            file.write_text(after, encoding="utf-8")
            changed += 1
    return f"{changed} files changed: the project is {words[0]}/extraction-harness"


if __name__ == "__main__":
    print(main(sys.argv[1:]))
