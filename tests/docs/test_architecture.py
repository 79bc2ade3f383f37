"""docs/architecture.md and the contract that import-linter checks have the same rooms in the same order."""

import re
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_rooms_is_the_order_of_the_contract():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = page.partition("\n## Rooms\n")[2].partition("\n## ")[0]
    (contract,) = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert re.findall(r"^\| `(\w+)` \|", rooms, re.M) == contract["layers"]
