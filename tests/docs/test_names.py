"""One name for one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "harness"


def types_in(path: Path) -> Iterator[tuple[str, str]]:
    """The classes and aliases of types of a module, each with what it is: where a class stands, or what an alias says."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            yield node.name, str(path)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.lstrip("_")[:1].isupper() and not name.isupper():
                yield name, ast.unparse(node.value)


def test_no_two_types_of_the_package_have_one_name() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        for name, what in types_in(path):
            found[name].add(what)
    assert len(found) > 400, "they are found"
    assert {name: what for name, what in found.items() if len(what) > 1} == {}
